// A Toxiproxy server that several use: the next run removes what a killed one left, and nothing else.

import { expect, it } from 'vitest';
import { connectShared, proxyPrefix } from '../../../harness/rehearsal/sharedProxies.ts';
import type { Unstamped } from '../../../harness/model/history.ts';
import { thisOwner } from '../../../harness/runtime/owner.ts';
import { startServer } from '../../../harness/toxiproxy/server/server.ts';

it('what a dead run left on a server of others is removed by the next, and said', async () => {
  await using server = await startServer();
  const me = await thisOwner();
  const prefixes = {
    dead: await proxyPrefix('night', { ...me, startTime: '1' }),
    alive: await proxyPrefix('night'),
    elsewhere: await proxyPrefix('night', { ...me, host: 'another', startTime: '1' }),
  };
  const names = [
    'mine',
    'ecran-noir~mine',
    ...Object.values(prefixes).map((one) => `${one}up.one`),
  ];
  await server.collection.populate(
    names.map((name) => ({
      name,
      listen: '127.0.0.1:0',
      upstream: '127.0.0.1:9',
      enabled: true,
      protocol: 'tcp' as const,
      toxics: [],
    })),
    [],
  );
  const said: Unstamped[] = [];
  const url = `http://127.0.0.1:${server.port}`;
  await using links = await connectShared(url, 'run', (record) => said.push(record));
  const left = server.collection.list().map(({ name }) => name);
  expect(left).toEqual(names.filter((name) => !name.startsWith(prefixes.dead)));
  expect(said).toMatchObject([{ type: 'log', text: expect.stringContaining(prefixes.dead) }]);
  const upstream = { host: '127.0.0.1', port: 9 };
  await links.createProxy({ name: 'up.one', upstream });
  expect(server.collection.list().at(-1)?.name).toBe(`${await proxyPrefix('run')}up.one`);
});
