// Keeps the sound of an input until its picture is put out. Pictures and sound leave the decoder on
// two pipes without time stamps; the burst in the sound (model/sound.ts) says which sample belongs to
// which frame clock, once a second.

import { readSound } from '../../model/soundReading.ts';
import { AUDIO } from '../pace.ts';

export interface SoundQueue {
  readonly push: (chunk: Buffer) => void;
  /** Another connection begins: nothing is known of how its sound lies to its pictures. */
  readonly reset: () => void;
  /** A picture arrived, with the counter of its frame clock: gives where its sound begins. */
  readonly placeOf: (counter: number | undefined) => number;
  /** So many bytes from a place on; silence where there is no sound (any more, or yet). */
  readonly take: (place: number, bytes: number) => Buffer;
}

const { sampleRate, bytesPerSample } = AUDIO;
/** Pictures wait for less than half a second (jitterBuffer.ts), and sound may come as much earlier. */
const KEPT_SAMPLES = 1.5 * sampleRate;
/** Bursts are looked for so often, in as much more. */
const LOOK_SAMPLES = sampleRate / 10;
/** After so many seconds without a burst its place means nothing. */
const HOLDS_S = 3;

/** Places are numbers of samples since the beginning; `fps` is that of the frame clock. */
export function createSoundQueue(fps: number): SoundQueue {
  const frameSamples = sampleRate / fps;
  const second = Math.round(fps);
  let kept: Buffer = Buffer.alloc(0);
  let end = 0;
  let lookedAt = 0;
  let newest: number | undefined;
  let burst: { readonly counter: number; readonly place: number } | undefined;
  let last: number | undefined;

  const look = () => {
    // Sound comes in pieces: what came since the last look is longer by part of one. The newest
    // picture tells nothing of a burst that is long past.
    const fresh = Math.min(end - lookedAt, 1.5 * LOOK_SAMPLES);
    lookedAt = end;
    const window = samplesIn(kept, fresh + LOOK_SAMPLES);
    const untilMs = toMs(window.length - LOOK_SAMPLES / 2);
    const middle = readSound(window, sampleRate).bursts.find(
      (ms) => ms >= untilMs - toMs(fresh) && ms < untilMs,
    );
    if (middle === undefined || newest === undefined) return;
    const place = Math.round(end - window.length + (middle * sampleRate) / 1000 - frameSamples / 2);
    burst = { counter: Math.round(newest / second) * second, place };
  };
  return {
    push: (chunk) => {
      const before = kept.length >> 1;
      kept = Buffer.concat([kept, chunk]);
      end += (kept.length >> 1) - before;
      const spare = (kept.length >> 1) - KEPT_SAMPLES;
      if (spare > 0) kept = kept.subarray(spare * bytesPerSample);
      if (end - lookedAt >= LOOK_SAMPLES) look();
    },
    reset: () => {
      [burst, last, newest] = [undefined, undefined, undefined];
    },
    placeOf: (counter) => {
      newest = counter ?? newest;
      const known =
        counter !== undefined && burst && Math.abs(counter - burst.counter) < HOLDS_S * second
          ? burst.place + (counter - burst.counter) * frameSamples
          : (last ?? end - 2 * frameSamples) + frameSamples;
      last = known;
      return Math.round(known);
    },
    take: (place, bytes) => {
      const taken = Buffer.alloc(bytes);
      const first = end - (kept.length >> 1);
      const skipped = (place - first) * bytesPerSample;
      const until = Math.min(skipped + bytes, kept.length);
      if (skipped >= kept.length) return taken;
      if (skipped >= 0) kept.copy(taken, 0, skipped, until);
      else kept.copy(taken, -skipped, 0, Math.max(0, bytes + skipped));
      return taken;
    },
  };
}

const toMs = (samples: number): number => (samples * 1000) / sampleRate;

/** The newest samples, from -1 to 1. */
function samplesIn(bytes: Buffer, most: number): Float32Array {
  const count = Math.min(most, bytes.length >> 1);
  const first = (bytes.length >> 1) - count;
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++)
    samples[i] = bytes.readInt16LE((first + i) * bytesPerSample) / 2 ** 15;
  return samples;
}
