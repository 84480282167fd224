// The ruler held against known lengths: losses of an exact number of frames that were put into the
// picture, and what each viewer was measured to see of them. Computed by measure/ruler.ts.

import type { Environment } from './history.ts';
import type { ScreenClass, Verdict } from './report.ts';

export const CALIBRATION_VERSION = 1;

export const LOSS_KINDS = ['black', 'freeze'] as const;
export type LossKind = (typeof LOSS_KINDS)[number];

/** The output of a forced fill; times are when its first and last frame were put out. */
export interface Filled {
  readonly fill: 'black' | 'freeze' | 'slate';
  readonly frames: number;
  readonly firstEpochMs: number;
  readonly lastEpochMs: number;
}

export const filledNote = ({ fill, frames, firstEpochMs, lastEpochMs }: Filled): string =>
  `filled with ${fill}: ${frames} frames, first at ${firstEpochMs.toFixed(1)}, last at ${lastEpochMs.toFixed(1)}`;

/** Reads the detail of a `note` back; undefined for any other note. */
export function parseFilledNote(detail: string): Filled | undefined {
  const match =
    /^filled with (black|freeze|slate): (\d+) frames, first at ([\d.]+), last at ([\d.]+)$/.exec(
      detail,
    );
  if (!match) return undefined;
  const [, fill, frames, first, last] = match;
  return {
    fill: fill as Filled['fill'],
    frames: Number(frames),
    firstEpochMs: Number(first),
    lastEpochMs: Number(last),
  };
}

/** Tells whether a fill is one of the losses that a ruler is held against. */
export const isLossKind = (fill: string): fill is LossKind =>
  LOSS_KINDS.some((kind) => kind === fill);

/** The class that a viewer should be measured to see for each kind. */
export const CLASS_OF_LOSS: Readonly<Record<LossKind, ScreenClass>> = {
  black: 'black',
  freeze: 'frozen',
};

/** A loss as the transcoder that put it in noted it. */
export interface KnownLoss {
  readonly kind: LossKind;
  readonly channel: string;
  readonly frames: number;
  /** Frames times the length of a frame. */
  readonly lengthMs: number;
  /** When its first frame was put out, since run start. */
  readonly putOutAtMs: number;
}

/** One loss as one viewer was measured to see it. */
export type LossSample = {
  readonly viewer: string;
  readonly kind: LossKind;
  readonly lengthMs: number;
  readonly putOutAtMs: number;
} & (
  | {
      readonly outcome: 'seen';
      readonly seenAtMs: number;
      readonly measuredMs: number;
      /** Measured minus true. */
      readonly errorMs: number;
      /** The class that most of it was given. */
      readonly as: ScreenClass;
    }
  /** Nothing was reported where it should have been seen: the error is its whole length. */
  | { readonly outcome: 'missed'; readonly errorMs: number }
  /** The machine was too busy at that moment for anybody to know. */
  | { readonly outcome: 'unmeasured' }
);

/** Errors of all samples of a kind, or of one length of it. */
export interface RulerError {
  readonly kind: LossKind;
  /** Undefined for all lengths together. */
  readonly lengthMs: number | undefined;
  readonly samples: number;
  readonly missed: number;
  readonly unmeasured: number;
  /** Seen, but given another class than it should have. */
  readonly misnamed: number;
  /** Mean error; undefined without a sample that was measured, as are the others. */
  readonly biasMs: number | undefined;
  /** 95th percentile of the errors without their sign. */
  readonly p95Ms: number | undefined;
  /** The error that is largest without its sign, with its sign. */
  readonly worstMs: number | undefined;
}

/** An interruption that nobody put in. */
export interface FalseInterruption {
  readonly viewer: string;
  readonly fromMs: number;
  readonly lengthMs: number;
}

/** Pure: what the record of a calibration says. */
export interface RulerReading {
  readonly verdict: Verdict;
  /** The reasons why it is not a pass, one sentence each. */
  readonly reasons: readonly string[];
  readonly limitMs: number;
  readonly frameMs: number;
  readonly viewers: number;
  /** The errors by kind and length, each kind ended by the line for all its lengths. */
  readonly errors: readonly RulerError[];
  /** Time watched by each viewer in which nothing was put in. */
  readonly quietMs: number;
  readonly falseInterruptions: readonly FalseInterruption[];
  /** Shorter than 200 ms: listed, but no interruption. */
  readonly glitches: readonly FalseInterruption[];
  /** The time for which the control lost its picture: the machine's doing. */
  readonly controlLostMs: number;
  readonly samples: readonly LossSample[];
}

/**
 * The distance of sound from picture as measured over all viewers; they are together in the chain. It counts
 * from when pictures were due: that a busy machine shows some late is no error of the ruler.
 */
export interface LipSyncReading {
  readonly bursts: number;
  readonly limitMs: number;
  readonly medianMs: number;
  /** 95th percentile of the errors without their sign. */
  readonly p95Ms: number;
  /** The median from when pictures were shown. */
  readonly shownMedianMs: number;
}

/** calibration.json: the reading, and what it holds for. */
export interface Calibration extends RulerReading {
  readonly version: typeof CALIBRATION_VERSION;
  /** Absent where nobody heard a burst near its picture. */
  readonly lipSync?: LipSyncReading;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly harness: string;
  readonly design: string;
  readonly machine: Environment & {
    readonly processor: string;
    /** Processes that ran or waited to run, one minute's average, before and after. */
    readonly load: { readonly before: number; readonly after: number };
  };
}
