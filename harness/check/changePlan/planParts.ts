// Reads a change plan besides its windows: programmes, freezes, rules of owners, and findings that
// somebody has accepted.

import { LENGTH_KEYS } from '../../fields/clockFields.ts';
import { notOne } from '../../fields/mapping.ts';
import { addDays, readClock } from '../../kernel/zone.ts';
import type { Acceptance, DeclaredEvent, NamedRule, OwnerRule } from '../input.ts';
import { hasLength } from '../context.ts';
import { ownerKey } from '../owners.ts';
import { RULES } from '../registry.ts';
import type { TimeSpan } from '../spans.ts';
import type { Path } from '../../scenario/sourceFile.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import { judgeFreeze, listOccurrences, type WeeklyFreeze } from './freezes.ts';
import { noteSummer, readInstant, sourceAt, readZone, type PlanReading } from './planReading.ts';
import type { ChangePlanFile } from './schema.ts';

export const toRule = ({ planned, reminders, emergency }: ChangePlanFile['notice']): OwnerRule => ({
  plannedDays: planned,
  reminderDays: reminders,
  emergencyMs: emergency,
});

/** Two spellings of one owner are refused: nobody could say which rule holds. */
export function readRules(reading: PlanReading): readonly NamedRule[] {
  const first = new Map<string, string>();
  return Object.entries(reading.value.owners).map(([owner, rule]) => {
    const path = ['owners', owner];
    const other = first.get(ownerKey(owner));
    if (other !== undefined) reading.report(path, `is the same owner as ${other}`);
    first.set(ownerKey(owner), owner);
    return { owner, rule: toRule(rule), source: sourceAt(reading, path) };
  });
}

const RULE_NAMES = RULES.map(({ name }) => name);

interface Once {
  readonly name: string;
  readonly start: string;
  readonly for?: number | undefined;
  readonly end?: string | undefined;
  readonly zone?: string | undefined;
}

export const readEvents = (reading: PlanReading): readonly DeclaredEvent[] =>
  reading.value.events.flatMap((event, index) => {
    const path = ['events', index];
    const problem = notOne(event, LENGTH_KEYS);
    if (problem !== undefined) reading.report(path, problem);
    return readOnce(reading, event, path);
  });

function readOnce(reading: PlanReading, once: Once, path: readonly (string | number)[]) {
  const zone = readZone(reading, path, once.zone);
  const fromEpochMs = readInstant(reading, [...path, 'start'], once.start, zone);
  const end =
    once.end === undefined ? undefined : readInstant(reading, [...path, 'end'], once.end, zone);
  if (fromEpochMs === undefined) return [];
  const toEpochMs = end ?? fromEpochMs + (once.for ?? 0);
  if (once.end !== undefined && end !== undefined && end <= fromEpochMs)
    reading.report([...path, 'end'], 'expected an end after the start');
  return [{ name: once.name, fromEpochMs, toEpochMs, source: sourceAt(reading, path) }];
}

/** Freezes of every week are those around windows; one that lasts for months is a finding of its own. */
export function readFreezes(
  reading: PlanReading,
): (windows: readonly (TimeSpan & { readonly overrunMs: number })[]) => readonly DeclaredEvent[] {
  const once: DeclaredEvent[] = [];
  const weekly: (WeeklyFreeze & { readonly path: Path })[] = [];
  reading.value.freezes.forEach((freeze, index) => {
    const path = ['freezes', index];
    const kind = judgeFreeze(freeze);
    const { name, start, days = [], from = '', to = '' } = freeze;
    if (kind === 'once')
      once.push(
        ...readOnce(reading, { ...freeze, start: start ?? '' }, path).map((span) => ({
          ...span,
          kind: 'freeze' as const,
        })),
      );
    else if (kind === 'weekly') {
      const zone = readZone(reading, path, freeze.zone);
      weekly.push({ name, days, from, to, zone, path, source: sourceAt(reading, path) });
    } else reading.report(path, kind);
  });
  return (windows) => {
    const spans = windows
      .filter(hasLength)
      .map((one) => ({ ...one, toEpochMs: one.toEpochMs + one.overrunMs }));
    const often = weekly.flatMap(({ path, ...freeze }) => {
      const all = listOccurrences(freeze, spans);
      for (const { fromEpochMs } of all)
        noteSummer(reading, path, { text: freeze.from, zone: freeze.zone, epochMs: fromEpochMs });
      return all;
    });
    return [...once, ...often];
  };
}

export const readAccepted = (reading: PlanReading): readonly Acceptance[] =>
  reading.value.accepted.flatMap((one, index): Acceptance | [] => {
    const path = ['accepted', index];
    const { zone } = reading.value;
    if (!RULE_NAMES.includes(one.rule))
      reading.report(
        [...path, 'rule'],
        `no rule is called ${one.rule}${didYouMean(one.rule, RULE_NAMES)}`,
      );
    const start =
      one.start === undefined
        ? undefined
        : readInstant(reading, [...path, 'start'], one.start, zone);
    const until = endOfDay(one.until, zone);
    if (until === undefined) {
      reading.report([...path, 'until'], `${one.until} is no day`);
      return [];
    }
    return {
      rule: one.rule,
      about: typeof one.about === 'string' ? [one.about] : one.about,
      fromEpochMs: start,
      by: one.by,
      untilEpochMs: until,
      why: one.why,
      source: sourceAt(reading, path),
    };
  });

/** The day counts to its end. */
function endOfDay(day: string, zone: string): number | undefined {
  try {
    return readClock(`${addDays(day, 1)}T00:00`, zone, 'later').epochMs;
  } catch {
    return undefined;
  }
}
