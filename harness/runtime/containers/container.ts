// One container of a run, closed off as far as its work allows, with its standard streams in our
// hands. The streams are also a lifeline: when this process dies, standard input ends, and what
// runs inside ends itself.

import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough, type Duplex } from 'node:stream';
import { GenericContainer, PullPolicy, type WaitStrategy } from 'testcontainers';
import { withDeadline } from '../../kernel/deadline.ts';
import type { HarnessError } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { asEngineError, type EngineApi } from './engine.ts';
import type { RunNetwork } from './runNetwork.ts';

export interface ContainerSpec {
  readonly network: RunNetwork;
  readonly image: string;
  /** Of a module of testcontainers; undefined = any container. */
  readonly base?: ContainerClass;
  /** Also its name on the network, see `aliasOf`. */
  readonly instance: string;
  /** Arguments of the image's entry point; undefined = the image's own. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly limits: ContainerLimits;
  /** Writable folders, in memory: path -> size in MB. Empty again when it is started again. */
  readonly tmpfsMb: Readonly<Record<string, number>>;
  /** A writable folder that lasts over its lives, and goes with the container. */
  readonly workDir?: string;
  /** Ports that are published, on loopback where the engine is this machine's. */
  readonly publish: readonly number[];
  /** Copied in before it starts; a container that gets files has a writable root. */
  readonly files?: readonly { readonly source: string; readonly target: string }[];
  readonly onStdout: (line: string) => void;
  readonly onStderr: (line: string) => void;
}

export interface ContainerLimits {
  readonly memoryMb: number;
  /** Undefined = as many as there are. */
  readonly cpus?: number | undefined;
}

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
  readonly address: string;
  hostAddress(port: number): Address;
  /** Settles when this life of it ends; never rejects. `code: null` = the engine went away. */
  readonly exited: Promise<ContainerExit>;
  /** Onto the standard input of the program inside. */
  send(text: string): void;
  /** Another life, on the same addresses. Only after the last one ended. */
  startAgain(): Promise<void>;
  /** Ends and removes it with what it wrote. Safe to call twice. */
  remove(): Promise<void>;
}

const CALL_MS = 15_000;
/** A busy machine takes seconds to make a container. */
const START_MS = 60_000;
/** Threads included; ffmpeg takes some dozens, Chromium some hundreds. */
const PROCESSES_MAX = 1_024;
const PORT_TRIES = 3;

/** `transcoder.one` -> `transcoder-one`: a name with a dot would be asked of the outside world. */
export const aliasOf = (instance: string): string =>
  instance.toLowerCase().replace(/[^a-z0-9-]+/g, '-');

/** Throws STAGE_FAILED, PORT_TAKEN, ENGINE_UNAVAILABLE, CANNOT_WRITE; leaves nothing behind then. */
export async function startContainer(
  spec: ContainerSpec,
  signal: AbortSignal,
): Promise<StartedContainer> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(spec, signal);
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

async function startOnce(spec: ContainerSpec, signal: AbortSignal): Promise<StartedContainer> {
  const ports = await choosePorts(spec);
  const { engine } = spec.network;
  const address = spec.network.nextAddress();
  let life: Life | undefined;
  let id: string | undefined;
  const ended = Promise.withResolvers<void>();
  const wiring = { spec, ports, address };
  const container = closedOff(spec.base ?? GenericContainer, wiring, async (created) => {
    id = created;
    const api = engine.api.getContainer(created);
    life = await attach(spec, api);
    void life.exited.then(async () => (await hasRun(api)) && ended.resolve());
  });
  const remove = () => (id === undefined ? Promise.resolve() : removeContainer(spec, id));
  const starting = container.start();
  starting.catch(() => undefined);
  try {
    await withDeadline(
      { ms: START_MS, what: `${spec.instance} to start`, code: 'STAGE_FAILED', signal },
      // One that has ended already has started: testcontainers would wait for its ports in vain.
      () => Promise.race([starting, ended.promise]),
    );
  } catch (error) {
    await remove();
    // testcontainers cannot be stopped half-way: it may have been about to make it.
    const what = `${spec.instance} to have started`;
    await withDeadline({ ms: CALL_MS, what }, () => starting).catch(() => undefined);
    await remove();
    throw error;
  }
  const api = engine.api.getContainer(id ?? '');
  const alias = aliasOf(spec.instance);
  for (const [inside, host] of ports)
    spec.network.published.set(host, { host: alias, port: inside });
  return {
    id: api.id,
    api,
    alias,
    address,
    hostAddress: (port) => ({ host: engine.reachedAt, port: ports.get(port) ?? 0 }),
    get exited() {
      return life?.exited ?? Promise.resolve({ code: null, outOfMemory: false });
    },
    send: (text) => void life?.stdin.write(text),
    startAgain: async () => {
      life = await attach(spec, api);
      await engineCall(spec, 'to start again', () => api.start());
    },
    remove,
  };
}

interface Wiring {
  readonly spec: ContainerSpec;
  /** Port inside -> published port. */
  readonly ports: ReadonlyMap<number, number>;
  readonly address: string;
}

/** A container class of testcontainers, of its own or of one of its modules. */
export type ContainerClass = new (image: string) => GenericContainer;

/**
 * What testcontainers has no `with…` for: an attached standard input, fixed addresses, publishing
 * on loopback, limits, a read-only root.
 */
