// Tests segments in parts, in virtual time: every playlist that is put keeps the rules of low latency,
// in outages too, and an ordinary design gets none of it.

import { describe, expect, test } from 'vitest';
import { firstFrame, ladderArgs } from '../../../harness/pipeline/transcoder/ladder.ts';
import { createLane, type Lane } from '../../../harness/pipeline/transcoder/lane.ts';
import { fragmentsIn } from '../../../harness/pipeline/transcoder/growingSegments.ts';
import { startPackager, type EncoderLife } from '../../../harness/pipeline/transcoder/packager.ts';
import { partFrames, partMs, partsInSegment } from '../../../harness/pipeline/transcoder/parts.ts';
import type { Send } from '../../../harness/pipeline/transcoder/uploader.ts';
import type { MediaSettings } from '../../../harness/model/scenario.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { requestTarget } from '../../../harness/pipeline/web/httpFaults.ts';
import { brokenRules, readLow } from '../../support/lowLatencyRules.ts';
import { SMALL_MEDIA, UPLOAD } from '../../support/smallMedia.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import { virtualOrigin } from '../../support/virtualOrigin.ts';

const MEDIA: MediaSettings = {
  ...SMALL_MEDIA,
  container: 'cmaf',
  latency: 'low',
  ladder: SMALL_MEDIA.ladder.slice(0, 1),
};
const START_EPOCH_MS = 1_800_000_000_000;
const PLAYLIST = '/one/v0/index.m3u8';
const TRACKS = [0, 1];

/** Makes a part of each track with the frame after its last, and the segment with its last part. */
function partingEncoder({ onPart, onSegment }: EncoderLife) {
  let [frames, index, part] = [0, 0, 0];
  const tell = () => {
    for (const rung of TRACKS) {
      const init = async () => Buffer.from(`head ${rung}`);
      onPart?.({ rung, index, part, body: Buffer.from(`${index}.${part};`), init });
    }
    part++;
  };
  return {
    write: () => {
      frames++;
      const into = frames - 1 - firstFrame(index, MEDIA);
      if (into > 0 && frames - 1 === firstFrame(index + 1, MEDIA)) {
        tell();
        for (const rung of TRACKS)
          onSegment({
            rung,
            index,
            take: async () => Buffer.from('unused'),
            init: async () => Buffer.alloc(1),
          });
        index++;
        part = 0;
      } else if (into > 0 && into % partFrames(MEDIA) === 0 && part < partsInSegment(MEDIA) - 1)
        tell();
      return true;
    },
    end: () => undefined,
    kill: () => undefined,
    ended: new Promise<Error>(() => undefined),
  };
}

