// Who shows whom on a wall over several machines.

import { describe, expect, it } from 'vitest';
import type { ViewerDescription } from '../../../../harness/model/viewer.ts';
import { dealShares, dealViewers } from '../../../../players/wall/shares.ts';

const counts = (total: number, ...workers: readonly (readonly [number | undefined, number])[]) =>
  dealShares(
    total,
    workers.map(([count, most], i) => ({ name: `w${i + 1}`, count, most })),
  ).map(({ count }) => count);

describe('the shares of workers', () => {
  it('are equal, but for a rest', () => {
    expect(counts(7, [undefined, 24], [undefined, 24])).toEqual([4, 3]);
  });

  it('are what a worker asks for, and what is left', () => {
    expect(counts(10, [6, 24], [undefined, 24], [undefined, 24])).toEqual([6, 2, 2]);
  });

  it('are no more than a machine can show', () => {
    expect(counts(30, [undefined, 4], [undefined, 48])).toEqual([4, 26]);
  });

  it('leave nobody over', () => {
    expect(() => counts(9, [2, 24], [undefined, 4])).toThrow(
      'nobody shows 3 of 9 viewers: w1 shows 2, w2 can show 4',
    );
  });
});

const viewers: readonly ViewerDescription[] = [
  ...Array.from({ length: 40 }, (_, i) => ({
    id: `v${i + 1}`,
    channel: i % 2 === 0 ? 'one' : 'two',
    channelNumber: 1 + (i % 2),
    player: i < 36 ? 'hls.js' : 'light',
    control: false,
  })),
  { id: 'control', channel: 'control', channelNumber: 63, player: 'hls.js', control: true },
];
const shares = [
  { name: 'a', count: 20 },
  { name: 'b', count: 16 },
];

describe('the viewers of workers', () => {
  const dealt = dealViewers(viewers, shares, 7);
  const on = (worker: string | undefined) => dealt.filter((viewer) => viewer.worker === worker);

  it('are as many as their shares, each with a control; others stay with the run', () => {
    expect(on('a').map(({ control }) => control)).toEqual([
      ...Array<boolean>(20).fill(false),
      true,
    ]);
    expect(on('b')).toHaveLength(17);
    expect(on('b').at(-1)).toMatchObject({ id: 'control-b', channelNumber: 63, control: true });
    expect(on(undefined).map(({ id }) => id)).toEqual(['v37', 'v38', 'v39', 'v40', 'control']);
  });

  it('are of every channel on every worker, the same for the same seed', () => {
    for (const worker of ['a', 'b'])
      expect(new Set(on(worker).map(({ channel }) => channel))).toEqual(
        new Set(['one', 'two', 'control']),
      );
    expect(dealViewers(viewers, shares, 7)).toEqual(dealt);
    expect(dealViewers(viewers, shares, 8)).not.toEqual(dealt);
  });
});
