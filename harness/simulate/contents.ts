// The pictures of every segment, by the number that the segment carries instead of them.

import type { PictureRun, SegmentPictures } from '../model/virtualWorld.ts';
import type { Picture } from './picture.ts';

export interface Contents {
  /** Gives its number. */
  readonly add: (pictures: readonly Picture[], startS: number) => number;
  readonly get: (number: number) => SegmentPictures;
}

const NOTHING: SegmentPictures = { runs: [], frames: 0, startS: 0 };

export function createContents(): Contents {
  const all: SegmentPictures[] = [NOTHING];
  return {
    add: (pictures, startS) =>
      all.push({ runs: findRuns(pictures), frames: pictures.length, startS }) - 1,
    get: (number) => all[number] ?? NOTHING,
  };
}

/** Every segment is the same to a lane that uploads it but for its number. */
export const writeContent = (content: number): Buffer => {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(content);
  return body;
};

export const readContent = (body: Buffer): number => (body.length >= 4 ? body.readUInt32BE() : 0);

function findRuns(pictures: readonly Picture[]): readonly PictureRun[] {
  const runs: (PictureRun & { frames: number })[] = [];
  for (const picture of pictures) {
    const { kind, counter, channel } = picture;
    const last = runs.at(-1);
    if (last && goesOn(last, picture)) last.frames++;
    else {
      const repeats =
        kind === 'programme' && last?.channel === channel && lastCounter(last) === counter;
      runs.push({ ...picture, kind: repeats ? 'still' : kind, frames: 1 });
    }
  }
  return runs;
}

/** Gives the frame clock of its last picture; NaN without one. */
export const lastCounter = ({ kind, counter, frames }: PictureRun): number =>
  kind === 'programme' ? counter + frames - 1 : kind === 'still' ? counter : NaN;

function goesOn(run: PictureRun, { kind, counter, channel, alert }: Picture): boolean {
  if (run.channel !== channel || run.alert !== alert) return false;
  if (run.kind === 'still') return kind === 'programme' && counter === run.counter;
  if (run.kind !== kind) return false;
  return kind !== 'programme' || counter === run.counter + run.frames;
}
