// Says how long work lasted that people had to end, beside how long it may last on other nights.

import type { Outage } from '../model/plan.ts';
import type { Finding } from '../model/report.ts';
import { durationText } from './durationText.ts';

export const outageFindings = (outages: readonly Outage[] = []): Finding[] =>
  outages.map(({ of, lengthMs, p50Ms, p90Ms, p99Ms }) => ({
    rule: 'outage-length',
    verdict: 'pass',
    text: `${of} lasted ${durationText(lengthMs)} until people had ended it; of ten thousand nights half last no longer than ${durationText(p50Ms)}, nine of ten ${durationText(p90Ms)}, ninety-nine of a hundred ${durationText(p99Ms)}`,
  }));
