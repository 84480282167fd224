// Who a worker says it is: what a run takes, and the name of a machine.

import { expect, it, test } from 'vitest';
import { machineName, readHello, thisWorker, writeHello } from '../../../../players/wall/hello.ts';

it('is read as it was written', () => {
  const said = thisWorker({ name: 'studio-b', version: '1.2.3', count: 4 });
  expect(readHello(writeHello(said))).toEqual(said);
  expect(said.most).toBeGreaterThan(0);
});

const GOOD = { name: 'a', version: '1', most: 1, machine: 'm' };

test.each([
  undefined,
  ['a', 'b'],
  'no JSON',
  '%E0%A4%A',
  JSON.stringify(null),
  JSON.stringify({ ...GOOD, name: '../a' }),
  JSON.stringify({ ...GOOD, name: 'A' }),
  JSON.stringify({ ...GOOD, count: 0 }),
  JSON.stringify({ ...GOOD, count: 1.5 }),
  JSON.stringify({ ...GOOD, machine: 'm'.repeat(10_000) }),
])('%j is no introduction', (header) => {
  expect(readHello(header)).toBeUndefined();
});

test.each([
  ['Studio_B.example', 'studio-b.example'],
  ['--x', 'x'],
  ['é', 'worker'],
  ['n'.repeat(60), 'n'.repeat(40)],
])('a machine called %s is the worker %s', (host, name) => {
  expect(machineName(host)).toBe(name);
});
