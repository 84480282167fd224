// Feeds every encoder of the chain: raw pictures and sound on two pipes, taken at once.

import { AUDIO } from './pace.ts';
import type { Size } from './picture.ts';
import { words } from './tool.ts';

/** Inputs of an ffmpeg that is fed raw pictures on descriptor 3 and sound on descriptor 4. */
export function rawInputs({ width, height }: Size, fps: number): string[] {
  const atOnce = words('-probesize 32 -analyzeduration 0 -fflags nobuffer -thread_queue_size 64');
  return [
    ...atOnce,
    ...words(
      `-f rawvideo -pix_fmt yuv420p -video_size ${width}x${height} -framerate ${fps} -i pipe:3`,
    ),
    ...atOnce,
    ...words(`-f s16le -ar ${AUDIO.sampleRate} -ac ${AUDIO.channels} -i pipe:4`),
  ];
}
