// Reads the reports of one stage: those before something was done and since, and single values.

import { counterIn, type CounterName } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import type { OverLink, Seen } from './kind.ts';

export interface Reports {
  readonly before: readonly StatsRecord[];
  readonly after: readonly StatsRecord[];
}

/** `before` is the steady state before the first fault where that is given. */
export function stageRecords(
  stage: string,
  { stats, steady = stats, doneAtMs }: Pick<Seen, 'stats' | 'steady' | 'doneAtMs'>,
): Reports {
  const own = (records: readonly StatsRecord[]) => records.filter((one) => one.stage === stage);
  return {
    before: own(steady).filter(({ atMs }) => atMs <= doneAtMs),
    after: own(stats).filter(({ atMs }) => atMs > doneAtMs),
  };
}

/** Gives a value as it was reported for one link, or for all together. */
export const counterValue = (
  record: StatsRecord,
  name: CounterName,
  { link }: OverLink,
): number | undefined => counterIn(record, name, link);

/** Gives the values of all reports that have one. */
export const counterValues = (
  records: readonly StatsRecord[],
  name: CounterName,
  over: OverLink,
): readonly number[] => records.flatMap((record) => counterValue(record, name, over) ?? []);

/** Gives the time since the last report of a stage until that of any other; undefined: it never came. */
export function silentMs(stage: string, stats: readonly StatsRecord[]): number | undefined {
  const lastAtMs = stats.findLast((record) => record.stage === stage)?.atMs;
  const othersAtMs = stats.findLast((record) => record.stage !== stage)?.atMs ?? 0;
  return lastAtMs === undefined ? undefined : Math.max(0, othersAtMs - lastAtMs);
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
