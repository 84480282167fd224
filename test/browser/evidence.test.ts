// Keeps evidence of losses in a real browser, of every player: pictures, playlists, requests.

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVIDENCE_MAX, type Evidence } from '../../harness/model/evidence.ts';
import type { Unstamped, ViewerRecord } from '../../harness/model/history.ts';
import { startMediaServer, type MediaServer } from '../support/mediaServer.ts';
import { makeStampedStream, type StampedStream } from '../support/stampedStream.ts';
import { startTestWall, type TestWall } from '../support/testWall.ts';

const FILM = {
  film: [
    { kind: 'programme', frames: 75 },
    { kind: 'black', frames: 50 },
    { kind: 'programme', frames: 75 },
  ],
  rungs: [{ width: 320, height: 180, videoKbps: 200 }],
} as const;
const PLAYERS = ['hls.js', 'shaka', 'video.js', 'dash.js'];
/** Its server stops to answer in the third second. */
const STALLED = `viewer-${PLAYERS.length + 1}`;

let stream: StampedStream;
const servers: MediaServer[] = [];
let wall: TestWall;

const kept = (viewer: string) =>
  wall.records.filter(
    (record): record is Unstamped<ViewerRecord> & { readonly evidence: Evidence } =>
      record.type === 'viewer' && record.viewer === viewer && record.evidence !== undefined,
  );

beforeAll(async () => {
  stream = await makeStampedStream(FILM);
  const tags = ['-tag:v', 'avc1', '-tag:a', 'mp4a'];
  const dash = ['-i', 'v0/index.m3u8', '-c', 'copy', ...tags, '-f', 'dash', 'index.mpd'];
  await execa('ffmpeg', ['-v', 'error', ...dash], { cwd: stream.folder });
  servers.push(await startMediaServer(stream.folder), await startMediaServer(stream.folder));
  servers[1]!.answer = (path) => (/0000[3-9]\.ts$/.test(path) ? 'hang' : 'serve');
  const players = [...PLAYERS, 'hls.js'];
  wall = await startTestWall({ count: players.length }, { players: PLAYERS });
  const url = (player: string) =>
    `${servers[0]!.url}/index.${player === 'dash.js' ? 'mpd' : 'm3u8'}`;
  await wall.join([...PLAYERS.map(url), `${servers[1]!.url}/index.m3u8`], players);
  for (let n = 1; n <= PLAYERS.length; n++)
    await wall.until(
      `both ends of the black of viewer-${n}`,
      () => kept(`viewer-${n}`).length >= 2,
    );
  await wall.until('the stall', () => kept(STALLED).length > 0);
});

afterAll(async () => {
  await wall?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
  await stream?.[Symbol.asyncDispose]();
});

/** Mean luma of a small picture, as ffmpeg decodes it. */
async function brightness(webp: string): Promise<number> {
  const { stdout } = await execa(
    'ffmpeg',
    ['-v', 'error', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
    { input: Buffer.from(webp, 'base64'), encoding: 'buffer' },
  );
  expect(stdout.length).toBe(96 * 54);
  return stdout.reduce((sum, luma) => sum + luma, 0) / stdout.length;
}

describe.each(PLAYERS.map((player, n) => ({ player, viewer: `viewer-${n + 1}` })))(
  'a black picture on $player',
  ({ viewer }) => {
    it('has the pictures before and in it, and those of its end, small', async () => {
      const [begin, end] = kept(viewer);
      expect(begin!.evidence.begins).toBe(true);
      expect(end!.evidence.begins).toBe(false);
      const lumas: number[] = [];
      for (const { webp = '' } of begin!.evidence.pictures) {
        expect(webp.length).toBeLessThan(EVIDENCE_MAX.webp);
        lumas.push(await brightness(webp));
      }
      expect(lumas.length).toBeGreaterThanOrEqual(3);
      expect(lumas.at(-1)).toBeLessThan(10);
      expect(Math.min(...lumas.slice(0, -1))).toBeGreaterThan(20);
      const [black, programme] = end!.evidence.pictures;
      expect(await brightness(black?.webp ?? '')).toBeLessThan(10);
      expect(await brightness(programme?.webp ?? '')).toBeGreaterThan(20);
    });

    it('has the playlist that the player had last been given', () => {
      const { playlist } = kept(viewer)[0]!.evidence;
      expect(playlist?.atMs).toBeLessThan(0);
      expect(playlist?.text).toMatch(/#EXTINF|<MPD/);
    });
  },
);

it('a stall has the request that is not answered', () => {
  const { underWay = [], pictures } = kept(STALLED)[0]!.evidence;
  expect(underWay.map(({ path }) => path)).toContain('/v0/00003.ts');
  expect(underWay.every(({ atMs }) => atMs < 0)).toBe(true);
  expect(pictures.length).toBeGreaterThan(0);
});

it('nothing is under way of players that have all of a film', () => {
  for (const [n] of PLAYERS.entries())
    expect(kept(`viewer-${n + 1}`).at(-1)?.evidence.underWay ?? []).toEqual([]);
});
