// Tests that what another engine rejects leaves the front, and that the next in order takes its place.

import { expect, test } from 'vitest';
import type { DesignSeen, LimitSeen } from '../../../harness/model/search.ts';
import { playFinals } from '../../../harness/search/finalists.ts';

const designs = [1, 2, 3, 4].map((design) => ({ design }) as DesignSeen);

async function finalsOf(verdicts: readonly LimitSeen['verdict'][], wanted: number) {
  let played = 0;
  const { kept, rejected } = await playFinals(designs, wanted, async () => [
    { name: 'cut', limits: [{ limit: 'p99', verdict: verdicts[played++]!, observed: '' }] },
  ]);
  const numbers = (some: readonly DesignSeen[]) => some.map(({ design }) => design);
  return { kept: numbers(kept), rejected: numbers(rejected), played };
}

test('the first that holds is the best, and what comes behind it is not played', async () => {
  expect(await finalsOf(['fail', 'pass'], 1)).toEqual({
    kept: [2, 3, 4],
    rejected: [1],
    played: 2,
  });
});

test('what nobody can tell is kept', async () => {
  expect(await finalsOf(['inconclusive', 'fail', 'pass'], 2)).toEqual({
    kept: [1, 3, 4],
    rejected: [2],
    played: 3,
  });
});

test('none is left where all are rejected, and none is played where nobody asks', async () => {
  const all = await finalsOf(['fail', 'fail', 'fail', 'fail'], 1);
  expect(all).toEqual({ kept: [], rejected: [1, 2, 3, 4], played: 4 });
  expect(await finalsOf([], 0)).toEqual({ kept: [1, 2, 3, 4], rejected: [], played: 0 });
});
