// Tells from past failover tests when traffic last ran over each path: a test takes an interface
// away, so it shows the one that is chosen then, and not the one that it is named after.

import type { Listed } from './shapes.ts';

type Test = Listed<'virtualInterfaceTestHistory'>;

interface Tested {
  readonly id: string;
  readonly isUp: boolean;
}

interface TestSpan {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Dates by id. Paths come in the order in which they are chosen; a test that has not ended shows nothing. */
export function testDates(
  ways: readonly Tested[],
  history: readonly Test[],
): ReadonlyMap<string, string> {
  const ids = new Set(ways.map(({ id }) => id));
  const spans = history
    .map(({ virtualInterfaceId: id, startTime, endTime }) => ({
      id,
      fromMs: epochMs(startTime),
      toMs: epochMs(endTime),
    }))
    .filter(({ id, fromMs, toMs }) => ids.has(id) && fromMs < toMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  const dates = new Map<string, string>();
  for (const span of spans) {
    const away = spans.filter((other) => overlap(span, other)).map(({ id }) => id);
    const carries = ways.find(({ id, isUp }) => isUp && !away.includes(id));
    if (carries) dates.set(carries.id, new Date(span.fromMs).toISOString().slice(0, 10));
  }
  return dates;
}

const overlap = (a: TestSpan, b: TestSpan): boolean => a.fromMs < b.toMs && b.fromMs < a.toMs;

/** The command line writes ISO 8601, or seconds since 1970 where it is told to. */
const epochMs = (time: Test['startTime']): number =>
  typeof time === 'number' ? time * 1000 : Date.parse(time ?? '');
