// Freezes of a plan as spans of time: those that come once, and those of every week for as long as
// windows are announced.

import { addDays, toDay, readClock, type LocalReading } from '../../kernel/zone.ts';
import type { DeclaredEvent } from '../input.ts';
import type { TimeSpan } from '../spans.ts';
import { WEEKDAYS, type FreezeFile } from './schema.ts';

export interface WeeklyFreeze {
  readonly name: string;
  readonly days: readonly (typeof WEEKDAYS)[number][];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly source: string;
}

/** `once` or `weekly`; what is missing when a freeze is neither of the two. */
export function judgeFreeze({ start, days, from, to, ...rest }: FreezeFile): string {
  const hasLength = (rest.for === undefined) !== (rest.end === undefined);
  if (start !== undefined && days === undefined && from === undefined && to === undefined)
    return hasLength ? 'once' : 'expected exactly one of for, end';
  const weekly = start === undefined && rest.for === undefined && rest.end === undefined;
  return weekly && days && from !== undefined && to !== undefined
    ? 'weekly'
    : 'expected start with end (once), or days with from and to (every week)';
}

const DAY_MS = 86_400_000;

/** Every occurrence that can touch one of the spans, each once. */
export function listOccurrences(
  freeze: WeeklyFreeze,
  spans: readonly TimeSpan[],
): readonly DeclaredEvent[] {
  const days = new Set(spans.flatMap((span) => daysAround(span, freeze.zone)));
  return [...days]
    .filter((day) => freeze.days.includes(WEEKDAYS[toWeekday(day)] ?? 'mon'))
    .toSorted()
    .map((day) => occurrenceOn(day, freeze));
}

function occurrenceOn(day: string, { name, zone, from, to, source }: WeeklyFreeze): DeclaredEvent {
  const ends = to > from ? day : addDays(day, 1);
  return {
    name,
    kind: 'freeze',
    source,
    fromEpochMs: readEpochMs(readClock(`${day}T${from}`, zone, 'earlier')),
    toEpochMs: readEpochMs(readClock(`${ends}T${to}`, zone, 'later')),
  };
}

function daysAround({ fromEpochMs, toEpochMs }: TimeSpan, zone: string): readonly string[] {
  const last = toDay(toEpochMs + DAY_MS, zone);
  const days = [];
  for (let day = toDay(fromEpochMs - 2 * DAY_MS, zone); day <= last; day = addDays(day, 1))
    days.push(day);
  return days;
}

/** Monday is 0. */
const toWeekday = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

/** Zone and times have been checked. */
const readEpochMs = (reading: LocalReading): number => reading.epochMs ?? NaN;
