// Measures how late faults are: cuts put on and taken off links through the embedded Toxiproxy
// while bytes flow, and a timeline of 200 events; planned against applied, which is when the proxy
// had answered.

import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { healFault, injectFault } from '../../harness/run/toxics.ts';
import { CleanupStack } from '../../harness/kernel/cleanup.ts';
import { systemClock } from '../../harness/kernel/clock.ts';
import { aggregate } from '../../harness/measure/statistics.ts';
import type { ActionRecord } from '../../harness/model/history.ts';
import { occurrenceId, type Plan, type PlannedAction } from '../../harness/model/plan.ts';
import { isOnStages, type LinkFault } from '../../harness/model/scenario.ts';
import type { StartedProxy } from '../../harness/model/world.ts';
import { playTimeline } from '../../harness/run/actions.ts';
import { createRecorder } from '../../harness/run/recorder.ts';
import { createOwnedFolder } from '../../harness/runtime/ownedFolder.ts';
import { findDesigns, parseScenario } from '../../harness/scenario/load.ts';
import { plan as planOf } from '../../harness/scenario/plan.ts';
import { startEmbeddedToxiproxy } from '../../harness/toxiproxy/adapter.ts';

const LATE_MS_MAX = 20;
/** The number of injections of each effect, and of heals. */
const EACH = 15;
const EFFECTS = ['hold', 'drop', 'refuse', 'reset'] as const;
const LINKS = ['connect-up', 'connect-down'] as const;
/** The bytes a channel sends over its links: a frame's worth at a time. */
const CHUNK = Buffer.alloc(8 * 1024, 7);
const CHUNK_EVERY_MS = 40;

export async function main(): Promise<void> {
  const bench = await startLinks();
  try {
    const lateness: number[] = [];
    for (const effect of EFFECTS) {
      const late = await play(await cuts(effect), bench);
      print(`cut: ${effect}`, late);
      lateness.push(...late.map(({ lateMs }) => lateMs));
    }
    const many = await play(await twoHundred(), bench);
    print('200 events of latency', many);
    const p99 = aggregate('p99', lateness);
    const within = p99 <= LATE_MS_MAX ? 'yes' : 'NO';
    say(
      `${lateness.length} cuts and heals, p99 ${p99.toFixed(1)} ms, within ${LATE_MS_MAX} ms`,
      within,
    );
    say('load', `${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`);
    if (p99 > LATE_MS_MAX) process.exitCode = 1;
  } finally {
    await bench.cleanup.run();
  }
}

interface Links {
  readonly proxies: ReadonlyMap<string, StartedProxy>;
  readonly folder: string;
  readonly cleanup: CleanupStack;
}

/** A proxy a link, each with a sender in front of it that connects again, like a playout. */
async function startLinks(): Promise<Links> {
  const cleanup = new CleanupStack();
  const folder = await createOwnedFolder('bench');
  cleanup.push('folder', () => rm(folder, { recursive: true, force: true }));
  const sink = await startSink();
  cleanup.push('sink', async () => void sink.close());
  const control = await startEmbeddedToxiproxy({ seed: 1 });
  cleanup.push('toxiproxy', async () => control[Symbol.asyncDispose]());
  const proxies = new Map<string, StartedProxy>();
  for (const name of LINKS) {
    const upstream = { host: '127.0.0.1', port: (sink.address() as AddressInfo).port };
    const proxy = await control.createProxy({ name, upstream });
    proxies.set(name, proxy);
    const stop = startSender(proxy.hostAddress.port);
    cleanup.push(`sender of ${name}`, async () => stop());
  }
  return { proxies, folder, cleanup };
}

