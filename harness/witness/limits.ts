// Proves limits from what the kernel did to a stage, as the stage reads it in its control group: for
// how long it was held back, how much memory it may have.

import { counterIn } from '../model/counters.ts';
import type { StatsRecord } from '../model/history.ts';
import { unproven, type Proof, type Seen, type Standing, type WitnessKind } from './kind.ts';
import { stageRecords, type Reports } from './readings.ts';

export interface LimitsWitness extends Standing {
  readonly kind: 'limits';
  readonly cpus?: number;
  readonly memoryMb?: number;
  /** Nothing heard for this long: its memory was not enough to live. */
  readonly quietMs: number;
}

export const limits: WitnessKind<LimitsWitness> = {
  name: ({ stage }) => `limits of ${stage}`,
  judge,
};

/** The share of a second held back above which a limit is felt. */
const HELD_BACK_SHARE_MIN = 0.05;
/** The kernel keeps memory limits in whole pages. */
const MEMORY_TOLERANCE_MB = 1;
/** Shorter than this a rate says nothing. */
const RATE_OVER_MS = 1000;

function judge(witness: LimitsWitness, seen: Seen): Proof {
  const { stage, memoryMb, quietMs } = witness;
  const { does, stats, doneAtMs } = seen;
  const reports = stageRecords(stage, { stats, doneAtMs });
  const lastAtMs = reports.after.at(-1)?.atMs ?? doneAtMs;
  const othersAtMs = stats.findLast((record) => record.stage !== stage)?.atMs ?? 0;
  if (memoryMb !== undefined && does === 'inject' && othersAtMs - lastAtMs >= quietMs)
    return { proven: true, observed: `${stage} had too little memory to go on` };
  const parts = [
    ...memoryProof(seen, witness, reports.after),
    ...processorProof(seen, witness, reports),
  ];
  return {
    proven: parts.every(({ proven }) => proven),
    observed: parts.map(({ observed }) => observed).join(', '),
  };
}

function memoryProof(
  { does }: Seen,
  { memoryMb }: LimitsWitness,
  after: readonly StatsRecord[],
): Proof[] {
  if (memoryMb === undefined) return [];
  const limitMb = after.flatMap((record) => counterIn(record, 'memoryLimitMb') ?? []).at(-1);
  if (limitMb === undefined) return [unproven('no limit of memory was read')];
  const squeezed = limitMb <= memoryMb + MEMORY_TOLERANCE_MB;
  return [{ proven: squeezed === (does === 'inject'), observed: `it may have ${limitMb} MB` }];
}

/** A stage that needs no more than it is left is not held back, and nobody can tell. */
function processorProof(
  { does }: Seen,
  { cpus }: LimitsWitness,
  { before, after }: Reports,
): Proof[] {
  if (cpus === undefined) return [];
  const now = heldBackShare(after.slice(-READINGS_MAX));
  if (now === undefined) return [unproven('not enough was read of its limits')];
  const observed = `it was held back for ${Math.round(now * 100)} % of the time`;
  if (does === 'inject') return [{ proven: now >= HELD_BACK_SHARE_MIN, observed }];
  const was = heldBackShare(before.slice(-READINGS_MAX)) ?? Infinity;
  return [{ proven: now < Math.max(was / 2, HELD_BACK_SHARE_MIN), observed }];
}

/** Four reports a second. */
const READINGS_MAX = 8;

function heldBackShare(records: readonly StatsRecord[]): number | undefined {
  const read = records.flatMap((record) => {
    const throttledMs = counterIn(record, 'throttledMs');
    return throttledMs === undefined ? [] : [{ atMs: record.atMs, throttledMs }];
  });
  const [first, last] = [read[0], read.at(-1)];
  if (!first || !last || last.atMs - first.atMs < RATE_OVER_MS) return undefined;
  const heldBackMs = last.throttledMs - first.throttledMs;
  // Counted on each processor by itself.
  return Math.min(1, heldBackMs / (last.atMs - first.atMs));
}
