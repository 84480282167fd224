// Splits the reports of one stage into those before something was done, and since.

import type { StatsRecord } from '../model/history.ts';
import type { ProofQuestion } from './question.ts';

export interface Reports {
  readonly before: readonly StatsRecord[];
  readonly after: readonly StatsRecord[];
}

/** `before` is the steady state before the first fault where that is given. */
export function reportsOf(
  stage: string,
  { stats, steady = stats, doneAtMs }: Pick<ProofQuestion, 'stats' | 'steady' | 'doneAtMs'>,
): Reports {
  const own = (records: readonly StatsRecord[]) => records.filter((one) => one.stage === stage);
  return {
    before: own(steady).filter(({ atMs }) => atMs <= doneAtMs),
    after: own(stats).filter(({ atMs }) => atMs > doneAtMs),
  };
}
