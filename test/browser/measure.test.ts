// Measures a film whose every frame is known in a real browser.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../harness/kernel/clock.ts';
import { classifyLook } from '../../harness/measure/look.ts';
import { MARK, type FrameSample } from '../../harness/model/history.ts';
import { startMediaServer, type MediaServer } from '../support/mediaServer.ts';
import type { Stretch } from '../support/stampedFrames.ts';
import { makeStampedStream, type StampedStream } from '../support/stampedStream.ts';
import { framesRecords, startTestWall, type TestWall } from '../support/testWall.ts';

const FILM: readonly Stretch[] = [
  { kind: 'programme', frames: 100 },
  { kind: 'black', frames: 50 },
  { kind: 'programme', frames: 50 },
  { kind: 'freeze', frames: 50 },
  { kind: 'programme', frames: 25 },
  { kind: 'slate', frames: 50 },
  { kind: 'unmarked', frames: 25 },
  { kind: 'programme', frames: 25 },
];
const FILM_FRAMES = FILM.reduce((sum, { frames }) => sum + frames, 0);
/** The counter of a film begins here and counts every frame but those of a freeze. */
const FIRST_COUNTER = 1001;
const LAST_COUNTER = FIRST_COUNTER - 1 + FILM_FRAMES - 50;
const FREEZE_COUNTER = FIRST_COUNTER - 1 + 200;
/** Two frames: what a viewer may be off by. */
const FRAMES_OFF = 2;

const RUNGS = [
  { viewer: 'viewer-1', name: '320x180 at 400 kbit/s', path: 'v0/index.m3u8' },
  { viewer: 'viewer-2', name: '192x108 at 60 kbit/s', path: 'v1/index.m3u8' },
] as const;

let stream: StampedStream;
let server: MediaServer;
let wall: TestWall;
let startedAtEpochMs = 0;

beforeAll(async () => {
  stream = await makeStampedStream({
    film: FILM,
    rungs: [
      { width: 320, height: 180, videoKbps: 400 },
      { width: 192, height: 108, videoKbps: 60 },
    ],
  });
  server = await startMediaServer(stream.folder);
  wall = await startTestWall({ count: 2 });
  startedAtEpochMs = systemClock.epochMs();
  await wall.join(RUNGS.map(({ path }) => `${server.url}/${path}`));
  for (const { viewer } of RUNGS) {
    await wall.until(`the last frame of ${viewer}`, () =>
      wall.frames(viewer).some(([, , counter]) => counter === LAST_COUNTER),
    );
  }
});

afterAll(async () => {
  await wall?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await stream?.[Symbol.asyncDispose]();
});

describe.each(RUNGS)('a viewer of $name', ({ viewer }) => {
  it('has every presented frame identified, but for those without a clock', () => {
    const frames = wall.frames(viewer);
    expect(marked(frames, MARK.other)).toHaveLength(0);
    const clockless = marked(frames, MARK.none);
    expect(clockless.every(([, , counter]) => counter === -1)).toBe(true);
  });

  it('sees the programme count on by one, and hardly a frame missing', () => {
    const counters = wall.frames(viewer).flatMap(([, , counter]) => (counter < 0 ? [] : [counter]));
    const steps = counters.slice(1).map((counter, at) => counter - (counters[at] ?? 0));
    expect(steps.every((step) => step >= 0)).toBe(true);
    const seen = new Set(counters).size;
    expect(seen).toBeGreaterThanOrEqual(0.95 * (FILM_FRAMES - 125));
  });

  it('sees a black of 50 frames as 50 frames', () => {
    const clockless = marked(wall.frames(viewer), MARK.none);
    expectAbout(clockless.filter(([, , , luma]) => luma <= 2).length, 50);
  });

  it('sees a picture without a clock as one that nobody can name', () => {
    const looks = marked(wall.frames(viewer), MARK.none).map(([, mark, , luma]) =>
      classifyLook(mark, luma),
    );
    expectAbout(looks.filter((look) => look === 'unmeasured').length, 25);
  });

  it('sees a freeze of 50 frames as 51 times the same frame', () => {
    const same = wall.frames(viewer).filter(([, , counter]) => counter === FREEZE_COUNTER);
    expectAbout(same.length, 51);
  });

  it('sees a slate of 50 frames as 50 marked frames', () => {
    expectAbout(marked(wall.frames(viewer), MARK.slate).length, 50);
  });

  it('has frames in order, stamped with the harness clock', () => {
    const times = wall.frames(viewer).map(([atMs]) => atMs);
    expect(times.every((atMs, n) => n === 0 || atMs > (times[n - 1] ?? 0))).toBe(true);
    expect(times[0]).toBeGreaterThan(startedAtEpochMs);
    expect(times.at(-1)).toBeLessThan(systemClock.epochMs() + 100);
  });

  it('is told of in records that come also when no frame does', async () => {
    const before = framesRecords(wall.records, viewer).length;
    await wall.until(
      'three records without a frame after the end of the film',
      () =>
        framesRecords(wall.records, viewer)
          .slice(before)
          .filter(({ frames, player }) => frames.length === 0 && !player.canPlay).length >= 3,
    );
  });
});

const marked = (frames: readonly FrameSample[], wanted: number): readonly FrameSample[] =>
  frames.filter(([, mark]) => mark === wanted);

function expectAbout(frames: number, wanted: number): void {
  expect(Math.abs(frames - wanted), `${frames} frames, not ${wanted}`).toBeLessThanOrEqual(
    FRAMES_OFF,
  );
}
