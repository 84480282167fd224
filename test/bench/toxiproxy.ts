// Figures of the embedded Toxiproxy beside the official server where TOXIPROXY_OFFICIAL names one, else
// beside a plain Node TCP pipe, in the same run. `npm run bench toxiproxy`; numbers vary with the machine,
// ratios much less. TOXIPROXY_ROWS=connects,idle prints those rows alone.

import { once } from 'node:events';
import { systemClock } from '../../harness/kernel/clock.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { playChanges } from '../support/toxiproxyChanges.ts';
import { comparedWith, median, percentile, print } from './toxiproxy/figures.ts';
import {
  apiContender,
  benchIdle,
  benchPaired,
  open,
  PAIRED_ROWS,
  type Contender,
} from './toxiproxy/paired.ts';
import {
  createProxy,
  startOfficial,
  startPlainServer,
  startProgram,
  startServerProgram,
  type BenchProcess,
} from './toxiproxy/program.ts';
import { benchStartup } from './toxiproxy/startup.ts';
import { fetchBytes, startPart, type Origin } from './toxiproxy/traffic.ts';

const MB = 1e6;
const CHANGES = 10_000;
/** No call to the API may take longer, whatever the traffic. */
const CALL_MS_MAX = 250;

interface Bench {
  readonly originPort: number;
  readonly echoPort: number;
  readonly server: BenchProcess;
  /** Creates a proxy, to the origin unless told otherwise; the port it listens on. */
  readonly proxy: (
    name: string,
    toxics?: readonly object[],
    upstreamPort?: number,
  ) => Promise<number>;
}

export async function main(): Promise<void> {
  const rows = askedRows(process.env['TOXIPROXY_ROWS']);
  await using origin = await startPart('origin');
  await using echo = await startPart('echo');
  await comparePaired(origin, rows);
  await using server = await startServerProgram();
  const bench: Bench = {
    originPort: origin.port,
    echoPort: echo.port,
    server,
    proxy: (name, toxics = [], upstreamPort = origin.port) =>
      createProxy(server.port, upstreamPort, name, toxics),
  };
  for (const [name, part] of Object.entries(PARTS)) if (rows.has(name)) await part(bench);
}

const PARTS = {
  startup: benchStartup,
  changes: benchChanges,
  latency: benchLatency,
  bandwidth: benchBandwidth,
  stalled: benchStalled,
  creation: benchCreation,
};
const ROWS: readonly string[] = [...PAIRED_ROWS, 'idle', ...Object.keys(PARTS)];

/** Gives the rows that a text names, with commas between them; all where it names none. */
function askedRows(text = ''): ReadonlySet<string> {
  const asked = text.split(',').filter((name) => name !== '');
  const unknown = asked.filter((name) => !ROWS.includes(name));
  if (unknown.length > 0)
    throw new HarnessError('ARGUMENT_INVALID', `no row is called ${unknown.join(', ')}`, {
      target: 'TOXIPROXY_ROWS',
      hint: `there are: ${ROWS.join(', ')}`,
    });
  return new Set(asked.length > 0 ? asked : ROWS);
}

async function comparePaired(origin: Origin, rows: ReadonlySet<string>): Promise<void> {
  {
    await using parties = await startContenders(origin);
    print(comparedWith(parties.version));
    await benchPaired(parties.all, rows);
  }
  if (rows.has('idle')) await compareIdle(origin);
}

/** The second start keeps the code that the first one only met; later ones compile nothing. */
const STARTS_UNTIL_COMPILED = 2;

async function compareIdle(origin: Origin): Promise<void> {
  for (let start = 0; start < STARTS_UNTIL_COMPILED; start++)
    await (await startServerProgram())[Symbol.asyncDispose]();
  await using parties = await startContenders(origin);
  await benchIdle(
    parties.all.filter(({ process }) => process),
    origin,
  );
}

interface Contenders extends AsyncDisposable {
  /** The last is what the first is compared with. */
  readonly all: readonly Contender[];
  /** The official server as it calls itself, where there is one. */
  readonly version: string | undefined;
}

/**
 * Fresh processes: the embedded server as a rehearsal runs it and at the priority of the others, no proxy
 * at all, a plain pipe, and the official server where one is named.
 */
async function startContenders({ port: originPort }: Origin): Promise<Contenders> {
  await using parties = new AsyncDisposableStack();
  const server = parties.use(await startServerProgram());
  const plain = parties.use(await startPlainServer());
  const pipe = parties.use(await startProgram('./plainPipe.ts', [String(originPort)]));
  const official = await startOfficial();
  if (official) parties.use(official);
  const all: Contender[] = [
    apiContender('embedded', server, originPort),
    apiContender('at the same priority', plain, originPort),
    { name: 'no proxy', process: undefined, open: () => Promise.resolve(originPort) },
    { name: 'pipe', process: pipe, open: () => Promise.resolve(pipe.port) },
    ...(official ? [apiContender('official', official, originPort)] : []),
  ];
  const started = parties.move();
  const end = () => started.disposeAsync();
  return { all, version: official?.version, [Symbol.asyncDispose]: end };
}

/** The API answers while four connections carry all they can, and no byte is lost by what it changes. */
async function benchChanges({ server }: Bench): Promise<void> {
  const report = await playChanges({ apiPort: server.port, changes: CHANGES, seed: 1 });
  const { calls, bytes, wrong, places, ended, failures } = report;
  const callMs = calls.map(({ ms }) => ms);
  const late = calls.filter(({ ms }) => ms > CALL_MS_MAX);
  print(
    `${CHANGES} random changes at full traffic`,
    `calls p50 ${median(callMs).toFixed(2)} p99 ${percentile(callMs, 0.99).toFixed(2)} longest ${Math.max(...callMs).toFixed(1)} ms`,
    `${late.length} above ${CALL_MS_MAX} ms, ${failures} failed`,
    `${(bytes / 1e9).toFixed(1)} GB compared, ${wrong} connections with a wrong byte, ${ended} ended`,
  );
  for (const { asked, ms } of late) print(`  ${ms.toFixed(1)} ms`, asked);
  for (const place of places) print(`  ${place}`);
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

async function benchCreation(bench: Bench): Promise<void> {
  const startedAtMs = systemClock.epochMs();
  for (let at = 0; at < 1_000; at++) await bench.proxy(`many ${at}`);
  const ms = systemClock.epochMs() - startedAtMs;
  print('1 000 proxies created one by one', `${ms.toFixed(0)} ms (goal: under 2000)`);
}
