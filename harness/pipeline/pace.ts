// The tick of a programme: frame n is due at n / fps seconds since the Unix epoch, so that every
// stage ticks in step and a frame's number is its frame-clock counter.

import type { Clock } from '../kernel/clock.ts';
import { FRAME_CLOCK } from '../model/frameClock.ts';

export interface Tick {
  /** Frames since the Unix epoch. */
  readonly frame: number;
  readonly dueEpochMs: number;
  /** Frames left out just before this one, because the process was held up too long. */
  readonly skipped: number;
}

/** A process held up for longer than this leaves frames out instead of sending them in a burst. */
const LATE_MS_MAX = 1_000;

/** Calls `onTick` for each frame when it is due, until the signal is aborted. */
export async function pace(
  options: { readonly fps: number; readonly clock: Clock },
  onTick: (tick: Tick) => void,
  signal: AbortSignal,
): Promise<void> {
  const { fps, clock } = options;
  let frame = Math.floor((clock.epochMs() * fps) / 1000) + 1;
  const dueEpochMs = () => (frame * 1000) / fps;
  const tick = () => {
    const isLate = clock.epochMs() - dueEpochMs() > LATE_MS_MAX;
    const skipped = isLate ? framesBehind(frame, options) : 0;
    frame += skipped;
    onTick({ frame, dueEpochMs: dueEpochMs(), skipped });
    frame++;
  };
  const { callAt } = clock;
  if (callAt) return callEach(callAt, dueEpochMs, tick, signal);
  while (!signal.aborted) {
    try {
      await clock.sleepUntil(dueEpochMs(), signal);
    } catch {
      return;
    }
    if (!signal.aborted) tick();
  }
}

/** Ticks without a promise for each tick; resolves once the signal is aborted. */
function callEach(
  callAt: NonNullable<Clock['callAt']>,
  dueEpochMs: () => number,
  tick: () => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => {
      if (signal.aborted) resolve();
      else callAt(dueEpochMs(), tickAndWait);
    };
    const tickAndWait = () => {
      if (!signal.aborted) tick();
      wait();
    };
    wait();
  });
}

const framesBehind = (frame: number, { fps, clock }: { fps: number; clock: Clock }): number =>
  Math.floor((clock.epochMs() * fps) / 1000) - frame;

export const frameCounter = (frame: number): number => frame % 2 ** FRAME_CLOCK.counterBits;

/** Audio everywhere in the chain: signed 16 bit, one channel. */
export const AUDIO = { sampleRate: 48_000, channels: 1, bytesPerSample: 2, kbps: 64 } as const;

/** Bytes of audio that belong to a frame; whole samples, never drifting. */
export function audioBytes(frame: number, fps: number): number {
  const samplesBefore = (n: number) => Math.floor((n * AUDIO.sampleRate) / fps);
  return (samplesBefore(frame + 1) - samplesBefore(frame)) * AUDIO.channels * AUDIO.bytesPerSample;
}
