// Decides whether the witness's reports prove that a fault, or its healing, happened. Pure: the
// runner asks while it goes on, and anybody can ask again over the journal.

import type { StatsRecord } from '../model/history.ts';
import { isOnStages } from '../model/scenario.ts';
import { answerProof } from './answers.ts';
import { ageProof, gapProof, piecesProof } from './arrivals.ts';
import type { Proof, ProofQuestion } from './question.ts';
import { requestProof } from './requests.ts';
import { counterName, type CounterWitness, type ReportsWitness } from './witness.ts';

/** One reading of the counter. */
interface Reading {
  readonly atMs: number;
  readonly value: number;
}

/** A limited link may show this much more than its rate: the proxy works in whole chunks. */
const RATE_TOLERANCE = 1.25;
/** Over seconds a limit lets no more than this through: what is above it is not limited. */
const RATE_ABOVE = 1.1;

export function provenBy(question: ProofQuestion): Proof {
  const { fault, witness } = question;
  switch (witness.kind) {
    case 'none':
      return { proven: false, observed: `no witness: ${witness.reason}` };
    case 'answer':
      return isOnStages(fault)
        ? { proven: false, observed: 'a link is not touched' }
        : answerProof(question, fault, witness.stage);
    case 'reports':
      return reportsProof(question, witness);
    case 'request':
      return requestProof(question, witness);
    case 'age':
      return ageProof(question, witness);
    case 'pieces':
      return piecesProof(question, witness);
    case 'gap':
      return gapProof(question, witness);
    case 'counter':
      return counterProof(question, witness);
  }
}

function counterProof(question: ProofQuestion, witness: CounterWitness): Proof {
  const { does, fault, doneAtMs, afterAnother = false } = question;
  const readings = readingsOf(witness, question.stats);
  const before = readings.filter(({ atMs }) => atMs <= doneAtMs);
  const after = readings.filter(({ atMs }) => atMs > doneAtMs);
  if (after.length === 0)
    return { proven: false, observed: `${witness.stage} has reported nothing since` };
  switch (fault.kind) {
    case 'bandwidth':
      return rateProof(
        { does, limitKbps: fault.rateKbps, before, after, afterAnother },
        witness.rateOverMs,
      );
    case 'cut':
    case 'stage':
      return does === 'inject'
        ? silenceProof(witness, afterAnother ? undefined : before, after)
        : growthProof(witness, before, after);
    case 'latency':
    case 'loss':
    case 'slice':
    case 'squeeze':
    case 'content':
    case 'clock-skew':
    case 'full-disk':
    case 'http':
      return { proven: false, observed: `no counter of bytes shows a fault of ${fault.kind}` };
  }
}

function readingsOf(witness: CounterWitness, stats: readonly StatsRecord[]): Reading[] {
  const { link, counter, stage } = witness;
  const by = counter === 'repliesIn' ? 'repliesInBy' : 'bytesInBy';
  return stats
    .filter((record) => record.stage === stage)
    .flatMap((record): Reading[] => {
      const value = link === undefined ? record[counter] : record[by]?.[link];
      return value === undefined ? [] : [{ atMs: record.atMs, value }];
    });
}

/** Silent while others go on reporting: it is the stage, not the reading of reports. */
function reportsProof({ does, stats, doneAtMs }: ProofQuestion, witness: ReportsWitness): Proof {
  const { stage, quietMs } = witness;
  const lastAtMs = stats.findLast((record) => record.stage === stage)?.atMs;
  const othersAtMs = stats.findLast((record) => record.stage !== stage)?.atMs ?? 0;
  if (lastAtMs === undefined) return { proven: false, observed: `${stage} never reported` };
  if (does === 'heal')
    return lastAtMs > doneAtMs
      ? { proven: true, observed: `${stage} reports again` }
      : { proven: false, observed: `${stage} reports nothing` };
  const silentMs = Math.max(0, othersAtMs - lastAtMs);
  return {
    proven: silentMs >= quietMs,
    observed: `${stage} had reported nothing for ${seconds(silentMs)}`,
  };
}

/** Silence proves a cut only where there was sound before, as far as that is known. */
function silenceProof(
  witness: CounterWitness,
  before: readonly Reading[] | undefined,
  after: readonly Reading[],
): Proof {
  const name = counterName(witness);
  if (before && !grew(before))
    return { proven: false, observed: `${name} did not grow before it either` };
  const quietMs = longestQuietMs(after);
  const stood = `${name} stood still for ${seconds(quietMs)}`;
  return quietMs >= witness.quietMs
    ? { proven: true, observed: stood }
    : { proven: false, observed: `${stood}, ${seconds(witness.quietMs)} would prove it` };
}

function growthProof(
  witness: CounterWitness,
  before: readonly Reading[],
  after: readonly Reading[],
): Proof {
  const name = counterName(witness);
  const base = before.at(-1) ?? after[0];
  const grown = after.find(({ value }) => base !== undefined && value > base.value);
  if (!base || !grown) return { proven: false, observed: `${name} still stands still` };
  return {
    proven: true,
    observed: `${name} grew again within ${seconds(grown.atMs - base.atMs)}`,
  };
}

interface RateQuestion {
  readonly does: 'inject' | 'heal';
  readonly limitKbps: number;
  readonly before: readonly Reading[];
  readonly after: readonly Reading[];
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
  if (now === undefined || fastest === undefined)
    return { proven: false, observed: 'not enough reports for a rate' };
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
function rateKbps(readings: readonly Reading[], overMs: number): number | undefined {
  const last = readings.at(-1);
  const first = readings.findLast(({ atMs }) => last && last.atMs - atMs >= overMs);
  if (!last || !first) return undefined;
  return ((last.value - first.value) * 8) / (last.atMs - first.atMs);
}

function fastestKbps(readings: readonly Reading[], overMs: number): number | undefined {
  const rates = readings.flatMap((_, i) => rateKbps(readings.slice(0, i + 1), overMs) ?? []);
  return rates.length === 0 ? undefined : Math.max(...rates);
}

const grew = (readings: readonly Reading[]): boolean =>
  readings.some(({ value }, i) => value > (readings[i - 1]?.value ?? value));

/** Longest time between two reports of the same value with nothing else between them. */
function longestQuietMs(readings: readonly Reading[]): number {
  let since = readings[0];
  let longestMs = 0;
  for (const reading of readings) {
    if (since === undefined || reading.value !== since.value) since = reading;
    longestMs = Math.max(longestMs, reading.atMs - since.atMs);
  }
  return longestMs;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
