// Every metric, in the order in which messages name them. The grammar of expectations, guardrails,
// the judge and reports know them from here: docs/adding-a-metric.md.

import type { Metric } from './metric.ts';
import { outside } from './border.ts';
import { alertCleared, alertDelay, alertReach, alertWhileDark } from './alerts.ts';
import { boot, continuityErrors, repaired, tableErrors, zap, zapFailed } from './box.ts';
import { channelsRestored, interrupted, recovered } from './run.ts';
import {
  amplification,
  blackScreen,
  interruptions,
  latency,
  LOSSES,
  programmeLoss,
  silent,
  timeToRecover,
  unmeasured,
} from './viewer.ts';

export const METRICS: readonly Metric[] = [
  blackScreen,
  programmeLoss,
  ...LOSSES,
  silent,
  unmeasured,
  timeToRecover,
  latency,
  amplification,
  interruptions,
  recovered,
  interrupted,
  channelsRestored,
  boot,
  zap,
  zapFailed,
  continuityErrors,
  tableErrors,
  repaired,
  outside,
  alertDelay,
  alertReach,
  alertWhileDark,
  alertCleared,
];
