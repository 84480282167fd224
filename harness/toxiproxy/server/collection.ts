// All proxies of a server by name. Changes happen one after another, so that two callers cannot
// bind, free or replace the same proxy at the same time.

import { ApiError, proxyAlreadyExists, proxyNotFound } from './apiError.ts';
import type { CutEffect } from './engine.ts';
import {
  createManagedProxy,
  differs,
  type ManagedProxy,
  type ProxyChange,
  type ProxyEnvironment,
  type ProxyFields,
} from './managedProxy.ts';

export interface Collection {
  list(): readonly ManagedProxy[];
  get(name: string): ManagedProxy;
  add(fields: ProxyFields): Promise<ManagedProxy>;
  update(name: string, change: ProxyChange): Promise<ManagedProxy>;
  remove(name: string): Promise<void>;
  /** Creates or replaces; a proxy that would not change is left alone. Stops at the first failure. */
  populate(wanted: readonly ProxyFields[], done: ManagedProxy[]): Promise<void>;
  /**
   * Starts every proxy, heals every cut and takes every toxic out. Rejects with the first failure, after
   * all of them were reset.
   */
  reset(): Promise<void>;
  /** Undefined heals. */
  cut(name: string, effect: CutEffect | undefined): Promise<ManagedProxy>;
  close(): Promise<void>;
}

export function createCollection(environment: ProxyEnvironment): Collection {
  const proxies = new Map<string, ManagedProxy>();
  const inTurn = turnstile();

  const { get, insert, replace, update } = prepareChanges(proxies, environment);

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
    reset: () => inTurn(() => resetAll(proxies.values())),
    cut: (name, effect) =>
      inTurn(async () => {
        const proxy = get(name);
        if (!proxy.engine.isStarted) throw new ApiError('proxy is disabled', 409);
        await (effect === undefined ? proxy.engine.heal() : proxy.engine.cut(effect));
        return proxy;
      }),
    close: () =>
      inTurn(async () => {
        for (const proxy of proxies.values()) await stop(proxy);
        proxies.clear();
      }),
  };
}

/** The changes that callers take turns to make. */
function prepareChanges(proxies: Map<string, ManagedProxy>, environment: ProxyEnvironment) {
  const get = (name: string) => {
    const found = proxies.get(name);
    if (!found) throw proxyNotFound();
    return found;
  };

  const insert = async (fields: ProxyFields) => {
    const proxy = createManagedProxy(fields, environment);
    if (fields.enabled) await start(proxy);
    proxies.set(fields.name, proxy);
    return proxy;
  };

  const replace = async (fields: ProxyFields) => {
    const existing = proxies.get(fields.name);
    if (existing && !(await differs(existing, fields))) return existing;
    if (existing) await stop(existing);
    return insert(fields);
  };

  const update = async (name: string, change: ProxyChange) => {
    const proxy = get(name);
    const wanted = { ...proxy.json(), ...change };
    if (await differs(proxy, wanted)) {
      await stop(proxy);
      proxy.readdress(wanted.listen, wanted.upstream);
    }
    await (wanted.enabled ? start(proxy) : stop(proxy));
    return proxy;
  };

  return { get, insert, replace, update };
}

async function resetAll(proxies: Iterable<ManagedProxy>): Promise<void> {
  const failures: unknown[] = [];
  for (const proxy of proxies) {
    proxy.toxics.reset();
    await start(proxy)
      .then(() => proxy.engine.heal())
      .catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function start({ engine }: ManagedProxy): Promise<void> {
  if (!engine.isStarted) await engine.start();
}

async function stop({ engine }: ManagedProxy): Promise<void> {
  if (engine.isStarted) await engine.stop();
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