async function startSink(): Promise<Server> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).resume();
    socket.once('close', () => open.delete(socket));
  });
  server.on('close', () => open.forEach((socket) => socket.destroy()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function startSender(port: number): () => void {
  let socket: Socket | undefined;
  const tick = setInterval(() => {
    if (!socket || socket.destroyed)
      socket = connect(port, '127.0.0.1').on('error', () => undefined);
    // A full link drops, it never slows the programme down.
    if (socket.writableLength < CHUNK.length * 8) socket.write(CHUNK);
  }, CHUNK_EVERY_MS);
  return () => {
    clearInterval(tick);
    socket?.destroy();
  };
}

const cuts = (effect: (typeof EFFECTS)[number]): Promise<Plan> =>
  planned(`{ name: cut, at: 200ms, for: 150ms, every: 400ms, times: ${EACH}, cut: ${effect} }`);

/** Two links in turn, so that one fault begins while another one ends. */
const twoHundred = (): Promise<Plan> =>
  planned(
    '{ name: up, at: 200ms, for: 170ms, every: 400ms, times: 50, latency: { delay: 10ms } }',
    '{ name: down, at: 310ms, for: 170ms, every: 400ms, times: 50, latency: { delay: 10ms } }',
  );

async function planned(...faults: readonly string[]): Promise<Plan> {
  const text = [
    'name: timeline-bench',
    'title: Faults on time',
    'kind: drill',
    'design: single-access',
    'expect: [recovered == 100%]',
    'faults:',
    ...faults.map((fault, i) => `  - ${fault.replace('{', `{ links: [${LINKS[i]}],`)}`),
  ].join('\n');
  const scenario = parseScenario(text, 'timeline.yaml', findDesigns('timeline.yaml'));
  return planOf(scenario, { compress: 1, seed: 1 });
}

interface Late {
  readonly does: ActionRecord['does'];
  /** Applied minus planned; what the call itself took is `callMs` of it. */
  readonly lateMs: number;
  readonly callMs: number;
}

async function play(plan: Plan, { proxies, folder }: Links): Promise<readonly Late[]> {
  const startedAtEpochMs = systemClock.epochMs();
  const late: Late[] = [];
  const recorder = createRecorder({
    file: join(folder, `${startedAtEpochMs}.ndjson`),
    startedAtEpochMs,
    clock: systemClock,
    onFailure: (error) => {
      throw error;
    },
  });
  recorder.subscribe((record) => {
    if (record.type !== 'action') return;
    const { does, doneAtMs, plannedAtMs, atMs } = record;
    late.push({ does, lateMs: doneAtMs - plannedAtMs, callMs: doneAtMs - atMs });
  });
  await playTimeline({
    plan,
    player: { apply: (action) => apply(action, proxies), prove: async () => undefined },
    emit: recorder.emit,
    clock: systemClock,
    runStartedAtEpochMs: startedAtEpochMs,
    signal: new AbortController().signal,
  });
  recorder.close();
  return late;
}

async function apply(
  action: PlannedAction,
  proxies: ReadonlyMap<string, StartedProxy>,
): Promise<void> {
  const fault = onLinks(action);
  for (const link of fault.links) {
    const proxy = proxies.get(link);
    if (!proxy) throw new Error(`no proxy for ${link}`);
    if (action.does === 'inject') await injectFault(fault, proxy, occurrenceId(action));
    else await healFault(fault, proxy, { id: occurrenceId(action), others: [] });
  }
}

function onLinks({ fault }: PlannedAction): LinkFault {
  if (!isOnStages(fault)) return fault;
  throw new Error('the bench plans faults of links only');
}

function print(what: string, late: readonly Late[]): void {
  for (const does of ['inject', 'heal'] as const) {
    const own = late.filter((one) => one.does === does);
    const times = own.map(({ lateMs }) => lateMs);
    const of = (name: 'p50' | 'p99' | 'max') => `${name} ${aggregate(name, times).toFixed(1)}`;
    const call = aggregate(
      'p50',
      own.map(({ callMs }) => callMs),
    ).toFixed(1);
    say(
      `${what}, ${does}`,
      `${own.length} times, late ${of('p50')} ${of('p99')} ${of('max')} ms (the call ${call})`,
    );
  }
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(48)} ${value}`);

if (import.meta.main) await main();
