// Every reader of files that people write, each with sound files to begin from.

import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { check } from '../../harness/check/check.ts';
import { readChangePlan, calendarsOf } from '../../harness/check/changePlan/readChangePlan.ts';
import { readNotices } from '../../harness/check/notices/readNotices.ts';
import { readNoticeInput } from '../../harness/check/readCheckInput.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { parseDesign, parseScenario } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { renderCheckConsole, renderCheckJunit } from '../../reports/check.ts';
import { CALENDAR, DEFINED_ZONE, HEALTH, MAIL, MAPPING, PARSED, TABLE } from './notices.ts';

export interface FileReader {
  readonly name: string;
  readonly seeds: readonly string[];
  /** Reads the text and judges or plans what is in it; answers everything that a person would see. */
  readonly read: (text: string) => string | Promise<string>;
}

const textsOf = (pattern: string): readonly string[] =>
  globSync(pattern).map((file) => readFileSync(file, 'utf8'));

const DESIGNS = Object.fromEntries(
  globSync('scenarios/designs/*.yaml').map((file) => [
    basename(file, '.yaml'),
    { file, text: readFileSync(file, 'utf8') },
  ]),
);
const NOW = Date.parse('2025-09-01T00:00:00Z');

const judged = (input: Parameters<typeof check>[0]): string => {
  const result = check(input);
  renderCheckJunit(result);
  return renderCheckConsole(result, { columns: 80, colours: false });
};

async function judgeNotices(file: string, text: string, mapping?: string): Promise<string> {
  const reading = await readNotices({
    file,
    bytes: new TextEncoder().encode(text),
    ...(mapping === undefined ? {} : { mapping: { file: 'columns.yaml', text: mapping } }),
  });
  return judged(
    readNoticeInput({
      designs: DESIGNS,
      nowEpochMs: NOW,
      design: 'dual-access-bgp',
      file,
      readings: [reading],
    }),
  );
}

const NOTICES_OF_PLAN = readFileSync('scenarios/changes/carrier-notices.ics');

async function judgePlan(text: string): Promise<string> {
  const names = calendarsOf(text, 'plan.yaml').map(({ file }) => file);
  const reading = await readNotices({ file: 'n.ics', bytes: NOTICES_OF_PLAN });
  const calendars = Object.fromEntries(names.map((name) => [name, reading]));
  return judged(
    readChangePlan({ text, file: 'plan.yaml', designs: DESIGNS, calendars, nowEpochMs: NOW }),
  );
}

export const FILE_READERS: readonly FileReader[] = [
  {
    name: 'scenario',
    seeds: textsOf('scenarios/{incidents,windows,drills}/*.yaml'),
    read: (text) => {
      const scenario = parseScenario(text, 's.yaml', DESIGNS);
      return JSON.stringify(
        plan(scenario, { compress: 60, seed: 1 }).actions.map(({ atMs }) => atMs),
      );
    },
  },
  {
    name: 'design',
    seeds: textsOf('scenarios/designs/*.yaml'),
    read: (text) => parseDesign(text, 'd.yaml').title,
  },
  { name: 'plan', seeds: textsOf('scenarios/changes/*.yaml'), read: judgePlan },
  {
    name: 'calendar',
    seeds: [...textsOf('scenarios/changes/*.ics'), CALENDAR, DEFINED_ZONE],
    read: (text) => judgeNotices('n.ics', text),
  },
  { name: 'mail', seeds: [MAIL], read: (text) => judgeNotices('n.eml', text) },
  { name: 'JSON', seeds: [HEALTH, PARSED], read: (text) => judgeNotices('n.json', text) },
  { name: 'table', seeds: [TABLE], read: (text) => judgeNotices('n.csv', text, MAPPING) },
  { name: 'mapping', seeds: [MAPPING], read: (text) => judgeNotices('n.csv', TABLE, text) },
];

/** The answer to a person: what was read, or the one error that refuses it; anything else is thrown. */
export async function answerOf({ read }: FileReader, text: string): Promise<string> {
  try {
    return await read(text);
  } catch (error) {
    if (error instanceof HarnessError && error.exitCode === 64) return error.message;
    throw error;
  }
}

/** Traces of values that nobody wrote. */
const LEAKS = /\bNaN\b|\bundefined\b|Invalid Date|\[object |call stack|\bInfinity\b/;

/** The place of a value that is in the answer and was not written; undefined when there is none. */
export function leakIn(answer: string, written: string): string | undefined {
  const leak = /inf|nan|undefined/i.test(written) ? undefined : LEAKS.exec(answer);
  return leak ? answer.slice(Math.max(0, leak.index - 100), leak.index + 100) : undefined;
}
