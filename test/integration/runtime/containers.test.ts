// Stages in containers: the same chain as with processes, closed off, and what can be done to it.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { HarnessError } from '../../../harness/model/errors.ts';
import type { Stage } from '../../../harness/model/scenario.ts';
import type { Address, StartedStage } from '../../../harness/model/world.ts';
import { ensureImages, listImages } from '../../../harness/runtime/containers/images.ts';
import { LABEL } from '../../../harness/runtime/containers/runNetwork.ts';
import { findLeftovers } from '../../../harness/runtime/containers/sweep.ts';
import { connectToxiproxy } from '../../../harness/toxiproxy/adapter.ts';
import { EDGE, launchOf, ORIGIN, playlistWith, PLAYOUT, TRANSCODER } from '../pipeline/chain.ts';
import { BUILD_MS, engine, title } from '../../support/engine.ts';
import { startContainersBench, type ContainersBench } from './containersBench.ts';
import { figuresIn } from '../../support/counted.ts';

const never = new AbortController().signal;

beforeAll(async () => {
  if (engine) await ensureImages({ engine, targets: ['stage'], signal: never });
}, BUILD_MS);

const startOn = (bench: ContainersBench, stage: Stage, to?: Address): Promise<StartedStage> =>
  bench.runtime.start(launchOf(stage, to), bench.signal);

async function startChainOn(bench: ContainersBench) {
  const origin = await startOn(bench, ORIGIN);
  const edge = await startOn(bench, EDGE, origin.address);
  const transcoder = await startOn(bench, TRANSCODER, origin.address);
  const playout = await startOn(bench, PLAYOUT, transcoder.address);
  return { origin, edge, transcoder, playout, base: baseOf(edge) };
}

const baseOf = ({ hostAddress }: StartedStage): string =>
  `http://${hostAddress?.host}:${hostAddress?.port}/one`;

const faultsOf = (stage: StartedStage) => {
  if (!stage.faults) throw new Error('the containers runtime has stage faults');
  return stage.faults;
};

/** The newest report of a stage. */
function last(bench: ContainersBench, stage: string) {
  const all = bench.records.filter((record) => record.type === 'stats');
  return figuresIn(all.findLast((record) => record.stage === stage) ?? { counters: [] });
}

/** Lists the events of the transcoder, notes left out. */
const lifeOf = ({ records }: ContainersBench): string[] =>
  records
    .filter((r) => r.type === 'stage')
    .filter(({ stage, event }) => stage === 'transcoder' && event !== 'note')
    .map(({ event }) => event);

