// Computes how far simulated players agree with real ones, from cases that both have played, and says
// it in a sentence.

import {
  LOSSES,
  OUTCOMES,
  type AgreementCase,
  type Equivalence,
  type ErrorFigures,
  type Loss,
  type Measured,
  type Outcome,
  type PlayerAgreement,
  type SeenCase,
} from '../model/agreement.ts';

/** A real run that did not see more of a viewer proves nothing about it. */
const UNMEASURED_MS_MAX = 1_000;
/** Two engines whose mean black screen differs by less are called equivalent: a quarter of a segment of 2 s. */
export const EQUIVALENCE_MARGIN_MS = 500;

/** Gives a table for each player, in the order of the file. */
export const agreementsOf = ({ players, runs }: Measured): readonly PlayerAgreement[] =>
  Object.entries(players).flatMap(([player, version]) => {
    const all = runs.flatMap(({ cases }) => cases).filter((one) => one.player === player);
    const cases = all.filter(({ real }) => real.unmeasuredMs <= UNMEASURED_MS_MAX);
    if (cases.length === 0) return [];
    const leftOut = all.length - cases.length;
    return [{ player, version, cases: cases.length, leftOut, ...figuresOf(cases) }];
  });

export const blackScreenOf = ({ lost }: SeenCase): number =>
  LOSSES.reduce((sum, loss) => sum + lost[loss], 0);

function figuresOf(cases: readonly AgreementCase[]) {
  const equal = cases.filter(({ real, virtual }) => real.outcome === virtual.outcome).length;
  const lossErrors = (loss: Loss) => [loss, errorsOf(cases, ({ lost }) => lost[loss])] as const;
  return {
    equalOutcomes: equal / cases.length,
    matrix: matrixOf(cases),
    blackScreen: errorsOf(cases, blackScreenOf),
    losses: Object.fromEntries(LOSSES.map(lossErrors)) as Record<Loss, ErrorFigures>,
    requests: requestRatio(cases),
    equivalence: equivalenceOf(differences(cases, blackScreenOf)),
  };
}

function matrixOf(cases: readonly AgreementCase[]): PlayerAgreement['matrix'] {
  const count = (real: Outcome, virtual: Outcome) =>
    cases.filter((one) => one.real.outcome === real && one.virtual.outcome === virtual).length;
  const row = (real: Outcome) =>
    Object.fromEntries(OUTCOMES.map((virtual) => [virtual, count(real, virtual)]));
  return Object.fromEntries(OUTCOMES.map((real) => [real, row(real)])) as PlayerAgreement['matrix'];
}

const differences = (cases: readonly AgreementCase[], msOf: (seen: SeenCase) => number) =>
  cases.map(({ real, virtual }) => msOf(virtual) - msOf(real));

function errorsOf(cases: readonly AgreementCase[], msOf: (seen: SeenCase) => number): ErrorFigures {
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

function requestRatio(cases: readonly AgreementCase[]): number | undefined {
  const counted = cases.filter(({ real, virtual }) => (real.requests ?? 0) > 0 && virtual.requests);
  const sum = (of: 'real' | 'virtual') =>
    counted.reduce((all, one) => all + (one[of].requests ?? 0), 0);
  return counted.length === 0 ? undefined : sum('virtual') / sum('real');
}

/** Quantile of 95 % of Student's t, to a hundredth from 10 degrees of freedom on (Cornish and Fisher). */
const quantileOfT = (freedom: number): number => 1.645 + (1.645 ** 3 + 1.645) / (4 * freedom);

function equivalenceOf(values: readonly number[]): Equivalence {
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
  const tables = measured ? agreementsOf(measured) : [];
  return Object.entries(players)
    .map(([player, version]) => {
      const table = tables.find((one) => one.player === player);
      if (!measured || !table)
        return `How far these durations agree with real players is not known: ${player} ${version} was not compared.`;
      if (table.version !== version)
        return `How far these durations agree with real players is not known: ${player} ${version} was not compared, ${table.version} was.`;
      const stale =
        measured.harness === harness
          ? ''
          : ` The comparison is stale: it was made with version ${measured.harness} of this product, and this is ${harness}.`;
      return said(table, measured) + stale;
    })
    .join(' ');
}

function said(table: PlayerAgreement, { madeAt }: Measured): string {
  const { player, version, cases, equalOutcomes, blackScreen, equivalence } = table;
  const { bias, meanAbsolute, worst, worstCase } = blackScreen;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const side = bias < 0 ? 'shorter' : 'longer';
  const same = equivalence.holds
    ? `equivalent within ${equivalence.marginMs} ms`
    : `not shown to be equivalent within ${equivalence.marginMs} ms`;
  return `Compared with ${player} ${version} in a real browser on ${madeAt.slice(0, 10)}, ${cases} cases: ${Math.round(equalOutcomes * 100)} % of the outcomes are equal; black screen is ${seconds(Math.abs(bias))} ${side} here on average, off by ${seconds(meanAbsolute)} in the mean and ${seconds(Math.abs(worst))} at worst (${worstCase}), ${same}.`;
}
