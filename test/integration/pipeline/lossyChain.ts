// Programmes over datagrams that are lost on the way, received and counted by a program that nobody here
// wrote.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { MulticastStage } from '../../../harness/model/scenario.ts';
import type { LinkControl, StartedProxy, Target } from '../../../harness/model/world.ts';
import { listenForSrt } from '../../../harness/pipeline/transcoder/srtInput.ts';
import { startEmbeddedToxiproxy } from '../../../harness/toxiproxy/adapter.ts';
import { launchOf, MEDIA, PLAYOUT, startBench, TOOLS, type Bench } from './chain.ts';

export const LOSS = 0.03;
export const RECEIVED_S = 4;
export const SENDER: MulticastStage = {
  name: 'sender',
  role: 'multicast',
  zone: 'test',
  operator: 'test',
  country: 'FR',
  groups: {},
};

/** The count of a foreign decoder. */
export interface Decoded {
  readonly pictures: number;
  readonly holes: number;
  readonly damaged: number;
}

export interface LossyChain extends AsyncDisposable {
  readonly bench: Bench;
  /** The group of a sender that gets its programme through a proxy. */
  readonly groupBehind: (
    name: string,
    keepsNumbers: boolean,
  ) => Promise<{ readonly proxy: StartedProxy; readonly group: string }>;
  /** Receives for a while, and decodes. */
  readonly receive: (url: string) => Promise<Decoded>;
  readonly lose: (proxy: StartedProxy) => Promise<unknown>;
  /** A contribution over SRT that loses; `lost` counts its datagrams. */
  readonly receiveSrt: () => Promise<Decoded & { readonly lost: number }>;
}

const run = promisify(execFile);
const signal = new AbortController().signal;

export async function openLossyChain(): Promise<LossyChain> {
  const [bench, links] = await Promise.all([startBench(), startEmbeddedToxiproxy({ seed: 7 })]);
  return {
    bench,
    groupBehind: async (name, keepsNumbers) => {
      const launch = { ...launchOf({ ...SENDER, name }), ...(keepsNumbers && { keepsNumbers }) };
      const sender = await bench.runtime.start(launch, signal);
      const upstream = sender.address!;
      const proxy = await links.createProxy({ name, upstream, transport: 'udp' });
      await playTo(bench, `to-${name}`, { ...proxy.address, transport: 'udp' });
      const sends = () => bench.stats(name).datagramsOut || undefined;
      await waitFor({ ms: 20_000, what: 'datagrams' }, sends);
      return { proxy, group: `239.255.42.1:${upstream.port}` };
    },
    receive: (url) =>
      decodeBy(TOOLS.ffmpeg, ['-t', String(RECEIVED_S), '-i', `${url}?localaddr=127.0.0.1`]),
    lose,
    receiveSrt: () => receiveSrt(bench, links),
    [Symbol.asyncDispose]: async () => {
      await bench[Symbol.asyncDispose]();
      await links[Symbol.asyncDispose]();
    },
  };
}

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

const playTo = (bench: Bench, name: string, target: Omit<Target, 'stage'>) =>
  bench.runtime.start(
    { ...launchOf({ ...PLAYOUT, name }), sendsTo: [{ ...target, stage: 'next' }] },
    signal,
  );

/** Reads to the end, or for as long as the input says. */
async function decodeBy(ffmpeg: string, input: readonly string[]): Promise<Decoded> {
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

async function receiveSrt(bench: Bench, links: LinkControl) {
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
  await playTo(bench, 'to-srt', { ...proxy.address, protocol: 'srt' });
  const wanted = (MEDIA.contributionKbps * 125 * RECEIVED_S) | 0;
  const bytes = () => came.reduce((sum, { length }) => sum + length, 0);
  await waitFor({ ms: 20_000, what: 'the contribution' }, () => bytes() > wanted || undefined);
  end.abort();
  server.close();
  await input.ended;
  input.stop();
  const file = join(bench.dir, 'srt.ts');
  await writeFile(file, Buffer.concat(came));
  const decoded = await decodeBy(TOOLS.ffmpeg, ['-f', 'mpegts', '-i', file]);
  return { ...decoded, lost: input.stats().datagramsLost ?? 0 };
}
