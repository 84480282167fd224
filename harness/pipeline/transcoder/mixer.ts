// Decides, frame by frame, what the transcoder puts out. A pure state machine: arrivals and ticks
// come in with their time, one picture goes out per tick.
//
//   input:  p p p p p . . . . . . . . . . . p p p p p p p p
//   output: p p p p p r r r b b b b s s s s s s s s p p p p
//                     repeat black  slate   fail-back

import type { InputLoss, TranscoderStage } from '../../model/scenario.ts';
import { jitterBuffer } from './jitterBuffer.ts';

export type Output<P> =
  | { readonly kind: 'programme' | 'repeat'; readonly picture: P }
  | { readonly kind: 'black' | 'slate' }
  /** Nothing is put out. */
  | { readonly kind: 'paused' };

export interface MixerOptions {
  readonly inputLoss: InputLoss;
  readonly failBackMs: number;
  readonly inputLossAction: TranscoderStage['inputLossAction'];
}

export type ForcedFill = 'black' | 'freeze' | 'slate';

export interface Mixer<P> {
  readonly picture: (picture: P, atEpochMs: number) => void;
  readonly tick: (atEpochMs: number) => Output<P>;
  /** Fills the next so many frames whatever the input does. */
  readonly force: (fill: ForcedFill, frames: number) => void;
  readonly framesDropped: number;
}

/**
 * A gap shorter than this is jitter, not a loss: the programme goes on with the next picture.
 * The ledger calls interruptions up to the same length glitches.
 */
export const GAP_MS_MAX = 200;

export function createMixer<P>(options: MixerOptions): Mixer<P> {
  const buffer = jitterBuffer<P>();
  let last: P | undefined;
  let lostAtMs: number | undefined;
  let arrivedAtMs = -Infinity;
  let goodSinceMs = Infinity;
  let forced: { fill: ForcedFill; frames: number } | undefined;

  const programme = (picture: P): Output<P> => {
    lostAtMs = undefined;
    last = picture;
    return { kind: 'programme', picture };
  };

  const mayReturn = (atMs: number): boolean => {
    // The first programme of all has nothing to prove, nor has one after mere jitter.
    if (lostAtMs === undefined || last === undefined) return true;
    if (atMs - lostAtMs < GAP_MS_MAX) return true;
    const returns = atMs - arrivedAtMs <= GAP_MS_MAX && atMs - goodSinceMs >= options.failBackMs;
    if (returns) buffer.catchUp();
    return returns;
  };

  const missing = (atMs: number): Output<P> => {
    lostAtMs ??= atMs;
    return last === undefined ? { kind: 'paused' } : fill(options, last, atMs - lostAtMs);
  };

  return {
    picture: (picture, atMs) => {
      if (atMs - arrivedAtMs > GAP_MS_MAX) goodSinceMs = atMs;
      arrivedAtMs = atMs;
      buffer.push(picture);
    },
    tick: (atMs) => {
      if (forced) {
        const { fill } = forced;
        if (--forced.frames <= 0) forced = undefined;
        // The programme runs on unseen, or it would be late afterwards.
        const unseen = buffer.take();
        const held = last ?? unseen;
        if (fill !== 'freeze') return { kind: fill };
        return held === undefined ? { kind: 'black' } : { kind: 'repeat', picture: held };
      }
      const next = mayReturn(atMs) ? buffer.take() : undefined;
      return next === undefined ? missing(atMs) : programme(next);
    },
    force: (fill, frames) => {
      forced = frames > 0 ? { fill, frames } : undefined;
    },
    get framesDropped() {
      return buffer.dropped;
    },
  };
}

function fill<P>(options: MixerOptions, last: P, lostForMs: number): Output<P> {
  const { repeatMs, blackMs, then } = options.inputLoss;
  if (options.inputLossAction === 'pause' && lostForMs >= GAP_MS_MAX) return { kind: 'paused' };
  if (lostForMs < repeatMs) return { kind: 'repeat', picture: last };
  return { kind: lostForMs < repeatMs + blackMs ? 'black' : then };
}
