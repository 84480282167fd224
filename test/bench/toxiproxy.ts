// Figures of the embedded Toxiproxy, each beside a plain Node TCP pipe in the same run.
// `npm run bench toxiproxy`; numbers vary with the machine, ratios much less.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { systemClock } from '../../harness/kernel/clock.ts';
import { fetchBytes, startEcho, startOrigin, throughput } from './toxiproxy/traffic.ts';
import { startProgram, startServerProgram, type BenchProcess } from './toxiproxy/program.ts';

const ROUNDS = 7;
const MB = 1e6;

interface Bench {
  readonly originPort: number;
  readonly echoPort: number;
  readonly pipe: BenchProcess;
  readonly server: BenchProcess;
  /** Creates a proxy, to the origin unless told otherwise; the port it listens on. */
  readonly proxy: (
    name: string,
    toxics?: readonly object[],
    upstreamPort?: number,
  ) => Promise<number>;
}

export async function main(): Promise<void> {
  await using origin = await startOrigin();
  await using echo = await startEcho();
  await using pipe = await startProgram('./plainPipe.ts', [String(origin.port)]);
  await using server = await startServerProgram();
  const bench: Bench = {
    originPort: origin.port,
    echoPort: echo.port,
    pipe,
    server,
    proxy: (name, toxics = [], upstreamPort = origin.port) =>
      createProxy(server.port, upstreamPort, name, toxics),
  };
  for (const part of PARTS) await part(bench);
}

const PARTS = [
  benchThroughput,
  benchFetch,
  benchLatency,
  benchBandwidth,
  benchStalled,
  benchIdle,
  benchCreation,
];

async function benchThroughput(bench: Bench): Promise<void> {
  const direct = await bench.proxy('direct');
  const toxic = await bench.proxy('toxic', [{ type: 'latency', attributes: { latency: 0 } }]);
  const shapes = [
    { connections: 1, bytes: 400 * MB },
    { connections: 100, bytes: 4 * MB },
  ];
  for (const { connections, bytes } of shapes) {
    const rates = { pipe: [] as number[], direct: [] as number[], toxic: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      rates.pipe.push(await throughput(bench.pipe.port, connections, bytes));
      rates.direct.push(await throughput(direct, connections, bytes));
      rates.toxic.push(await throughput(toxic, connections, bytes));
    }
    const plain = median(rates.pipe);
    print(`throughput, ${connections} connection(s)`, `plain pipe ${mbps(plain)}`);
    print('  no toxic', `${mbps(median(rates.direct))}`, ratio(median(rates.direct) / plain, 0.9));
    print('  latency 0', `${mbps(median(rates.toxic))}`, ratio(median(rates.toxic) / plain, 0.6));
  }
}

async function benchFetch(bench: Bench): Promise<void> {
  const port = await bench.proxy('fetch');
  const bytes = 64 * 1024;
  const times = { pipe: [] as number[], proxy: [] as number[], none: [] as number[] };
  for (let round = 0; round < 300; round++) {
    times.none.push((await fetchBytes(bench.originPort, bytes)).ms);
    times.pipe.push((await fetchBytes(bench.pipe.port, bytes)).ms);
    times.proxy.push((await fetchBytes(port, bytes)).ms);
  }
  const added = median(times.proxy) - median(times.none);
  const addedByPipe = median(times.pipe) - median(times.none);
  print(
    'connect and fetch 64 KB, p50',
    `direct ${median(times.none).toFixed(2)} ms, plain pipe +${addedByPipe.toFixed(2)} ms`,
    `proxy +${added.toFixed(2)} ms (goal: under 0.3)`,
  );
}

/** Round trips of one byte over connections that stay open; what the toxic adds beyond its latency. */
async function benchLatency(bench: Bench): Promise<void> {
  const latency = 50;
  const plain = await roundTrips(await bench.proxy('echo', [], bench.echoPort));
  const toxics = [{ type: 'latency', attributes: { latency } }];
  const delayed = await roundTrips(await bench.proxy('latency', toxics, bench.echoPort));
  const errors = delayed.map((ms) => ms - latency - median(plain));
  print(
    'latency toxic of 50 ms, 100 connections',
    `round trip without it p50 ${median(plain).toFixed(2)} p99 ${percentile(plain, 0.99).toFixed(2)} ms`,
    `error p50 ${median(errors).toFixed(2)} p99 ${percentile(errors, 0.99).toFixed(2)} ms (goal: p99 under 2)`,
  );
}

