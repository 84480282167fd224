// Results that come over the network: whole, from those who know the token, and nowhere else.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCollector, type Collector } from '../../../harness/cluster/collector.ts';
import { deliverFolder } from '../../../harness/cluster/deliver.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import { contentOf } from '../../support/contentOf.ts';

let dir: string;
let collector: Collector;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ecran-noir-collector-'));
  collector = await openCollector(join(dir, 'taken'), 2, 'http://127.0.0.1:0');
});
afterEach(async () => {
  await collector[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

function writeShard(): string {
  const own = join(dir, 'own');
  mkdirSync(join(own, 'runs/night+late@a b~2'), { recursive: true });
  writeFileSync(join(own, 'suite.json'), '{}');
  writeFileSync(join(own, 'runs/night+late@a b~2/journal.ndjson'), 'é\n'.repeat(100_000));
  return own;
}

it('takes a folder as it is', async () => {
  const own = writeShard();
  await deliverFolder(own, 'suite.json', { ...collector, url: `${collector.url}/2` });
  expect(contentOf(join(dir, 'taken/2'))).toEqual(contentOf(own));
});

it.each([
  ['PUT', '/1/a', 'another token', 401],
  ['GET', '/1/a', '', 400],
  ['PUT', '/3/a', '', 400],
  ['PUT', '/0/a', '', 400],
  ['PUT', '/1', '', 400],
  ['PUT', '/1/%2e%2e/%2e%2e/a', '', 400],
  ['PUT', '/1/a%2f..%2f..%2fb', '', 400],
  ['PUT', '/1/%', '', 400],
])('refuses %s %s %s', async (method, path, token, status) => {
  const authorization = `Bearer ${token === '' ? collector.token : token}`;
  const body = method === 'PUT' ? 'x' : null;
  const answer = await fetch(`${collector.url}${path}`, {
    method,
    headers: { authorization },
    body,
  });
  expect(answer.status).toBe(status);
  expect(readdirSync(dir)).toEqual([]);
});

it('tries again for a while, then says who must be reached', async () => {
  const own = writeShard();
  await collector[Symbol.asyncDispose]();
  const clock = virtualClock();
  const delivery = deliverFolder(
    own,
    'suite.json',
    { url: 'http://127.0.0.1:9/1', token: '' },
    clock,
  );
  const refused = expect(delivery).rejects.toMatchObject({
    code: 'CLUSTER_UNAVAILABLE',
    message: expect.stringMatching(/^cannot deliver runs.*journal.ndjson to http.*:/),
    hint: expect.stringContaining('--collect-at'),
  });
  await clock.passDuring(delivery.catch(() => undefined));
  await refused;
  expect(clock.epochMs()).toBeGreaterThan(9_000);
});
