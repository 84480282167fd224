// The sound that every channel carries beside its programme, so that silence is told from a pause of
// the programme and sound from picture: a faint tone all the time, and a burst locked to the frame clock.
//
//   frame clock   … 24 | 25 | 26 …          a burst in each frame whose counter is a multiple of
//   sound         ~~~~~|/\/\|~~~~~~         the frames of a second; its middle is the frame's

export const SOUND_CLOCK = {
  /** The faint tone: 43 dB below full scale, and so high that it disturbs no programme. */
  pilot: { hz: 12_000, level: 0.01 },
  /** The burst, at its loudest in the middle of its frame. */
  burst: { hz: 8_000, level: 0.4 },
  /** The share of the programme that is left beside a burst. */
  ducked: 0.25,
} as const;

/** Tells whether the frame with this counter carries a burst: one a second. */
export const hasBurst = (counter: number, fps: number): boolean => counter % Math.round(fps) === 0;

/**
 * The sound of one viewer since its last record. Times are milliseconds after that of the record that
 * it is in, so they are negative; absent where no sound could be listened to.
 */
export interface HeardSound {
  /** Listened to, without a gap. */
  readonly fromMs: number;
  readonly toMs: number;
  /** When it was below SILENCE_LEVEL; absent for never. */
  readonly silent?: readonly (readonly [fromMs: number, toMs: number])[];
  /** The middle of each burst; absent for none. */
  readonly bursts?: readonly number[];
}

/** True for what a record may hold as its sound. */
export function isHeardSound(value: unknown): value is HeardSound {
  const { fromMs, toMs, silent = [], bursts = [] } = (value ?? {}) as Partial<HeardSound>;
  return (
    Number.isFinite(fromMs) &&
    Number.isFinite(toMs) &&
    Array.isArray(silent) &&
    silent.every(
      (pair) => Array.isArray(pair) && pair.length === 2 && pair.every(Number.isFinite),
    ) &&
    Array.isArray(bursts) &&
    bursts.every(Number.isFinite)
  );
}

/** The sound of one viewer, as it was measured. */
export interface SoundResult {
  /** The time with a picture of the programme that nobody listened to. */
  readonly unheardMs: number;
  /** Absent where no burst was heard near its picture. */
  readonly lipSync?: LipSync;
}

/** The time by which sound is heard later than its picture is shown; negative where it is early. */
export interface LipSync {
  /** Bursts that were heard near the picture of their frame clock. */
  readonly bursts: number;
  readonly medianMs: number;
  /** The one furthest from 0. */
  readonly worstMs: number;
}

/**
 * Sound that is so late or early is seen by people: ITU-R BT.1359-1 finds 45 ms early and 125 ms late
 * detectable [S87].
 */
export const isApart = ({ medianMs }: LipSync): boolean =>
  medianMs < -LIP_SYNC_MS.early || medianMs > LIP_SYNC_MS.late;

export const LIP_SYNC_MS = { early: 45, late: 125 } as const;
