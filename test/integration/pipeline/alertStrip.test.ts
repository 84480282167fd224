// The strip of an alert on the smallest rung: encoded by the ladder of a real transcoder, decoded as a
// set-top box does, and read by the eye of page and box.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { audioBytes } from '../../../harness/pipeline/pace.ts';
import { startLadder } from '../../../harness/pipeline/transcoder/ladder.ts';
import { startBoxDecoder, startDecoderProcess } from '../../../players/box/decoder.ts';
import { readPicture, type PictureReading } from '../../../players/page/picture.ts';
import { readDesign } from '../../support/designs.ts';
import { filmFrames } from '../../support/stampedFrames.ts';

const ALERT = { number: 682, revision: 5, exercise: false, textSum: 1365 };
const FRAMES = 100;
/** The decoder keeps the last ones until more come. */
const READ_MIN = 80;

const workDir = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
afterAll(() => rmSync(workDir, { recursive: true, force: true }));

async function encodeSmallest(): Promise<readonly Buffer[]> {
  const { media } = readDesign('single-access');
  const smallest = media.ladder.length - 1;
  const taken: Promise<Buffer>[] = [];
  const ladder = startLadder({
    ffmpeg: 'ffmpeg',
    media,
    workDir,
    generation: 1,
    log: () => undefined,
    onSegment: ({ rung, take }) => void (rung === smallest && taken.push(take())),
  });
  let frame = 0;
  for (const picture of filmFrames([{ kind: 'programme', frames: FRAMES, alert: ALERT }], media)) {
    const sound = Buffer.alloc(audioBytes(frame++, media.fps));
    while (!ladder.write(picture, sound)) await setImmediate();
  }
  ladder.end();
  await ladder.ended;
  return Promise.all(taken);
}

it('is read from every picture at 192x108 and 150 kbit/s', async () => {
  const read: PictureReading[] = [];
  const decoder = startBoxDecoder({
    take: () => startDecoderProcess('ffmpeg'),
    onPicture: (rgba) => read.push(readPicture(rgba)),
    onEnded: (why) => expect.fail(why),
  });
  for (const segment of await encodeSmallest()) decoder.write(segment);
  await waitFor({ ms: 20_000, what: 'pictures of the smallest rung', everyMs: 20 }, () =>
    read.length >= READ_MIN ? true : undefined,
  );
  decoder.end();
  expect(new Set(read.map(({ alert }) => JSON.stringify(alert)))).toEqual(
    new Set([JSON.stringify(ALERT)]),
  );
  expect(read.every(({ identity }) => identity !== undefined)).toBe(true);
});
