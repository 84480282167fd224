// Tests the clock of virtual time, and deadlines by it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { waitFor, withDeadline } from '../../../harness/kernel/deadline.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import { sleepOn } from '../../../harness/kernel/virtualClock.ts';
import { virtualTimers } from '../../../harness/kernel/virtualTimers.ts';

describe('virtual time', () => {
  test('wakes sleepers at their own time and in order, whatever order they slept in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 }),
        async (all) => {
          const clock = virtualClock(1_000);
          const woken: [number, number][] = [];
          all.forEach((ms, i) => {
            void clock.sleep(ms).then(() => {
              expect(clock.epochMs()).toBe(1_000 + ms);
              woken.push([ms, i]);
            });
          });
          await clock.pass(50);
          expect(woken).toEqual(all.map((ms, i) => [ms, i]).sort(([a = 0], [b = 0]) => a - b));
          expect(clock.epochMs()).toBe(1_050);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('passes for as long as work takes, and no longer, whether it succeeds or fails', async () => {
    const clock = virtualClock();
    const sleep = async (ms: number) => {
      await clock.sleep(ms);
      return ms;
    };
    void sleep(90_000);
    await expect(clock.passDuring(sleep(60_000))).resolves.toBe(60_000);
    const failing = sleep(10_000).then(() => Promise.reject(new Error('late')));
    await expect(clock.passDuring(failing)).rejects.toThrow('late');
    expect(clock.epochMs()).toBe(70_000);
  });

  test('goes on only when what a sleeper does next is over', async () => {
    const clock = virtualClock();
    const seen: number[] = [];
    const work = async () => {
      for (;;) {
        await clock.sleep(10);
        await Promise.resolve();
        seen.push(clock.epochMs());
      }
    };
    void work();
    await clock.pass(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  test('does not wait for a moment that has passed', async () => {
    const clock = virtualClock(100);
    await clock.sleepUntil(50);
    await clock.sleep(0);
    expect(clock.epochMs()).toBe(100);
  });

  test('forgets a sleeper whose signal is aborted', async () => {
    const clock = virtualClock();
    const ending = new AbortController();
    const slept = clock.sleep(10, ending.signal);
    ending.abort(new Error('over'));
    await expect(slept).rejects.toThrow('over');
    await expect(clock.sleep(10, ending.signal)).rejects.toThrow('over');
    await clock.pass(20);
  });
});

describe('timers of virtual time', () => {
  test('fire at their time in the order they were set, again and again, until they are cleared', async () => {
    const timers = virtualTimers();
    const seen: string[] = [];
    const say = (name: string) => () => void seen.push(`${name} ${timers.epochMs()}`);
    const often = timers.every(10, say('often'));
    timers.after(20, say('once'));
    const never = timers.after(15, say('never'));
    timers.after(12, () => timers.clear(never));
    timers.after(25, () => timers.clear(often));
    await timers.passUntil(50);
    expect(seen).toEqual(['often 10', 'once 20', 'often 20']);
    expect(timers.nextEpochMs()).toBeUndefined();
    expect(timers.epochMs()).toBe(50);
  });

  test('are over with all that they made ready before the next one, also one of the same moment', async () => {
    const timers = virtualTimers();
    const seen: string[] = [];
    const work = async (name: string) => {
      seen.push(`${name} begins`);
      for (let step = 0; step < 5; step++) await Promise.resolve();
      process.nextTick(() => seen.push(`${name} ends`));
    };
    timers.after(1, () => void work('first'));
    timers.after(1, () => void work('second'));
    await timers.passUntil(1);
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  test('stop once their signal is aborted, also one that joins others, with its reason', async () => {
    const timers = virtualTimers();
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, new AbortController().signal]);
    timers.every(10, () => {
      if (timers.epochMs() === 30) ending.abort(new Error('enough'));
    });
    await expect(timers.passUntil(100, signal)).rejects.toThrow('enough');
    expect(timers.epochMs()).toBe(30);
  });

  test('hand on what one of them throws', async () => {
    const timers = virtualTimers();
    timers.after(5, () => {
      throw new Error('broken');
    });
    await expect(timers.passUntil(100)).rejects.toThrow('broken');
  });
});

describe('a deadline in virtual time', () => {
  test('passes when its clock says so, and aborts the work', async () => {
    const clock = virtualClock();
    let aborted = false;
    const late = withDeadline({ ms: 3_600_000, what: 'rain', clock }, (signal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise<never>(() => undefined);
    });
    const refused = expect(late).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: 'waited 3600000 ms for rain',
    });
    await clock.pass(3_599_999);
    expect(aborted).toBe(false);
    await clock.pass(1);
    await refused;
    expect(aborted).toBe(true);
  });

  test('does not pass for work that was done in time', async () => {
    const clock = virtualClock();
    const done = withDeadline({ ms: 100, what: 'work', clock }, () => clock.sleep(99));
    await clock.pass(1_000);
    await expect(done).resolves.toBeUndefined();
  });

  test('leaves nothing to wait for once the work is over', async () => {
    const timers = virtualTimers();
    const clock = sleepOn(timers);
    await withDeadline({ ms: 100, what: 'work', clock }, () => Promise.resolve());
    expect(timers.nextEpochMs()).toBeUndefined();
  });

  test('is polled for by the same clock', async () => {
    const clock = virtualClock();
    let asked = 0;
    const found = waitFor({ ms: 60_000, what: 'it', everyMs: 500, clock }, () =>
      ++asked > 40 ? clock.epochMs() : undefined,
    );
    await clock.pass(60_000);
    expect(await found).toBe(20_000);
  });
});

test('a session that does not end is given up, and says when', async () => {
  const timers = virtualTimers();
  const again = () => void timers.after(0, again);
  timers.after(2_000, again);
  await expect(timers.passUntil(5_000)).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('stands still 2 s after') as string,
  });
});

test('calls when one who sleeps would go on, in the order in which they were set', async () => {
  const clock = virtualClock(1_000);
  const seen: string[] = [];
  const note = (what: string) => () => void seen.push(`${what} ${clock.epochMs()}`);
  clock.callAt?.(1_040, note('called'));
  void clock.sleepUntil(1_040).then(note('woke'));
  clock.callAt?.(1_040, note('called later'));
  clock.callAt?.(990, note('called late'));
  await clock.passUntil(1_100);
  expect(seen).toEqual(['called late 1000', 'called 1040', 'woke 1040', 'called later 1040']);
});

test('fires timers of many delays, some of them cleared, in the order of their times', async () => {
  const cases = fc.array(
    fc.record({
      ms: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 5, noNaN: true })),
      setAtMs: fc.integer({ min: 1, max: 9 }),
      cleared: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(cases, async (all) => {
      const timers = virtualTimers(1_000);
      const fired: number[] = [];
      const inOrder = all.toSorted((a, b) => a.setAtMs - b.setAtMs);
      for (const [i, { ms, setAtMs, cleared }] of inOrder.entries()) {
        await timers.passUntil(1_000 + setAtMs - 0.25);
        const id = timers.after(ms, () => void fired.push(i));
        if (cleared) timers.clear(id);
      }
      await timers.passUntil(1_020);
      const due = ({ ms, setAtMs }: (typeof all)[number]) => 1_000 + setAtMs - 0.25 + ms;
      const left = inOrder.map((one, i) => ({ ...one, i })).filter(({ cleared }) => !cleared);
      expect(fired).toEqual(left.toSorted((a, b) => due(a) - due(b)).map(({ i }) => i));
    }),
    { numRuns: 50 },
  );
});
