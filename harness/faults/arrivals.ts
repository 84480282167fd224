// What stages report of how things arrive, not whether: how old pictures and replies are, how small
// the pieces are that bytes come in. Measured against the steady state before the first fault.

import type { StatsRecord } from '../model/history.ts';
import { RETRANSMIT_TIMEOUT_MS } from '../model/scenario.ts';
import { DELAY_SHARE_MIN, type Proof, type ProofQuestion } from './question.ts';
import type { AgeWitness, GapWitness, PiecesWitness } from './witness.ts';

/** Reports that a median is taken of: two seconds of pictures, and of replies as many as there are. */
const AGES_MIN = 8;
/** Where so much is added a single report tells. */
const PLAIN_MS = 500;

export function ageProof(question: ProofQuestion, witness: AgeWitness): Proof {
  const { does, doneAtMs } = question;
  const { delayMs } = witness;
  const after = agesIn(question.stats, witness, doneAtMs, Infinity);
  const before = agesIn(question.steady ?? question.stats, witness, -Infinity, doneAtMs);
  const needed = delayMs >= PLAIN_MS ? 1 : AGES_MIN;
  if (after.length < needed || before.length < AGES_MIN)
    return { proven: false, observed: 'not enough reports for an age' };
  const was = median(before);
  const is = median(after.slice(-needed));
  const late = is - was >= delayMs * DELAY_SHARE_MIN;
  return {
    proven: late === (does === 'inject'),
    observed: `${witness.of} were ${Math.round(was)} ms old before, ${Math.round(is)} ms after`,
  };
}

function agesIn(
  stats: readonly StatsRecord[],
  { stage, of, link }: AgeWitness,
  fromMs: number,
  toMs: number,
): number[] {
  const [one, by] =
    of === 'pictures'
      ? (['ageInMs', 'ageInMsBy'] as const)
      : (['replyAgeMs', 'replyAgeMsBy'] as const);
  return stats.flatMap((record) => {
    if (record.stage !== stage || record.atMs <= fromMs || record.atMs > toMs) return [];
    return (link === undefined ? record[one] : record[by]?.[link]) ?? [];
  });
}

/** Pieces are as small as they are for so long. */
const PIECES_OVER_MS = 2000;
/** Less than this share of what came at a time before is no chance. */
const PIECES_SHARE_MAX = 0.7;

export function piecesProof(question: ProofQuestion, witness: PiecesWitness): Proof {
  const { does, doneAtMs } = question;
  const own = (stats: readonly StatsRecord[]) =>
    stats.filter(({ stage }) => stage === witness.stage);
  const after = own(question.stats).filter(({ atMs }) => atMs > doneAtMs);
  const latest = lastOf(after, PIECES_OVER_MS);
  const before = own(question.steady ?? question.stats).filter(({ atMs }) => atMs <= doneAtMs);
  const is = bytesARead(latest, witness);
  const was = bytesARead(before, witness);
  if (is === undefined || was === undefined)
    return { proven: false, observed: 'not enough reports for the size of pieces' };
  return {
    proven: is < was * PIECES_SHARE_MAX === (does === 'inject'),
    observed: `${Math.round(was)} bytes came at a time before, ${Math.round(is)} after`,
  };
}

/** The last reports over at least so long; empty when there are not so many. */
function lastOf(records: readonly StatsRecord[], overMs: number): readonly StatsRecord[] {
  const lastAtMs = records.at(-1)?.atMs ?? 0;
  const from = records.findLastIndex(({ atMs }) => lastAtMs - atMs >= overMs);
  return from < 0 ? [] : records.slice(from);
}

function bytesARead(records: readonly StatsRecord[], { link }: PiecesWitness): number | undefined {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return undefined;
  const bytes = (record: StatsRecord) =>
    (link === undefined ? record.bytesIn : record.bytesInBy?.[link]) ?? 0;
  const reads = (record: StatsRecord) =>
    (link === undefined ? record.readsIn : record.readsInBy?.[link]) ?? 0;
  const count = reads(last) - reads(first);
  return count > 0 ? (bytes(last) - bytes(first)) / count : undefined;
}

/** Most of the shortest wait for what a burst took; a contribution comes thirty times a second. */
const GAP_MS_MIN = 0.75 * RETRANSMIT_TIMEOUT_MS;
/** Reports without such a gap: two seconds. */
const WHOLE_REPORTS_MIN = 8;

export function gapProof(question: ProofQuestion, witness: GapWitness): Proof {
  const { does, doneAtMs } = question;
  const gaps = (stats: readonly StatsRecord[], fromMs: number, toMs: number): number[] =>
    stats.flatMap((record) => {
      const { stage, atMs, quietInMs, quietInMsBy } = record;
      if (stage !== witness.stage || atMs <= fromMs || atMs > toMs) return [];
      return (witness.link === undefined ? quietInMs : quietInMsBy?.[witness.link]) ?? [];
    });
  const after = gaps(question.stats, doneAtMs, Infinity);
  const was = Math.max(0, ...gaps(question.steady ?? question.stats, -Infinity, doneAtMs));
  const since = does === 'inject' ? after : after.slice(-WHOLE_REPORTS_MIN);
  if (since.length < (does === 'inject' ? 1 : WHOLE_REPORTS_MIN))
    return { proven: false, observed: 'not enough reports for a gap' };
  const longest = Math.max(...since);
  return {
    proven: does === 'inject' ? longest >= GAP_MS_MIN && longest > was : longest < GAP_MS_MIN,
    observed: `no byte came for ${Math.round(longest)} ms, ${Math.round(was)} ms at most before`,
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
