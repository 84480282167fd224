import { expect, test } from 'vitest';
import { turns } from '../../../harness/run/turns.ts';

test('work in one place is done one after the other, in the order of the calls', async () => {
  const inTurn = turns();
  const done: string[] = [];
  const { promise: waited, resolve: goOn } = Promise.withResolvers<void>();
  const slow = inTurn('origin', async () => {
    await waited;
    done.push('slow');
  });
  const fast = inTurn('origin', async () => void done.push('fast'));
  const elsewhere = inTurn('edge', async () => void done.push('elsewhere'));
  await elsewhere;
  goOn();
  await Promise.all([slow, fast, elsewhere]);
  expect(done).toEqual(['elsewhere', 'slow', 'fast']);
});

test('a turn that fails is told to its caller, and the next one is taken', async () => {
  const inTurn = turns();
  const failing = inTurn('origin', () => Promise.reject(new Error('no')));
  const next = inTurn('origin', async () => undefined);
  await expect(failing).rejects.toThrow('no');
  await expect(next).resolves.toBeUndefined();
});
