// Tests the queue before a narrow link, in virtual time.

import { expect, test } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { createNarrowQueue } from '../../../harness/simulate/narrowQueue.ts';

const KB = 1000;

function narrow(rateKbps: number) {
  const clock = virtualClock();
  let rate = rateKbps;
  let next = Promise.withResolvers<void>();
  const queue = createNarrowQueue({ clock, rateKbps: () => rate, changed: () => next.promise });
  const passed: [string, number][] = [];
  return {
    clock,
    queue,
    passed,
    widen: (toKbps: number) => {
      rate = toKbps;
      next.resolve();
      next = Promise.withResolvers();
    },
    pass: (name: string, bytes: number, signal = new AbortController().signal) =>
      void queue.pass(bytes, signal).then(
        () => passed.push([name, clock.epochMs()]),
        () => passed.push([`${name} gave up`, clock.epochMs()]),
      ),
  };
}

test('one passes after another, at the rate of the link', async () => {
  const { clock, passed, pass } = narrow(8);
  pass('a', KB);
  pass('b', 2 * KB);
  await clock.pass(10_000);
  expect(passed).toEqual([
    ['a', 1_000],
    ['b', 3_000],
  ]);
});

test('what is left when the rate changes passes at the new one', async () => {
  const { clock, queue, passed, pass, widen } = narrow(8);
  pass('a', 2 * KB);
  pass('b', KB);
  await clock.pass(1_000);
  widen(16);
  await clock.pass(250);
  expect(queue.waitingBits()).toBe(4_000 + 8_000);
  widen(Infinity);
  await clock.pass(1_000);
  expect(passed).toEqual([
    ['a', 1_250],
    ['b', 1_250],
  ]);
  expect(queue.waitingBits()).toBe(0);
});

test('who gives up leaves nothing in the queue, and nobody overtakes', async () => {
  const { clock, queue, passed, pass } = narrow(8);
  const giving = new AbortController();
  const waiting = new AbortController();
  pass('a', 10 * KB, giving.signal);
  pass('b', 10 * KB, waiting.signal);
  pass('c', KB);
  await clock.pass(500);
  waiting.abort();
  expect(queue.waitingBits()).toBe(76_000 + 80_000 + 8_000);
  await clock.pass(500);
  expect(queue.waitingBits()).toBe(72_000 + 8_000);
  giving.abort();
  await clock.pass(5_000);
  expect(passed).toEqual([
    ['b gave up', 500],
    ['a gave up', 1_000],
    ['c', 2_000],
  ]);
  expect(queue.waitingBits()).toBe(0);
});

test('nothing that has passed goes on waiting for another rate', async () => {
  const clock = virtualClock();
  const waits: AbortSignal[] = [];
  const changed = (signal: AbortSignal) => {
    waits.push(signal);
    return new Promise<void>(() => {});
  };
  const queue = createNarrowQueue({ clock, rateKbps: () => 8, changed });
  const { signal } = new AbortController();
  const passed = Promise.all([queue.pass(KB, signal), queue.pass(KB, signal)]);
  await clock.pass(2_000);
  await passed;
  expect(waits.map(({ aborted }) => aborted)).toEqual([true, true]);
});
