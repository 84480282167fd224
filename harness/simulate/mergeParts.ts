// Tells what the parts of a simulation tell as one: in the order of virtual time, and of the parts
// where they tell something at the same time. The end comes once, after all of them.

import type { Counter } from '../model/counters.ts';
import type { Unstamped } from '../model/history.ts';
import type { Emit } from '../model/world.ts';

/** A record, and the virtual time at which it was told. */
export type Told = readonly [toldEpochMs: number, record: Unstamped];

/** From a part, again and again. */
export interface FromOnePart {
  readonly part: number;
  readonly told: readonly Told[];
  /** Everything before this time has been told; infinite at the end. */
  readonly reachedEpochMs: number;
}

export interface MergedParts {
  /** Tells what is complete; true once everything was told. */
  readonly take: (message: FromOnePart) => boolean;
}

interface Queue {
  told: Told[];
  reachedEpochMs: number;
}

/** The first part tells of the chain; stages that others tell of as well count for all of them. */
export function mergeParts(count: number, emit: Emit): MergedParts {
  const queues = Array.from({ length: count }, (): Queue => ({ told: [], reachedEpochMs: 0 }));
  let lastEpochMs = 0;
  const tellInstants = (): void => {
    const complete = Math.min(...queues.map(({ reachedEpochMs }) => reachedEpochMs));
    const byTime = new Map<number, Unstamped[][]>();
    for (const [part, queue] of queues.entries()) {
      const end = queue.told.findIndex(([at]) => at >= complete);
      const due = queue.told.splice(0, end < 0 ? queue.told.length : end);
      for (const [at, record] of due) {
        const instant = byTime.get(at) ?? queues.map(() => []);
        instant[part]!.push(record);
        byTime.set(at, instant);
      }
    }
    for (const at of [...byTime.keys()].toSorted((a, b) => a - b)) tellInstant(at, byTime.get(at)!);
  };
  const tellInstant = (at: number, [first = [], ...others]: readonly Unstamped[][]): void => {
    const more = countRequests(others.flat());
    lastEpochMs = at;
    for (const record of [...first, ...others.flat().filter(({ type }) => type !== 'stats')])
      if (record.type !== 'end') emit({ atEpochMs: at, ...withMore(record, more) });
  };
  return {
    take: ({ part, told, reachedEpochMs }) => {
      const queue = queues[part]!;
      for (const one of told) queue.told.push(one);
      queue.reachedEpochMs = reachedEpochMs;
      tellInstants();
      const isOver = queues.every((one) => one.reachedEpochMs === Infinity);
      if (isOver) emit({ type: 'end', atEpochMs: lastEpochMs, reason: 'complete' });
      return isOver;
    },
  };
}

/** Gives the requests of each stage. */
function countRequests(records: readonly Unstamped[]): ReadonlyMap<string, number> {
  const requests = new Map<string, number>();
  for (const record of records)
    if (record.type === 'stats')
      for (const { name, value } of record.counters)
        if (name === 'requests')
          requests.set(record.stage, (requests.get(record.stage) ?? 0) + value);
  return requests;
}

function withMore(record: Unstamped, more: ReadonlyMap<string, number>): Unstamped {
  if (record.type !== 'stats') return record;
  const added = more.get(record.stage);
  if (added === undefined) return record;
  const counters = record.counters.map((one): Counter =>
    one.name === 'requests' ? { ...one, value: one.value + added } : one,
  );
  return { ...record, counters };
}
