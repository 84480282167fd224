// Tests CMAF in virtual time: what is uploaded, and that both manifests tell of the same segments.

import { DOMParser } from '@xmldom/xmldom';
import { expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import type { MediaSettings } from '../../../harness/model/scenario.ts';
import { createLane } from '../../../harness/pipeline/transcoder/lane.ts';
import { firstFrame, ladderArgs } from '../../../harness/pipeline/transcoder/ladder.ts';
import { createManifestLane } from '../../../harness/pipeline/transcoder/manifestLane.ts';
import { startPackager } from '../../../harness/pipeline/transcoder/packager.ts';
import { requestTarget } from '../../../harness/pipeline/web/httpFaults.ts';
import { counterInPath } from '../../../harness/model/frameClock.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { virtualOrigin } from '../../support/virtualOrigin.ts';
import { SMALL_MEDIA, UPLOAD } from '../../support/smallMedia.ts';

const MEDIA: MediaSettings = {
  ...SMALL_MEDIA,
  container: 'cmaf',
  ladder: SMALL_MEDIA.ladder.slice(0, 1),
};
const START_EPOCH_MS = 1_800_000_000_000;

/** A minute of programme on a track of pictures and one of sound. */
async function publish(skewMs = 0) {
  const clock = virtualClock(START_EPOCH_MS);
  const origin = virtualOrigin(clock);
  const ending = new AbortController();
  let frames = 0;
  let index = 0;
  const packager = startPackager(
    {
      clock,
      encode: ({ onSegment }) => ({
        write: () => {
          if (++frames <= firstFrame(index + 1, MEDIA)) return true;
          for (const rung of [0, 1]) {
            const take = async () => Buffer.from(`segment ${index} of ${rung}`);
            onSegment({ rung, index, take, init: async () => Buffer.from(`head ${rung}`) });
          }
          index++;
          return true;
        },
        end: () => undefined,
        kill: () => undefined,
        ended: new Promise(() => undefined),
      }),
      sendTo: () => origin.send,
      media: MEDIA,
      channel: 'one',
      upload: UPLOAD,
      epochLocked: true,
      to: [{ host: 'origin', port: 80 }],
      counters: { uploads: 0, uploadErrors: 0, bytesOut: 0 },
      log: () => undefined,
      fail: (error: unknown) => expect.fail(String(error)),
    },
    ending.signal,
  );
  packager.skewMs = skewMs;
  for (let n = 0; n < 60 * MEDIA.fps; n++) {
    const atEpochMs = START_EPOCH_MS + n * 40;
    await clock.passUntil(atEpochMs);
    const frame = (atEpochMs * MEDIA.fps) / 1000;
    packager.write(Buffer.alloc(1), Buffer.alloc(1), { frame, atEpochMs, counter: frame });
  }
  await clock.passUntil(START_EPOCH_MS + 60_500);
  ending.abort();
  return origin;
}

const parse = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml');

test('the manifest of DASH lists what the playlists of HLS list, at the same times', async () => {
  const origin = await publish();
  const mpd = parse(origin.textOf('/one/index.mpd'));
  const root = mpd.documentElement!;
  expect(root.getAttribute('availabilityStartTime')).toBe('1970-01-01T00:00:00.000Z');
  const tracks = [...mpd.getElementsByTagName('Representation')];
  expect(tracks.map((track) => track.getAttribute('id'))).toEqual(['v0', 'a']);
  for (const track of tracks) {
    const folder = track.getAttribute('id')!;
    const times = [...track.getElementsByTagName('S')].map((s) => Number(s.getAttribute('t')));
    const playlist = origin.textOf(`/one/${folder}/index.m3u8`);
    const dates = [...playlist.matchAll(/DATE-TIME:(.+)/g)].map(([, date]) => Date.parse(date!));
    expect(times).toHaveLength(MEDIA.playlistSegments);
    expect(times).toEqual(dates);
    expect(playlist).toContain('#EXT-X-MAP:URI="init.mp4"');
    const names = playlist.split('\n').filter((line) => line.endsWith('.m4s'));
    expect(names.map((name) => /t(\d+)/.exec(name)?.[1])).toEqual(times.map(String));
    expect(origin.textOf(`/one/${folder}/${names[0]}`)).toMatch(/^segment/);
    expect(origin.textOf(`/one/${folder}/init.mp4`)).toBe(`head ${folder === 'a' ? 1 : 0}`);
  }
  expect(origin.textOf('/one/index.m3u8')).toContain('URI="a/index.m3u8"');
});

test('a clock that is wrong is wrong in both', async () => {
  const origin = await publish(5_000);
  expect(origin.textOf('/one/index.mpd')).toContain(
    'availabilityStartTime="1970-01-01T00:00:05.000Z"',
  );
  const date = /DATE-TIME:(.+)\n.*\n.*-t(\d+)\.m4s/.exec(origin.textOf('/one/v0/index.m3u8'));
  expect(Date.parse(date![1]!) - Number(date![2])).toBe(5_000);
});

test('what was never uploaded is a hole in the timeline, and a failed manifest is put again', () => {
  const lane = createLane({
    upload: { ...UPLOAD, retries: 0 },
    segmentMs: 2_000,
    playlistSegments: 4,
    sequence: 0,
    discontinuitySequence: 0,
  });
  const { segmentMs } = MEDIA;
  const manifest = createManifestLane({ lanes: [lane, lane], media: MEDIA, upload: UPLOAD });
  expect(manifest.next(0)).toBeUndefined();
  for (const n of [0, 1, 2]) {
    const startEpochMs = n * segmentMs;
    const times = { startEpochMs, dateEpochMs: startEpochMs, durationMs: segmentMs };
    lane.add({ name: `${n}`, discontinuity: false, body: Buffer.alloc(1), ...times });
    for (let job = lane.next(0); job; job = lane.next(0))
      lane.done(job, job.kind !== 'segment' || n !== 1, 0);
  }
  const job = manifest.next(0)!;
  const { body } = job as { readonly body: string };
  expect(body.match(/<S t="\d+"/g)?.slice(0, 2)).toEqual(['<S t="0"', '<S t="4000"']);
  manifest.done(job, false, 0);
  expect(manifest.next(UPLOAD.retryDelayMs - 1)).toBeUndefined();
  manifest.done(manifest.next(UPLOAD.retryDelayMs)!, true, 0);
  expect(manifest.next(10_000)).toBeUndefined();
});

test.each([
  ['/one/index.mpd', { kind: 'playlist', channel: 'one' }],
  ['/one/a/index.m3u8', { kind: 'playlist', rung: undefined }],
  ['/one/v1/12-345-t24000.m4s', { kind: 'segment', rung: 1, sequence: 12 }],
  ['/one/v1/t24000.m4s?x=1', { kind: 'segment', rung: 1, sequence: undefined }],
  ['/one/v1/init.mp4', { kind: 'segment', rung: 1 }],
])('a fault knows %s', (path, target) => {
  expect(requestTarget('GET', path)).toMatchObject(target);
});

test('the frame clock is read from names of either container', () => {
  const paths = ['/one/v0/12-345-t24000.m4s', '/one/v0/12-345.ts', '/one/v0/12-t24000.m4s'];
  expect(paths.map(counterInPath)).toEqual([345, 345, undefined]);
});

const PLACE = { zone: 'z', operator: 'o', country: 'FR' };
const ROLES = ['playout', 'transcoder', 'origin', 'edge'];
const DESIGN = {
  name: 'd',
  title: 't',
  channels: ['one'],
  media: { picture: '320x180', fps: 25, segment: '2s', playlist: 6, container: 'cmaf' },
  stages: Object.fromEntries(ROLES.map((role) => [role, { role, ...PLACE }])),
  links: { up: { from: 'playout', to: 'transcoder' } },
};
const scenario = (http: object) =>
  JSON.stringify({
    name: 's',
    title: 't',
    kind: 'drill',
    design: { ...DESIGN, media: { ...DESIGN.media, ladder: ['320x180@350k'] } },
    faults: [{ name: 'f', at: '1s', for: '1s', stages: ['edge'], http }],
    expect: ['recovered == 100%'],
  });

test('follows the clock, and refuses faults that it has no witness for', () => {
  const { design } = parseScenario(scenario({ status: 404 }), 's.yaml', {});
  expect(design.media.container).toBe('cmaf');
  expect(design.stages.find(({ role }) => role === 'transcoder')).toMatchObject({
    epochLocked: true,
  });
  for (const http of [
    { of: 'segment', corrupt: '5%' },
    { of: 'segment', every: 2, status: 404 },
  ])
    expect(() => parseScenario(scenario(http), 's.yaml', {})).toThrow('media.container: ts');
});

test('the encoder has every segment on disk before its list names it', () => {
  const nothing = () => undefined;
  const options = { ffmpeg: '', workDir: '', generation: 0, onSegment: nothing, log: nothing };
  const args = ladderArgs({ ...options, media: MEDIA });
  const formats = args.filter((_, i) => args[i - 1] === '-segment_format_options');
  expect(formats).toHaveLength(2);
  for (const format of formats) expect(format.split(':')).toContain('flush_packets=1');
});
