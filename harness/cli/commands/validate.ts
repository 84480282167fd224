// `validate FILES…`: checks scenario, design and change-plan files; every error of every file,
// then the exit code.

import pc from 'picocolors';
import {
  JURISDICTION_HINT,
  unknownJurisdictions,
  type UnknownJurisdiction,
} from '../../design/jurisdictions.ts';
import { EXIT } from '../../model/errors.ts';
import type { Design } from '../../model/scenario.ts';
import { besideFile, findDesigns, parseDesign, parseScenario } from '../../scenario/load.ts';
import { readText } from '../../scenario/readText.ts';
import { readYaml, valueAt } from '../../scenario/sourceFile.ts';
import { print } from '../terminal.ts';
import { printError } from '../printError.ts';
import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('files', {
      ...textOption('scenarios, designs, change plans'),
      array: true,
      demandOption: true,
    })
    .option('json', flagOption('results as JSON lines'))
    .example('$0 validate scenarios/*/*.yaml', 'all of them, in one go');

export const act = async ({ files, json }: Chosen<typeof options>) => {
  let worst: number = EXIT.pass;
  for (const file of files) worst = Math.max(worst, await validate(file, json));
  process.exitCode = worst;
};

interface Valid {
  readonly kind: 'scenario' | 'design' | 'change plan';
  readonly title: string;
  readonly unknown: readonly UnknownJurisdiction[];
}

async function validate(file: string, json: boolean): Promise<number> {
  try {
    const { kind, title, unknown } = await read(file);
    const notes = unknown.map(({ text }) => `${text}; ${JURISDICTION_HINT}`);
    const line = `${pc.green('ok')} ${file}  ${kind}: ${title}`;
    const said = [line, ...notes.map((note) => `   note: ${note}`)].join('\n');
    print(json ? JSON.stringify({ file, ok: true, kind, title, notes }) : said);
    return EXIT.pass;
  } catch (error) {
    return printError(error, { json });
  }
}

/** A file says what it is: a change plan by its kind, a design by its stages. */
async function read(file: string): Promise<Valid> {
  const text = readText(file);
  const { data } = readYaml(text, file);
  if (valueAt(data, ['kind']) === 'change-plan') return changePlan(file, text);
  if (valueAt(data, ['stages']) !== undefined) {
    const design = parseDesign(text, file);
    return { kind: 'design', title: design.title, unknown: unknownIn(design) };
  }
  const beside = { readFile: besideFile(file) };
  const { title, design } = parseScenario(text, file, findDesigns(file), beside);
  return { kind: 'scenario', title, unknown: unknownIn(design) };
}

const unknownIn = (design: Design) => unknownJurisdictions(design, design.accesses ?? []);

/** The rules of change plans are loaded when there is one. */
async function changePlan(file: string, text: string): Promise<Valid> {
  const { readPlanNotices } = await import('../checkFiles.ts');
  const { readCheckInput } = await import('../../check/readCheckInput.ts');
  const { windows, design, accesses } = readCheckInput({
    text,
    file,
    designs: findDesigns(file),
    nowEpochMs: undefined,
    calendars: await readPlanNotices(text, file),
  });
  return {
    kind: 'change plan',
    title: `${windows.length} windows`,
    unknown: unknownJurisdictions(design, accesses),
  };
}
