// Files that people write: scenarios, designs, change plans, and announcements in every form.

import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse, stringify } from 'yaml';
import { check } from '../../../harness/check/check.ts';
import { readChangePlan, listCalendars } from '../../../harness/check/changePlan/readChangePlan.ts';
import { readNotices } from '../../../harness/check/notices/readNotices.ts';
import { readNoticeInput } from '../../../harness/check/readCheckInput.ts';
import { parseDesign, parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { printPlan } from '../../../harness/scenario/printPlan.ts';
import { parseSuiteConfig } from '../../../harness/rehearsal/suite/config.ts';
import { judgeJournal } from '../../../harness/measure/judgeJournal.ts';
import type { RunRecord } from '../../../harness/model/history.ts';
import type { Plan } from '../../../harness/model/plan.ts';
import { renderCheckConsole, renderCheckJunit } from '../../../reports/check.ts';
import { renderJson } from '../../../reports/json.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import {
  CALENDAR,
  DEFINED_ZONE,
  HEALTH,
  MAIL,
  MAPPING,
  PARSED,
  TABLE,
} from '../../support/notices.ts';
import { historyOf, ndjson, viewerOf } from '../../support/strip.ts';
import { readAgain, requireFinite, requireSame, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

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
  const names = listCalendars(text, 'plan.yaml').map(({ file }) => file);
  const reading = await readNotices({ file: 'n.ics', bytes: NOTICES_OF_PLAN });
  const calendars = Object.fromEntries(names.map((name) => [name, reading]));
  return judged(
    readChangePlan({ text, file: 'plan.yaml', designs: DESIGNS, calendars, nowEpochMs: NOW }),
  );
}

/** The same document as a program would write it: no comments, aliases, or forms of its own. */
const rewritten = (text: string): string => stringify(parse(text, { merge: true }));

/** A scenario is planned, printed, and its run can be judged. */
async function planScenario(text: string): Promise<string> {
  const planned = (yaml: string) =>
    plan(parseScenario(yaml, 's.yaml', DESIGNS), { compress: 60, seed: 1 });
  const first = planned(text);
  requireFinite(first);
  const again = await readAgain('written in another way', () => planned(rewritten(text)));
  requireSame(first, again, 'written in another way');
  const journal = ndjson({
    ...historyOf({ viewers: [viewerOf()], records: [] }),
    run: runOf(first),
  });
  const report = await readAgain('played', () => judgeJournal(journal.split('\n'), 'journal'));
  return `${printPlan(first, 80)}${renderJson(report, NO_ASSETS)}`;
}

/** Audiences by the hour and by channel, and shares of edges. */
const CROWD = `
name: evening
title: An evening
kind: drill
zone: Europe/Paris
clock: 2025-09-12T20:45
design: multi-edge
viewers:
  - { name: all, count: 20, curve: french-evening, zipf: 1.2, weight: 500 }
  - { name: own, count: 4, curve: { "20:00": 0.9, "21:15": 1, "22:15": 0.82 }, behaviour: zaps }
  - { name: late, count: 6, channel: one, joins: 2025-09-12T20:58..2025-09-12T21:01 }
faults:
  - { name: cut, at: 15m, for: 5m, stages: [edge-a], stage: kill }
guardrails: [p50(blackScreen) of all > 5m]
expect: [recovered == 100%, "max(blackScreen) of own < 2m"]
`;
const SHARES = readFileSync('scenarios/designs/multi-edge.yaml', 'utf8').replace(
  /role: steering/,
  '$&\n    shares: { edge-a: 70%, edge-b: 30% }',
);

/** Settings of a project. */
async function readSettings(text: string): Promise<string> {
  const settings = parseSuiteConfig(text);
  requireFinite(settings);
  const again = await readAgain('written in another way', () => parseSuiteConfig(rewritten(text)));
  requireSame(settings, again, 'written in another way');
  return JSON.stringify(settings);
}

const SETTINGS = `files: [scenarios/drills, "scenarios/incidents/*.yaml"]
tag: [night]
engine: agents
compress: 60
repeat: 3
within: 40m
fail-on: regression
keep: 12
reporters: [json, junit, markdown, html]
`;

const runOf = (plan: Plan): RunRecord => ({
  ...historyOf({ viewers: [viewerOf({ channel: plan.scenario.design.channels[0]! })], records: [] })
    .run,
  plan,
});

async function readDesign(text: string): Promise<string> {
  const design = parseDesign(text, 'd.yaml');
  requireFinite(design);
  const again = await readAgain('written in another way', () =>
    parseDesign(rewritten(text), 'd.yaml'),
  );
  requireSame(design, again, 'written in another way');
  return design.title;
}

/** Ends of lines say nothing, in no form. */
const noticesIn =
  (file: string, mapping?: string) =>
  async (text: string): Promise<string> => {
    const answer = await judgeNotices(file, text, mapping);
    if (text.includes('\r') === text.includes('\r\n') && !/\r(?!\n)/.test(text)) {
      const other = text.includes('\r\n')
        ? text.replaceAll('\r\n', '\n')
        : text.replaceAll('\n', '\r\n');
      const again = await readAgain('with other ends of lines', () =>
        judgeNotices(file, other, mapping),
      );
      requireSame(answer, again, 'with other ends of lines');
    }
    return answer;
  };

const target = (
  name: string,
  share: number,
  seeds: readonly string[],
  feed: Target['feed'],
): Target => ({ name, share, seeds, feed, mutants: mutantsOf });

export const FILE_TARGETS: readonly Target[] = [
  target(
    'scenario',
    2,
    [...textsOf('scenarios/{incidents,windows,drills}/*.yaml'), CROWD],
    planScenario,
  ),
  target('design', 2, [...textsOf('scenarios/designs/*.yaml'), SHARES], readDesign),
  target('settings', 2, [SETTINGS, readFileSync('ecran-noir.config.yaml', 'utf8')], readSettings),
  target('plan', 2, textsOf('scenarios/changes/*.yaml'), judgePlan),
  target(
    'calendar',
    3,
    [...textsOf('scenarios/changes/*.ics'), CALENDAR, DEFINED_ZONE],
    noticesIn('n.ics'),
  ),
  target('mail', 2, [MAIL], noticesIn('n.eml')),
  target('json', 3, [HEALTH, PARSED], noticesIn('n.json')),
  target('table', 1, [TABLE], noticesIn('n.csv', MAPPING)),
  target('mapping', 2, [MAPPING], (text) => judgeNotices('n.csv', TABLE, text)),
];
