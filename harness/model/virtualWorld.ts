// The seam between a chain and viewers in virtual time: pictures told instead of encoded, and answers
// that name them.

import type { ViewerLaunch } from './world.ts';

export interface VirtualTimers {
  /** Milliseconds since the Unix epoch. */
  readonly epochMs: () => number;
  /** When the next call is due. */
  readonly nextEpochMs: () => number | undefined;
  /** Calls once; gives an id above 0. */
  readonly after: (ms: number, act: () => void) => number;
  /** Calls again and again, at least one millisecond apart. */
  readonly every: (ms: number, act: () => void) => number;
  readonly clear: (id: number | undefined) => void;
  /**
   * Lets time pass up to an instant. Rejects with the reason of the signal once that is aborted, and
   * with INTERNAL when timers of no delay set each other for ever.
   */
  readonly passUntil: (atEpochMs: number, signal?: AbortSignal) => Promise<void>;
  /** The number of calls so far. */
  readonly fired: number;
}

/** Pictures that follow one another and are alike. */
export interface PictureRun {
  /** `still` is a picture of the programme again and again. */
  readonly kind: 'programme' | 'still' | 'black' | 'slate';
  readonly frames: number;
  /** The frame clock of the first; the same in all of a still picture. -1 without one. */
  readonly counter: number;
  /** Number of the channel in the frame clock. */
  readonly channel: number;
  /** The message of an alert that is burnt in (packSign of alertStrip.ts). */
  readonly alert?: number;
}

/** The pictures of a segment. */
export interface SegmentPictures {
  readonly runs: readonly PictureRun[];
  readonly frames: number;
  /** The time stamp of the first, in seconds. */
  readonly startS: number;
}

/** A segment by the number of its pictures, as large as the real one would be. */
export interface SegmentBody {
  readonly content: number;
  readonly bytes: number;
}

export interface MediaAnswer {
  /** 0: the connection broke. */
  readonly status: number;
  readonly body: string | SegmentBody;
}

/** The chain as viewers reach it. */
export interface VirtualStream {
  readonly timers: VirtualTimers;
  readonly fps: number;
  /** The start of the page's time. */
  readonly startEpochMs: number;
  /** The least time from the start of a player to its first picture. */
  readonly startUpMs: () => number;
  /** The pictures by the number that a segment carries. */
  readonly content: (number: number) => SegmentPictures;
  /** Resolves with the answer at its time, or never; rejects when whoever asked has gone. */
  readonly request: (url: string, signal: AbortSignal) => Promise<MediaAnswer>;
}

/** Since when a viewer sees the programme without a break, and the frame clock that this began with. */
export interface Seeing {
  readonly sinceEpochMs: number;
  readonly counter: number;
}

/** Viewers whose time is virtual. */
export interface VirtualViewers {
  readonly join: (viewers: readonly ViewerLaunch[]) => void;
  /** These leave, or all. */
  readonly leave: (viewers?: readonly string[]) => Promise<void>;
  readonly seeing: (viewer: string) => Seeing | undefined;
}
