// Metrics of set-top boxes.

import { weightOf, type PopulationRecord } from '../../model/history.ts';
import type { Range } from '../../model/range.ts';
import type { BoxResult } from '../../model/received.ts';
import type { Measured, RunMetric, ViewerMetric } from './metric.ts';

/** The longest time of a box from being switched on to being through the portal; endless where it never was. */
export const boot: ViewerMetric = {
  of: 'viewer',
  name: 'boot',
  unit: 'time',
  ofNobody: 'no set-top box booted through a portal',
  bounds: ({ box }) => box && longest(box.bootMs, box.bootsFailed),
};

function longest(times: readonly number[], failed: number): Range | undefined {
  if (times.length + failed === 0) return undefined;
  const most = failed > 0 ? Infinity : Math.max(...times);
  return { low: most, high: most };
}

/** The longest time of a box from looking for a channel to its first picture; endless where one failed. */
export const zap: ViewerMetric = {
  of: 'viewer',
  name: 'zap',
  unit: 'time',
  ofNobody: 'no set-top box looked for a channel to the end',
  bounds: ({ box }) => box && longest(box.zapMs, box.zapsFailed),
};

/** The share of all zaps that ended on an error page. Where nobody zapped nothing is known. */
export const zapFailed: RunMetric = {
  of: 'run',
  name: 'zapFailed',
  unit: 'share',
  bounds: (measured) =>
    countShare(
      measured,
      ({ zapMs, zapsFailed }) => ({ all: zapMs.length + zapsFailed, of: zapsFailed }),
      ({ zaps }) => ({ all: (zaps?.shown ?? 0) + (zaps?.failed ?? 0), of: zaps?.failed ?? 0 }),
    ),
};

/** The share of the datagrams missing in a group that a repair server sent in time. */
export const repaired: RunMetric = {
  of: 'run',
  name: 'repaired',
  unit: 'share',
  bounds: (measured) =>
    countShare(measured, (box) => ({ all: box.repaired + box.lost, of: box.repaired })),
};

interface Part {
  readonly all: number;
  readonly of: number;
}

/** The share over all boxes, by weight; anything where there is nothing to count. */
function countShare(
  { viewers, populations = [] }: Measured,
  partOf: (box: BoxResult) => Part,
  partIn: (population: PopulationRecord) => Part = () => ({ all: 0, of: 0 }),
): Range {
  const sum = { all: 0, of: 0 };
  for (const part of populations.map(partIn)) {
    sum.all += part.all;
    sum.of += part.of;
  }
  for (const { result } of viewers) {
    const part = result.box ? partOf(result.box) : { all: 0, of: 0 };
    sum.all += weightOf(result) * part.all;
    sum.of += weightOf(result) * part.of;
  }
  if (sum.all === 0) return { low: 0, high: 1 };
  return { low: sum.of / sum.all, high: sum.of / sum.all };
}

/** Packets that a box received and that did not follow the one before of their kind. */
export const continuityErrors: ViewerMetric = {
  of: 'viewer',
  name: 'continuityErrors',
  unit: 'count',
  ofNobody: 'no set-top box received anything',
  row: { head: 'continuity errors', prom: 'continuity_errors' },
  bounds: ({ box }) =>
    box && box.datagrams > 0
      ? { low: box.continuityErrors, high: box.continuityErrors }
      : undefined,
};

/** Tables of its programme that a box received damaged, or not in time. */
export const tableErrors: ViewerMetric = {
  of: 'viewer',
  name: 'tableErrors',
  unit: 'count',
  ofNobody: 'no set-top box read tables',
  bounds: ({ box }) =>
    box?.tableErrors === undefined ? undefined : { low: box.tableErrors, high: box.tableErrors },
};
