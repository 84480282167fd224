// Who may call the API, and where proxies of a guarded server may not lead.

import { describe, expect, it } from 'vitest';
import type { Collection } from '../../../harness/toxiproxy/server/collection.ts';
import { guardedCollection, refusal } from '../../../harness/toxiproxy/server/guard.ts';

const host = '127.0.0.1:8474';

describe('callers', () => {
  it('are let in without a token where none is asked for, unless they are a page or misled', () => {
    const guard = { host: 'localhost' };
    expect(refusal(guard, { host })).toBeUndefined();
    expect(refusal(guard, { host: 'example.org' })).toMatchObject({ status: 403 });
    expect(refusal(guard, { host, origin: 'http://127.0.0.1' })).toMatchObject({ status: 403 });
  });

  it('must have the token where one is asked for', () => {
    const guard = { host: 'localhost', token: 'secret' };
    expect(refusal(guard, { host })).toMatchObject({ status: 401 });
    expect(refusal(guard, { host, authorization: 'Bearer other' })).toMatchObject({ status: 401 });
    expect(refusal(guard, { host, authorization: 'Bearer secret' })).toBeUndefined();
  });
});

describe('proxies of a guarded server', () => {
  const made: string[] = [];
  const make = async ({ upstream }: { upstream?: string }) => void made.push(upstream ?? '');
  const plain = {
    add: make,
    update: (_: string, change: object) => make(change),
    populate: async (wanted: readonly { upstream: string }[]) => {
      for (const one of wanted) await make(one);
    },
  };
  const guarded = guardedCollection(plain as unknown as Collection);
  const fields = { name: 'a', listen: '', enabled: true, protocol: 'tcp', toxics: [] } as const;

  it.each([
    '169.254.169.254:80',
    '169.254.1.1:1',
    '[fe80::1]:80',
    '[::ffff:169.254.169.254]:80',
    '[fd00:ec2::254]:80',
    '100.100.100.200:80',
    '168.63.129.16:80',
    '192.0.0.192:80',
    '[fd20:ce::254]:80',
  ])('do not lead to %s', async (upstream) => {
    const refused = { status: 403 };
    await expect(guarded.add({ ...fields, upstream })).rejects.toMatchObject(refused);
    await expect(guarded.update('a', { upstream })).rejects.toMatchObject(refused);
    await expect(guarded.populate([{ ...fields, upstream }], [])).rejects.toMatchObject(refused);
    expect(made).toEqual([]);
  });

  it('lead to everything else', async () => {
    await guarded.add({ ...fields, upstream: '127.0.0.1:80' });
    await guarded.update('a', { upstream: '[::1]:80' });
    await guarded.update('a', { enabled: false });
    await guarded.populate([{ ...fields, upstream: '[fec0::1]:80' }], []);
    await guarded.add({ ...fields, upstream: ':80' });
    const reached = ['127.0.0.1:80', '[::1]:80', '', '[fec0::1]:80', ':80'];
    expect(made.splice(0)).toEqual(reached);
  });

  it('are refused with the address that they were to lead to', async () => {
    await expect(guarded.add({ ...fields, upstream: '169.254.0.1:80' })).rejects.toThrow(
      'upstream 169.254.0.1:80: link-local and metadata addresses are refused',
    );
    await expect(guarded.add({ ...fields, upstream: 'nowhere' })).rejects.toThrow(
      'dial tcp: address nowhere: missing port in address',
    );
  });
});
