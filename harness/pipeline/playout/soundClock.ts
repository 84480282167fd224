// Writes the clock of the sound (model/sound.ts) into the sound of each frame, in place.

import { hasBurst, SOUND_CLOCK } from '../../model/sound.ts';
import { AUDIO, frameCounter } from '../pace.ts';

const FULL_SCALE = 2 ** 15 - 1;
const { pilot, burst, ducked } = SOUND_CLOCK;

/** `sound` holds signed samples of 16 bit that belong to the frame of this number. */
export function stampSound(sound: Buffer, frame: number, fps: number): void {
  const samples = sound.length / AUDIO.bytesPerSample;
  const isMarked = hasBurst(frameCounter(frame), fps);
  for (let i = 0; i < samples; i++) {
    const programme = sound.readInt16LE(i * AUDIO.bytesPerSample);
    const added =
      wave(pilot, i) +
      (isMarked ? wave(burst, i) * Math.sin((Math.PI * (i + 0.5)) / samples) ** 2 : 0);
    const value = programme * (isMarked ? ducked : 1) + added * FULL_SCALE;
    const clipped = Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.round(value)));
    sound.writeInt16LE(clipped, i * AUDIO.bytesPerSample);
  }
}

const wave = ({ hz, level }: { readonly hz: number; readonly level: number }, i: number): number =>
  level * Math.sin((2 * Math.PI * hz * i) / AUDIO.sampleRate + Math.PI / 4);
