// Metrics of emergency alerts. An update is a message as the alert itself is.

import type { ViewerAlert } from '../../model/alert.ts';
import { weightOf } from '../../model/history.ts';
import type { Range } from '../../model/range.ts';
import {
  weightedShare,
  within,
  type Measured,
  type RunMetric,
  type ViewerMetric,
} from './metric.ts';

const NOBODY = 'no alert was issued to any viewer';

const largest = (ranges: readonly Range[]): Range | undefined =>
  ranges.length === 0
    ? undefined
    : {
        low: Math.max(...ranges.map(({ low }) => low)),
        high: Math.max(...ranges.map(({ high }) => high)),
      };

/** The longest time from a message to its first picture on the screen; endless for who got none. */
export const alertDelay: ViewerMetric = {
  of: 'viewer',
  name: 'alertDelay',
  unit: 'time',
  needsAlert: true,
  ofNobody: NOBODY,
  row: { head: 'alert delay', prom: 'alert_delay' },
  bounds: ({ alerts = [] }, marginMs) => within(largest(alerts.map(delayRange)), marginMs),
};

/** Who was not reached may wait for ever; at least it waited to its end, or to what nobody saw. */
const delayRange = ({ reached, delayMs }: ViewerAlert): Range => ({
  low: delayMs,
  high: reached === 'yes' ? delayMs : Infinity,
});

/** The longest time for which an alert stayed on the screen after it was ended. */
export const alertCleared: ViewerMetric = {
  of: 'viewer',
  name: 'alertCleared',
  unit: 'time',
  needsAlert: true,
  ofNobody: 'no viewer was shown an alert to its end',
  row: { head: 'alert cleared', prom: 'alert_cleared' },
  bounds: ({ alerts = [] }, marginMs) => {
    const ranges = alerts.flatMap(({ clearedMs, cleared }) =>
      clearedMs === undefined ? [] : [{ low: clearedMs, high: cleared ? clearedMs : Infinity }],
    );
    return within(largest(ranges), marginMs);
  },
};

/** The share of all messages to viewers that were shown before the alert was ended. */
export const alertReach: RunMetric = {
  of: 'run',
  name: 'alertReach',
  unit: 'share',
  needsAlert: true,
  bounds: (measured) => ({
    low: countShare(measured, ({ reached }) => reached === 'yes') ?? 0,
    high: countShare(measured, ({ reached }) => reached !== 'no') ?? 1,
  }),
};

/** The share that was shown while the programme was away from that screen. */
export const alertWhileDark: RunMetric = {
  of: 'run',
  name: 'alertWhileDark',
  unit: 'share',
  needsAlert: true,
  bounds: (measured) => ({
    low: countShare(measured, ({ dark }) => dark) ?? 0,
    high: countShare(measured, ({ dark, reached }) => dark || reached === 'unseen') ?? 1,
  }),
};

/** Undefined where no alert concerned anybody: nothing is known then. */
function countShare(
  { viewers }: Measured,
  holds: (alert: ViewerAlert) => boolean,
): number | undefined {
  const counted = viewers.flatMap(({ result }) =>
    (result.alerts ?? []).map((alert) => {
      const weight = weightOf(result);
      return { weight, holds: holds(alert) ? weight : 0 };
    }),
  );
  return counted.length === 0 ? undefined : weightedShare(counted);
}