interface Put {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

function publishing() {
  const clock = virtualClock(START_EPOCH_MS);
  const origin = virtualOrigin(clock);
  const ending = new AbortController();
  const puts: Put[] = [];
  const failures: unknown[] = [];
  const send: Send = async (request, signal) => {
    const status = await origin.send(request, signal);
    const { method, path, body = '' } = request;
    if (status < 300)
      puts.push({ atMs: clock.epochMs() - START_EPOCH_MS, method, path, body: String(body) });
    return status;
  };
  const packager = startPackager(
    {
      clock,
      encode: partingEncoder,
      sendTo: () => send,
      media: MEDIA,
      channel: 'one',
      upload: UPLOAD,
      epochLocked: true,
      to: [{ host: 'origin', port: 80 }],
      counters: { uploads: 0, uploadErrors: 0, bytesOut: 0 },
      log: () => undefined,
      fail: (error: unknown) => void failures.push(error),
    },
    ending.signal,
  );
  let frame = (START_EPOCH_MS * MEDIA.fps) / 1000;
  const until = async (seconds: number) => {
    for (; (frame * 1000) / MEDIA.fps < START_EPOCH_MS + seconds * 1000; frame++) {
      const atEpochMs = (frame * 1000) / MEDIA.fps;
      await clock.passUntil(atEpochMs);
      packager.write(Buffer.alloc(1), Buffer.alloc(1), { frame, atEpochMs, counter: frame });
    }
  };
  const playlists = () => puts.filter(({ path }) => path === PLAYLIST);
  return { origin, until, puts, playlists, failures, end: () => ending.abort() };
}

describe('a minute in parts', () => {
  test('keeps the rules in every playlist, and each part is listed within half a second', async () => {
    const { until, playlists, failures, end } = publishing();
    await until(60);
    const all = playlists();
    expect(all.length).toBeGreaterThan(100);
    expect(all.flatMap(({ body }) => brokenRules(body))).toEqual([]);
    const newest = readLow(all.at(-1)!.body);
    expect([newest.partTargetS, newest.holdBackS]).toEqual([0.4, 1.2]);
    const steps = all.slice(20).map(({ atMs }, i) => atMs - all[19 + i]!.atMs);
    expect(Math.max(...steps)).toBeLessThanOrEqual(500);
    expect(newest.sequence).toBeGreaterThan(0);
    expect(all.at(-1)!.body).toMatch(
      /^#EXT-X-RENDITION-REPORT:URI="\.\.\/a\/index\.m3u8",LAST-MSN=\d+,LAST-PART=\d$/m,
    );
    expect(failures).toEqual([]);
    end();
  });

  test('hints at the part that the next playlist adds', async () => {
    const { until, playlists, end } = publishing();
    await until(30);
    let checked = 0;
    playlists().reduce((before, after) => {
      const [was, is] = [readLow(before.body), readLow(after.body)];
      const known = new Set(was.segments.flatMap(({ parts }) => parts.map(({ uri }) => uri)));
      const added = is.segments.flatMap(({ parts }) => parts).filter(({ uri }) => !known.has(uri));
      if (added.length > 0) {
        expect(added.map(({ uri }) => uri)).toEqual(was.hints);
        checked++;
      }
      return after;
    });
    expect(checked).toBeGreaterThan(50);
    end();
  });

  test('puts the same bytes as parts and as a segment, each before it is listed', async () => {
    const { until, puts, end } = publishing();
    await until(30);
    const stored = new Map<string, string>();
    let compared = 0;
    for (const { path, body } of puts) {
      stored.set(path, body);
      if (path !== PLAYLIST) continue;
      for (const { uri, parts } of readLow(body).segments) {
        const joined = parts.map((part) => stored.get(`/one/v0/${part.uri}`));
        expect(joined).not.toContain(undefined);
        if (uri === undefined || parts.length === 0) continue;
        expect(stored.get(`/one/v0/${uri}`)).toBe(joined.join(''));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(20);
    end();
  });

  test('leaves a part at the origin for three target durations after it left the playlist', async () => {
    const { until, puts, end } = publishing();
    await until(60);
    const listedAtMs = new Map<string, number>();
    let deleted = 0;
    for (const { method, path, body, atMs } of puts) {
      if (path === PLAYLIST)
        for (const { parts } of readLow(body).segments)
          for (const { uri } of parts) listedAtMs.set(`/one/v0/${uri}`, atMs);
      const last = listedAtMs.get(path);
      if (method !== 'DELETE' || last === undefined) continue;
      expect(atMs - last).toBeGreaterThanOrEqual(3 * MEDIA.segmentMs);
      deleted++;
    }
    expect(deleted).toBeGreaterThan(20);
    end();
  });
});

test.each(['silent', 'refuses'] as const)(
  'an origin that %s for five seconds gets what it missed, and no rule is broken',
  async (reach) => {
    const { origin, until, playlists, failures, end } = publishing();
    await until(20);
    origin.state.reach = reach;
    await until(25);
    const before = playlists().length;
    origin.state.reach = 'answers';
    await until(50);
    expect(playlists().length).toBeGreaterThan(before + 20);
    expect(playlists().flatMap(({ body }) => brokenRules(body))).toEqual([]);
    const { segments } = readLow(playlists().at(-1)!.body);
    expect(segments.at(-2)?.parts.length).toBeGreaterThan(0);
    expect(failures).toEqual([]);
    end();
  },
);

describe('a lane', () => {
  const segment = { startEpochMs: 0, dateEpochMs: 0, durationMs: 800, discontinuity: false };
  const laneOf = (count: number) => {
    const lane = createLane({
      upload: UPLOAD,
      segmentMs: 800,
      playlistSegments: 4,
      sequence: 7,
      discontinuitySequence: 0,
      parts: { partMs: 400, inSegment: 2 },
    });
    const add = (part: number) =>
      lane.addPart({
        segment,
        part: {
          name: `7.${part}.m4s`,
          durationMs: 400,
          independent: part === 0,
          body: Buffer.alloc(1),
        },
      });
    for (let part = 0; part < count; part++) add(part);
    return { lane, add };
  };
  const whole = { ...segment, name: '7-t0.m4s', body: Buffer.alloc(2) };
  /** Does all there is to do, and gives the names of what was put. */
  const work = (lane: Lane): string[] => {
    const done: string[] = [];
    for (let job = lane.next(0); job && done.length < 20; job = lane.next(0)) {
      done.push(job.kind === 'playlist' ? 'playlist' : job.name);
      lane.done(job, true, 0);
    }
    return done.filter((name) => name !== 'playlist');
  };

  test('finishes in parts what is listed in part', () => {
    const { lane, add } = laneOf(1);
    expect(work(lane)).toEqual(['7.0.m4s']);
    add(1);
    lane.add(whole);
    expect(work(lane)).toEqual(['7.1.m4s', '7-t0.m4s']);
  });

  test('puts as a whole what is complete before its first part went up', () => {
    const { lane } = laneOf(2);
    lane.add(whole);
    expect(work(lane)).toEqual(['7-t0.m4s']);
  });

  test('lists a segment that was given up before the parts of the next', () => {
    const { lane } = laneOf(0);
    const put = (sequence: number) => ({ ...whole, name: `${sequence}-t0.m4s` });
    lane.add(put(7));
    work(lane);
    lane.add(put(8));
    for (let n = 0; n <= UPLOAD.retries; n++) {
      const at = n * UPLOAD.retryDelayMs;
      lane.done(lane.next(at)!, false, at);
    }
    const part = { name: '9.0.m4s', durationMs: 400, independent: true, body: Buffer.alloc(1) };
    lane.addPart({ segment, part });
    const bodies: string[] = [];
    for (let job = lane.next(3_000); job; job = lane.next(3_000)) {
      if (job.kind === 'playlist') bodies.push(job.body);
      lane.done(job, true, 3_000);
    }
    const { sequence, segments } = readLow(bodies.at(-1)!);
    expect(sequence).toBe(7);
    expect(segments.map(({ uri }) => uri)).toEqual(['7-t0.m4s', '8-t0.m4s', undefined]);
    expect(segments[2]?.parts.map(({ uri }) => uri)).toEqual(['9.0.m4s']);
  });

  test('gives up a part that is refused again and again only once its segment is complete', () => {
    const { lane } = laneOf(1);
    const refuse = (nowMs: number) => {
      const job = lane.next(nowMs);
      if (job) lane.done(job, false, nowMs);
      return job?.kind;
    };
    const times = Array.from({ length: 8 }, (_, n) => n * UPLOAD.retryDelayMs);
    expect(times.map(refuse)).toEqual(times.map(() => 'part'));
    lane.add(whole);
    const later = times.map((ms) => 4_000 + ms);
    expect(later.map(refuse).filter(Boolean)).toEqual(['segment', 'segment', 'segment', 'segment']);
    expect(lane.segmentsDropped).toBe(1);
  });
});

test.each([
  [25, 2_000, 10, 400, 5],
  [24, 2_000, 9, 375, 6],
  [30, 1_000, 12, 400, 3],
  [5, 2_000, 2, 400, 5],
  [60, 4_000, 24, 400, 10],
])(
  'at %i pictures a second a segment of %i ms has whole ones',
  (fps, segmentMs, frames, ms, parts) => {
    expect([partFrames({ fps }), partMs({ fps }), partsInSegment({ fps, segmentMs })]).toEqual([
      frames,
      ms,
      parts,
    ]);
  },
);

test('the encoder begins a fragment with each part of pictures and of sound', () => {
  const nothing = () => undefined;
  const options = { ffmpeg: '', workDir: '', generation: 0, onSegment: nothing, log: nothing };
  const fragmentUs = (media: MediaSettings) =>
    ladderArgs({ ...options, media }).flatMap((arg) => /:frag_duration=(\d+)/.exec(arg)?.[1] ?? []);
  expect(fragmentUs(MEDIA)).toEqual(['380000', '389333']);
  expect(fragmentUs({ ...SMALL_MEDIA, container: 'cmaf' })).toEqual([]);
});

const box = (type: string, bytes: number) => {
  const head = Buffer.alloc(8 + bytes);
  head.writeUInt32BE(head.length);
  head.write(type, 4);
  return head;
};

test('reads whole fragments out of a file that grows, and nothing of one that is not whole', () => {
  const first = Buffer.concat([box('moof', 20), box('mdat', 100)]);
  const second = Buffer.concat([box('emsg', 9), box('moof', 20), box('mdat', 50)]);
  const file = Buffer.concat([first, second]);
  expect(fragmentsIn(file)).toEqual([first, second]);
  expect(fragmentsIn(file.subarray(0, -1))).toEqual([first]);
  expect(fragmentsIn(file.subarray(0, first.length + 3))).toEqual([first]);
  expect(fragmentsIn(Buffer.alloc(64))).toEqual([]);
});

test('a fault of segments befalls their parts', () => {
  expect(requestTarget('GET', '/one/v0/12.3.m4s?_x=1')).toMatchObject({
    kind: 'segment',
    channel: 'one',
    rung: 0,
    sequence: 12,
  });
});

const ROLES = ['playout', 'transcoder', 'origin', 'edge'];
const scenarioOn = (media: object) =>
  JSON.stringify({
    name: 's',
    title: 't',
    kind: 'drill',
    design: {
      name: 'd',
      title: 't',
      channels: ['one'],
      media: {
        picture: '320x180',
        fps: 25,
        segment: '2s',
        playlist: 6,
        ladder: ['320x180@350k'],
        ...media,
      },
      stages: Object.fromEntries(
        ROLES.map((role) => [role, { role, zone: 'z', operator: 'o', country: 'FR' }]),
      ),
      links: { up: { from: 'playout', to: 'transcoder' } },
    },
    faults: [{ name: 'f', at: '1s', for: '1s', links: ['up'], cut: 'drop' }],
    expect: ['recovered == 100%'],
  });
const mediaOf = (media: object) => parseScenario(scenarioOn(media), 's.yaml', {}).design.media;

test('a design says latency: low, with fragmented MP4 and segments that have parts', () => {
  expect(mediaOf({ container: 'cmaf', latency: 'low' }).latency).toBe('low');
  expect(mediaOf({ container: 'cmaf', latency: 'ordinary' })).not.toHaveProperty('latency');
  expect(mediaOf({})).not.toHaveProperty('latency');
  expect(() => mediaOf({ latency: 'low' })).toThrow(/latency.*latency: low needs container: cmaf/s);
  expect(() => mediaOf({ latency: 'low', container: 'cmaf', segment: '800ms' })).toThrow(
    'latency: low needs segments of 1s or longer, got 800 ms',
  );
  expect(() => mediaOf({ latency: 'lowest', container: 'cmaf' })).toThrow('latency');
});
