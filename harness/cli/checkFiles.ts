// Files for `check` and `validate`: read from the disk, recognised, and the notices in them read.

import { dirname, isAbsolute, join } from 'node:path';
import { listCalendars } from '../check/changePlan/readChangePlan.ts';
import type { CheckInput } from '../check/input.ts';
import { decode } from '../check/notices/decode.ts';
import type { NoticeFile } from '../check/notices/format.ts';
import type { NoticeReading } from '../check/notices/notice.ts';
import { readNotices, seemsNotice } from '../check/notices/readNotices.ts';
import { readCheckInput, readNoticeInput } from '../check/readCheckInput.ts';
import { HarnessError, badArgument } from '../model/errors.ts';
import { besideFile, findDesigns, type DesignTexts } from '../scenario/load.ts';
import { readBytes, decodeText } from '../scenario/readText.ts';
import { designsNear, isDesignFile, namedDesign } from './designFile.ts';

export interface CheckFilesRequest {
  /** A plan or a scenario, or any number of notices. */
  readonly files: readonly string[];
  readonly mapping: string | undefined;
  readonly variant: string | undefined;
  /** A name, or a file. */
  readonly design: string | undefined;
  readonly zone: string | undefined;
  readonly nowEpochMs: number;
}

/** @throws HarnessError SCENARIO_INVALID or ARGUMENT_INVALID with what is wrong, and the right way. */
export async function readCheckFiles(request: CheckFilesRequest): Promise<CheckInput> {
  const { files, mapping, variant, design, nowEpochMs, zone } = request;
  const read = files.map((file) => noticeFile(file, mapping));
  const [file = ''] = files;
  const [first] = read;
  const common = { file, nowEpochMs, zone };
  if (first && read.every(seemsNotice)) {
    const readings = await Promise.all(read.map(readNotices));
    const { designs, name } = designsFor(file, design);
    return readNoticeInput({ ...common, designs, design: name, readings });
  }
  const plan = read.find((one) => !seemsNotice(one));
  if (!first || !plan || files.length > 1) throw severalFiles(plan?.file ?? file);
  const text = decodeText(first.bytes, file);
  return readCheckInput({
    ...common,
    text,
    designs: findDesigns(file),
    calendars: await readPlanNotices(text, file),
    choice: { variant, design, readFile: besideFile(file) },
  });
}

const severalFiles = (plan: string): HarnessError =>
  badArgument(
    plan,
    `${plan} is no notice: only notices are judged together`,
    'check one plan or scenario at a time, and name notices under calendars: of the plan',
  );

/** Every file of notices that a plan names, by the name it gives it. */
export async function readPlanNotices(
  text: string,
  file: string,
): Promise<Readonly<Record<string, NoticeReading>>> {
  const beside = (name: string) => (isAbsolute(name) ? name : join(dirname(file), name));
  const read = listCalendars(text, file).map(async ({ file: name, mapping, refuse }) => {
    const found = orRefuse(refuse, () =>
      noticeFile(beside(name), mapping === undefined ? undefined : beside(mapping)),
    );
    return [name, await readNotices({ ...found, file: name })] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

function orRefuse<T>(refuse: (message: string) => HarnessError, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof HarnessError ? refuse(error.message) : error;
  }
}

/** A table may come from an old program, and so may the file that says what its columns mean. */
function noticeFile(file: string, mapping: string | undefined): NoticeFile {
  const bytes = readBytes(file);
  if (mapping === undefined) return { file, bytes };
  return { file, bytes, mapping: { file: mapping, text: decode(readBytes(mapping)) } };
}

/** A design can be a file, or a name: then it is looked for beside the notice and where the call is made. */
function designsFor(
  file: string,
  design: string | undefined,
): { readonly designs: DesignTexts; readonly name: string | undefined } {
  const designs = designsNear(file);
  if (design === undefined || !isDesignFile(design)) return { designs, name: design };
  const own = namedDesign(design);
  return { designs: { ...designs, ...own }, name: Object.keys(own)[0] };
}
