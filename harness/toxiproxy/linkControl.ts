// LinkControl over the Toxiproxy API: only ever touches the proxies it created, and names the proxy
// and a way out in every error.

import { Toxiproxy, type Proxy } from 'toxiproxy-node-client';
import { HarnessError } from '../model/errors.ts';
import type {
  Address,
  LinkControl,
  PassedBytes,
  ProxySpec,
  StartedProxy,
  ToxicSpec,
} from '../model/world.ts';
import { boundCalls } from './boundedHttp.ts';
import { quietPorts } from './ports.ts';

export interface LinkControlOptions {
  /** Interface the proxies listen on, seen from the server. Default 127.0.0.1. */
  readonly listenHost?: string;
  /** Host under which stages reach the proxies. Default: the listen host, loopback for a wildcard. */
  readonly advertisedHost?: string;
  /** Gives this host's address of a proxy on `port`. Default: the advertised address. */
  readonly hostAddressOf?: (port: number) => Address;
  /** Ports to use, in order, where only some are reachable. Default: free ones that the system hands to nobody. */
  readonly ports?: readonly number[];
  /** Put before every name, so that two runs on one server do not meet. */
  readonly namePrefix?: string;
  /** The server is the run's alone and goes with it: its proxies need no removal. */
  readonly disposable?: boolean;
  /** Longest a single call may take. Default 5000 ms. */
  readonly callMsMax?: number;
  /** The server's, where it asks for one. */
  readonly token?: string;
}

export const CALL_MS_MAX = 5_000;
const WILDCARD_HOSTS = ['0.0.0.0', '::', ''];

export interface OpenControl {
  readonly url: string;
  readonly description: string;
  /** Resolves with what is known of it when the server has ended by itself. */
  readonly ended?: Promise<string>;
  /** Runs last on disposal, as in ending the server. */
  readonly onDispose: () => Promise<void>;
}

export function createLinkControl(open: OpenControl, options: LinkControlOptions): LinkControl {
  const client = boundCalls(
    new Toxiproxy(open.url),
    options.callMsMax ?? CALL_MS_MAX,
    options.token,
  );
  const proxies = new Map<string, StartedProxy & Resettable>();
  const published = options.ports ? [...options.ports] : undefined;
  const candidates = published ? taken(published) : quietPorts();
  return {
    description: open.description,
    ...(open.ended && { lost: open.ended.then((how) => serverLost(open, how)) }),
    createProxy: async (spec) => {
      if (proxies.has(spec.name)) throw failed(spec.name, 'create', 'this run has it already');
      const proxy = await startSomewhere({ client, spec, options }, candidates, (port) => {
        proxies.delete(spec.name);
        published?.push(port);
      });
      proxies.set(spec.name, proxy);
      return proxy;
    },
    passedBytes: async () => {
      const counted = await Promise.all([...proxies.values()].map((proxy) => proxy.passed()));
      return counted.flatMap((one) => one ?? []);
    },
    reset: async () => {
      await settleAll([...proxies.values()].map((proxy) => proxy.reset()));
    },
    [Symbol.asyncDispose]: async () => {
      try {
        if (!options.disposable)
          await settleAll([...proxies.values()].map((proxy) => proxy.remove()));
      } finally {
        await open.onDispose();
      }
    },
  };
}

interface Resettable {
  /** All toxics out, enabled again. */
  reset(): Promise<void>;
  /** Undefined where the server does not count. */
  passed(): Promise<PassedBytes | undefined>;
}

interface ProxyStart {
  readonly client: Toxiproxy;
  readonly spec: ProxySpec;
  readonly options: LinkControlOptions;
}

/** Goes through the ports until one is free. */
async function startSomewhere(
  start: ProxyStart,
  candidates: Iterator<number>,
  onRemoved: (port: number) => void,
): Promise<StartedProxy & Resettable> {
  for (let next = candidates.next(); !next.done; next = candidates.next()) {
    try {
      return await startProxy(start, next.value, onRemoved);
    } catch (error) {
      if (!(error instanceof HarnessError && /address already in use/.test(error.message)))
        throw error;
    }
  }
  throw failed(start.spec.name, 'create', 'every published port is taken');
}

/** Takes from the front for as long as there is something, also of what is put back later. */
const taken = (ports: number[]): Iterator<number> => ({
  next: () => {
    const value = ports.shift();
    return value === undefined ? { done: true, value } : { done: false, value };
  },
});

