// Proves faults from stage reports on how things arrive: how old pictures and replies are, how
// small the pieces are that bytes come in. Measured against the steady state before the first
// fault.

import { median } from '../kernel/median.ts';
import type { StatsRecord } from '../model/history.ts';
import { RETRANSMIT_TIMEOUT_MS } from '../model/scenario.ts';
import { DELAY_SHARE_MIN, PLAIN_DELAY_MS, type Proof, type ProofQuestion } from './question.ts';
import { reportsOf } from './reports.ts';
import type { AgeWitness, GapWitness, PiecesWitness } from './witness.ts';

/** Reports that a median is taken of: two seconds of pictures, and of replies as many as there are. */
const AGES_MIN = 8;
/** Time stamps and frame clock are read before and after a decoder, and may part by this. */
const PART_MS_MAX = 250;
/** Decoders hold a picture more or less from one connection to the next: two at 25 a second. */
const CLOCK_MS_MIN = 160;

export function ageProof(question: ProofQuestion, witness: AgeWitness): Proof {
  const { does } = question;
  const { of, delayMs } = witness;
  const replies = of === 'replies';
  const stamped = grownMs(question, witness, replies ? 'replyAgeMs' : 'lagInMs');
  const clocked = replies ? undefined : grownMs(question, witness, 'ageInMs');
  if (stamped === undefined) return { proven: false, observed: `not enough reports of ${of}` };
  const agree = clocked === undefined || Math.abs(stamped - clocked) <= PART_MS_MAX;
  if (!agree && delayMs < CLOCK_MS_MIN)
    return { proven: false, observed: 'the time stamps of the contribution have begun elsewhere' };
  const moreMs = agree ? stamped : clocked;
  return {
    proven: moreMs >= delayMs * DELAY_SHARE_MIN === (does === 'inject'),
    observed: `${of} came ${Math.round(moreMs)} ms later than before the first fault`,
  };
}

/** Gives the growth since the steady state; undefined without enough reports of either. */
function grownMs(
  question: ProofQuestion,
  witness: AgeWitness,
  name: 'lagInMs' | 'ageInMs' | 'replyAgeMs',
): number | undefined {
  const { stage, link, delayMs } = witness;
  const values = (records: readonly StatsRecord[]) =>
    records.flatMap(
      (record) => (link === undefined ? record[name] : record[`${name}By`]?.[link]) ?? [],
    );
  const reports = reportsOf(stage, question);
  const [before, after] = [values(reports.before), values(reports.after)];
  const needed = delayMs >= PLAIN_DELAY_MS ? 1 : AGES_MIN;
  if (after.length < needed || before.length < AGES_MIN) return undefined;
  return (median(after.slice(-needed)) ?? 0) - (median(before) ?? 0);
}

/** Pieces are as small as they are for so long. */
const PIECES_OVER_MS = 2000;
/** Less than this share of what came at a time before is no chance. */
const PIECES_SHARE_MAX = 0.7;

export function piecesProof(question: ProofQuestion, witness: PiecesWitness): Proof {
  const { does } = question;
  const { before, after } = reportsOf(witness.stage, question);
  const is = bytesARead(lastOf(after, PIECES_OVER_MS), witness);
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
  const { does } = question;
  const { stage, link } = witness;
  const gaps = (records: readonly StatsRecord[]): number[] =>
    records.flatMap(
      ({ quietInMs, quietInMsBy }) => (link === undefined ? quietInMs : quietInMsBy?.[link]) ?? [],
    );
  const reports = reportsOf(stage, question);
  const after = gaps(reports.after);
  const was = usual(gaps(reports.before));
  const since = does === 'inject' ? after : after.slice(-WHOLE_REPORTS_MIN);
  if (since.length < (does === 'inject' ? 1 : WHOLE_REPORTS_MIN))
    return { proven: false, observed: 'not enough reports for a gap' };
  const longest = Math.max(...since);
  return {
    proven: does === 'inject' ? longest >= GAP_MS_MIN && longest > was : longest < GAP_MS_MIN,
    observed: `no byte came for ${Math.round(longest)} ms, ${Math.round(was)} ms at most was usual before`,
  };
}

/** The value that all but one in twenty are below: a machine that starts a browser stalls. */
const usual = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * 0.95)] ?? 0;
