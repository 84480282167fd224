// One container of a run, with its standard streams in our hands. The streams are also a lifeline:
// when this process dies, standard input ends, and what runs inside ends itself.

import { createInterface } from 'node:readline';
import { PassThrough, type Duplex } from 'node:stream';
import { withDeadline } from '../../kernel/deadline.ts';
import { errorMessage, type HarnessError } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { closedOff } from './closedOff.ts';
import { CALL_MS, toAlias, listEndpoints, type ContainerSpec } from './containerSpec.ts';
import type { AddressRange } from './countryNetworks.ts';
import { asEngineError, callEngine, type EngineApi } from './engine.ts';
import { closeWaysOut } from './networkCut.ts';
import { waitForStart } from './waitForStart.ts';
import { freePort } from '../../pipeline/listen.ts';

export interface ContainerExit {
  readonly code: number | null;
  /** The kernel ended it because it used more memory than its limit. */
  readonly outOfMemory: boolean;
}

export interface StartedContainer {
  readonly id: string;
  readonly api: ReturnType<EngineApi['getContainer']>;
  /** Name on the run's network. */
  readonly alias: string;
  hostAddress(port: number): Address;
  /** Rules keep this life of it to the run, or to the proxies of its country. */
  isKeptIn(): boolean;
  /** Settles when this life of it ends; never rejects. `code: null` = the engine went away. */
  readonly exited: Promise<ContainerExit>;
  /** Onto the standard input of the program inside. */
  send(text: string): void;
  /** Another life, on the same addresses. Only after the last one ended. */
  startAgain(): Promise<void>;
  /**
   * Ends and removes it with what it wrote. Safe to call twice. Never rejects: the sweep at the end
   * of the run takes what is left and says what it could not.
   */
  remove(): Promise<void>;
}

const PORT_TRIES = 3;

/** Throws STAGE_FAILED, PORT_TAKEN, ENGINE_UNAVAILABLE, CANNOT_WRITE; leaves nothing behind then. */
export async function startContainer(
  spec: ContainerSpec,
  signal: AbortSignal,
): Promise<StartedContainer> {
  for (let tries = 1; ; tries++) {
    try {
      const started = await startOnce(spec, signal);
      await started.begin();
      if (spec.crossesBorders) crossBorders(spec, started);
      return started;
    } catch (error) {
      signal.throwIfAborted();
      const known = asEngineError(error, spec.instance, 'STAGE_FAILED');
      if (known.code !== 'PORT_TAKEN' || tries === PORT_TRIES) throw known;
    }
  }
}

/** One life of a container: from attaching to it to its end. */
interface Life {
  readonly exited: Promise<ContainerExit>;
  readonly stdin: Duplex;
}

async function startOnce(
  spec: ContainerSpec,
  signal: AbortSignal,
): Promise<StartedContainer & { readonly begin: () => Promise<void> }> {
  const ports = await choosePorts(spec);
  const { engine } = spec.network;
  const endpoints = listEndpoints(spec);
  let life: Life | undefined;
  let keptIn = false;
  let id: string | undefined;
  const ended = Promise.withResolvers<void>();
  const container = closedOff({ spec, ports, endpoints }, async (created) => {
    id = created;
    const api = engine.api.getContainer(created);
    life = await attach(spec, api);
    void life.exited.then(async () => (await hasRun(api)) && ended.resolve());
  });
  const remove = () => (id === undefined ? Promise.resolve() : removeContainer(spec, id));
  await waitForStart(container.start(), { spec, signal, ended: ended.promise, remove });
  const api = engine.api.getContainer(id ?? '');
  const alias = toAlias(spec.instance);
  for (const [inside, host] of ports)
    spec.network.published.set(host, { host: endpoints[0].alias, port: inside });
  const tell = (lives: boolean) => {
    for (const port of ports.values())
      for (const watcher of spec.network.lifeWatchers) watcher(port, lives);
  };
  const tellOfEnd = () => void life?.exited.then(() => tell(false));
  tellOfEnd();
  const begin = async () => {
    keptIn = await keepIn(spec, api);
    if (spec.begin !== undefined) life?.stdin.write(`${spec.begin}\n`);
  };
  return {
    id: api.id,
    api,
    alias,
    begin,
    isKeptIn: () => keptIn,
    hostAddress: (port) => ({ host: engine.reachedAt, port: ports.get(port) ?? 0 }),
    get exited() {
      return life?.exited ?? Promise.resolve({ code: null, outOfMemory: false });
    },
    send: (text) => void life?.stdin.write(text),
    startAgain: async () => {
      life = await attach(spec, api);
      await engineCall(spec, 'to start again', () => api.start());
      tell(true);
      tellOfEnd();
      await begin();
    },
    remove,
  };
}

