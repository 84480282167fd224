// The API without a socket: what it waits for, and what routes do to proxies that are not started.

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { createApi } from '../../../harness/toxiproxy/server/api.ts';
import { createCollection } from '../../../harness/toxiproxy/server/collection.ts';
import { noLog } from '../../../harness/toxiproxy/server/log.ts';
import type { ToxicFields } from '../../../harness/toxiproxy/server/toxic.ts';
import { TOXIC_KINDS } from '../../../harness/toxiproxy/server/toxics/registry.ts';
import {
  differs,
  type ManagedProxy,
  type ProxyFields,
} from '../../../harness/toxiproxy/server/managedProxy.ts';

it('a request, and its headers by themselves, must arrive within 15 s, as in the official server', () => {
  const { requestTimeout, headersTimeout, keepAliveTimeout } = createApi(
    [],
    noLog,
    () => undefined,
  );
  expect({ requestTimeout, headersTimeout, keepAliveTimeout }).toEqual({
    requestTimeout: 15_000,
    headersTimeout: 15_000,
    keepAliveTimeout: 60_000,
  });
});

describe('a collection', () => {
  const fields = (name: string, changes: Partial<ProxyFields> = {}): ProxyFields => ({
    name,
    listen: '127.0.0.1:1',
    upstream: '127.0.0.1:2',
    enabled: false,
    protocol: 'tcp',
    toxics: [],
    ...changes,
  });
  const unreadable = { listen: '127.0.0.1:none', enabled: true };
  const collection = () =>
    createCollection({
      clock: { nowMs: () => 0, after: () => () => undefined },
      random: seededRandom(1),
      log: noLog,
    });
  const latency = {
    name: 'late',
    kind: TOXIC_KINDS.get('latency')!,
    stream: 'upstream',
    toxicity: 1,
    attributes: {},
  } as unknown as ToxicFields;

  it('stops at the first proxy that cannot be made, and keeps those before it', async () => {
    const proxies = collection();
    const done: ManagedProxy[] = [];
    const wanted = [fields('a'), fields('b', unreadable), fields('c')];
    await expect(proxies.populate(wanted, done)).rejects.toThrow(/none/);
    expect(done.map(({ name }) => name)).toEqual(['a']);
    expect(proxies.list().map(({ name }) => name)).toEqual(['a']);
  });

  it('leaves a proxy alone that would not change, and replaces one that would', async () => {
    const proxies = collection();
    const [first, same, other]: ManagedProxy[][] = [[], [], []];
    await proxies.populate([fields('a')], first!);
    await proxies.populate([fields('a')], same!);
    await proxies.populate([fields('a', { upstream: '127.0.0.1:3' })], other!);
    expect(same![0]).toBe(first![0]);
    expect(other![0]).not.toBe(first![0]);
    expect(proxies.list().map(({ upstream }) => upstream)).toEqual(['127.0.0.1:3']);
  });

  it('has one proxy of a name, and knows no other', async () => {
    const proxies = collection();
    await proxies.add(fields('a'));
    await expect(proxies.add(fields('a'))).rejects.toMatchObject({ status: 409 });
    await expect(proxies.update('b', {})).rejects.toMatchObject({ status: 404 });
    await expect(proxies.remove('b')).rejects.toMatchObject({ status: 404 });
    await proxies.remove('a');
    expect(() => proxies.get('a')).toThrow(expect.objectContaining({ status: 404 }) as Error);
  });

  it('changes addresses, and nothing where the new one cannot be read', async () => {
    const proxies = collection();
    await proxies.add(fields('a'));
    await proxies.update('a', { upstream: '127.0.0.1:9' });
    await expect(proxies.update('a', { listen: '127.0.0.1:none' })).rejects.toThrow(/none/);
    expect(proxies.get('a').json()).toEqual({
      name: 'a',
      listen: '127.0.0.1:1',
      upstream: '127.0.0.1:9',
      enabled: false,
      toxics: [],
    });
  });

  it('resets all proxies before it tells of the first that cannot start', async () => {
    const proxies = collection();
    const bad = { listen: '127.0.0.1:none', toxics: [latency] };
    for (const name of ['a', 'b']) await proxies.add(fields(name, bad));
    await expect(proxies.reset()).rejects.toThrow(/none/);
    expect(proxies.list().map((one) => one.toxics.all())).toEqual([[], []]);
  });

  it('cuts no proxy that is disabled', async () => {
    const proxies = collection();
    await proxies.add(fields('a'));
    await expect(proxies.cut('a', 'hold')).rejects.toMatchObject({ status: 409 });
  });

  it('is empty once it is closed', async () => {
    const proxies = collection();
    for (const name of ['a', 'b']) await proxies.add(fields(name));
    await proxies.close();
    expect(proxies.list()).toEqual([]);
  });

  it('makes one change after another, in the order they were asked for', async () => {
    const proxies = collection();
    const done: string[] = [];
    const note = (what: string) => () => void done.push(what);
    const changes = [
      proxies.add(fields('a')).then(note('made')),
      proxies.update('a', { upstream: '127.0.0.1:9' }).then(note('changed')),
      proxies.remove('a').then(note('removed')),
      proxies.remove('a').catch(note('not there')),
      proxies.add(fields('a')).then(note('made again')),
    ];
    await Promise.all(changes);
    expect(done).toEqual(['made', 'changed', 'removed', 'not there', 'made again']);
  });

  it('takes addresses for the same that are written in another way', async () => {
    const proxies = collection();
    const all = await proxies.add(fields('all', { listen: '[::]:5' }));
    const one = await proxies.add(fields('one', { listen: '127.0.0.1:80' }));
    const { upstream } = all;
    expect(await differs(all, { listen: ':5', upstream })).toBe(false);
    expect(await differs(all, { listen: '127.0.0.1:5', upstream })).toBe(true);
    expect(await differs(one, { listen: '127.0.0.1:http', upstream })).toBe(false);
    expect(await differs(one, { listen: ':80', upstream })).toBe(true);
    expect(await differs(one, { listen: '127.0.0.1:80', upstream, protocol: 'tcp' })).toBe(false);
    expect(await differs(one, { listen: '127.0.0.1:80', upstream, protocol: 'udp' })).toBe(true);
    expect(await differs(one, { listen: '127.0.0.1:80', upstream: 'u:1' })).toBe(true);
    await expect(differs(one, { listen: 'none', upstream: 'u:1' })).rejects.toThrow(
      /^address none/,
    );
  });
});
