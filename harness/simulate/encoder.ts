// The encoder of a ladder in virtual time: the same segments as ffmpeg's, with the number of their
// content for a body.

import type { Clock } from '../kernel/clock.ts';
import type { MediaSettings } from '../model/scenario.ts';
import { firstFrame, type LadderEncoder } from '../pipeline/transcoder/ladder.ts';
import type { EncoderLife } from '../pipeline/transcoder/packager.ts';
import { writeContent, type Contents } from './contents.ts';
import { TIMES } from './constants.ts';
import { decodePicture, type Picture } from './picture.ts';

export interface EncoderOptions {
  readonly clock: Clock;
  readonly media: MediaSettings;
  readonly contents: Contents;
}

export function startEncoder(
  { clock, media, contents }: EncoderOptions,
  { startsAtS = 0, onSegment }: EncoderLife,
): LadderEncoder {
  let pictures: Picture[] = [];
  let index = 0;
  let killed = false;
  let last: { readonly bytes: Buffer; readonly picture: Picture } | undefined;
  const complete = () => {
    const startS = startsAtS + firstFrame(index, media) / media.fps;
    const body = writeContent(contents.add(pictures, startS));
    const number = index++;
    pictures = [];
    void clock.sleep(TIMES.encodeMs).then(() => {
      if (killed) return;
      for (const rung of media.ladder.keys())
        onSegment({ rung, index: number, take: () => Promise.resolve(body) });
    });
  };
  return {
    write: (bytes) => {
      if (last?.bytes !== bytes) last = { bytes, picture: decodePicture(bytes) };
      pictures.push(last.picture);
      const framesBefore = firstFrame(index, media);
      if (framesBefore + pictures.length >= firstFrame(index + 1, media)) complete();
      return true;
    },
    end: () => {
      if (pictures.length > 0) complete();
    },
    kill: () => (killed = true),
    // It ends only when it is told to, which nobody waits for.
    ended: new Promise(() => undefined),
  };
}
