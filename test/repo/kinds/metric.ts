// A made-up metric: everything that a new one takes besides its line in the catalogue.

import type { ViewerMetric } from '../../../harness/measure/metrics/metric.ts';

/** Longest time for which the picture of a viewer stood still in one piece. */
export const longestFreeze: ViewerMetric = {
  of: 'viewer',
  name: 'longestFreeze',
  unit: 'time',
  row: { head: 'longest freeze', prom: 'longest_freeze' },
  bounds: ({ interruptions }) => {
    const spans = interruptions.flatMap((each) => each.spans);
    const frozen = spans.filter((span) => span.class === 'frozen');
    const low = Math.max(0, ...frozen.map(({ fromMs, toMs }) => toMs - fromMs));
    return { low, high: low };
  },
  live: ({ ledger }) => ledger.frozen,
};