/** A service of the engine's machine, on the address that the network's containers know it by. */
async function startService(host: string) {
  const server = createServer((_request, response) => response.end('a service')).listen(0, host);
  await once(server, 'listening');
  const url = `http://${host}:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    [Symbol.asyncDispose]: async () => void (await promisify(server.close.bind(server))()),
  };
}

/** Asks from within a container; tells the status, or how it failed. */
async function tryFrom({ runId, runtime }: ContainersBench, instance: string, url: string) {
  const label = [`${LABEL.run}=${runId}`, `${LABEL.instance}=${instance}`];
  const { api } = runtime.engine;
  const [found] = await api.listContainers({ filters: JSON.stringify({ label }) });
  const asked = `fetch('${url}').then(({ status }) => status, (e) => e.cause.code).then((it) => console.log(String(it)))`;
  const Cmd = ['node', '-e', asked];
  const exec = await api.getContainer(found!.Id).exec({ Cmd, AttachStdout: true, Tty: true });
  return (await text(await exec.start({ Tty: true }))).trim();
}

/** Lists the things of a run on the engine. */
const namesOf = async (runId: string): Promise<string[]> =>
  (await findLeftovers(engine)).filter(({ run }) => run === runId).map(({ name }) => name);

describe.runIf(engine)(title('a chain in containers'), () => {
  test('carries a channel to its edge, says so, and leaves nothing behind', async () => {
    let runId = '';
    {
      await using bench = await startContainersBench();
      runId = bench.runId;
      const { base } = await startChainOn(bench);
      await playlistWith(`${base}/v0/index.m3u8`, 2);
      const heard = new Set(bench.records.filter((r) => r.type === 'stats').map((r) => r.stage));
      expect([...heard].sort()).toEqual(['edge', 'origin', 'playout', 'transcoder']);
      expect((await namesOf(runId)).filter((name) => name.includes(runId))).toHaveLength(5);
    }
    expect(await namesOf(runId)).toEqual([]);
  });

  test('is closed off: no rights, no way out, published on loopback only', async () => {
    await using bench = await startContainersBench();
    const origin = await startOn(bench, { ...ORIGIN, resources: { memoryMb: 200, cpus: 0.5 } });
    const [found] = await engine!.api.listContainers({
      filters: JSON.stringify({ label: [`${LABEL.run}=${bench.runId}`] }),
    });
    const { HostConfig, NetworkSettings, Config } = await engine!.api
      .getContainer(found!.Id)
      .inspect();
    expect(HostConfig).toMatchObject({
      Privileged: false,
      ReadonlyRootfs: true,
      Binds: null,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 200 * 2 ** 20,
      NanoCpus: 5e8,
    });
    expect(Config.User).toBe('stage');
    expect(Object.keys(NetworkSettings.Networks)).toEqual([bench.runtime.network.name]);
    const published = Object.values(NetworkSettings.Ports).flatMap((list) => list ?? []);
    expect(published.map(({ HostIp }) => HostIp)).toEqual([engine!.publishOn]);
    expect(origin.hostAddress?.host).toBe(engine!.reachedAt);
  });

  test('reaches no service of the engine’s machine, nor after it was started again', async () => {
    await using bench = await startContainersBench();
    const edge = await startOn(bench, EDGE, { host: 'edge', port: 9 });
    const { gateway } = bench.runtime.network;
    await using service = await startService(gateway);
    const own = `http://edge:${edge.address!.port}/`;
    expect(await tryFrom(bench, 'edge', service.url)).toBe('ECONNREFUSED');
    await faultsOf(edge).restart();
    expect(await tryFrom(bench, 'edge', service.url)).toBe('ECONNREFUSED');
    expect(await tryFrom(bench, 'edge', own)).toBe('502');
    expect(await (await fetch(service.url)).text()).toBe('a service');
    expect(bench.records.filter(({ type }) => type === 'log')).toEqual([]);
  });

  test('of two runs at once do not meet', async () => {
    await using one = await startContainersBench();
    await using two = await startContainersBench();
    await startOn(one, ORIGIN);
    // The origin of the other run is unknown here, so nginx cannot take it for an upstream.
    await expect(startOn(two, EDGE, { host: 'origin', port: 8080 })).rejects.toMatchObject({
      code: 'STAGE_FAILED',
    });
  });

  test('has Toxiproxy between its stages', async () => {
    await using bench = await startContainersBench();
    const endpoint = await bench.runtime.startToxiproxy(
      { kind: 'embedded', flows: 2 },
      bench.signal,
    );
    await using links = await connectToxiproxy(endpoint.url, endpoint);
    const origin = await startOn(bench, ORIGIN);
    const proxy = await links.createProxy({ name: 'cdn', upstream: origin.address! });
    const edge = await startOn(bench, EDGE, proxy.address);
    const status = async () => (await fetch(`${baseOf(edge)}/none.ts`)).status;
    expect(await status()).toBe(404);
    await proxy.setEnabled(false);
    expect(await status()).toBe(502);
  });
});

