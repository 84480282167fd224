// Describes answers to our own questions: what a probe hears, and what a proof is judged by.

/** The contents of a media playlist of ours; its segments are `<number>[-<counter>].ts`. */
export interface PlaylistSeen {
  readonly sequence: number | undefined;
  /** Numbers of the segments it lists, in order. */
  readonly numbers: readonly number[];
  /** The segments that it says are missing. */
  readonly gaps: readonly number[];
  readonly newest: string | undefined;
  /** It says how many discontinuities came before it, which the transcoder always does. */
  readonly countsDiscontinuities: boolean;
}

/** Datagrams by whether they came back, and when; `kbps` is how much of them came at a time. */
export type Echoes = Readonly<Record<'sent' | 'lost' | 'twice' | 'late' | 'kbps', number>>;

/** `ms` to the end of the answer; undefined = none within the patience of the witness. */
export interface Answer {
  readonly ms: number | undefined;
  /** No playlist named a segment to ask for: nothing is known of segments. */
  readonly unnamed?: true;
  /** When it had come, since the start of the run. */
  readonly atMs?: number;
  /** The HTTP status of a request of our own. */
  readonly status?: number;
  readonly bytes?: number;
  readonly broken?: boolean;
  /** Noise where a stream or a text should be. */
  readonly damaged?: boolean;
  /** The contents of a media playlist that came whole. */
  readonly playlist?: PlaylistSeen;
  /** Datagrams of our own that were sent back. */
  readonly echoes?: Echoes;
  /** The distance of each date of a playlist from the end of the segment before it. */
  readonly dateStepsMs?: readonly number[];
}

/** An upload that was taken. */
export const isStored = ({ ms, status = 0 }: Answer): boolean =>
  ms !== undefined && status >= 200 && status < 300;
