// Output that follows the clock: segment n begins n segment lengths after the Unix epoch, and so do
// its time stamps. Transcoders that do so make the same segments of the same programme, whenever
// each of them was started, and a player can go from one to the other.

import type { MediaSettings } from '../../model/scenario.ts';
import { audioBytes } from '../pace.ts';

type Timing = Pick<MediaSettings, 'segmentMs' | 'fps' | 'container'>;

/** MPEG time stamps count 33 bits of 90 kHz, then begin again: after 26.5 hours. */
const TIMESTAMPS_S = 2 ** 33 / 90_000;

/** A whole number: designs are refused otherwise. */
const framesPerSegment = ({ segmentMs, fps }: Timing): number =>
  Math.round((segmentMs * fps) / 1000);

export const beginsSegment = (frame: number, timing: Timing): boolean =>
  frame % framesPerSegment(timing) === 0;

export const segmentOfFrame = (frame: number, timing: Timing): number =>
  Math.floor(frame / framesPerSegment(timing));

/** Time stamp of a frame, in seconds. MP4 has room for all of them. */
export const timestampS = (frame: number, { fps, container }: Timing): number =>
  container === 'cmaf' ? frame / fps : (frame / fps) % TIMESTAMPS_S;

/** Sound for a frame that was left out when it was due. */
export const silenceBefore = (frame: number, { fps }: Timing): Buffer =>
  Buffer.alloc(audioBytes(frame, fps));
