// Describes what was received: by a transcoder the format of the contribution, and what was wrong with
// it; by a set-top box the datagrams of its group.

/** Root mean square, as a share of full scale, of what is silence: -60 dB. */
export const SILENCE_LEVEL = 0.001;

/** Counts pictures that arrived and were not the programme. */
export interface WrongIn {
  /** Pictures without a frame clock, darker than a tenth of white. */
  readonly black: number;
  /** Pictures with the frame clock of the one before. */
  readonly still: number;
  /** Pictures with the frame clock of another channel. */
  readonly other: number;
  /** Milliseconds of sound below SILENCE_LEVEL, in pieces of 20. */
  readonly silentMs: number;
}

export interface Contribution {
  /** The codec of the picture: `h264`, `mpeg2`; another one by its number. */
  readonly codec?: string;
  readonly width?: number;
  readonly height?: number;
  /** Newest presentation time of a picture. */
  readonly ptsMs?: number;
}

/**
 * A set-top box boots through a portal, looks for a channel, shows its first picture of it, tells what
 * it received.
 */
export type BoxEvent = 'boot' | 'booted' | 'tune' | 'tuned' | 'reception';

/** The datagrams of a set-top box since it joined, on all of its channels. */
export interface Reception {
  readonly datagrams: number;
  readonly continuityErrors: number;
  /** Tables of the programme that were damaged or did not come in time; older records have none. */
  readonly tableErrors?: number;
  /** The name of the service that the newest of them gives. */
  readonly service?: string;
  /** By their numbers, where they have some. */
  readonly lost: number;
  /** Those that a repair server sent in time; older records have none. */
  readonly repaired?: number;
}

/** The boots, the zaps and the reception of one set-top box over its session; other players have none. */
export interface BoxResult extends Omit<Reception, 'service'> {
  /** From being switched on to being through the portal, also where that took several tries. */
  readonly bootMs: readonly number[];
  /** Times that it was switched on and never got through. */
  readonly bootsFailed: number;
  /** From looking for a channel to its first picture, in the order in which it looked. */
  readonly zapMs: readonly number[];
  /** Times that its error page came before a picture. */
  readonly zapsFailed: number;
  readonly repaired: number;
}
