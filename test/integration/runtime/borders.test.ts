// Bytes between countries in containers: one network a country, and interfaces of stages as a witness
// that links carried all of them.

import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { countedLinks } from '../../../harness/design/countedLinks.ts';
import { listFlows } from '../../../harness/design/flows.ts';
import { CleanupStack } from '../../../harness/kernel/cleanup.ts';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { passedIn, type Passed } from '../../../harness/measure/borders.ts';
import { evaluate } from '../../../harness/measure/expectations.ts';
import { groupRecords } from '../../../harness/measure/recorded.ts';
import type { InterfaceResult } from '../../../harness/model/border.ts';
import type { HistoryRecord, RunRecord, Unstamped } from '../../../harness/model/history.ts';
import type { Design } from '../../../harness/model/scenario.ts';
import { probe } from '../../../harness/probe/probe.ts';
import { recordPassedBytes } from '../../../harness/run/passedBytes.ts';
import { provision } from '../../../harness/run/provision.ts';
import type { Running } from '../../../harness/run/running.ts';
import { ensureImages } from '../../../harness/runtime/containers/images.ts';
import { LABEL } from '../../../harness/runtime/containers/runNetwork.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { connectToxiproxy } from '../../../harness/toxiproxy/adapter.ts';
import { designText } from '../../support/designs.ts';
import { BUILD_MS, engine, title } from '../../support/engine.ts';
import { startContainersBench, type ContainersBench } from './containersBench.ts';

const TRAFFIC_MS = 3_000;
/** A stage that hears a question answers it within milliseconds. */
const UNHEARD_MS = 2_000;

beforeAll(async () => {
  const { signal } = new AbortController();
  if (engine) await ensureImages({ engine, targets: ['stage'], signal });
}, BUILD_MS);

/** A transcoder in Ireland between stages in France; origin and edge are joined directly. */
const design = (): Design => {
  const text = designText('single-access')
    .text.replace(/(transcoder:[^]*?country:) FR/, '$1 IE')
    .replace('channels: [one, two]', 'channels: [one]');
  return parseDesign(
    `${text}\nresidency: { near: { classes: [media], countries: [FR, IE] } }\n`,
    'it.yaml',
  );
};

describe.runIf(engine)(title('bytes between countries in containers'), () => {
  test('pass proxies alone, and what does not is noticed', { timeout: 120_000 }, async () => {
    await using chain = await startCounted(design());

    await delay(TRAFFIC_MS);
    const clean = await chain.passed();
    expect(promise(clean)).toMatchObject({ verdict: 'pass', observed: '0 B' });
    expect(clean.rows.map(({ from, to }) => `${from} ${to}`)).toContain('FR IE');
    expect(clean.interfaces).toHaveLength(8);
    for (const each of clean.interfaces.filter(({ byLinks }) => byLinks > 100_000))
      expect(apart(each), JSON.stringify(each)).toBeLessThan(0.01);

    // A count that was read before a fault ended its stage stays.
    await chain.stages.get('edge')?.faults?.kill();
    expect(promise(await chain.passed()).verdict).toBe('pass');

    // Past the proxies, on the network of a country: this host is on it as well, and is not heard.
    const { address } = await chain.placeOf('origin');
    const asked = fetch(`http://${address}:8080/one/index.m3u8`, {
      signal: AbortSignal.timeout(UNHEARD_MS),
    });
    await expect(asked).rejects.toThrow();
    expect(promise(await chain.passed()).verdict).toBe('pass');
    await sendMuch(address);
    const past = await chain.passed();
    expect(promise(past)).toMatchObject({ verdict: 'inconclusive' });
    expect(doubtsOf(past, 'origin')).toContainEqual(
      expect.stringMatching(/kB passed no counter of a link/),
    );

    // On a network that the run knows nothing of.
    const transcoder = await chain.placeOf('transcoder.one');
    await using stray = await strayNetwork(chain.bench);
    await stray.network.connect({ Container: transcoder.id });
    const strayed = doubtsOf(await chain.passed(), 'transcoder');
    expect(strayed).toContain('the stage is on a network that is none of the run');

    // Nothing can be read of what ended without being asked to.
    await chain.bench.runtime.engine.api.getContainer(transcoder.id).kill();
    const ended = doubtsOf(await chain.passed(), 'transcoder');
    expect(ended[0]).toMatch(/it could not be read/);
  });
});