describe.runIf(engine)(title('a stage in a container'), () => {
  test('that is killed comes back with its address and its files, and that is no end of it', async () => {
    await using bench = await startContainersBench();
    const origin = await startOn(bench, ORIGIN);
    const edge = await startOn(bench, EDGE, origin.address);
    let ended = false;
    void origin.exited.then(() => (ended = true));
    await fetch(`${baseOf(origin)}/kept.ts`, { method: 'PUT', body: 'a segment' });
    await faultsOf(origin).kill();
    expect([502, 504]).toContain((await fetch(`${baseOf(edge)}/none.ts`)).status);
    await faultsOf(origin).restart();
    // The first answer may still be "no route": the edge asked for the address while it was gone.
    await waitFor({ ms: 5_000, what: 'the edge to reach its origin again' }, async () =>
      (await fetch(`${baseOf(edge)}/none.ts`)).status === 404 ? true : undefined,
    );
    expect(await (await fetch(`${baseOf(edge)}/kept.ts`)).text()).toBe('a segment');
    expect(ended).toBe(false);
    await origin.stop();
    expect(await origin.exited).toMatchObject({ code: 0, asked: true });
  });

  test('that is paused answers nothing until it is resumed', async () => {
    await using bench = await startContainersBench();
    const origin = await startOn(bench, ORIGIN);
    await faultsOf(origin).pause();
    await faultsOf(origin).pause();
    expect(await fetchWithin(baseOf(origin), 1_000)).toBe('TimeoutError');
    await faultsOf(origin).resume();
    expect(await fetchWithin(baseOf(origin), 5_000)).toBe(404);
  });

  test('that is cut off answers no SYN, and keeps its name and address', async () => {
    await using bench = await startContainersBench();
    const origin = await startOn(bench, ORIGIN);
    const edge = await startOn(bench, { ...EDGE, originTimeoutMs: 1_000 }, origin.address);
    await faultsOf(origin).disconnect();
    // 504: nginx waited for a connection. A closed port or an unknown host would be a 502 at once.
    expect((await fetch(`${baseOf(edge)}/none.ts`)).status).toBe(504);
    await faultsOf(origin).reconnect();
    expect((await fetch(`${baseOf(edge)}/none.ts`)).status).toBe(404);
  });

  test('that is squeezed is held back by the kernel, and tells; released, it is not', async () => {
    await using bench = await startContainersBench();
    const { transcoder } = await startChainOn(bench);
    const heldBackMs = async (overMs: number) => {
      const from = last(bench, 'transcoder').throttledMs ?? 0;
      await delay(overMs);
      return (last(bench, 'transcoder').throttledMs ?? 0) - from;
    };
    await faultsOf(transcoder).squeeze({ cpus: 0.1, memoryMb: 1_500 });
    await waitFor({ ms: 20_000, what: 'the transcoder to be held back' }, async () =>
      (await heldBackMs(1_000)) > 300 ? true : undefined,
    );
    expect(last(bench, 'transcoder').memoryLimitMb).toBe(1_500);
    await faultsOf(transcoder).release();
    await waitFor({ ms: 20_000, what: 'the transcoder to be let go' }, async () =>
      (await heldBackMs(1_000)) < 100 ? true : undefined,
    );
    expect(last(bench, 'transcoder').memoryLimitMb).toBe(3_072);
  });

  test('that is left too little memory to live is back once it is released, or keeps what it uses', async () => {
    await using bench = await startContainersBench();
    const { transcoder } = await startChainOn(bench);
    let ended = false;
    void transcoder.exited.then(() => (ended = true));
    const refused = await faultsOf(transcoder)
      .squeeze({ memoryMb: 24 })
      .then(
        () => undefined,
        (error: unknown) => error as HarnessError,
      );
    // Control groups of the first version do not take away memory that is in use.
    if (refused) expect(refused).toMatchObject({ code: 'TOOL_UNFIT', target: 'transcoder' });
    else
      await waitFor({ ms: 20_000, what: 'its end' }, () =>
        lifeOf(bench).at(-1) === 'exited' ? true : undefined,
      );
    await faultsOf(transcoder).release();
    await waitFor({ ms: 20_000, what: 'its reports' }, () =>
      last(bench, 'transcoder').memoryLimitMb === 3_072 ? true : undefined,
    );
    expect(lifeOf(bench).at(-1)).toBe('ready');
    expect(ended).toBe(false);
  });

  test('that is paused or cut off when the run ends goes like any other', async () => {
    let runId = '';
    {
      await using bench = await startContainersBench();
      runId = bench.runId;
      const origin = await startOn(bench, ORIGIN);
      const edge = await startOn(bench, EDGE, origin.address);
      await faultsOf(origin).pause();
      await faultsOf(edge).disconnect();
    }
    expect(await namesOf(runId)).toEqual([]);
  });

  test('ends by itself when its memory is gone, and says so', async () => {
    await using bench = await startContainersBench();
    const tooSmall: Stage = { ...PLAYOUT, resources: { memoryMb: 24 } };
    const error = await startOn(bench, tooSmall, { host: 'nowhere', port: 1 }).then(
      () => undefined,
      (reason: unknown) => reason as HarnessError,
    );
    expect(error).toMatchObject({ code: 'STAGE_FAILED' });
    expect(error?.message).toMatch('killed for memory (limit 24 MB)');
    expect(error?.hint).toMatch('resources: { memory');
    // Containers of a moment, such as the one that is asked for versions, may not be gone yet.
    await expect
      .poll(() => namesOf(bench.runId), { timeout: 20_000 })
      .toEqual([bench.runtime.network.name]);
  });

  test('that dies at its start shows its last words; files of the user reach it', async () => {
    await using bench = await startContainersBench();
    const path = join(bench.dir, 'programme.mp4');
    await writeFile(path, 'no film at all');
    const stage: Stage = { ...PLAYOUT, source: { kind: 'file', path } };
    await expect(startOn(bench, stage, { host: 'nowhere', port: 1 })).rejects.toThrow(
      /programme\.mp4 holds no video/,
    );
  });

  test('takes commands, as every stage does', async () => {
    await using bench = await startContainersBench();
    const origin = await startOn(bench, ORIGIN);
    await origin.command?.({ sing: true });
    await waitFor({ ms: 5_000, what: 'the origin to refuse to sing' }, () =>
      bench.records.find((r) => r.type === 'stage' && r.detail?.includes('refused command')),
    );
  });
});

describe.runIf(engine)(title('the images'), () => {
  test('are not built again when nothing changed', async () => {
    const said: string[] = [];
    const onProgress = (_: string, text: string) => void said.push(text);
    const names = await ensureImages({
      engine: engine!,
      targets: ['stage'],
      onProgress,
      signal: never,
    });
    expect(said).toEqual([]);
    const current = (await listImages(engine!)).filter((image) => image.current);
    expect(current.map(({ name }) => name)).toContain(names.stage);
  });
});

/** Status, or the name of what went wrong. */
const fetchWithin = (base: string, ms: number): Promise<number | string> =>
  fetch(`${base}/none.ts`, { signal: AbortSignal.timeout(ms) }).then(
    ({ status }) => status,
    (error: Error) => error.name,
  );
