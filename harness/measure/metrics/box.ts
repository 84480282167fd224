// Metrics of set-top boxes.

import { weightOf } from '../../model/history.ts';
import type { RunMetric, ViewerMetric } from './metric.ts';

/** The longest time of a box from looking for a channel to its first picture; endless where one failed. */
export const zap: ViewerMetric = {
  of: 'viewer',
  name: 'zap',
  unit: 'time',
  ofNobody: 'no set-top box looked for a channel to the end',
  bounds: ({ box }) => {
    if (!box || box.zapMs.length + box.zapsFailed === 0) return undefined;
    const longest = box.zapsFailed > 0 ? Infinity : Math.max(...box.zapMs);
    return { low: longest, high: longest };
  },
};

/** The share of all zaps that ended on an error page. Where nobody zapped nothing is known. */
export const zapFailed: RunMetric = {
  of: 'run',
  name: 'zapFailed',
  unit: 'share',
  bounds: ({ viewers }) => {
    const heads = { all: 0, failed: 0 };
    for (const { result } of viewers) {
      const { zapMs = [], zapsFailed = 0 } = result.box ?? {};
      heads.all += weightOf(result) * (zapMs.length + zapsFailed);
      heads.failed += weightOf(result) * zapsFailed;
    }
    if (heads.all === 0) return { low: 0, high: 1 };
    const share = heads.failed / heads.all;
    return { low: share, high: share };
  },
};

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