const doubtsOf = ({ interfaces }: Passed, name: string): readonly string[] =>
  interfaces.flatMap(({ stage, doubt }) => (stage === name && doubt !== undefined ? [doubt] : []));

/** Sends more datagrams than are not told apart from none. */
async function sendMuch(host: string): Promise<void> {
  const socket = createSocket('udp4');
  const payload = Buffer.alloc(1_000);
  for (let sent = 0; sent < 60; sent++)
    await new Promise<void>((resolve, reject) =>
      socket.send(payload, 8080, host, (error) => (error ? reject(error) : resolve())),
    );
  socket.close();
}

/** A network that somebody else made. */
async function strayNetwork({ runtime, runId }: ContainersBench) {
  const { api } = runtime.engine;
  const network = await api.createNetwork({ Name: `${runId}-stray`, Internal: true });
  return {
    network,
    [Symbol.asyncDispose]: async () => {
      const { Containers } = await network.inspect();
      for (const id of Object.keys(Containers ?? {}))
        await network.disconnect({ Container: id, Force: true });
      await network.remove();
    },
  };
}

const apart = ({ byLinks, byInterface }: InterfaceResult): number =>
  Math.abs(byInterface - byLinks) / byLinks;

function promise(passed: Passed) {
  const { expectation, mistake } = parseExpectation('outside(near) == 0B');
  if (!expectation) throw new Error(mistake.message);
  return evaluate(expectation, {
    viewers: [{ result: {} }],
    cutMs: 0,
    marginMs: 40,
    passed,
  } as never);
}

async function startCounted(played: Design) {
  const stack = new AsyncDisposableStack();
  const bench = stack.use(await startContainersBench());
  const { runtime, signal } = bench;
  const flows = listFlows(played, countedLinks(played)).length;
  const endpoint = await runtime.startToxiproxy({ kind: 'embedded', flows }, signal);
  const links = stack.use(await connectToxiproxy(endpoint.url, { ...endpoint, disposable: true }));
  const cleanup = new CleanupStack();
  stack.defer(async () => void (await cleanup.run()));
  const { stages } = await provision({
    design: played,
    countsBorders: true,
    runtime,
    links,
    cleanup,
    onExit: () => undefined,
    probe: probe(),
    segments: 1,
    clock: systemClock,
    signal,
  });
  const records: HistoryRecord[] = [];
  let atMs = 0;
  const emit = (record: Unstamped) => void records.push({ ...record, atMs: atMs++ });
  const scenario = { design: played, expectations: [] };
  const running = {
    links,
    request: { plan: { scenario }, recorder: { emit } },
    attempt: (_what: string, _ms: number, work: () => Promise<unknown>) => work(),
  } as unknown as Running;
  const run = { plan: { scenario }, viewers: [] } as unknown as RunRecord;
  return {
    bench,
    stages,
    /** The container of a stage, and its address on the network of its country. */
    placeOf: async (instance: string) => {
      const label = [`${LABEL.run}=${bench.runId}`, `${LABEL.instance}=${instance}`];
      const [found] = await runtime.engine.api.listContainers({
        filters: JSON.stringify({ label }),
      });
      const places = Object.entries(found?.NetworkSettings.Networks ?? {});
      const [, place] = places.find(([name]) => /-in-\w+$/.test(name)) ?? [];
      return { id: found?.Id ?? '', address: place?.IPAddress ?? '' };
    },
    passed: async () => {
      await recordPassedBytes(running, stages, 'stages end');
      await recordPassedBytes(running, new Map(), 'all ended');
      return passedIn(groupRecords({ run, records, truncated: false }));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
