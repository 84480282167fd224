import { describe, expect, it } from 'vitest';
import { createTurnShare } from '../../../harness/toxiproxy/server/turnShare.ts';

/** Turns that begin when told to. */
function turns() {
  const asked: (() => void)[] = [];
  const share = createTurnShare((callback) => asked.push(callback));
  return { share, asked, next: () => asked.splice(0).forEach((callback) => callback()) };
}

const BLOCK = 256 * 1024;

describe('a turn of the event loop', () => {
  it('carries a bounded number of bytes, and as many again in the next', () => {
    const { share, next } = turns();
    const carried = () => {
      let blocks = 1;
      while (share.spend(BLOCK)) blocks += 1;
      return blocks;
    };
    const first = carried();
    expect(first * BLOCK).toBeGreaterThan(1e6);
    expect(first * BLOCK).toBeLessThan(10e6);
    expect(share.spend(1)).toBe(false);
    next();
    expect(carried()).toBe(first);
  });

  it('is ended by many small pieces too, because each costs a call', () => {
    const { share } = turns();
    let pieces = 0;
    while (share.spend(1)) pieces += 1;
    expect(pieces).toBeLessThan(1_000);
  });

  it('calls whoever waits in the next turn, once, and asks for one turn at a time', () => {
    const { share, asked, next } = turns();
    const called: string[] = [];
    share.spend(1);
    share.afterwards(() => called.push('a'));
    share.afterwards(() => {
      called.push('b');
      share.afterwards(() => called.push('c'));
    });
    expect(asked).toHaveLength(1);
    next();
    expect(called).toEqual(['a', 'b']);
    next();
    expect(called).toEqual(['a', 'b', 'c']);
    next();
    expect(called).toHaveLength(3);
  });
});
