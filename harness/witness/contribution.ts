// Proves changes of the contribution from its format where it arrives, before and after.

import type { Contribution } from '../model/received.ts';
import type { ContentFault } from '../model/scenario.ts';
import type { Proof } from './question.ts';
import type { StageQuestion } from './stageQuestion.ts';

interface Reading extends Contribution {
  readonly atMs: number;
}

export function formatProof(question: StageQuestion, stage: string): Proof {
  const { fault, stats, doneAtMs, begunAtMs } = question;
  if (fault.kind !== 'content') return { proven: false, observed: 'it changes no contribution' };
  const readings = stats
    .filter((record) => record.stage === stage)
    .flatMap(({ atMs, contribution }): Reading[] =>
      contribution ? [{ atMs, ...contribution }] : [],
    );
  const before = readings.filter(({ atMs }) => atMs <= begunAtMs);
  const since = readings.filter(({ atMs }) => atMs > doneAtMs);
  const now = since.at(-1);
  if (!now) return { proven: false, observed: `${stage} has said nothing of its input since` };
  if (before.length === 0)
    return { proven: false, observed: `${stage} had said nothing of its input before` };
  const proofOf = (reading: Reading): Proof =>
    fault.shows === 'timestamp-jump'
      ? jumpProof(question, fault.byMs, before, reading)
      : changeProof(question, fault, reading);
  // A change that is over again was there all the same; an end must last.
  const seen = question.does === 'inject' ? since.map(proofOf) : [];
  return seen.find(({ proven }) => proven) ?? proofOf(now);
}

/** The head-end's encoder takes as long as it takes, and so does what it sends. */
const JUMP_TOLERANCE_MS = 500;

/** Time stamps run with the wall clock: what they are ahead of it stays the same but for a jump. */
function jumpProof(
  { does }: StageQuestion,
  byMs: number,
  before: readonly Reading[],
  now: Reading,
): Proof {
  const ahead = before.flatMap((reading) => aheadMs(reading) ?? []);
  const nowAhead = aheadMs(now);
  const wasAhead = ahead.at(-1);
  if (wasAhead === undefined || nowAhead === undefined)
    return { proven: false, observed: 'no time stamps to compare' };
  const jumpedMs = nowAhead - wasAhead;
  const wantedMs = does === 'inject' ? byMs : -byMs;
  return {
    proven: Math.abs(jumpedMs - wantedMs) <= JUMP_TOLERANCE_MS,
    observed: `time stamps jumped by ${(jumpedMs / 1000).toFixed(1)} s`,
  };
}

const aheadMs = ({ ptsMs, atMs }: Reading): number | undefined =>
  ptsMs === undefined ? undefined : ptsMs - atMs;

function changeProof({ does }: StageQuestion, fault: ContentFault, now: Reading): Proof {
  const { codec = 'no codec', width = 0, height = 0 } = now;
  const asWanted =
    fault.shows === 'resolution'
      ? width === fault.width && height === fault.height
      : fault.shows === 'codec' && codec === fault.codec;
  const known = fault.shows === 'resolution' ? width > 0 : now.codec !== undefined;
  const observed = `${codec}, ${width}x${height} arrives`;
  return { proven: known && asWanted === (does === 'inject'), observed };
}
