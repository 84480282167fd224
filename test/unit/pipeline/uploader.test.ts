// Tests the uploader over minutes of programme, in virtual time: outages, retries, what is dropped.

import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { sleepOn } from '../../../harness/kernel/virtualClock.ts';
import { virtualTimers } from '../../../harness/kernel/virtualTimers.ts';
import { createLane } from '../../../harness/pipeline/transcoder/lane.ts';
import { startUploader } from '../../../harness/pipeline/transcoder/uploader.ts';
import { watchStaleness } from '../../../harness/pipeline/web/staleness.ts';
import { virtualOrigin } from '../../support/virtualOrigin.ts';
import { UPLOAD } from '../../support/smallMedia.ts';

const SEGMENT_MS = 2_000;
const FIRST_SEGMENT = {
  name: '0.ts',
  durationMs: SEGMENT_MS,
  discontinuity: false,
  startEpochMs: 0,
  dateEpochMs: 0,
  body: Buffer.alloc(100),
};
const PLAYLIST = '/one/v0/index.m3u8';
const STALE_AFTER_MS = 10_000;

const TARGET = { root: '/one', folder: 'v0', timeoutMs: UPLOAD.timeoutMs } as const;
const noUploads = () => ({ uploads: 0, uploadErrors: 0, bytesOut: 0 });
const emptyLane = () =>
  createLane({
    upload: UPLOAD,
    segmentMs: SEGMENT_MS,
    playlistSegments: 6,
    sequence: 0,
    discontinuitySequence: 0,
  });

/** One rung whose encoder makes a segment every two seconds, uploaded to an origin that ages. */
function publishing() {
  const clock = virtualClock(1_800_000_000_000);
  const startEpochMs = clock.epochMs();
  const origin = virtualOrigin(clock);
  const ending = new AbortController();
  const counters = noUploads();
  const lines: string[] = [];
  const notes: [atMs: number, text: string][] = [];
  const lane = emptyLane();
  const uploader = startUploader(
    lane,
    {
      clock,
      send: origin.send,
      ...TARGET,
      counters,
      log: (text: string) => void lines.push(text),
      standing: [{ path: 'index.m3u8', body: () => 'all' }],
    },
    ending.signal,
  );
  const encode = async () => {
    for (let n = 0; !ending.signal.aborted; n++) {
      const at = startEpochMs + n * SEGMENT_MS;
      await clock.sleepUntil(at + SEGMENT_MS, ending.signal);
      lane.add({ ...FIRST_SEGMENT, name: `${n}.ts`, startEpochMs: at, dateEpochMs: at });
      uploader.wake();
    }
  };
  void encode().catch(() => undefined);
  const note = (text: string) => void notes.push([clock.epochMs() - startEpochMs, text]);
  const { playlists } = origin;
  void watchStaleness({ clock, playlists, staleAfterMs: STALE_AFTER_MS, note }, ending.signal);
  const until = (seconds: number) => clock.passUntil(startEpochMs + seconds * 1000);
  return { origin, counters, lane, lines, notes, until, end: () => ending.abort() };
}

test('between segments it waits for no time', async () => {
  const timers = virtualTimers(0, 1);
  const clock = sleepOn(timers);
  const origin = virtualOrigin(clock);
  const lane = emptyLane();
  const uploader = startUploader(
    lane,
    {
      clock,
      send: origin.send,
      ...TARGET,
      counters: noUploads(),
      log: () => undefined,
    },
    new AbortController().signal,
  );
  lane.add(FIRST_SEGMENT);
  uploader.wake();
  await timers.passUntil(1_000);
  expect(origin.requests).toEqual(['PUT /one/v0/0.ts', `PUT ${PLAYLIST}`]);
  expect(timers.nextEpochMs()).toBeUndefined();
  lane.add({ ...FIRST_SEGMENT, name: '1.ts', startEpochMs: SEGMENT_MS });
  uploader.wake();
  await timers.passUntil(2_000);
  expect(origin.requests).toContain('PUT /one/v0/1.ts');
});

