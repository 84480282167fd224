// Programmes over datagrams, received by programs that nobody here wrote, and counted there.

import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { MulticastStage } from '../../../harness/model/scenario.ts';
import type { LinkControl, StartedProxy, Target } from '../../../harness/model/world.ts';
import { listenForSrt } from '../../../harness/pipeline/transcoder/srtInput.ts';
import { startEmbeddedToxiproxy } from '../../../harness/toxiproxy/adapter.ts';
import { launchOf, MEDIA, PLAYOUT, startBench, TOOLS, type Bench } from './chain.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const LOSS = 0.03;
const RECEIVED_S = 4;
const SENDER: MulticastStage = {
  name: 'sender',
  role: 'multicast',
  zone: 'test',
  operator: 'test',
  country: 'FR',
  groups: {},
};

let bench: Bench;
let links: LinkControl;
beforeAll(async () => {
  [bench, links] = await Promise.all([startBench(), startEmbeddedToxiproxy({ seed: 7 })]);
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await links[Symbol.asyncDispose]();
});

const lose = (proxy: StartedProxy) =>
  Promise.all(
    (['upstream', 'downstream'] as const).map((stream) =>
      proxy.addToxic({
        name: `lost-${stream}`,
        type: 'packet_loss',
        stream,
        toxicity: 1,
        attributes: { loss_rate: LOSS },
      }),
    ),
  );

const playTo = (name: string, target: Omit<Target, 'stage'>) =>
  bench.runtime.start(
    { ...launchOf({ ...PLAYOUT, name }), sendsTo: [{ ...target, stage: 'next' }] },
    signal,
  );

/** Receives for a while, or reads to the end, and decodes. */
async function decodeBy(ffmpeg: string, input: readonly string[]) {
  const { stdout, stderr } = await run(
    ffmpeg,
    ['-hide_banner', '-nostdin', '-v', 'debug', ...input, '-map', '0:v', '-f', 'framecrc', '-'],
    { maxBuffer: 2 ** 28, timeout: 30_000 },
  );
  const count = (text: string, wanted: RegExp) =>
    text.split('\n').filter((line) => wanted.test(line)).length;
  return {
    pictures: count(stdout, /^0,/),
    holes: count(stderr, /Continuity check failed/),
    damaged: count(stderr, /error while decoding MB|concealing \d+/),
  };
}

const receive = (url: string) =>
  decodeBy(TOOLS.ffmpeg, ['-t', String(RECEIVED_S), '-i', `${url}?localaddr=127.0.0.1`]);

/** The group of a sender that gets its programme through a proxy. */
async function groupBehind(name: string, keepsNumbers: boolean) {
  const launch = launchOf({ ...SENDER, name });
  const sender = await bench.runtime.start(
    { ...launch, ...(keepsNumbers && { keepsNumbers }) },
    signal,
  );
  const upstream = sender.address!;
  const proxy = await links.createProxy({ name, upstream, transport: 'udp' });
  await playTo(`to-${name}`, { ...proxy.address, transport: 'udp' });
  await waitFor(
    { ms: 20_000, what: 'datagrams' },
    () => bench.stats(name).datagramsOut || undefined,
  );
  return { proxy, group: `239.255.42.1:${upstream.port}` };
}

test.concurrent(
  'a foreign receiver counts every picture of a group, and the holes of one that loses',
  async () => {
    const { proxy, group } = await groupBehind('plain', false);
    const clean = await receive(`udp://${group}`);
    expect(clean).toMatchObject({ holes: 0, damaged: 0 });
    expect(clean.pictures).toBeGreaterThanOrEqual((RECEIVED_S - 1) * MEDIA.fps);
    await lose(proxy);
    const lossy = await receive(`udp://${group}`);
    expect(lossy.holes).toBeGreaterThan(3);
    expect(lossy.damaged).toBeGreaterThan(3);
    const { datagramsLost = 0, continuityErrors = 0 } = bench.stats('plain');
    expect(datagramsLost).toBeGreaterThan(3);
    expect(continuityErrors).toBeGreaterThanOrEqual(lossy.holes);
  },
);

test.concurrent(
  'a foreign receiver reads the numbered datagrams of a group with repair',
  async () => {
    const { group } = await groupBehind('numbered', true);
    const clean = await receive(`rtp://${group}`);
    expect(clean).toMatchObject({ holes: 0, damaged: 0 });
    expect(clean.pictures).toBeGreaterThanOrEqual((RECEIVED_S - 1) * MEDIA.fps);
  },
);

test.concurrent('SRT brings a contribution whole over a link that loses', async () => {
  const came: Buffer[] = [];
  const server = createServer((socket) => socket.on('data', (chunk) => came.push(chunk)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const end = new AbortController();
  const config = { listen: { host: '127.0.0.1', port: 0 }, tools: TOOLS };
  const input = await listenForSrt(
    {
      config: config as Parameters<typeof listenForSrt>[0]['config'],
      log: () => undefined,
      signal: end.signal,
    },
    port,
  );
  const upstream = { host: '127.0.0.1', port };
  const proxy = await links.createProxy({ name: 'srt', upstream, transport: 'udp' });
  await lose(proxy);
  await playTo('to-srt', { ...proxy.address, protocol: 'srt' });
  const wanted = (MEDIA.contributionKbps * 125 * RECEIVED_S) | 0;
  const bytes = () => came.reduce((sum, { length }) => sum + length, 0);
  await waitFor({ ms: 20_000, what: 'the contribution' }, () => bytes() > wanted || undefined);
  end.abort();
  server.close();
  await input.ended;
  input.stop();
  // Many were lost on the way, though nothing is missing.
  expect(input.stats().datagramsLost).toBeGreaterThan(3);
  const file = join(bench.dir, 'srt.ts');
  await writeFile(file, Buffer.concat(came));
  const { holes, damaged, pictures } = await decodeBy(TOOLS.ffmpeg, ['-f', 'mpegts', '-i', file]);
  expect({ holes, damaged }).toEqual({ holes: 0, damaged: 0 });
  expect(pictures).toBeGreaterThanOrEqual((RECEIVED_S - 1) * MEDIA.fps);
});
