// Freezes of a plan as spans of time: those that come once, and those of every week for as long as
// windows are announced.

import { addDays, dayOf, readClock, type LocalReading } from '../../kernel/zone.ts';
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
export function kindOfFreeze({ start, days, from, to, ...rest }: FreezeFile): string {
  const hasLength = (rest.for === undefined) !== (rest.end === undefined);
  if (start !== undefined && days === undefined && from === undefined && to === undefined)
    return hasLength ? 'once' : 'expected exactly one of for, end';
  const weekly = start === undefined && rest.for === undefined && rest.end === undefined;
  return weekly && days && from !== undefined && to !== undefined
    ? 'weekly'
    : 'expected start with end (once), or days with from and to (every week)';
}

const DAY_MS = 86_400_000;

/** Every occurrence that can touch a span. */
export function occurrencesOf(freeze: WeeklyFreeze, span: TimeSpan): readonly DeclaredEvent[] {
  const found: DeclaredEvent[] = [];
  const last = dayOf(span.toEpochMs + DAY_MS, freeze.zone);
  for (
    let day = dayOf(span.fromEpochMs - 2 * DAY_MS, freeze.zone);
    day <= last;
    day = addDays(day, 1)
  ) {
    if (!freeze.days.includes(WEEKDAYS[weekdayOf(day)] ?? 'mon')) continue;
    const ends = freeze.to > freeze.from ? day : addDays(day, 1);
    found.push({
      name: freeze.name,
      kind: 'freeze',
      fromEpochMs: epochOf(readClock(`${day}T${freeze.from}`, freeze.zone, 'earlier')),
      toEpochMs: epochOf(readClock(`${ends}T${freeze.to}`, freeze.zone, 'later')),
      source: freeze.source,
    });
  }
  return found;
}

/** Monday is 0. */
const weekdayOf = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;

/** Zone and times have been checked. */
const epochOf = (reading: LocalReading): number => reading.epochMs ?? NaN;