const listed = (playlist: string): string[] => playlist.match(/\d+\.ts/g) ?? [];

describe('ten minutes of programme', () => {
  test('are published as they come, and what left the playlist is deleted', async () => {
    const { origin, counters, lane, lines, notes, until, end } = publishing();
    await until(600);
    expect(counters).toEqual({
      uploads: 299,
      uploadErrors: 0,
      bytesOut: expect.any(Number) as number,
    });
    expect(listed(origin.textOf(PLAYLIST))).toEqual(
      [293, 294, 295, 296, 297, 298].map((n) => `${n}.ts`),
    );
    const segments = [...origin.files.keys()].filter((path) => path.endsWith('.ts'));
    expect(segments.length).toBeLessThanOrEqual(13);
    expect(origin.requests.filter((line) => line === 'PUT /one/index.m3u8')).toHaveLength(1);
    expect([lane.segmentsDropped, lines, notes]).toEqual([0, [], []]);
    end();
  });

  test('with two of them lost: retried, given up, told stale, and well again', async () => {
    const { origin, counters, lane, lines, notes, until, end } = publishing();
    await until(121);
    const before = counters.uploads;
    origin.state.reach = 'silent';
    await until(240);
    expect(counters.uploads).toBe(before);
    // One attempt at a time, each given up after its time and repeated after its wait.
    const rounds = 119_000 / (UPLOAD.timeoutMs + UPLOAD.retryDelayMs);
    expect(counters.uploadErrors).toBeGreaterThanOrEqual(Math.floor(rounds) - 1);
    expect(counters.uploadErrors).toBeLessThanOrEqual(Math.ceil(119_000 / UPLOAD.timeoutMs));
    expect(new Set(lines.map((line) => line.replace(/^\w+ \S+: /, '')))).toEqual(
      new Set(['no answer within 3000 ms']),
    );
    expect(origin.stale).toEqual(new Set([PLAYLIST]));
    origin.state.reach = 'answers';
    await until(270);
    expect(origin.stale).toEqual(new Set());
    expect(notes.map(([, text]) => text)).toEqual([
      `playlist ${PLAYLIST} is stale`,
      `playlist ${PLAYLIST} is fresh again`,
    ]);
    const [staleAtMs = 0, freshAtMs = 0] = notes.map(([atMs]) => atMs);
    expect(staleAtMs).toBeGreaterThan(118_000 + STALE_AFTER_MS);
    expect(staleAtMs).toBeLessThan(121_000 + STALE_AFTER_MS);
    expect(freshAtMs).toBeLessThan(240_000 + UPLOAD.timeoutMs + SEGMENT_MS);
    // Nothing older than eight seconds was sent after the outage.
    expect(lane.segmentsDropped).toBeGreaterThan(50);
    expect(counters.uploads + lane.segmentsDropped).toBe(134);
    expect(origin.requests.filter((line) => line === 'PUT /one/index.m3u8')).toHaveLength(2);
    expect(listed(origin.textOf(PLAYLIST)).at(-1)).toBe('133.ts');
    end();
  });

  test('refused for want of room: every segment is tried as often as it may be', async () => {
    const { origin, counters, lane, lines, until, end } = publishing();
    await until(60);
    origin.state.status = 507;
    const before = lane.segmentsDropped;
    await until(120);
    expect(lines[0]).toMatch(/^PUT \/one\/v0\/\d+\.ts: answer 507$/);
    const dropped = lane.segmentsDropped - before;
    expect(dropped).toBeGreaterThan(20);
    expect(counters.uploadErrors).toBeGreaterThanOrEqual(dropped * (UPLOAD.retries + 1));
    end();
  });

  test('are over with the signal, in the middle of a request', async () => {
    const { origin, counters, until, end } = publishing();
    await until(60);
    origin.state.reach = 'silent';
    await until(63);
    end();
    const asked = origin.requests.length;
    await until(120);
    expect(origin.requests.length).toBe(asked);
    expect(counters.uploadErrors).toBe(0);
  });
});
