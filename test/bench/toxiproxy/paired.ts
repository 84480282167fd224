// The embedded server beside the official one (or beside a plain pipe, where there is none): the same
// traffic through each in turn, round by round, so that a busy moment meets all of them.

import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { compare, median, percentile, type Goal } from './figures.ts';
import { createProxy, type BenchProcess } from './program.ts';
import { fetchBytes, throughput, type Origin } from './traffic.ts';

/** Carries bytes from a port of its own to the origin. */
export interface Contender {
  readonly name: string;
  /** Undefined: nothing but the system carries them. */
  readonly process: BenchProcess | undefined;
  /** A new way through it, with or without a latency toxic of 0; the port. */
  readonly open: (name: string, toxic: boolean) => Promise<number>;
}

const ROUNDS = 7;
const MB = 1e6;
const SHAPES = [
  { connections: 1, bytes: 600 * MB, goal: { ratio: 2.5, better: 'higher' } },
  { connections: 100, bytes: 6 * MB, goal: { ratio: 2, better: 'higher' } },
] as const;
const CPU_GOAL: Goal = { ratio: 0.28, better: 'lower' };
const P50_GOAL: Goal = { ratio: 0.75, better: 'lower' };
const P99_GOAL: Goal = { ratio: 0.8, better: 'lower' };
const MEMORY_GOAL: Goal = { ratio: 0.4, better: 'lower' };
const FETCHES = 3_000;
/** Fetches before, which do not count: a program that compiles while it runs has begun to by then. */
const WARM_FETCHES = 300;
const FETCH_BYTES = 64 * 1024;
const IDLE_CONNECTIONS = 5_000;
/** For all of them to come through, or to be gone. */
const SETTLE_MS_MAX = 60_000;

export const apiContender = (
  name: string,
  process: BenchProcess,
  originPort: number,
): Contender => ({
  name,
  process,
  open: (proxy, toxic) =>
    createProxy(
      process.port,
      originPort,
      proxy,
      toxic ? [{ type: 'latency', attributes: {} }] : [],
    ),
});

/** Bytes a second, and short connections one after another. */
export const PAIRED_ROWS = ['throughput', 'connects'] as const;

export async function benchPaired(
  contenders: readonly Contender[],
  rows: ReadonlySet<string>,
): Promise<void> {
  if (!PAIRED_ROWS.some((row) => rows.has(row))) return;
  for (const toxic of [false, true]) {
    const ways = await openWays(contenders, toxic);
    if (rows.has('throughput'))
      for (const shape of SHAPES) await comparedThroughput(ways, shape, toxic);
    if (rows.has('connects')) await comparedFetches(ways, toxic);
  }
}

interface Way {
  readonly contender: Contender;
  readonly port: number;
}

const openWays = (contenders: readonly Contender[], toxic: boolean): Promise<readonly Way[]> =>
  Promise.all(
    contenders.map(async (contender) => ({
      contender,
      port: await contender.open(`paired ${toxic}`, toxic),
    })),
  );

const withToxic = (toxic: boolean) => (toxic ? ', latency 0' : '');

async function comparedThroughput(
  ways: readonly Way[],
  { connections, bytes, goal }: (typeof SHAPES)[number],
  toxic: boolean,
): Promise<void> {
  const rates = ways.map((): number[] => []);
  const cpu = ways.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { contender, port }] of ways.entries()) {
      const cpuBeforeMs = cpuMsOf(contender);
      rates[at]?.push((await throughput(port, connections, bytes)) / MB);
      const usedMs = cpuMsOf(contender) - cpuBeforeMs;
      cpu[at]?.push((usedMs / 1000 / (connections * bytes)) * 1e9);
    }
  }
  const names = ways.map(({ contender }) => contender.name);
  const what = `${connections} connection(s)${withToxic(toxic)}`;
  compare(`${what}, MB/s`, names, rates.map(median), toxic ? undefined : goal);
  compare(`${what}, CPU-s per GB`, names, cpu.map(median), toxic ? undefined : CPU_GOAL);
}

const cpuMsOf = ({ process }: Contender): number => process?.cpuMs() ?? 0;

async function comparedFetches(ways: readonly Way[], toxic: boolean): Promise<void> {
  for (let round = 0; round < WARM_FETCHES; round++)
    for (const { port } of ways) await fetchBytes(port, FETCH_BYTES);
  const times = ways.map((): number[] => []);
  const cpuMs = ways.map(() => 0);
  for (let round = 0; round < FETCHES; round++) {
    for (const { at, contender, port } of drawnOrder(ways)) {
      // This process clears up after its own sockets first: that is no time of a server.
      collectGarbage();
      const cpuBeforeMs = cpuMsOf(contender);
      times[at]?.push((await fetchBytes(port, FETCH_BYTES)).ms);
      cpuMs[at] = (cpuMs[at] ?? 0) + cpuMsOf(contender) - cpuBeforeMs;
    }
  }
  const names = ways.map(({ contender }) => contender.name);
  const what = `connect and 64 KB${withToxic(toxic)}`;
  const share = (p: number) => times.map((one) => percentile(one, p));
  compare(`${what}, p50 ms`, names, share(0.5), P50_GOAL);
  compare(`${what}, p99 ms`, names, share(0.99), P99_GOAL);
  compare(
    `${what}, CPU-ms each`,
    names,
    cpuMs.map((ms) => ms / FETCHES),
    undefined,
  );
}

const orders = seededRandom(1);

/** Draws who comes first anew each round: what one has left to do lies in the time of the next. */
const drawnOrder = (ways: readonly Way[]): readonly (Way & { readonly at: number })[] =>
  ways.map((way, at) => ({ ...way, at, place: orders.next() })).sort((a, b) => a.place - b.place);

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
const collectGarbage = (): void => gc({ type: 'minor' });

/** Each on a process that has done nothing yet. */
export async function benchIdle(
  fresh: readonly Contender[],
  origin: Pick<Origin, 'connections'>,
): Promise<void> {
  const resident: number[] = [];
  for (const contender of fresh) {
    const port = await contender.open('idle', false);
    const sockets: Socket[] = [];
    while (sockets.length < IDLE_CONNECTIONS)
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => open(port)))));
    await until(async () => (await origin.connections()) >= IDLE_CONNECTIONS);
    await systemClock.sleep(500);
    resident.push((contender.process?.rssBytes() ?? 0) / MB);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await origin.connections()) === 0);
  }
  const names = fresh.map(({ name }) => name);
  compare(`${IDLE_CONNECTIONS} idle connections, MB resident`, names, resident, MEMORY_GOAL);
}

const until = (isSo: () => Promise<boolean>): Promise<true> =>
  waitFor({ ms: SETTLE_MS_MAX, everyMs: 20, what: 'the connections to be through' }, async () =>
    (await isSo()) ? true : undefined,
  );

export const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
