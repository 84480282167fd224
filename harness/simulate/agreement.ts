// Computes how far simulated players agree with real ones, from cases that both have played, and says
// it in a sentence.

import {
  AGREEMENT_VERSION,
  LOSSES,
  OUTCOMES,
  type AgreementCase,
  type AgreementReport,
  type AgreementRun,
  type Equivalence,
  type ErrorFigures,
  type Loss,
  type Measured,
  type Outcome,
  type PlayerAgreement,
  type SeenCase,
} from '../model/agreement.ts';
import { FITTED_ON } from './constants.ts';

/** A real run that did not see more of a viewer proves nothing about it. */
const UNMEASURED_MS_MAX = 1_000;
/** Two engines whose mean black screen differs by less are called equivalent: a quarter of a segment of 2 s. */
export const EQUIVALENCE_MARGIN_MS = 500;

/** Gives a table for each player, of the runs that no constant was taken from. */
export const judgeAgreements = ({ players, runs }: Measured): readonly PlayerAgreement[] =>
  Object.entries(players).flatMap(([player, version]) => {
    const judged = runs.filter(({ scenario }) => !FITTED_ON.has(scenario));
    const [all, fittedOn] = [casesIn(judged, player), casesIn(runs, player)];
    const cases = all.filter(isSeen);
    if (cases.length === 0) return [];
    const counts = { cases: cases.length, leftOut: all.length - cases.length };
    return [
      {
        player,
        version,
        ...counts,
        fittedOn: fittedOn.length - all.length,
        ...measureFigures(cases),
      },
    ];
  });

/** Gives everything that outputs tell. */
export const makeAgreementReport = (measured: Measured): AgreementReport => ({
  version: AGREEMENT_VERSION,
  harness: measured.harness,
  measuredAt:
    measured.runs
      .map(({ playedAt }) => playedAt)
      .toSorted()
      .at(-1) ?? measured.madeAt,
  browsers: [...new Set(measured.runs.map(({ browser }) => browser))],
  tables: judgeAgreements(measured),
  runs: measured.runs,
});

const casesIn = (runs: readonly AgreementRun[], player: string): readonly AgreementCase[] =>
  runs.flatMap(({ cases }) => cases).filter((one) => one.player === player);

const isSeen = ({ real }: AgreementCase): boolean => real.unmeasuredMs <= UNMEASURED_MS_MAX;

export const sumBlackScreen = ({ lost }: SeenCase): number =>
  LOSSES.reduce((sum, loss) => sum + lost[loss], 0);

function measureFigures(cases: readonly AgreementCase[]) {
  const equal = cases.filter(({ real, virtual }) => real.outcome === virtual.outcome).length;
  const lossErrors = (loss: Loss) =>
    [loss, measureErrors(cases, ({ lost }) => lost[loss])] as const;
  return {
    equalOutcomes: equal / cases.length,
    matrix: makeMatrix(cases),
    blackScreen: measureErrors(cases, sumBlackScreen),
    losses: Object.fromEntries(LOSSES.map(lossErrors)) as Record<Loss, ErrorFigures>,
    requests: requestRatios(cases),
    equivalence: testEquivalence(differences(cases, sumBlackScreen)),
  };
}

function makeMatrix(cases: readonly AgreementCase[]): PlayerAgreement['matrix'] {
  const count = (real: Outcome, virtual: Outcome) =>
    cases.filter((one) => one.real.outcome === real && one.virtual.outcome === virtual).length;
  const row = (real: Outcome) =>
    Object.fromEntries(OUTCOMES.map((virtual) => [virtual, count(real, virtual)]));
  return Object.fromEntries(OUTCOMES.map((real) => [real, row(real)])) as PlayerAgreement['matrix'];
}

const differences = (cases: readonly AgreementCase[], msOf: (seen: SeenCase) => number) =>
  cases.map(({ real, virtual }) => msOf(virtual) - msOf(real));

function measureErrors(
  cases: readonly AgreementCase[],
  msOf: (seen: SeenCase) => number,
): ErrorFigures {
  const all = differences(cases, msOf);
  const sizes = all.map(Math.abs);
  const worstAt = sizes.indexOf(Math.max(...sizes));
  return {
    bias: Math.round(mean(all)),
    meanAbsolute: Math.round(mean(sizes)),
    worst: Math.round(all[worstAt]!),
    worstCase: cases[worstAt]!.name,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function requestRatios(cases: readonly AgreementCase[]): PlayerAgreement['requests'] {
  const counted = cases.flatMap(({ real, virtual }) =>
    real.requests && virtual.requests ? [[virtual.requests, real.requests] as const] : [],
  );
  if (counted.length === 0) return undefined;
  const ratios = counted.map(([virtual, real]) => virtual / real).toSorted((x, y) => x - y);
  const sum = (of: 0 | 1) => counted.reduce((all, pair) => all + pair[of], 0);
  return { inAll: sum(0) / sum(1), median: ratios[ratios.length >> 1]! };
}

/** Quantile of 95 % of Student's t, to a hundredth from 10 degrees of freedom on (Cornish and Fisher). */
const quantileOfT = (freedom: number): number => 1.645 + (1.645 ** 3 + 1.645) / (4 * freedom);

function testEquivalence(values: readonly number[]): Equivalence {
  const middle = mean(values);
  const freedom = Math.max(1, values.length - 1);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / freedom;
  const reach = quantileOfT(freedom) * Math.sqrt(variance / values.length);
  const [lowMs, highMs] = [Math.round(middle - reach), Math.round(middle + reach)];
  const marginMs = EQUIVALENCE_MARGIN_MS;
  const holds = values.length > 2 && lowMs > -marginMs && highMs < marginMs;
  return { marginMs, lowMs, highMs, holds };
}

export interface Playing {
  readonly harness: string;
  /** Versions of the players. */
  readonly players: Readonly<Record<string, string>>;
}

/** One sentence for each player that takes part; also where nothing was compared. */
export function agreementSentence({ harness, players }: Playing, measured?: Measured): string {
  const tables = measured ? judgeAgreements(measured) : [];
  return Object.entries(players)
    .map(([player, version]) => {
      const table = tables.find((one) => one.player === player);
      if (!measured || !table)
        return `Nobody knows how far these durations agree with real players: ${player} ${version} was not compared.`;
      if (table.version !== version)
        return `Nobody knows how far these durations agree with real players: ${player} ${version} was not compared, ${table.version} was.`;
      const stale =
        measured.harness === harness
          ? ''
          : ` The comparison is stale: it was made with version ${measured.harness} of this product, and this is ${harness}.`;
      return said(table, measured) + stale;
    })
    .join(' ');
}

const sizeText = (ms: number): string =>
  Math.abs(ms) < 1000 ? `${Math.abs(ms)} ms` : `${(Math.abs(ms) / 1000).toFixed(1)} s`;

function said(table: PlayerAgreement, { madeAt }: Measured): string {
  const { player, version, cases, equalOutcomes, blackScreen, equivalence } = table;
  const { bias, meanAbsolute, worst, worstCase } = blackScreen;
  const side = bias < 0 ? 'shorter' : 'longer';
  const same = `${equivalence.holds ? '' : 'not '}shown to be equivalent within ${equivalence.marginMs / 1000} s`;
  return `Held against ${player} ${version} in a real browser on ${madeAt.slice(0, 10)}, in ${cases} cases: ${Math.round(equalOutcomes * 100)} % of the outcomes are the same; black screen is ${sizeText(bias)} ${side} here on average, off by ${sizeText(meanAbsolute)} in the mean and by ${sizeText(worst)} at worst (${worstCase}); ${same}.`;
}
