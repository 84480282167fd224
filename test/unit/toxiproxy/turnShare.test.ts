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

  it('calls those that wait one a turn, in the order they came, and asks for one turn at a time', () => {
    const { share, asked, next } = turns();
    const called: string[] = [];
    share.afterwards(() => {
      called.push('a');
      share.afterwards(() => called.push('c'));
    });
    share.afterwards(() => called.push('b'));
    const seen = [0, 1, 2, 3].map(() => {
      const turnsAsked = asked.length;
      next();
      return { turnsAsked, called: called.join('') };
    });
    expect(seen).toEqual([
      { turnsAsked: 1, called: 'a' },
      { turnsAsked: 1, called: 'ab' },
      { turnsAsked: 1, called: 'abc' },
      { turnsAsked: 0, called: 'abc' },
    ]);
  });

  it('asks for no turn after a few bytes, and counts them until it does', () => {
    const { share, asked, next } = turns();
    const sent = () => {
      let blocks = 0;
      while (asked.length === 0) {
        expect(share.spend(BLOCK)).toBe(true);
        blocks += 1;
      }
      return blocks;
    };
    const first = sent();
    expect(first).toBeGreaterThan(4);
    next();
    expect(sent()).toBe(first);
  });
});
