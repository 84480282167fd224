// Writes the clock of the sound (model/sound.ts) into the sound of each frame, in place.

import { hasBurst, SOUND_CLOCK } from '../../model/sound.ts';
import { AUDIO, frameCounter } from '../pace.ts';

const FULL_SCALE = 2 ** 15 - 1;
const { pilot, burst, ducked } = SOUND_CLOCK;

/** `sound` holds signed samples of 16 bit that belong to the frame of this number. */
export function stampSound(sound: Buffer, frame: number, fps: number): void {
  const count = sound.length / AUDIO.bytesPerSample;
  const isMarked = hasBurst(frameCounter(frame), fps);
  const added = (isMarked ? MARKED : PLAIN)(count);
  const share = isMarked ? ducked : 1;
  for (let i = 0; i < count; i++) {
    const at = i * AUDIO.bytesPerSample;
    const value = Math.round(sound.readInt16LE(at) * share + added[i]!);
    sound.writeInt16LE(Math.max(-FULL_SCALE, Math.min(FULL_SCALE, value)), at);
  }
}

type Samples = (count: number) => Float64Array;

/** Keeps what was made for frames of a length: there are two lengths at most. */
function remember(make: (i: number, count: number) => number): Samples {
  const known = new Map<number, Float64Array>();
  return (count) => {
    const made = known.get(count) ?? Float64Array.from({ length: count }, (_, i) => make(i, count));
    known.set(count, made);
    return made;
  };
}

const wave = ({ hz, level }: { readonly hz: number; readonly level: number }, i: number): number =>
  FULL_SCALE * level * Math.sin((2 * Math.PI * hz * i) / AUDIO.sampleRate + Math.PI / 4);

const PLAIN = remember((i) => wave(pilot, i));
const MARKED = remember(
  (i, count) => wave(pilot, i) + wave(burst, i) * Math.sin((Math.PI * (i + 0.5)) / count) ** 2,
);