function closedOff(
  Base: ContainerClass,
  wiring: Wiring,
  created: (id: string) => Promise<void>,
): GenericContainer {
  const { spec, ports, address } = wiring;
  const { network } = spec;
  const alias = aliasOf(spec.instance);
  const endpoint = { Aliases: [alias], IPAMConfig: { IPv4Address: address } };
  class RunContainer extends Base {
    /** After every `with…`: those set some of this, too. */
    closeOff(): this {
      Object.assign(this.createOpts, {
        Hostname: alias,
        OpenStdin: true,
        StdinOnce: true,
        NetworkingConfig: { EndpointsConfig: { [network.name]: endpoint } },
      });
      Object.assign(this.hostConfig, {
        ReadonlyRootfs: spec.files === undefined || spec.files.length === 0,
        Mounts: spec.workDir === undefined ? [] : [volumeAt(spec, spec.workDir)],
        // Names that nobody on the network has are soon unknown, and asked of nobody outside.
        Dns: ['127.0.0.1'],
        DnsOptions: ['timeout:1', 'attempts:2'],
        PidsLimit: PROCESSES_MAX,
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
        PortBindings: bindingsOf(ports, network.engine.publishOn),
        ...engineLimits(spec.limits, network.engine.cores),
      });
      return this;
    }

    protected override async containerCreated(id: string): Promise<void> {
      await created(id);
    }
  }
  const container = new RunContainer(spec.image);
  describe(container, wiring);
  return container.closeOff();
}

function describe(container: GenericContainer, { spec, ports }: Wiring): void {
  container
    .withName(`${spec.network.prefix}-${aliasOf(spec.instance)}`)
    .withLabels(spec.network.labels(spec.instance))
    .withEnvironment(spec.env ?? {})
    .withExposedPorts(...[...ports].map(([inside, host]) => ({ container: inside, host })))
    .withNetworkMode(spec.network.name)
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges')
    .withTmpFs(tmpfsOf(spec))
    .withCopyFilesToContainer([...(spec.files ?? [])])
    .withPullPolicy(PullPolicy.neverPull())
    .withWaitStrategy(NO_WAIT)
    // Our own sweep does this without the engine's socket in a container.
    .withAutoCleanup(process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'false');
  if (spec.command) container.withCommand([...spec.command]);
}

const bindingsOf = (ports: ReadonlyMap<number, number>, publishOn: string) =>
  Object.fromEntries(
    [...ports].map(([inside, host]) => [
      `${inside}/tcp`,
      [{ HostIp: publishOn, HostPort: String(host) }],
    ]),
  );

/** As the engine's API wants them. No swap: a stage that is short of memory must show it. */
export function engineLimits(
  { memoryMb, cpus }: ContainerLimits,
  cores: number,
): { Memory: number; MemorySwap: number; NanoCpus: number } {
  const memory = Math.ceil(memoryMb * 2 ** 20);
  // The engine refuses more than there are; 0 = no limit.
  const nanoCpus = cpus === undefined ? 0 : Math.ceil(Math.min(cpus, cores) * 1e9);
  return { Memory: memory, MemorySwap: memory, NanoCpus: nanoCpus };
}

/** Without a name: the engine removes it with the container. Takes the rights of the image's folder. */
const volumeAt = ({ network, instance }: ContainerSpec, path: string) => ({
  Type: 'volume',
  Target: path,
  VolumeOptions: { Labels: { ...network.labels(instance) } },
});

const tmpfsOf = ({ tmpfsMb }: ContainerSpec): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tmpfsMb).map(([path, mb]) => [path, `rw,nosuid,nodev,mode=1777,size=${mb}m`]),
  );

/** Ready is what the program inside says, and that is heard elsewhere. */
const NO_WAIT: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => NO_WAIT,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => START_MS,
};

/** Chosen by us, so that they stay the same when a container is started again. */
async function choosePorts({ publish }: ContainerSpec): Promise<ReadonlyMap<number, number>> {
  return new Map(await Promise.all(publish.map(async (port) => [port, await freePort()] as const)));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function attach(spec: ContainerSpec, api: StartedContainer['api']): Promise<Life> {
  const stream = await engineCall(
    spec,
    'to be attached',
    () =>
      api.attach({
        stream: true,
        hijack: true,
        stdin: true,
        stdout: true,
        stderr: true,
      }) as unknown as Promise<Duplex>,
  );
  const out = new PassThrough();
  const err = new PassThrough();
  spec.network.engine.api.modem.demuxStream(stream, out, err);
  createInterface({ input: out }).on('line', spec.onStdout);
  createInterface({ input: err }).on('line', spec.onStderr);
  stream.on('error', () => undefined); // its end says the same
  const closed = new Promise<void>((resolve) => stream.once('close', resolve).once('end', resolve));
  void closed.then(() => (out.end(), err.end()));
  return { exited: closed.then(() => exitOf(api)), stdin: stream };
}

/** The streams ended: the container has, or the engine went away. */
async function exitOf(api: StartedContainer['api']): Promise<ContainerExit> {
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
  const api = spec.network.engine.api.getContainer(id);
  await engineCall(spec, 'to be removed', () => api.remove({ force: true, v: true })).catch(
    (error: HarnessError) => {
      const { statusCode } = (error.cause ?? {}) as { statusCode?: number };
      // 404: gone already; 409: somebody else is removing it.
      if (statusCode !== 404 && statusCode !== 409) throw error;
    },
  );
}

/** A bounded call of the engine about this container, with its errors in our words. */
const engineCall = <T>(
  { instance }: ContainerSpec,
  what: string,
  work: () => Promise<T>,
): Promise<T> =>
  withDeadline(
    { ms: CALL_MS, what: `${instance} ${what}`, code: 'ENGINE_UNAVAILABLE' },
    work,
  ).catch((error: unknown) => {
    throw asEngineError(error, instance, 'ENGINE_UNAVAILABLE');
  });