async function roundTrips(port: number): Promise<number[]> {
  const times: number[] = [];
  const connections = Array.from({ length: 100 }, async (_, at) => {
    const socket = (await open(port)).setNoDelay();
    // Spread over 100 ms, as connections of a fleet are.
    await systemClock.sleep(at);
    for (let round = 0; round < 20; round++) {
      const sentAtMs = systemClock.epochMs();
      const back = once(socket, 'data');
      socket.write('x');
      await back;
      times.push(systemClock.epochMs() - sentAtMs);
      await systemClock.sleep(40 + at / 5);
    }
    socket.destroy();
  });
  await Promise.all(connections);
  return times;
}

async function benchBandwidth(bench: Bench): Promise<void> {
  const seconds = 10;
  const rates = [10, 1_000, 10_000, 100_000];
  const measured = await Promise.all(
    rates.slice(0, 3).map((rate) => measureRate(bench, rate, seconds)),
  );
  measured.push(await measureRate(bench, 100_000, seconds));
  for (const [at, rate] of rates.entries()) {
    const error = ((measured[at] ?? 0) / rate - 1) * 100;
    print(
      `bandwidth toxic of ${rate} KB/s, ${seconds} s`,
      `${(measured[at] ?? 0).toFixed(1)} KB/s`,
      `${error.toFixed(2)} % (goal: within 3)`,
    );
  }
}

async function measureRate(bench: Bench, rate: number, seconds: number): Promise<number> {
  const port = await bench.proxy(`bandwidth ${rate}`, [
    { type: 'bandwidth', attributes: { rate } },
  ]);
  const { ms, bytes } = await fetchBytes(port, rate * 1000 * seconds);
  return bytes / ms;
}

/** A reader that reads nothing: what the server and its queues take up. */
async function benchStalled(bench: Bench): Promise<void> {
  const port = await bench.proxy('stalled', [{ type: 'latency', attributes: { latency: 10 } }]);
  const before = bench.server.rssBytes();
  const sockets = await Promise.all(Array.from({ length: 20 }, () => open(port)));
  for (const socket of sockets) socket.pause().write(`${1_000 * MB}\n`);
  await systemClock.sleep(2_000);
  const grown = (bench.server.rssBytes() - before) / MB;
  for (const socket of sockets) socket.destroy();
  print('20 readers that stall, 1 GB each', `server grew by ${grown.toFixed(0)} MB`);
}

async function benchIdle(bench: Bench): Promise<void> {
  await using fresh = await startServerProgram();
  const freshPort = await createProxy(fresh.port, bench.originPort, 'idle', []);
  const before = fresh.rssBytes();
  const sockets: Socket[] = [];
  while (sockets.length < 5_000) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => open(freshPort)))));
  }
  await systemClock.sleep(500);
  const after = fresh.rssBytes();
  for (const socket of sockets) socket.destroy();
  print(
    '5 000 idle connections',
    `server process ${(after / MB).toFixed(0)} MB (goal: under 150)`,
    `of which connections ${((after - before) / MB).toFixed(0)} MB`,
  );
}

async function benchCreation(bench: Bench): Promise<void> {
  const startedAtMs = systemClock.epochMs();
  for (let at = 0; at < 1_000; at++) await bench.proxy(`many ${at}`);
  const ms = systemClock.epochMs() - startedAtMs;
  print('1 000 proxies created one by one', `${ms.toFixed(0)} ms (goal: under 2000)`);
}

async function createProxy(
  apiPort: number,
  originPort: number,
  name: string,
  toxics: readonly object[],
): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${apiPort}/proxies`, {
    method: 'POST',
    body: JSON.stringify({
      name,
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${originPort}`,
      toxics,
    }),
  });
  const { listen } = (await response.json()) as { listen: string };
  return Number(listen.split(':').at(-1));
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const percentile = (values: readonly number[], p: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;
const median = (values: readonly number[]): number => percentile(values, 0.5);
const mbps = (bytesPerS: number): string => `${(bytesPerS / MB).toFixed(0)} MB/s`;
const ratio = (value: number, goal: number): string =>
  `${value.toFixed(2)} of the plain pipe (goal: at least ${goal})`;

function print(...parts: readonly string[]): void {
  process.stdout.write(`${parts.join('  ')}\n`);
}
