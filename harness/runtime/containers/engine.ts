// The container engine: whether one answers, where its published ports are reached from here, and
// what its errors mean. The only file that connects; everything else gets an Engine.

import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import { getContainerRuntimeClient, type ContainerRuntimeClient } from 'testcontainers';
import { systemClock } from '../../kernel/clock.ts';
import { waitFor, withDeadline } from '../../kernel/deadline.ts';
import { HarnessError, type ErrorCode, errorMessage } from '../../model/errors.ts';

/** The engine's own API, as testcontainers hands it out. */
export type EngineApi = ContainerRuntimeClient['container']['dockerode'];

export interface Engine {
  readonly api: EngineApi;
  readonly client: ContainerRuntimeClient;
  /** `20.10.24 (linux/amd64)` */
  readonly version: string;
  /** Speaks Docker's API, and differs where it is asked. */
  readonly isPodman: boolean;
  readonly arch: string;
  readonly cores: number;
  readonly memoryMb: number;
  /** The least time by which its clock is ahead of ours, as far as one answer tells. */
  readonly clockAheadMs: number;
  /** 1 or 2. */
  readonly cgroupVersion: string;
  /** It has control groups: limits of processor and memory, pauses. */
  readonly canLimit: boolean;
  /** Interface of the engine's machine on which ports are published; loopback where it is ours. */
  readonly publishOn: string;
  /** Host name under which a published port is reached from here. */
  readonly reachedAt: string;
}

/** issue: `auto` decides within a second; an engine that is slower than this is not in good health. */
export const ENGINE_ANSWERS_WITHIN_MS = 1_000;
/** An engine on the other end of a slow network, or a machine that is busy. */
const CONNECT_MS = 10_000;

