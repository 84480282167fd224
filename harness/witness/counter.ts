// Proves that bytes come no more, or no more of them than a limit lets through, from a counter of the
// stage that receives them. It grows while bytes get through and stands still while they do not.

import type { StatsRecord } from '../model/history.ts';
import {
  placeText,
  unproven,
  type OverLink,
  type Proof,
  type Seen,
  type WitnessKind,
} from './kind.ts';
import { seconds, counterValue } from './readings.ts';

export interface CounterWitness extends OverLink {
  readonly kind: 'counter';
  readonly counter: 'bytesIn' | 'repliesIn';
  /** No more than this should come; not said: nothing at all. */
  readonly limitKbps?: number;
  /** Standing still for this long is out of the ordinary. */
  readonly quietMs: number;
  /** A rate is taken over this long: it comes in bursts. */
  readonly rateOverMs: number;
}

export const counter: WitnessKind<CounterWitness> = {
  name: counterName,
  judge,
  neededMs: ({ quietMs }) => quietMs,
};

/** `bytesIn of transcoder.one over connect-up-a` */
function counterName(witness: CounterWitness): string {
  return `${witness.counter} of ${placeText(witness)}`;
}

/** One reading of the counter. */
interface CounterReading {
  readonly atMs: number;
  readonly value: number;
}

/** A limited link may show this much more than its rate: the proxy works in whole chunks. */
const RATE_TOLERANCE = 1.25;
/** Over seconds a limit lets no more than this through: what is above it is not limited. */
const RATE_ABOVE = 1.1;

function judge(witness: CounterWitness, seen: Seen): Proof {
  const { does, doneAtMs, afterAnother = false } = seen;
  const { limitKbps } = witness;
  const readings = counterReadings(witness, seen.stats);
  const before = readings.filter(({ atMs }) => atMs <= doneAtMs);
  const after = readings.filter(({ atMs }) => atMs > doneAtMs);
  if (after.length === 0) return unproven(`${witness.stage} has reported nothing since`);
  if (limitKbps !== undefined)
    return rateProof({ does, limitKbps, before, after, afterAnother }, witness.rateOverMs);
  return does === 'inject'
    ? silenceProof(witness, afterAnother ? undefined : before, after)
    : growthProof(witness, before, after);
}

const counterReadings = (
  witness: CounterWitness,
  stats: readonly StatsRecord[],
): CounterReading[] =>
  stats
    .filter((record) => record.stage === witness.stage)
    .flatMap((record): CounterReading[] => {
      const value = counterValue(record, witness.counter, witness);
      return value === undefined ? [] : [{ atMs: record.atMs, value }];
    });

/** Silence proves a cut only where there was sound before, as far as that is known. */
function silenceProof(
  witness: CounterWitness,
  before: readonly CounterReading[] | undefined,
  after: readonly CounterReading[],
): Proof {
  const name = counterName(witness);
  if (before && !grew(before)) return unproven(`${name} did not grow before it either`);
  const quietMs = longestQuietMs(after);
  const stood = `${name} stood still for ${seconds(quietMs)}`;
  return quietMs >= witness.quietMs
    ? { proven: true, observed: stood }
    : unproven(`${stood}, ${seconds(witness.quietMs)} would prove it`);
}

function growthProof(
  witness: CounterWitness,
  before: readonly CounterReading[],
  after: readonly CounterReading[],
): Proof {
  const name = counterName(witness);
  const base = before.at(-1) ?? after[0];
  const grown = after.find(({ value }) => base !== undefined && value > base.value);
  if (!base || !grown) return unproven(`${name} still stands still`);
  return {
    proven: true,
    observed: `${name} grew again within ${seconds(grown.atMs - base.atMs)}`,
  };
}

interface RateQuestion {
  readonly does: 'inject' | 'heal';
  readonly limitKbps: number;
  readonly before: readonly CounterReading[];
  readonly after: readonly CounterReading[];
  readonly afterAnother: boolean;
}

/**
 * A limit shows where more came through at some time before it (not just before: another fault may
 * have ended then). It is gone when more comes through than it would let.
 */
function rateProof(question: RateQuestion, overMs: number): Proof {
  const { does, limitKbps, before, after, afterAnother } = question;
  const fastest = fastestKbps(does === 'inject' && !afterAnother ? before : after, overMs);
  const now = rateKbps(after, overMs);
  if (now === undefined || fastest === undefined) return unproven('not enough reports for a rate');
  const [is, was] = [Math.round(now), Math.round(fastest)];
  return does === 'inject'
    ? {
        proven: now <= limitKbps * RATE_TOLERANCE && (afterAnother || fastest > now),
        observed: `${is} kbit/s with it, ${afterAnother ? 'unknown' : was} before, limit ${limitKbps}`,
      }
    : {
        proven: fastest > limitKbps * RATE_ABOVE,
        observed: `${was} kbit/s without it, limit ${limitKbps}`,
      };
}

/** Over the last stretch that is long enough; undefined when there is none. */
function rateKbps(readings: readonly CounterReading[], overMs: number): number | undefined {
  const last = readings.at(-1);
  const first = readings.findLast(({ atMs }) => last && last.atMs - atMs >= overMs);
  if (!last || !first) return undefined;
  return ((last.value - first.value) * 8) / (last.atMs - first.atMs);
}

function fastestKbps(readings: readonly CounterReading[], overMs: number): number | undefined {
  const rates = readings.flatMap((_, i) => rateKbps(readings.slice(0, i + 1), overMs) ?? []);
  return rates.length === 0 ? undefined : Math.max(...rates);
}

const grew = (readings: readonly CounterReading[]): boolean =>
  readings.some(({ value }, i) => value > (readings[i - 1]?.value ?? value));

/** Longest time between two reports of the same value with nothing else between them. */
function longestQuietMs(readings: readonly CounterReading[]): number {
  let since = readings[0];
  let longestMs = 0;
  for (const reading of readings) {
    if (since === undefined || reading.value !== since.value) since = reading;
    longestMs = Math.max(longestMs, reading.atMs - since.atMs);
  }
  return longestMs;
}
