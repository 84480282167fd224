// Real players on a real chain of low latency: who asks for parts and waits for playlists. How near each is
// to the programme is measured in ../../rehearsal/lowLatency.test.ts.

import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { MediaSettings, ViewerGroup } from '../../../harness/model/scenario.ts';
import { fetchText, MEDIA, startBench, startChain, type Bench } from '../pipeline/chain.ts';
import { startTestWall } from '../../support/testWall.ts';

const LOW: MediaSettings = { ...MEDIA, segmentMs: 2_000, container: 'cmaf', latency: 'low' };
const GROUPS: Readonly<Record<string, Pick<ViewerGroup, 'player' | 'config'>>> = {
  'viewer-1': { player: 'hls.js', config: {} },
  'viewer-2': { player: 'hls.js', config: { lowLatencyMode: false } },
  'viewer-3': { player: 'shaka', config: {} },
};

let bench: Bench;
let base = '';

beforeAll(async () => {
  bench = await startBench();
  ({ base } = await startChain(bench, { media: LOW, transcoder: { epochLocked: true } }));
  await waitFor({ ms: 30_000, what: 'three segments', everyMs: 200 }, async () => {
    const text = await fetchText(`${base}/a/index.m3u8`);
    return (text?.match(/#EXTINF/g)?.length ?? 0) >= 3 || undefined;
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Hands everything on to the edge, and keeps what each viewer asked for. */
async function startListener(to: string) {
  const asked = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const viewer = request.headers.host?.split('.')[0] ?? '';
    const { method, url = '/' } = request;
    asked.set(viewer, [...(asked.get(viewer) ?? []), url]);
    const passed = send(new URL(url, to), { method }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    passed.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const countOf = (viewer: string, what: RegExp) =>
    (asked.get(viewer) ?? []).filter((url) => what.test(url)).length;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    countOf,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const PART = /\/v\d+\/\d+\.\d+\.m4s/;
const WAITING = /\/v\d+\/index\.m3u8\?.*_HLS_msn=\d+/;
const SEGMENT = /\/v\d+\/\d+-\d+-t\d+\.m4s/;
const FRAMES = 50;

it('hls.js plays parts, or whole segments where it is told so, and shaka plays beside it', async () => {
  await using listener = await startListener(new URL(base).origin);
  await using wall = await startTestWall(
    { count: 3 },
    { players: ['hls.js', 'shaka'], media: LOW },
  );
  const viewers = Object.keys(GROUPS);
  await wall.fleet.join(
    viewers.map((id) => {
      const group = { count: 1, policy: { onFatal: 'none' as const }, ...GROUPS[id]! };
      const { player } = group;
      return {
        url: `${listener.url}/one/index.m3u8`,
        group,
        description: { id, channel: 'one', channelNumber: 1, player, control: false },
      };
    }),
  );
  for (const id of viewers)
    await wall.until(`frames of ${id}`, () => wall.frames(id).length > FRAMES, 40_000);
  await wall.until('parts', () => listener.countOf('viewer-1', PART) > 10);
  await wall.until('playlists to wait for', () => listener.countOf('viewer-1', WAITING) > 10);
  await wall.until('whole segments', () => listener.countOf('viewer-2', SEGMENT) > 3);
  expect(listener.countOf('viewer-2', PART)).toBe(0);
  for (const id of viewers) expect(wall.events(id)).not.toContain('fatal');
});
