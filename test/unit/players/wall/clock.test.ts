// The clock of a worker, asked over networks that are slow one way, in virtual time: the offset that is
// stated is never further from the true one than it says.

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../harness/kernel/random.ts';
import type { ClockOffset } from '../../../../harness/model/clockOffset.ts';
import { followClock, measureClock } from '../../../../players/wall/clock.ts';
import { virtualClock, type VirtualClock } from '../../../support/virtualClock.ts';

const START_EPOCH_MS = 1_757_708_100_000;

interface Network {
  /** Delays of the two ways. */
  readonly there: () => number;
  readonly back: () => number;
  /** The worker's clock at a moment of the run's. */
  readonly theirs: (epochMs: number) => number;
}

const askOver =
  (clock: VirtualClock, { there, back, theirs }: Network) =>
  async (): Promise<number> => {
    await clock.sleep(there());
    const told = theirs(clock.epochMs());
    await clock.sleep(back());
    return told;
  };

describe('the offset of a clock that is asked', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('is within its uncertainty on network %i', async (seed) => {
    const random = seededRandom(seed);
    const clock = virtualClock(START_EPOCH_MS);
    const behindMs = 5_234.5 - seed * 2_000;
    const network: Network = {
      there: () => 0.2 + random.next() * 3,
      back: () => 0.1 + random.next() ** 4 * 80,
      theirs: (epochMs) => epochMs - behindMs,
    };
    const measured = await clock.passDuring(measureClock(askOver(clock, network), clock));
    expect(Math.abs(measured.offsetMs - behindMs)).toBeLessThanOrEqual(measured.uncertaintyMs);
    expect(measured.uncertaintyMs).toBeLessThan(40);
  });

  it('is as unsure as a way that is always slow makes it', async () => {
    const clock = virtualClock(START_EPOCH_MS);
    const network: Network = { there: () => 200, back: () => 10, theirs: (epochMs) => epochMs };
    const measured = await clock.passDuring(measureClock(askOver(clock, network), clock));
    expect(measured).toEqual({ offsetMs: -95, uncertaintyMs: 105 });
  });
});

/** The clock of a worker that gains a fifth of a second in a thousand. */
const FAST = 1.0002;
const MINUTES = 10;

async function followed(network: Network) {
  const clock = virtualClock(START_EPOCH_MS);
  const told: { readonly offset: ClockOffset; readonly atEpochMs: number }[] = [];
  const over = new AbortController();
  const following = followClock({
    ask: askOver(clock, network),
    clock,
    onOffset: (offset) => told.push({ offset, atEpochMs: clock.epochMs() }),
    signal: over.signal,
  });
  const ended = following.catch((error: unknown) => error);
  await clock.pass(MINUTES * 60_000);
  over.abort(new Error('the run is over'));
  return { told, ended: await ended };
}

describe('a clock that is followed', () => {
  it('is known while it drifts, to what it moves between two measures', async () => {
    const random = seededRandom(9);
    const theirs = (epochMs: number) => START_EPOCH_MS + (epochMs - START_EPOCH_MS) * FAST + 70;
    const { told, ended } = await followed({
      there: () => random.next() * 20,
      back: () => random.next() * 5,
      theirs,
    });
    expect(ended).toEqual(new Error('the run is over'));
    expect(told.length).toBeGreaterThan(50);
    const steps = told
      .slice(1)
      .map(({ offset }, i) => Math.abs(offset.offsetMs - told[i]!.offset.offsetMs));
    const boundMs = Math.max(...told.map(({ offset }) => offset.uncertaintyMs), ...steps);
    for (const { offset, atEpochMs } of told) {
      const trueMs = atEpochMs - theirs(atEpochMs);
      expect(Math.abs(offset.offsetMs - trueMs)).toBeLessThanOrEqual(
        offset.uncertaintyMs + boundMs,
      );
    }
    const driftMs = told.at(-1)!.offset.offsetMs - told[0]!.offset.offsetMs;
    expect(driftMs).toBeLessThan(-100);
  });

  it('is given up when it is told no more', async () => {
    const clock = virtualClock(START_EPOCH_MS);
    let asked = 0;
    const following = followClock({
      ask: async () => {
        asked += 1;
        if (asked > 3) throw new Error('no answer');
        return clock.epochMs();
      },
      clock,
      onOffset: () => undefined,
      signal: new AbortController().signal,
    });
    await expect(clock.passDuring(following)).rejects.toThrow('no answer');
    expect(clock.epochMs() - START_EPOCH_MS).toBe(4_000);
  });
});
