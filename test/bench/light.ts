// Measures what light viewers cost: processor time for each request and viewers for each core, as a
// ratio to a loop that does nothing but fetch the same files.

import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../harness/kernel/clock.ts';
import type { ViewerLaunch } from '../../harness/model/world.ts';
import { startLightFleet } from '../../players/light/fleet.ts';
import { processesWith, TEST_MEDIA } from '../support/testWall.ts';

const VIEWERS = 240;
const SEGMENT_MS = 2_000;
/** A segment of 400 kbit/s. */
const SEGMENT = Buffer.alloc(104_000, 71);
const WARM_UP_MS = 8_000;
const MEASURE_MS = 15_000;
/** The kernel counts processor time in hundredths of a second. */
const TICK_MS = 10;

export async function main(): Promise<void> {
  await using server = await startLiveServer();
  const light = await measureFleet(server);
  const bare = await measureFetch(server);
  const says = ({ cpuMs, requests }: Measured) => `${((cpuMs * 1000) / requests).toFixed(0)} µs`;
  const perCore = (VIEWERS * light.wallMs) / light.cpuMs;
  const ratio = light.cpuMs / light.requests / (bare.cpuMs / bare.requests);
  process.stdout.write(
    [
      `${VIEWERS} light viewers: ${light.requests} requests in ${(light.wallMs / 1000).toFixed(1)} s`,
      `${says(light)} of processor a request, ${perCore.toFixed(0)} viewers a core`,
      `a bare fetch loop: ${says(bare)} a request; ratio ${ratio.toFixed(2)}\n`,
    ].join('\n'),
  );
}

interface Measured {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly requests: number;
}

interface LiveServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: () => number;
}

async function startLiveServer(): Promise<LiveServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const path = request.url ?? '';
    if (path.endsWith('v0/index.m3u8')) response.end(mediaPlaylist(systemClock.epochMs()));
    else if (path.endsWith('.m3u8'))
      response.end('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=500000\nv0/index.m3u8\n');
    else response.end(SEGMENT);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function mediaPlaylist(epochMs: number): string {
  const newest = Math.floor(epochMs / SEGMENT_MS);
  const entries = Array.from({ length: 6 }, (_, i) => newest - 6 + i).map(
    (number) =>
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(number * SEGMENT_MS).toISOString()}\n#EXTINF:2.000,\n${number}-${number * 50 + 49}.ts`,
  );
  return `#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${newest - 6}\n${entries.join('\n')}\n`;
}

async function measureFleet({ url, requests }: LiveServer): Promise<Measured> {
  const media = { ...TEST_MEDIA, segmentMs: SEGMENT_MS };
  const { signal } = new AbortController();
  await using fleet = await startLightFleet(
    { count: VIEWERS, media, seed: 1, emit: () => undefined },
    signal,
  );
  const launches = Array.from({ length: VIEWERS }, (_, i): ViewerLaunch => {
    const id = `v${i}`;
    const description = { id, channel: 'one', channelNumber: 1, player: 'light', control: false };
    const group = { player: 'light', policy: { onFatal: 'none' as const }, config: {} };
    return { description, group, url: `${url}/index.m3u8` };
  });
  await fleet.join(launches);
  await systemClock.sleep(WARM_UP_MS);
  const pids = await processesWith('players/light/program');
  const own = pids.filter((pid) => parentOf(pid) === process.pid);
  return await measure(own, requests);
}

async function measure(pids: readonly number[], requests: () => number): Promise<Measured> {
  const cpuMs = () => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  const before = { atMs: systemClock.epochMs(), cpuMs: cpuMs(), requests: requests() };
  await systemClock.sleep(MEASURE_MS);
  return {
    wallMs: systemClock.epochMs() - before.atMs,
    cpuMs: cpuMs() - before.cpuMs,
    requests: requests() - before.requests,
  };
}

/** The same mix, one playlist and one segment, as fast as one process can. */
async function measureFetch({ url, requests }: LiveServer): Promise<Measured> {
  const loop = fork(new URL('light/fetchLoop.ts', import.meta.url), [url], { stdio: 'inherit' });
  const { pid } = loop;
  if (pid === undefined) throw new Error('the fetch loop did not start');
  await systemClock.sleep(2_000);
  const measured = await measure([pid], requests);
  loop.kill();
  return measured;
}

/** Fields of /proc/PID/stat behind the name, which may hold anything. */
const statOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
const parentOf = (pid: number): number => Number(statOf(pid)[1]);
const processorMs = (pid: number): number =>
  (Number(statOf(pid)[11]) + Number(statOf(pid)[12])) * TICK_MS;
