// Tests what the application does after a fatal error.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import type { PlayerPolicy } from '../../../harness/model/scenario.ts';
import { application } from '../../../players/page/policy.ts';

describe('the application around a player', () => {
  it('does nothing when the policy is none', () => {
    const { app, waits } = stage({ onFatal: 'none' });
    app.onFatal();
    expect(waits).toEqual([]);
  });

  it('reloads after the delay', () => {
    const { app, waits, done } = stage({ onFatal: 'reload', delayMs: 2000, jitterMs: 0 });
    app.onFatal();
    expect(waits.map(({ ms }) => ms)).toEqual([2000]);
    expect(done).toEqual([]);
    waits[0]?.act();
    expect(done).toEqual(['reload']);
  });

  it('starts loading again when the policy says so', () => {
    const { app, waits, done } = stage({ onFatal: 'startLoad', delayMs: 10, jitterMs: 0 });
    app.onFatal();
    waits[0]?.act();
    expect(done).toEqual(['startLoad']);
  });

  it('waits once for several fatal errors, and again for the next one after it acted', () => {
    const { app, waits } = stage({ onFatal: 'reload', delayMs: 10, jitterMs: 0 });
    app.onFatal();
    app.onFatal();
    expect(waits).toHaveLength(1);
    waits[0]?.act();
    app.onFatal();
    expect(waits).toHaveLength(2);
  });

  it('does nothing any more once the viewer has left', () => {
    const { app, waits } = stage({ onFatal: 'reload', delayMs: 10, jitterMs: 0 });
    app.onFatal();
    app.leave();
    expect(waits[0]?.calledOff).toBe(true);
  });

  it('draws its wait between delay and delay plus jitter, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(60_000), fc.nat(60_000), (seed, delayMs, jitterMs) => {
        const drawn = [1, 2].map(() => {
          const { app, waits } = stage({ onFatal: 'reload', delayMs, jitterMs }, seed);
          app.onFatal();
          return waits[0]?.ms ?? -1;
        });
        expect(drawn[0]).toBe(drawn[1]);
        expect(drawn[0]).toBeGreaterThanOrEqual(delayMs);
        expect(drawn[0]).toBeLessThanOrEqual(delayMs + jitterMs);
      }),
    );
  });

  it('spreads viewers of one seed over the jitter', () => {
    const seed = seededRandom(7);
    const waits = Array.from({ length: 200 }, (_, n) => {
      const one = stage({ onFatal: 'reload', delayMs: 0, jitterMs: 1000 }, 0, seed.fork(`v${n}`));
      one.app.onFatal();
      return one.waits[0]?.ms ?? 0;
    });
    expect(Math.min(...waits)).toBeLessThan(100);
    expect(Math.max(...waits)).toBeGreaterThan(900);
  });
});

interface Wait {
  readonly ms: number;
  readonly act: () => void;
  calledOff: boolean;
}

/** An application whose waits are collected instead of waited for. */
function stage(policy: PlayerPolicy, seed = 1, random = seededRandom(seed)) {
  const waits: Wait[] = [];
  const done: string[] = [];
  const app = application({
    policy,
    random,
    later: (ms, act) => {
      const wait: Wait = { ms, act, calledOff: false };
      waits.push(wait);
      return () => (wait.calledOff = true);
    },
    actions: { startLoad: () => done.push('startLoad'), reload: () => done.push('reload') },
  });
  return { app, waits, done };
}
