import { describe, expect, it } from 'vitest';
import { comparedWith, comparison, percentile } from '../../bench/toxiproxy/figures.ts';

const goal = { ratio: 2.5, better: 'higher' } as const;

describe('the paired table', () => {
  it('compares with the official server and says whether the goal is met', () => {
    const names = ['embedded', 'pipe', 'official'];
    expect(comparedWith('toxiproxy-server version 2.12.0')).toBe('toxiproxy-server version 2.12.0');
    expect(comparison('MB/s', names, [500, 300, 200], goal)).toBe(
      'MB/s  embedded 500.00  pipe 300.00  official 200.00  2.50 of official (goal: at least 2.5, met)',
    );
    expect(comparison('MB/s', names, [499, 300, 200], goal)).toContain('not met');
    expect(comparison('ms', names, [1, 1, 2], { ratio: 0.5, better: 'lower' })).toContain(', met');
  });

  it('compares with a plain pipe where no server is named, says so, and judges no goal', () => {
    expect(comparedWith(undefined)).toMatch(/TOXIPROXY_OFFICIAL names no server.*plain pipe/);
    const line = comparison('MB/s', ['embedded', 'pipe'], [500, 200], goal);
    expect(line).toBe('MB/s  embedded 500.00  pipe 200.00  2.50 of pipe');
  });

  it('takes the value below which the share lies', () => {
    const values = Array.from({ length: 1_000 }, (_, at) => 999 - at);
    expect([0.5, 0.99].map((share) => percentile(values, share))).toEqual([500, 990]);
  });
});
