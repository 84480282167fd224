// Proves limits from what the kernel did to a stage, as the stage reads it in its control group.

import type { StatsRecord } from '../model/history.ts';
import type { SqueezeFault } from '../model/scenario.ts';
import type { Proof } from './question.ts';
import { reportsOf, type Reports } from './reports.ts';
import type { StageQuestion } from './stageQuestion.ts';
import type { LimitsWitness } from './stageWitness.ts';

/** The share of a second held back above which a limit is felt. */
const HELD_BACK_SHARE_MIN = 0.05;
/** The kernel keeps memory limits in whole pages. */
const MEMORY_TOLERANCE_MB = 1;
/** Shorter than this a rate says nothing. */
const RATE_OVER_MS = 1000;

export function limitsProof(question: StageQuestion, { stage, quietMs }: LimitsWitness): Proof {
  const { fault, stats, doneAtMs } = question;
  if (fault.kind !== 'squeeze') return { proven: false, observed: 'it squeezes nothing' };
  const reports = reportsOf(stage, { stats, doneAtMs });
  const lastAtMs = reports.after.at(-1)?.atMs ?? doneAtMs;
  const othersAtMs = stats.findLast((record) => record.stage !== stage)?.atMs ?? 0;
  const silentMs = othersAtMs - lastAtMs;
  if (fault.limits.memoryMb !== undefined && question.does === 'inject' && silentMs >= quietMs)
    return { proven: true, observed: `${stage} had too little memory to go on` };
  const parts = [
    ...memoryProof(question, fault, reports.after),
    ...processorProof(question, fault, reports),
  ];
  return {
    proven: parts.every(({ proven }) => proven),
    observed: parts.map(({ observed }) => observed).join(', '),
  };
}

function memoryProof(
  { does }: StageQuestion,
  { limits: { memoryMb } }: SqueezeFault,
  after: readonly StatsRecord[],
): Proof[] {
  if (memoryMb === undefined) return [];
  const limitMb = after.findLast((record) => record.memoryLimitMb !== undefined)?.memoryLimitMb;
  if (limitMb === undefined) return [{ proven: false, observed: 'no limit of memory was read' }];
  const squeezed = limitMb <= memoryMb + MEMORY_TOLERANCE_MB;
  return [{ proven: squeezed === (does === 'inject'), observed: `it may have ${limitMb} MB` }];
}

/** A stage that needs no more than it is left is not held back, and nobody can tell. */
function processorProof(
  { does }: StageQuestion,
  { limits: { cpus } }: SqueezeFault,
  { before, after }: Reports,
): Proof[] {
  if (cpus === undefined) return [];
  const now = heldBackShare(after.slice(-READINGS_MAX));
  if (now === undefined) return [{ proven: false, observed: 'not enough was read of its limits' }];
  const observed = `it was held back for ${Math.round(now * 100)} % of the time`;
  if (does === 'inject') return [{ proven: now >= HELD_BACK_SHARE_MIN, observed }];
  const was = heldBackShare(before.slice(-READINGS_MAX)) ?? Infinity;
  return [{ proven: now < Math.max(was / 2, HELD_BACK_SHARE_MIN), observed }];
}

/** Four reports a second. */
const READINGS_MAX = 8;

function heldBackShare(records: readonly StatsRecord[]): number | undefined {
  const read = records.filter(({ throttledMs }) => throttledMs !== undefined);
  const [first, last] = [read[0], read.at(-1)];
  if (!first || !last || last.atMs - first.atMs < RATE_OVER_MS) return undefined;
  const heldBackMs = (last.throttledMs ?? 0) - (first.throttledMs ?? 0);
  // Counted on each processor by itself.
  return Math.min(1, heldBackMs / (last.atMs - first.atMs));
}
