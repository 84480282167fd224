// Counts what arrives and is not the programme: every picture and every piece of sound, so that a
// fault of two frames leaves its mark in a report that comes four times a second.

import type { FrameIdentity } from '../../model/frameClock.ts';
import { SILENCE_LEVEL, type WrongIn } from '../../model/received.ts';
import { AUDIO } from '../pace.ts';

export interface WrongMeter {
  /** A picture of the input that is shown; `level` is its mean brightness as a share of white. */
  readonly picture: (input: number, clock: FrameIdentity | undefined, level: () => number) => void;
  /** Sound of the input that is shown: signed samples of 16 bit. */
  readonly sound: (chunk: Buffer) => void;
  /** Since the start. */
  readonly counts: WrongIn;
}

/** Darker than this and without a frame clock is black, as for the judge: 0.1 of white. */
const BLACK_LEVEL = 0.1;

/** `channel` is the transcoder's own, as its number in the frame clock. */
export function createWrongMeter(channel: number): WrongMeter {
  const wrong = { black: 0, still: 0, other: 0 };
  const silence = createSilenceMeter();
  let before: { readonly input: number; readonly counter: number } | undefined;
  return {
    picture: (input, clock, level) => {
      if (!clock) {
        if (level() < BLACK_LEVEL) wrong.black++;
        return;
      }
      const { counter } = clock;
      if (clock.channel !== channel) wrong.other++;
      if (before?.input === input && before.counter === counter) wrong.still++;
      before = { input, counter };
    },
    sound: silence.push,
    get counts() {
      return { ...wrong, silentMs: silence.silentMs };
    },
  };
}

/** Sound is silent or not in pieces of this length: several periods of any tone one hears. */
const PIECE_MS = 20;
const PIECE_SAMPLES = (AUDIO.sampleRate * PIECE_MS) / 1000;
/** Mean square of a sample, of full scale. */
const SILENT_SQUARE = (SILENCE_LEVEL * 2 ** 15) ** 2;

function createSilenceMeter() {
  let [squares, samples, silentMs] = [0, 0, 0];
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (chunk: Buffer): void => {
      const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const whole = data.length - (data.length % AUDIO.bytesPerSample);
      for (let at = 0; at < whole; at += AUDIO.bytesPerSample) {
        squares += data.readInt16LE(at) ** 2;
        if (++samples < PIECE_SAMPLES) continue;
        if (squares / samples <= SILENT_SQUARE) silentMs += PIECE_MS;
        [squares, samples] = [0, 0];
      }
      rest = Buffer.from(data.subarray(whole));
    },
    get silentMs() {
      return silentMs;
    },
  };
}
