// An alert on the smallest rung: its strip is encoded by the ladder of a real transcoder, decoded as a
// set-top box does, and read by the eye of page and box; its tag is found by ffmpeg.

import { setImmediate } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { alertsTag } from '../../../harness/model/id3.ts';
import { audioBytes } from '../../../harness/pipeline/pace.ts';
import { startLadder } from '../../../harness/pipeline/transcoder/ladder.ts';
import { createTagger } from '../../../harness/pipeline/transcoder/timedMetadata.ts';
import { startBoxDecoder, startDecoderProcess } from '../../../players/box/decoder.ts';
import { lumaOfRgba, readPicture, type PictureReading } from '../../../players/page/picture.ts';
import { readDesign } from '../../support/designs.ts';
import { filmFrames } from '../../support/stampedFrames.ts';
import { folderForAll } from '../../support/folders.ts';

const ALERT = { number: 682, revision: 5, exercise: false, textSum: 1365 };
const FRAMES = 100;
/** The decoder keeps the last ones until more come. */
const READ_MIN = 80;

/** ffmpeg takes as many for the head of an access unit of metadata. */
const UNIT_HEAD_BYTES = 5;

const workDir = folderForAll();

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
    onPicture: (rgba) => read.push(readPicture(lumaOfRgba(rgba))),
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

it('stands as timed metadata beside the picture: ffmpeg finds the stream, and the tag in it', async () => {
  const [segment] = await encodeSmallest();
  const tag = alertsTag([{ ...ALERT, id: 'a', text: 'é'.repeat(500), issuedEpochMs: 1 }]);
  const input = createTagger({})(tag, { body: segment!, track: 0, startS: 0 });
  const pipe = { input, encoding: 'buffer' } as const;
  const show = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', '-'];
  const { stdout: streams } = await execa('ffprobe', show, pipe);
  expect(Buffer.from(streams).toString().trim().split('\n')).toEqual(
    expect.arrayContaining(['h264', 'aac', 'timed_id3']),
  );
  const copy = ['-v', 'error', '-i', '-', '-map', '0:d', '-c', 'copy', '-f', 'data', '-'];
  const { stdout: found } = await execa('ffmpeg', copy, pipe);
  expect(Buffer.from(found)).toEqual(Buffer.from(tag.subarray(UNIT_HEAD_BYTES)));
});