/** Throws ENGINE_UNAVAILABLE saying why (not running, no right on the socket, …). */
export async function connectEngine(signal?: AbortSignal, withinMs = CONNECT_MS): Promise<Engine> {
  try {
    return await withDeadline(
      { ms: withinMs, what: 'the container engine', ...(signal ? { signal } : {}) },
      async () => describe(await getContainerRuntimeClient()),
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    throw await diagnose(error);
  }
}

const PING_MS = 2_000;

/** Throws ENGINE_UNAVAILABLE when it does not come back. */
export async function untilItAnswers({ api }: Engine, withinMs: number): Promise<void> {
  const what = 'the container engine to answer again';
  const ping = () => withDeadline({ ms: PING_MS, what }, () => api.ping() as Promise<unknown>);
  await waitFor({ ms: withinMs, what, code: 'ENGINE_UNAVAILABLE' }, () =>
    ping().then(
      () => true,
      () => undefined,
    ),
  );
}

async function describe(client: ContainerRuntimeClient): Promise<Engine> {
  const api = client.container.dockerode;
  requireWanted(api.modem as Connection);
  const { host, cpus, memory } = client.info.containerRuntime;
  const { Version, Os, Arch, Components = [] } = await api.version();
  const isPodman = Components.some(({ Name }) => /podman/i.test(Name));
  const askedAtMs = systemClock.epochMs();
  const info = (await api.info()) as EngineInfo;
  const answered = { askedAtMs, answeredAtMs: systemClock.epochMs() };
  const isOurs = async (address: string) =>
    info.Name === hostname() || (await canListenOn(address));
  return {
    api,
    client,
    version: `${isPodman ? 'Podman ' : ''}${Version} (${Os}/${Arch})`,
    isPodman,
    arch: Arch,
    cores: cpus,
    memoryMb: Math.round(memory / 2 ** 20),
    cgroupVersion: info.CgroupVersion ?? '1',
    clockAheadMs: aheadMs(info.SystemTime, answered),
    canLimit: info.MemoryLimit !== false && info.CpuCfsQuota !== false,
    ...(await reachEngine(host, isOurs)),
  };
}

interface Answered {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** 0 without a time, and within what its answer took. Public for its test. */
export function aheadMs(theirs: string | undefined, { askedAtMs, answeredAtMs }: Answered): number {
  const theirsMs = Date.parse(theirs ?? '');
  if (theirsMs < askedAtMs) return theirsMs - askedAtMs;
  return theirsMs > answeredAtMs ? theirsMs - answeredAtMs : 0;
}

/** The clock difference that is of no account beside a latency of seconds. */
const CLOCK_APART_MS_MAX = 500;

/** A clause for people; undefined where the clocks agree. */
export function clockProblem({ clockAheadMs }: Pick<Engine, 'clockAheadMs'>): string | undefined {
  if (Math.abs(clockAheadMs) <= CLOCK_APART_MS_MAX) return undefined;
  const seconds = (Math.abs(clockAheadMs) / 1000).toFixed(1);
  return `its clock is ${seconds} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}

interface EngineInfo {
  readonly Name?: string;
  /** RFC 3339. */
  readonly SystemTime?: string;
  readonly CgroupVersion?: string;
  readonly MemoryLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
}

interface Connection {
  readonly socketPath?: string;
  readonly host?: string;
}

/** testcontainers tries the usual places when DOCKER_HOST does not answer: not what was asked for. */
function requireWanted({ socketPath, host }: Connection): void {
  const wanted = process.env['DOCKER_HOST'];
  if (!wanted) return;
  const { protocol, hostname, pathname } = new URL(wanted);
  const met = protocol === 'unix:' ? socketPath === pathname : host === hostname;
  if (met || protocol === 'npipe:') return;
  throw new Error(`another engine answers than ${wanted}`);
}

/**
 * testcontainers answers `localhost`, the name of a remote engine, or, in what it takes for a
 * container, the gateway of the bridge. A gateway that is ours (an address of this machine, or the
 * engine goes by our name) means that the engine runs here: loopback will do, and nobody else can
 * reach it.
 */
export async function reachEngine(
  host: string,
  isOurs: (address: string) => Promise<boolean>,
): Promise<Pick<Engine, 'publishOn' | 'reachedAt'>> {
  const loopback = { publishOn: '127.0.0.1', reachedAt: '127.0.0.1' };
  if (host === 'localhost' || host === '127.0.0.1') return loopback;
  const remote = process.env['DOCKER_HOST']?.includes(host) ?? false;
  const isAddress = /^\d+(\.\d+){3}$/.test(host);
  if (!isAddress || remote) return { publishOn: '0.0.0.0', reachedAt: host };
  return (await isOurs(host)) ? loopback : { publishOn: host, reachedAt: host };
}

/** The list of interfaces leaves out a bridge that nothing is plugged into; listening does not. */
function canListenOn(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}

/** The library only says "no working strategy": ask the socket itself what is wrong. */
async function diagnose(cause: unknown): Promise<HarnessError> {
  const socket = socketPath();
  const target = process.env['DOCKER_HOST'] ?? socket ?? 'container engine';
  return engineMissing(target, socket ? await socketProblem(socket) : undefined, cause);
}

/** `problem` is what connecting to the engine's socket ended with; undefined when it let us in. */
export function engineMissing(target: string, problem?: string, cause?: unknown): HarnessError {
  const fail = (message: string, hint: string) =>
    new HarnessError('ENGINE_UNAVAILABLE', message, { target, hint, cause });
  switch (problem) {
    case 'EACCES':
    case 'EPERM':
      return fail(
        `no right to use the container engine at ${target}`,
        'add yourself to the group that owns the socket (`sudo usermod --append --groups docker $USER`, then log in again), or use --runtime processes',
      );
    case 'ENOENT':
      return fail(
        `no container engine is running (${target} does not exist)`,
        'start Docker or another compatible engine, set DOCKER_HOST, or use --runtime processes',
      );
    case undefined:
    default:
      return fail(
        `the container engine at ${target} does not answer`,
        'see whether `docker version` answers, start or restart the engine, or use --runtime processes',
      );
  }
}

function socketPath(): string | undefined {
  const host = process.env['DOCKER_HOST'];
  if (host === undefined) return '/var/run/docker.sock';
  return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
}

/** Code of the error of connecting to it; undefined when it lets us in. */
function socketProblem(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: ENGINE_ANSWERS_WITHIN_MS });
    const done = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done(undefined));
    socket.once('timeout', () => done('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'EIO'));
  });
}

/** Turns an error of the engine's API into one for the reader. HarnessErrors pass through. */
export function asEngineError(error: unknown, target: string, otherwise: ErrorCode): HarnessError {
  if (error instanceof HarnessError) return error;
  const message = errorMessage(error);
  const known = KNOWN.find(({ when }) => when.test(message));
  const { code, hint } = known ?? { code: otherwise, hint: undefined };
  const first = message.split('\n')[0] ?? message;
  return new HarnessError(code, `${target}: ${first}`, {
    target,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A bounded call of the engine, with its errors in our words; `target` is what they are about. */
export const callEngine = <T>(
  what: string,
  ms: number,
  work: () => Promise<T>,
  target = what,
): Promise<T> =>
  withDeadline({ ms, what, code: 'ENGINE_UNAVAILABLE' }, work).catch((error: unknown) => {
    throw asEngineError(error, target, 'ENGINE_UNAVAILABLE');
  });

/** Gives the text of the engine's log call, which puts eight bytes before each piece. */
export const textOfLog = (log: Buffer): string => {
  const pieces: string[] = [];
  for (let at = 0; at + 8 <= log.length; at += 8 + log.readUInt32BE(at + 4))
    pieces.push(log.toString('utf8', at + 8, at + 8 + log.readUInt32BE(at + 4)));
  return pieces.join('').trim();
};

const KNOWN: readonly { readonly when: RegExp; readonly code: ErrorCode; readonly hint: string }[] =
  [
    {
      when: /no space left on device|disk quota exceeded/i,
      code: 'CANNOT_WRITE',
      hint: "the engine's disk is full: `ecran-noir images remove` gives ours back, `docker system prune` what nobody uses",
    },
    {
      when: /port is already allocated|address already in use/i,
      code: 'PORT_TAKEN',
      hint: 'another program took the port in between: run again',
    },
    {
      when: /no such image/i,
      code: 'IMAGE_BUILD_FAILED',
      hint: 'an image was removed while it was needed: run `ecran-noir images build`',
    },
    {
      when: /all predefined address pools have been fully subnetted|could not find an available.*address pool/i,
      code: 'ENGINE_UNAVAILABLE',
      hint: 'the engine has no address left for a network: `ecran-noir clean` removes ours, `docker network prune` unused ones',
    },
    {
      when: /ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|socket hang up|connect E/i,
      code: 'ENGINE_UNAVAILABLE',
      hint: 'the container engine went away: see whether `docker version` answers, then run `ecran-noir clean`',
    },
  ];
