// Sums up the results of all viewers but the control: counts of heads, and statistics over them.

import type { Weighted } from '../model/bins.ts';
import { weightOf } from '../model/history.ts';
import type { Range } from '../model/range.ts';
import type { Figure, Report, ViewerResult } from '../model/report.ts';
import { sumOfLedgers } from './ledger.ts';
import type { Metric } from './metrics/metric.ts';
import { headsOf, NO_VIEWERS, summaryOf, thousandth } from './statistics.ts';
import type { SeenViewer } from './viewers.ts';

export function audienceOf(viewers: readonly ViewerResult[]): Report['audience'] {
  const values = (of: (viewer: ViewerResult) => number | undefined) => valuesOver(viewers, of);
  const heads = (holds: (viewer: ViewerResult) => boolean) =>
    headsOf(viewers.filter(holds).map((viewer) => ({ weight: weightOf(viewer) })));
  const blackScreen = values(({ blackScreenMs }) => blackScreenMs);
  const most = values(({ atMost }) => atMost.blackScreenMs);
  return {
    viewers: heads(() => true),
    interrupted: heads((v) => v.interruptions.some(({ glitch }) => !glitch)),
    recovered: heads(({ recovered }) => recovered),
    recoveryUnseen: heads(({ recovery }) => recovery === 'unseen'),
    blackScreenMs: summaryOf(blackScreen) ?? NO_VIEWERS,
    programmeLossMs: summaryOf(values(({ programmeLossMs }) => programmeLossMs)) ?? NO_VIEWERS,
    timeToRecoverMs: summaryOf(values(({ timeToRecoverMs }) => timeToRecoverMs)),
    amplification: summaryOf(values(({ amplification }) => amplification)),
    latencyMs: summaryOf(values(({ latencyMs }) => latencyMs)),
    viewerMinutesBlack: minutesOf(blackScreen),
    atMost: {
      blackScreenMs: summaryOf(most) ?? NO_VIEWERS,
      programmeLossMs: summaryOf(values((v) => v.atMost.programmeLossMs)) ?? NO_VIEWERS,
      timeToRecoverMs: summaryOf(values((v) => v.atMost.timeToRecoverMs)),
      amplification: summaryOf(values((v) => v.atMost.amplification)),
      viewerMinutesBlack: minutesOf(most),
    },
    ledger: sumOfLedgers(viewers),
  };
}

/** Gives the rows of the metrics that have one, over the audience. */
export const figuresOf = (metrics: readonly Metric[], audience: readonly SeenViewer[]): Figure[] =>
  metrics.flatMap((metric) => {
    if (metric.of !== 'viewer' || !metric.row) return [];
    const over = (end: keyof Range) =>
      summaryOf(
        valuesOver(
          audience.map(({ result }) => result),
          (viewer) => metric.bounds(viewer, 0)?.[end],
        ),
      );
    const [low, high] = [over('low'), over('high')];
    const { name, unit, row } = metric;
    return low && high ? [{ metric: name, unit, ...row, low, high }] : [];
  });

/** Gives the figure of every viewer who has one, with the heads it stands for. */
export const valuesOver = (
  viewers: readonly ViewerResult[],
  of: (viewer: ViewerResult) => number | undefined,
): Weighted[] =>
  viewers.flatMap((viewer) => {
    const value = of(viewer);
    return value === undefined ? [] : [{ value, weight: weightOf(viewer) }];
  });

const minutesOf = (values: readonly Weighted[]): number =>
  thousandth(values.reduce((ms, { value, weight }) => ms + value * weight, 0) / 60_000);
