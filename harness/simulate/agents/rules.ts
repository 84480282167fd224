// The numbers by which agents play: parameters of a player, as the light viewers have them too.

import type { LoadRules, Retries } from '../../model/loadRules.ts';

export interface PlayerRules {
  readonly manifest: LoadRules;
  readonly playlist: LoadRules;
  readonly segment: LoadRules;
  readonly liveSyncCount: number;
  readonly liveSyncOnStallIncreaseMs: number;
  /** Media that must be buffered before playback begins, and goes on after a stall. */
  readonly startMs: number;
  readonly resumeMs: number;
  /** A live playlist without a change for so many target durations is an error; Infinity: never. */
  readonly stuckTargets: number;
  /** A playhead that fell out of the playlist: the player jumps to live, gives up, or stands for ever. */
  readonly behindWindow: 'jumps' | 'gives up' | 'stands';
  /** A playlist that has not changed is asked for again after this share of a target duration; half of one when not said. */
  readonly unchangedPollShare?: number;
  /** To go over media that is missing; 50 ms when not said. */
  readonly holeMs?: number;
  /** It waits for its next playlist from so long after the last one came; not said: from when it asked for it. */
  readonly pollsAfterMs?: number;
  /** So much later than a target duration it asks for its second playlist; nothing when not said. */
  readonly firstUpdateLateMs?: number;
  /** From the segment that ends a stall to the next picture; none when not said. */
  readonly resumeLateMs?: number;
  /** From the last failure of a playlist to the request for that of another rung; none when not said. */
  readonly switchLateMs?: number;
  /** From the last failure to the moment at which it tells that it gave up; none when not said. */
  readonly fatalLateMs?: number;
  /**
   * Its playhead falls out of the window so many segment lengths after its buffer ran dry. It tries once more
   * then, if it gave up before, and goes on where it would be without the stall. Never when not said.
   */
  readonly jumpsAfter?: number;
  /**
   * It knows the times of a playlist by the one before it (guessed.ts), asks for segments that are missing, and
   * goes over what is not there so long after something behind it has come.
   */
  readonly guesses?: { readonly jumpLateMs: number };
  /** Once it has played, it does nothing when its application says `startLoad`. */
  readonly ignoresStartLoad?: boolean;
}

export const retryDelayMs = ({ delayMs, delayMsMax }: Retries, before: number): number =>
  Math.min(delayMs * 2 ** before, delayMsMax);
