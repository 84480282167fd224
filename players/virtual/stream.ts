// Describes what virtual players ask of the world around them.

import type { VirtualTimers } from '../../harness/kernel/virtualTimers.ts';
import type { MediaAnswer, SegmentPictures } from '../../harness/model/virtualWorld.ts';

export interface Stream {
  readonly timers: VirtualTimers;
  readonly fps: number;
  /** The start of the page's time. */
  readonly startEpochMs: number;
  /** The pictures by the number that a segment carries. */
  readonly content: (number: number) => SegmentPictures;
  /** Resolves with the answer at its time, or never; rejects when whoever asked has gone. */
  readonly request: (url: string, signal: AbortSignal) => Promise<MediaAnswer>;
}
