// Reads whatever file somebody wants judged: a change plan, a scenario with windows, notices, or a design.

import { HarnessError } from '../model/errors.ts';
import { parseDesign, parseScenario, type ScenarioChoice } from '../scenario/load.ts';
import type { Design } from '../model/scenario.ts';
import { isMapping } from '../fields/mapping.ts';
import { readYaml } from '../scenario/sourceFile.ts';
import { didYouMean } from '../scenario/suggest.ts';
import { NATIONAL_EVENING } from './audience.ts';
import { readChangePlan, type ChangePlanTexts } from './changePlan/readChangePlan.ts';
import { makeCheckInput, ZONE } from './fromScenario.ts';
import { listAccesses } from './implicitAccess.ts';
import type { CheckInput } from './input.ts';
import { isZone } from '../kernel/zone.ts';
import type { NoticeReading } from './notices/notice.ts';
import { readNoticeWindows } from './notices/windowsOfNotices.ts';

export interface CheckTexts extends ChangePlanTexts {
  /** IANA time zone of the audience of a scenario; a change plan says its own. */
  readonly zone?: string;
  /** A variant of a scenario, or another design to judge it on. */
  readonly choice?: ScenarioChoice;
}

/**
 * @throws HarnessError SCENARIO_INVALID with every problem of the file, ARGUMENT_INVALID for a zone
 * that is none.
 */
export function readCheckInput(texts: CheckTexts): CheckInput {
  const { text, file, designs, nowEpochMs, zone, choice } = texts;
  demandZone(zone);
  const kind = detectKind(text, file);
  if (kind === 'change-plan') return readChangePlan(texts);
  if (kind === 'design') return inputOn(parseDesign(text, file), texts);
  if (kind !== 'scenario') throw notJudged(file, kind);
  const input = makeCheckInput(parseScenario(text, file, designs, choice), {
    nowEpochMs,
    ...(zone === undefined ? {} : { zone }),
  });
  if (input.windows.length === 0)
    throw new HarnessError(
      'SCENARIO_INVALID',
      `${file} has no windows: there is nothing to judge`,
      {
        target: file,
        hint: 'check judges announced windows, or a design file by itself (docs/check.md); faults are played by run and shown by plan',
      },
    );
  return input;
}

export interface NoticeTexts extends Pick<CheckTexts, 'designs' | 'nowEpochMs' | 'zone'> {
  /** Name of the design that the notices are judged on. */
  readonly design: string | undefined;
  readonly file: string;
  readonly readings: readonly NoticeReading[];
}

/**
 * Notices without a plan around them: nothing is drained, nothing else is announced.
 * @throws HarnessError ARGUMENT_INVALID without a design, or with one that is not known.
 */
export function readNoticeInput(texts: NoticeTexts): CheckInput {
  const { zone, file, readings } = texts;
  demandZone(zone);
  const found = designNamed(texts);
  const input = inputOn(parseDesign(found.text, found.file), texts);
  const { design, accesses } = input;
  const handling = { drain: { style: 'none', leadMs: 0 }, overrunMs: 0 } as const;
  const { windows, remarks, owners } = readNoticeWindows(
    readings.map((reading) => ({ ...reading, ...handling })),
    { design, accesses, owners: undefined, nowEpochMs: texts.nowEpochMs },
  );
  const [problem] = readings.flatMap(({ problems }) => problems);
  if (problem && readings.every(({ notices }) => notices.length === 0))
    throw new HarnessError('SCENARIO_INVALID', `${problem.source}: ${problem.text}`, {
      target: file,
      hint: problem.hint,
    });
  return { ...input, windows, remarks, noticeOwners: owners };
}

/** A design on which nothing is announced. */
const inputOn = (
  design: Design,
  { nowEpochMs, zone = ZONE }: Pick<CheckTexts, 'nowEpochMs' | 'zone'>,
): CheckInput => ({
  design,
  accesses: listAccesses(design),
  windows: [],
  nowEpochMs,
  events: [],
  zone,
  audience: NATIONAL_EVENING,
  ownerRules: [],
});

function designNamed({ design, designs, file }: NoticeTexts) {
  const known = Object.keys(designs).toSorted().join(', ');
  const found =
    design !== undefined && Object.hasOwn(designs, design) ? designs[design] : undefined;
  if (found) return found;
  throw new HarnessError(
    'ARGUMENT_INVALID',
    design === undefined
      ? `${file} is a notice: say which design it is judged on`
      : `no design is called ${design}${didYouMean(design, Object.keys(designs))}`,
    {
      target: '--design',
      hint: `--design NAME (there are ${known}), or name the file under calendars: of a change plan`,
    },
  );
}

function demandZone(zone: string | undefined): void {
  if (zone === undefined || isZone(zone)) return;
  throw new HarnessError('ARGUMENT_INVALID', `no time zone is called ${zone}`, {
    target: 'zone',
    hint: 'use an IANA name such as Europe/Paris',
  });
}

type FileKind = 'change-plan' | 'scenario' | 'design' | 'notice-mapping' | 'other';

function detectKind(text: string, file: string): FileKind {
  const { data, problems } = readYaml(text, file);
  if (!isMapping(data)) return problems.length > 0 && isYaml(file) ? 'scenario' : 'other';
  if (data['kind'] === 'change-plan' || data['kind'] === 'notice-mapping') return data['kind'];
  if ('stages' in data && !('design' in data)) return 'design';
  return isYaml(file) || 'design' in data ? 'scenario' : 'other';
}

const isYaml = (file: string): boolean => /\.ya?ml$/i.test(file);

function notJudged(
  file: string,
  kind: Exclude<FileKind, 'change-plan' | 'scenario' | 'design'>,
): HarnessError {
  const [is, hint] = NOT_JUDGED[kind];
  return new HarnessError('SCENARIO_INVALID', `${file} is ${is}`, { target: file, hint });
}

const NOT_JUDGED = {
  'notice-mapping': [
    'a mapping: it announces no windows',
    'check the table that it explains: check changes.csv --mapping MAPPING.yaml --design NAME',
  ],
  other: [
    'neither a change plan, a scenario nor a design, nor a notice in a known form',
    'check reads plans, scenarios and designs (.yaml), .ics, .eml, JSON of AWS Health or of the circuit-maintenance parser, .csv',
  ],
} as const;
