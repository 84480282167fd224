// `check FILES…`: judges maintenance windows before anything runs: a gate for change management.

import { writeFile } from 'node:fs/promises';
import { check, chooseExitCode } from '../../check/check.ts';
import { systemClock } from '../../kernel/clock.ts';
import { readWrittenClock } from '../../kernel/zone.ts';
import { badArgument } from '../../model/errors.ts';
import type { CheckResult } from '../../model/access.ts';
import { renderCheckConsole, renderCheckJson, renderCheckJunit } from '../../../reports/check.ts';
import { cannotWrite } from '../../run/recorder.ts';
import { readCheckFiles } from '../checkFiles.ts';
import { print, terminalHere } from '../terminal.ts';
import type { CheckArguments } from '../commands/check.ts';

export async function judgeWindows(argv: CheckArguments): Promise<void> {
  const result = check(await read(argv));
  if (argv.junit !== undefined) await write(argv.junit, renderCheckJunit(result));
  print(argv.json ? renderCheckJson(result).trimEnd() : asTable(result));
  process.exitCode = chooseExitCode(result);
}

const read = ({ files, now, ...rest }: CheckArguments) =>
  readCheckFiles({
    ...rest,
    files,
    nowEpochMs: now === undefined ? systemClock.epochMs() : instant(now),
  });

/** A time without its offset would be another one on another machine. */
function instant(text: string): number {
  const { epochMs } = readWrittenClock(text.replace(/^\d{4}-\d\d-\d\d$/, '$&T00:00Z'), undefined);
  if (epochMs !== undefined) return epochMs;
  throw badArgument(
    '--now',
    `--now ${text}: expected an instant`,
    'write it like 2026-03-01T12:00:00+01:00',
  );
}

const write = (file: string, text: string): Promise<void> =>
  writeFile(file, text).catch((error: unknown) => {
    throw cannotWrite(file, error);
  });

const asTable = (result: CheckResult): string => renderCheckConsole(result, terminalHere());
