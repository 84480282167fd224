// All proxies of a server by name. Changes happen one after another, so that two callers cannot
// bind, free or replace the same proxy at the same time.

import type { Random } from '../../kernel/random.ts';
import { parseAddress, formatAddress } from './address.ts';
import { proxyAlreadyExists, proxyNotFound } from './apiError.ts';
import type { Log } from './log.ts';
import { createTcpProxy, type ProxyEngine } from './proxy.ts';
import { toxicJson, type ToxicJson } from './toxic.ts';
import { createToxicList, type ToxicList } from './toxicList.ts';
import type { StageClock } from './toxics/stage.ts';

export interface ProxyFields {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

export interface ManagedProxy {
  readonly name: string;
  readonly upstream: string;
  readonly engine: ProxyEngine;
  readonly toxics: ToxicList;
  json(): ProxyJson;
}

export interface ProxyJson extends ProxyFields {
  readonly toxics: readonly ToxicJson[];
}

export interface Collection {
  list(): readonly ManagedProxy[];
  get(name: string): ManagedProxy;
  add(fields: ProxyFields): Promise<ManagedProxy>;
  update(name: string, change: Partial<ProxyFields>): Promise<ManagedProxy>;
  remove(name: string): Promise<void>;
  /** Creates or replaces; a proxy that would not change is left alone. Stops at the first failure. */
  populate(wanted: readonly ProxyFields[], done: ManagedProxy[]): Promise<void>;
  /** Starts every proxy and takes every toxic out. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface CollectionOptions {
  readonly clock: StageClock;
  readonly random: Random;
  readonly log: Log;
}

export function createCollection(options: CollectionOptions): Collection {
  const proxies = new Map<string, ManagedProxy & { upstream: string }>();
  const inTurn = turnstile();

  const get = (name: string) => {
    const found = proxies.get(name);
    if (!found) throw proxyNotFound();
    return found;
  };

  const start = async (proxy: ManagedProxy) => {
    if (!proxy.engine.isStarted) await proxy.engine.start();
  };
  const stop = async (proxy: ManagedProxy) => {
    if (proxy.engine.isStarted) await proxy.engine.stop();
  };

  const insert = async (fields: ProxyFields) => {
    const proxy = createManaged(fields, options);
    if (fields.enabled) await start(proxy);
    proxies.set(fields.name, proxy);
    return proxy;
  };

  const replace = async (fields: ProxyFields) => {
    const existing = proxies.get(fields.name);
    if (existing && !differs(existing, fields)) return existing;
    if (existing) await stop(existing);
    return insert(fields);
  };

  const update = async (name: string, change: Partial<ProxyFields>) => {
    const proxy = get(name);
    const wanted = { ...proxy.json(), ...change };
    if (differs(proxy, wanted)) {
      await stop(proxy);
      proxy.upstream = wanted.upstream;
      proxy.engine.readdress(wanted.listen, wanted.upstream);
    }
    await (wanted.enabled ? start(proxy) : stop(proxy));
    return proxy;
  };

  return {
    list: () => [...proxies.values()],
    get,
    add: (fields) =>
      inTurn(() => {
        if (proxies.has(fields.name)) throw proxyAlreadyExists();
        return insert(fields);
      }),
    update: (name, change) => inTurn(() => update(name, change)),
    remove: (name) =>
      inTurn(async () => {
        const proxy = get(name);
        proxies.delete(name);
        await stop(proxy);
      }),
    populate: (wanted, done) =>
      inTurn(async () => {
        for (const fields of wanted) done.push(await replace(fields));
      }),
    reset: () =>
      inTurn(async () => {
        for (const proxy of proxies.values()) {
          await start(proxy);
          proxy.toxics.reset();
        }
      }),
    close: () =>
      inTurn(async () => {
        for (const proxy of proxies.values()) await stop(proxy);
        proxies.clear();
      }),
  };
}

function createManaged(fields: ProxyFields, options: CollectionOptions) {
  const toxics = createToxicList(() => engine);
  const engine: ProxyEngine = createTcpProxy({
    ...options,
    ...fields,
    random: options.random.fork(`proxy ${fields.name}`),
    toxics: toxics.byStream,
  });
  const proxy = {
    name: fields.name,
    upstream: fields.upstream,
    engine,
    toxics,
    json: (): ProxyJson => ({
      name: proxy.name,
      listen: engine.listen,
      upstream: proxy.upstream,
      enabled: engine.isStarted,
      toxics: toxics.all().map(toxicJson),
    }),
  };
  return proxy;
}

/** `localhost:80` and `127.0.0.1:80` are the same address to listen on. */
function differs(
  existing: ManagedProxy,
  wanted: Pick<ProxyFields, 'listen' | 'upstream'>,
): boolean {
  return (
    existing.upstream !== wanted.upstream ||
    (existing.engine.listen !== wanted.listen &&
      resolvedListen(existing.engine.listen) !== resolvedListen(wanted.listen))
  );
}

function resolvedListen(listen: string): string {
  const { host, port } = parseAddress(listen === '' ? ':0' : listen, 'listen tcp');
  if (host === 'localhost') return formatAddress('127.0.0.1', port);
  return formatAddress(host === '' ? '::' : host, port);
}

/** Runs one piece of work after another, in the order they came. */
function turnstile() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => T | Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