/** Tells whether it could be done; where not, the run says so and goes on. */
async function keepIn(
  { network, instance, usesGroups, country }: ContainerSpec,
  api: StartedContainer['api'],
  ranges: readonly AddressRange[] = [country ?? network],
): Promise<boolean> {
  try {
    const target = { network, container: { id: api.id, alias: toAlias(instance) } };
    await closeWaysOut(target, {
      ranges,
      ...(usesGroups && { usesGroups }),
      ...(country && { country }),
    });
    return true;
  } catch (error) {
    if (await isRunning(api))
      network.warn(
        `${instance} can reach what its engine's machine serves to others: ${errorMessage(error)}`,
      );
    return false;
  }
}

function crossBorders(spec: ContainerSpec, { id, alias, api }: StartedContainer): void {
  const { network } = spec;
  const onJoin = async (countries: readonly AddressRange[]) =>
    void (await keepIn(spec, api, [network, ...countries]));
  network.countries.cross({ id, alias, onJoin });
}

const isRunning = (api: StartedContainer['api']): Promise<boolean> =>
  api.inspect().then(
    ({ State }) => State.Running,
    () => false,
  );

/** Chosen by us, so that they stay the same when a container is started again. */
async function choosePorts({ publish }: ContainerSpec): Promise<ReadonlyMap<number, number>> {
  const free = publish.map(async (port) => [port, await freePort('127.0.0.1')] as const);
  return new Map(await Promise.all(free));
}

async function attach(spec: ContainerSpec, api: StartedContainer['api']): Promise<Life> {
  const all = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true } as const;
  const attached = () => api.attach(all) as unknown as Promise<Duplex>;
  const stream = await engineCall(spec, 'to be attached', attached);
  const out = new PassThrough();
  const err = new PassThrough();
  spec.network.engine.api.modem.demuxStream(stream, out, err);
  createInterface({ input: out }).on('line', spec.onStdout);
  createInterface({ input: err }).on('line', spec.onStderr);
  stream.on('error', () => undefined); // its end says the same
  const closed = new Promise<void>((resolve) => stream.once('close', resolve).once('end', resolve));
  void closed.then(() => (out.end(), err.end()));
  return { exited: closed.then(() => waitForExit(api)), stdin: stream };
}

/** The streams ended: the container has, or the engine went away. */
async function waitForExit(api: StartedContainer['api']): Promise<ContainerExit> {
  try {
    return await withDeadline({ ms: CALL_MS, what: 'the end of a container' }, async () => {
      await api.wait();
      const { State } = await api.inspect();
      return { code: State.ExitCode, outOfMemory: State.OOMKilled };
    });
  } catch {
    return { code: null, outOfMemory: false };
  }
}

/** False for a container that the engine could not start. */
const hasRun = (api: StartedContainer['api']): Promise<boolean> =>
  api.inspect().then(
    ({ State }) => !State.StartedAt.startsWith('0001'),
    () => false,
  );

async function removeContainer(spec: ContainerSpec, id: string): Promise<void> {
  const { network } = spec;
  if (network.engineLost) return;
  const api = network.engine.api.getContainer(id);
  await engineCall(spec, 'to be removed', () => api.remove({ force: true, v: true })).catch(
    (error: HarnessError) => {
      const { statusCode } = (error.cause ?? {}) as { statusCode?: number };
      network.engineLost ||= statusCode === undefined;
    },
  );
}

const engineCall = <T>({ instance }: ContainerSpec, what: string, work: () => Promise<T>) =>
  callEngine(`${instance} ${what}`, CALL_MS, work, instance);