async function startProxy(
  start: ProxyStart,
  wantedPort: number,
  onRemoved: (port: number) => void,
): Promise<StartedProxy & Resettable> {
  const { client, spec, options } = start;
  const name = `${options.namePrefix ?? ''}${spec.name}`;
  const bounded = <T>(action: string, work: () => Promise<T>) => inContext(spec.name, action, work);
  const create = (port: number) => client.createProxy(creation(start, name, port));
  const toxicPath = (toxic: string) =>
    `${client.host}/proxies/${encodeURIComponent(name)}/toxics/${encodeURIComponent(toxic)}`;

  let proxy = await bounded('create', () => create(wantedPort));
  if (spec.transport === 'udp') await bounded('create', () => requireDatagrams(client, name));
  const port = readPort(proxy.listen, spec.name);
  const address = { host: options.advertisedHost ?? reachable(options.listenHost), port };

  const removeAllToxics = async () => {
    const { data: toxics } = await client.api.get<{ name: string }[]>(toxicPath('').slice(0, -1));
    for (const toxic of toxics) await client.api.delete(toxicPath(toxic.name));
  };
  const setEnabled = async (enabled: boolean) => {
    proxy = await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
  };

  // Making it anew begins its counters again.
  const none = { forward: 0, backward: 0 };
  let before: PassedBytes | undefined = { flow: spec.name, ...none, given: none };
  const passed = async () => before && (await countedBytes(client, name, before));

  return {
    name: spec.name,
    ...(spec.transport && { transport: spec.transport }),
    address,
    hostAddress: options.hostAddressOf?.(port) ?? address,
    addToxic: (toxic) =>
      bounded(`add toxic ${toxic.name} to`, async () => {
        await client.api.post(toxicPath('').slice(0, -1), wholeAttributes(toxic));
      }),
    removeToxic: (toxic) =>
      bounded(`remove toxic ${toxic} from`, () => client.api.delete(toxicPath(toxic))),
    setEnabled: (enabled) => bounded(enabled ? 'enable' : 'disable', () => setEnabled(enabled)),
    recreate: () =>
      bounded('recreate', async () => {
        before = await passed();
        await proxy.remove();
        proxy = await create(port);
      }),
    remove: async () => {
      await bounded('remove', () => proxy.remove());
      onRemoved(port);
    },
    passed: () => bounded('count', passed),
    reset: () =>
      bounded('reset', async () => {
        await removeAllToxics();
        await setEnabled(true);
      }),
  };
}

/** The official server has no counters that move while a connection lives. */
async function countedBytes(
  client: Toxiproxy,
  name: string,
  { flow, given, ...before }: PassedBytes,
): Promise<PassedBytes | undefined> {
  const path = `${client.host}/proxies/${encodeURIComponent(name)}/stats`;
  const answer = await client.api
    .get<
      Record<'upstream' | 'downstream', Readonly<Record<`${'sent' | 'received'}_bytes`, number>>>
    >(path)
    .catch(() => undefined);
  if (!answer) return undefined;
  const { upstream, downstream } = answer.data;
  return {
    flow,
    forward: before.forward + upstream.sent_bytes,
    backward: before.backward + downstream.sent_bytes,
    given: {
      forward: given.forward + upstream.received_bytes,
      backward: given.backward + downstream.received_bytes,
    },
  };
}

/** A server that does not know `protocol` makes a TCP proxy without a word: it is taken away again. */
async function requireDatagrams(client: Toxiproxy, name: string): Promise<void> {
  const path = `${client.host}/proxies/${encodeURIComponent(name)}`;
  const { data } = await client.api.get<{ protocol?: string }>(path);
  if (data.protocol === 'udp') return;
  await client.api.delete(path);
  throw new Error('this server carries no UDP: leave --toxiproxy out to use the embedded one');
}

function creation({ spec, options }: ProxyStart, name: string, port: number) {
  const { host, port: upstreamPort } = spec.upstream;
  return {
    name,
    listen: formatHostPort(options.listenHost ?? '127.0.0.1', port),
    upstream: formatHostPort(host, upstreamPort),
    enabled: true,
    ...(spec.transport === 'udp' && { protocol: 'udp' }),
  };
}

const BY_CHANCE: readonly string[] = ['packet_loss', 'reorder', 'duplicate'];

/** The API takes whole milliseconds and bytes; only chances are fractions. */
function wholeAttributes(toxic: ToxicSpec): ToxicSpec {
  if (BY_CHANCE.includes(toxic.type)) return toxic;
  const entries = Object.entries(toxic.attributes);
  return {
    ...toxic,
    attributes: Object.fromEntries(entries.map(([key, value]) => [key, Math.round(value)])),
  };
}

function readPort(listen: Proxy['listen'], proxyName: string): number {
  const port = Number(/:(\d+)$/.exec(listen)?.[1]);
  if (port > 0) return port;
  throw failed(proxyName, 'create', `the server says it listens on "${listen}"`);
}

const reachable = (listenHost = '127.0.0.1'): string =>
  WILDCARD_HOSTS.includes(listenHost) ? '127.0.0.1' : listenHost;

const formatHostPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Waits for all, then fails with the first failure: one dead proxy must not keep the others broken. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const failure = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failure) throw failure.reason as Error;
}

async function inContext<T>(proxyName: string, action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed(proxyName, action, explainError(error), error);
  }
}

const serverLost = ({ description }: OpenControl, how: string): HarnessError =>
  new HarnessError('LINK_CONTROL_FAILED', `the Toxiproxy server ended during the run: ${how}`, {
    target: description,
    hint: 'see its log among the logs of the run; a machine short of memory ends processes',
  });

/** `fetch failed` says nothing; its cause does. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

const failed = (proxyName: string, action: string, reason: string, cause?: unknown): HarnessError =>
  new HarnessError('LINK_CONTROL_FAILED', `could not ${action} proxy ${proxyName}: ${reason}`, {
    target: proxyName,
    hint: 'see that the Toxiproxy server still runs and answers (its log is among the logs of the run)',
    cause,
  });
