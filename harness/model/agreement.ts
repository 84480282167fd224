// The same cases seen by real players and by simulated ones: what is kept of them, and how far they
// agree (docs/agreement.md).

/** Names the losses: everything that a viewer without the programme can see. Filler is black, a slate, or a picture that stands. */
export const LOSSES = ['stalled', 'filler', 'dead', 'starting'] as const;
export type Loss = (typeof LOSSES)[number];

/** Names the ways that it can go for a viewer: `reloaded` came back because its application acted. */
export const OUTCOMES = ['unhurt', 'came back', 'reloaded', 'not back'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One viewer from the start of the faults on. */
export interface SeenCase {
  readonly outcome: Outcome;
  /** Milliseconds of each loss. */
  readonly lost: Readonly<Record<Loss, number>>;
  readonly unmeasuredMs: number;
  /** Requests that its edge answered; absent where several viewers share it. */
  readonly requests?: number;
}

export interface AgreementCase {
  /** Scenario, faults of its edge or channel, and viewer. */
  readonly name: string;
  readonly player: string;
  readonly real: SeenCase;
  readonly virtual: SeenCase;
}

/** The times of a real run that a simulation of it keeps step with, in milliseconds. */
export interface RealTimes {
  /** Age of the newest segment's last picture when viewers joined, within a segment. */
  readonly joinPhaseMs: number;
  /** From joining to the first picture, in the median: all join at once, which loads the machine. */
  readonly startUpMs: number;
  readonly steadyMs: number;
  /** From the start of the faults to the end. */
  readonly watchedMs: number;
}

/** One scenario that was played for real and then simulated. */
export interface AgreementRun {
  readonly scenario: string;
  /** From the folder of the package. */
  readonly file: string;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly playedAt: string;
  readonly browser: string;
  readonly times: RealTimes;
  readonly cases: readonly AgreementCase[];
}

export const AGREEMENT_VERSION = 1;

/** The file that tables are computed from. */
export interface Measured {
  readonly version: typeof AGREEMENT_VERSION;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly harness: string;
  readonly players: Readonly<Record<string, string>>;
  readonly runs: readonly AgreementRun[];
}

/** Simulated less real, in milliseconds. */
export interface ErrorFigures {
  readonly bias: number;
  readonly meanAbsolute: number;
  readonly worst: number;
  readonly worstCase: string;
}

export interface PlayerAgreement {
  readonly player: string;
  readonly version: string;
  readonly cases: number;
  /** Cases of which the real run did not see enough. */
  readonly leftOut: number;
  /** Cases of runs that constants of the simulation were taken from: not among `cases`. */
  readonly fittedOn: number;
  /** Share of cases. */
  readonly equalOutcomes: number;
  /** Counts by real outcome, then by simulated one. */
  readonly matrix: Readonly<Record<Outcome, Readonly<Record<Outcome, number>>>>;
  readonly blackScreen: ErrorFigures;
  readonly losses: Readonly<Record<Loss, ErrorFigures>>;
  /** Simulated requests by real ones; undefined where nobody counted. */
  readonly requests: { readonly inAll: number; readonly median: number } | undefined;
  readonly equivalence: Equivalence;
}

/** Two one-sided tests of the mean difference in black screen at 5 %. */
export interface Equivalence {
  readonly marginMs: number;
  /** The interval of 90 % in which the mean lies. */
  readonly lowMs: number;
  readonly highMs: number;
  readonly holds: boolean;
}

/** Holds everything that `agree` prints. */
export interface AgreementReport {
  readonly version: typeof AGREEMENT_VERSION;
  readonly harness: string;
  /** The last real run, ISO 8601, UTC. */
  readonly measuredAt: string;
  readonly browsers: readonly string[];
  readonly tables: readonly PlayerAgreement[];
  readonly runs: readonly AgreementRun[];
}
