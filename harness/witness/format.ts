// Proves changes of the contribution from what it says of itself where it arrives, before and after.

import type { FormatChange } from '../faults/traces.ts';
import type { Contribution } from '../model/received.ts';
import { unproven, type Proof, type Seen, type Standing, type WitnessKind } from './kind.ts';

export interface FormatWitness extends Standing {
  readonly kind: 'format';
  readonly change: FormatChange;
}

export const format: WitnessKind<FormatWitness> = {
  name: ({ stage }) => `contribution at ${stage}`,
  judge,
};

interface FormatReading extends Contribution {
  readonly atMs: number;
}

function judge({ stage, change }: FormatWitness, seen: Seen): Proof {
  const { does, stats, doneAtMs, begunAtMs = doneAtMs } = seen;
  const readings = stats
    .filter((record) => record.stage === stage)
    .flatMap(({ atMs, contribution }): FormatReading[] =>
      contribution ? [{ atMs, ...contribution }] : [],
    );
  const before = readings.filter(({ atMs }) => atMs <= begunAtMs);
  const since = readings.filter(({ atMs }) => atMs > doneAtMs);
  const now = since.at(-1);
  if (!now) return unproven(`${stage} has said nothing of its input since`);
  if (before.length === 0) return unproven(`${stage} had said nothing of its input before`);
  const proofOf = (reading: FormatReading): Proof =>
    change.kind === 'jump'
      ? jumpProof(seen, change.byMs, before, reading)
      : changeProof(seen, change, reading);
  // A change that is over again was there all the same; an end must last.
  const proofs = does === 'inject' ? since.map(proofOf) : [];
  return proofs.find(({ proven }) => proven) ?? proofOf(now);
}

/** The head-end's encoder takes as long as it takes, and so does what it sends. */
const JUMP_TOLERANCE_MS = 500;

/** Time stamps run with the wall clock: what they are ahead of it stays the same but for a jump. */
function jumpProof(
  { does }: Seen,
  byMs: number,
  before: readonly FormatReading[],
  now: FormatReading,
): Proof {
  const ahead = before.flatMap((reading) => aheadMs(reading) ?? []);
  const nowAhead = aheadMs(now);
  const wasAhead = ahead.at(-1);
  if (wasAhead === undefined || nowAhead === undefined)
    return unproven('no time stamps to compare');
  const jumpedMs = nowAhead - wasAhead;
  const wantedMs = does === 'inject' ? byMs : -byMs;
  return {
    proven: Math.abs(jumpedMs - wantedMs) <= JUMP_TOLERANCE_MS,
    observed: `time stamps jumped by ${(jumpedMs / 1000).toFixed(1)} s`,
  };
}

const aheadMs = ({ ptsMs, atMs }: FormatReading): number | undefined =>
  ptsMs === undefined ? undefined : ptsMs - atMs;

function changeProof(
  { does }: Seen,
  change: Exclude<FormatChange, { kind: 'jump' }>,
  now: FormatReading,
): Proof {
  const { codec = 'no codec', width = 0, height = 0 } = now;
  const resized = change.kind === 'size';
  const known = resized ? width > 0 : now.codec !== undefined;
  const asWanted = resized
    ? width === change.width && height === change.height
    : codec === change.codec;
  const observed = `${codec}, ${width}x${height} arrives`;
  return { proven: known && asWanted === (does === 'inject'), observed };
}
