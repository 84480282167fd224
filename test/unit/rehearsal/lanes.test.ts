// Rehearsals side by side: in order, never more than asked, and the first failure ends the others.

import { expect, it } from 'vitest';
import { inLanes, lanesOn } from '../../../harness/rehearsal/lanes.ts';

const never = new AbortController().signal;

it('are one on two cores, and two on four', () => {
  expect([1, 2, 3, 4, 8].map(lanesOn)).toEqual([1, 1, 1, 2, 4]);
});

it('answer in the order of the jobs, and never more at a time than asked', async () => {
  let [now, most] = [0, 0];
  const work = async (job: number) => {
    most = Math.max(most, ++now);
    // The earlier ones take longer.
    for (let turns = 10 - job; turns > 0; turns--) await Promise.resolve();
    now--;
    return job * 10;
  };
  const results = await inLanes({ lanes: 3, jobs: [1, 2, 3, 4, 5, 6, 7], work }, never);
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});

it('end by their signal when one fails, and nothing is begun after that', async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  const work = async (job: string, signal: AbortSignal) => {
    begun.push(job);
    if (job === 'breaks') throw new Error('broken');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    ended.push(job);
  };
  const jobs = ['long', 'breaks', 'later'];
  await expect(inLanes({ lanes: 2, jobs, work }, never)).rejects.toThrow('broken');
  expect(begun).toEqual(['long', 'breaks']);
  expect(ended).toEqual(['long']);
});

it('do not go on to the next job when the user has interrupted', async () => {
  const user = new AbortController();
  const begun: number[] = [];
  const work = async (job: number) => {
    begun.push(job);
    user.abort(new Error('interrupted'));
  };
  const playing = inLanes({ lanes: 1, jobs: [1, 2], work }, user.signal);
  await expect(playing).rejects.toThrow('interrupted');
  expect(begun).toEqual([1]);
});
