// Sums up everybody but the control, viewers and cohorts: counts of heads, and statistics over them.

import type { Weighted } from '../model/bins.ts';
import { weightOf, type PopulationRecord } from '../model/history.ts';
import type { Range } from '../model/range.ts';
import type { CohortResult, Figure, GroupResult, Report, ViewerResult } from '../model/report.ts';
import { sumOfLedgers } from './ledger.ts';
import type { Metric } from './metrics/metric.ts';
import { interruptedIn, lostIn, sampleSize, valuesIn } from './sample.ts';
import { countHeads, NO_VIEWERS, summarise, thousandth } from './statistics.ts';

export interface Audience {
  /** Without the control. */
  readonly viewers: readonly ViewerResult[];
  readonly populations: readonly PopulationRecord[];
}

type Of = (viewer: ViewerResult) => number | undefined;

export function measureAudience(audience: Audience): Report['audience'] {
  const { viewers, populations } = audience;
  const watched = sampleSize(viewers, populations);
  const heads = (holds: (viewer: ViewerResult) => boolean, more: (p: PopulationRecord) => number) =>
    countHeads([
      ...viewers.filter(holds).map((viewer) => ({ weight: weightOf(viewer) })),
      ...populations.map((population) => ({ weight: more(population) })),
    ]);
  const over = (metric: string, of: Of) => valuesOver(audience, metric, of);
  const summary = (metric: string, of: Of) => summarise(over(metric, of), watched);
  return {
    viewers: heads(
      () => true,
      ({ weight }) => weight,
    ),
    interrupted: heads(
      (v) => v.interruptions.some(({ glitch }) => !glitch),
      (population) => interruptedIn(population) ?? 0,
    ),
    recovered: heads(
      ({ recovered }) => recovered,
      (population) => backIn(population) ?? 0,
    ),
    recoveryUnseen: heads(
      ({ recovery }) => recovery === 'unseen',
      (population) => (backIn(population) === undefined ? population.weight : 0),
    ),
    ...(viewers.some(hasLeft) && { left: heads(hasLeft, () => 0) }),
    blackScreenMs: summary('blackScreen', (v) => v.blackScreenMs) ?? NO_VIEWERS,
    programmeLossMs: summary('programmeLoss', (v) => v.programmeLossMs) ?? NO_VIEWERS,
    timeToRecoverMs: summary('timeToRecover', (v) => v.timeToRecoverMs),
    amplification: summary('amplification', (v) => v.amplification),
    latencyMs: summary('latency', (v) => v.latencyMs),
    viewerMinutesBlack: totalMinutes(over('blackScreen', (v) => v.blackScreenMs)),
    atMost: {
      blackScreenMs: summary('blackScreen', (v) => v.atMost.blackScreenMs) ?? NO_VIEWERS,
      programmeLossMs: summary('programmeLoss', (v) => v.atMost.programmeLossMs) ?? NO_VIEWERS,
      timeToRecoverMs: summary('timeToRecover', (v) => v.atMost.timeToRecoverMs),
      amplification: summary('amplification', (v) => v.atMost.amplification),
      viewerMinutesBlack: totalMinutes(over('blackScreen', (v) => v.atMost.blackScreenMs)),
    },
    ledger: sumOfLedgers(viewers),
  };
}

const hasLeft = ({ recovery }: ViewerResult): boolean => recovery === 'left';

/** The same group by group, in the order of the scenario; nothing where one of screens is all. */
export function groupsIn(viewers: readonly ViewerResult[]): readonly GroupResult[] {
  const groups = Map.groupBy(viewers, ({ group }) => group);
  if (groups.size < 2 && viewers.every(({ imitates }) => imitates === undefined)) return [];
  return [...groups].map(([name = 'everybody', own]) => {
    const { imitates } = own[0]!;
    return {
      name,
      imitates,
      audience: measureAudience({ viewers: own, populations: [] }),
    };
  });
}

function backIn(population: PopulationRecord): number | undefined {
  const lost = lostIn(population);
  return lost === undefined ? undefined : population.weight - lost;
}

export const listCohorts = (populations: readonly PopulationRecord[]): CohortResult[] =>
  populations.map((population) => {
    const { cohort, channel, player, weight, sampled, curve } = population;
    const blackScreenMs = summarise(valuesIn(population, 'blackScreen') ?? [], sampled);
    const lost = lostIn(population);
    return {
      cohort,
      channel,
      player,
      weight,
      curve,
      sampled,
      ...(blackScreenMs && { blackScreenMs }),
      lost,
    };
  });

/** Gives the rows of the metrics that have one, over the audience. */
export const listFigures = (metrics: readonly Metric[], audience: Audience): Figure[] =>
  metrics.flatMap((metric) => {
    if (metric.of !== 'viewer' || !metric.row) return [];
    const over = (end: keyof Range) =>
      summarise(
        valuesOver(audience, metric.name, (viewer) => metric.bounds(viewer, 0)?.[end]),
        sampleSize(audience.viewers, audience.populations),
      );
    const [low, high] = [over('low'), over('high')];
    const { name, unit, row } = metric;
    return low && high ? [{ metric: name, unit, ...row, low, high }] : [];
  });

/** Gives the figure of everybody who has one, with the heads it is of; who never came back has none. */
const valuesOver = ({ viewers, populations }: Audience, metric: string, of: Of): Weighted[] => [
  ...viewers.flatMap((viewer) => {
    const value = of(viewer);
    return value === undefined ? [] : [{ value, weight: weightOf(viewer) }];
  }),
  ...populations.flatMap(
    (population) =>
      valuesIn(population, metric)?.filter(({ value }) => Number.isFinite(value)) ?? [],
  ),
];

const totalMinutes = (values: readonly Weighted[]): number =>
  thousandth(values.reduce((ms, { value, weight }) => ms + value * weight, 0) / 60_000);
