// The clock of a worker against the clock of the run. Asked often, the answer with the shortest way
// tells most: the offset cannot differ from its middle by more than half of that way.

import type { Clock } from '../../harness/kernel/clock.ts';
import type { ClockOffset } from '../../harness/model/clockOffset.ts';
import { estimateOffset, type ClockReading } from '../records.ts';

/** Gives the time of the other clock; rejects when it is not told. */
export type AskClock = () => Promise<number>;

/** Readings at the start and at the end of a run. */
const READINGS = 15;
const READ_EVERY_MS = 1_000;
/** Between two offsets in the journal. */
const READINGS_EACH = 10;

export async function readClock(ask: AskClock, clock: Clock): Promise<ClockReading> {
  const askedAtEpochMs = clock.epochMs();
  const pageEpochMs = await ask();
  return { askedAtEpochMs, pageEpochMs, answeredAtEpochMs: clock.epochMs() };
}

/** Measures the offset now. */
export async function measureClock(ask: AskClock, clock: Clock): Promise<ClockOffset> {
  const readings: ClockReading[] = [];
  while (readings.length < READINGS) readings.push(await readClock(ask, clock));
  return clockOffset(readings);
}

/** The offset by these readings, of which there is one at least. */
export function clockOffset(readings: readonly ClockReading[]): ClockOffset {
  const ways = readings.map((one) => one.answeredAtEpochMs - one.askedAtEpochMs);
  return { offsetMs: estimateOffset(readings), uncertaintyMs: Math.min(...ways) / 2 };
}

export interface FollowClockOptions {
  readonly ask: AskClock;
  readonly clock: Clock;
  readonly onOffset: (offset: ClockOffset) => void;
  readonly signal: AbortSignal;
}

/** Asks every second, and tells of the offset every ten. Rejects when there is no answer. */
export async function followClock(options: FollowClockOptions): Promise<never> {
  const { ask, clock, onOffset, signal } = options;
  for (let readings: ClockReading[] = []; ;) {
    await clock.sleep(READ_EVERY_MS, signal);
    readings.push(await readClock(ask, clock));
    if (readings.length < READINGS_EACH) continue;
    onOffset(clockOffset(readings));
    readings = [];
  }
}
