// Proves wrong answers of an origin or an edge from answers to requests of our own. Most are told
// from one answer; that a playlist stands still is told from several, and from its publisher.

import { counterIn } from '../model/counters.ts';
import { isStored, type Answer } from '../model/answer.ts';
import type { HttpAnswer, WrongAnswers } from '../model/wrongAnswers.ts';
import { unproven, type Asked, type Proof, type Seen, type WitnessKind } from './kind.ts';

/** A witness that makes requests of our own for what a wrong answer is given to. */
export interface RequestWitness extends Asked {
  readonly kind: 'request';
  readonly fault: WrongAnswers;
  readonly channel: string;
  /** It is over after so many right answers in a row … */
  readonly rightMin: number;
  /** … over so long at least. */
  readonly rightForMs: number;
  /** A playlist that stands still for so long is stale, if its publisher went on. */
  readonly staleMs: number;
  /** The stage that uploads what is asked for. */
  readonly publisher: string;
}

export const request: WitnessKind<RequestWitness> = {
  name: ({ stage }) => `requests to ${stage}`,
  judge,
  asks: ({ channel, fault }) => ({ kind: 'http', channel, fault }),
  askedBefore: 1,
};

/** Any wrong answer proves that there are some; enough right ones in a row, that it is over. */
function judge(witness: RequestWitness, seen: Seen): Proof {
  const answers = seen.answers.filter(({ unnamed }) => !unnamed);
  const before = seen.before?.unnamed ? undefined : seen.before;
  const last = answers.at(-1);
  if (!last && seen.answers.length > 0)
    return unproven(`${witness.stage} gave no playlist that names a segment to ask for`);
  if (!last) return unproven(`${witness.stage} was not asked`);
  const proof = seen.does === 'inject' ? wrongProof : rightProof;
  return proof(witness, last, { ...seen, answers, before });
}

function wrongProof(witness: RequestWitness, last: Answer, seen: Seen): Proof {
  const { before, answers } = seen;
  const wanted = witness.fault.answer;
  const gave = (answer: Answer) => `${witness.stage} gave ${told(answer)}`;
  if (before && isWrong(before, wanted)) return unproven(`${gave(before)} before it too`);
  const wrong = answers.find((answer) => isWrong(answer, wanted));
  if (wrong) return { proven: true, observed: gave(wrong) };
  return includes(wanted, 'stale')
    ? staleProof(witness, seen)
    : { proven: false, observed: gave(last) };
}

function rightProof(witness: RequestWitness, last: Answer, { answers }: Seen): Proof {
  const { stage, fault, rightMin, rightForMs } = witness;
  const { answer: wanted } = fault;
  const right = answers.slice(answers.findLastIndex((answer) => !isRight(answer, fault)) + 1);
  const gave = `${stage} gave ${told(last)}`;
  const moved = right[0]?.playlist?.newest !== last.playlist?.newest;
  if (includes(wanted, 'stale') && right.length > 0 && !moved)
    return unproven(`${gave}, as before`);
  const enough = right.length >= rightMin && spanMs(right) >= rightForMs;
  return {
    proven: right.length > 0 && enough,
    observed: right.length > 1 ? `${gave}, right ${right.length} times in a row` : gave,
  };
}

/** Standing still proves nothing where nothing new was published. */
function staleProof(witness: RequestWitness, { answers, stats }: Seen): Proof {
  const newest = answers.at(-1)?.playlist?.newest;
  const { stage, staleMs, publisher } = witness;
  if (newest === undefined) return unproven(`${stage} gave no playlist`);
  const same = answers.slice(
    answers.findLastIndex(({ playlist }) => playlist?.newest !== newest) + 1,
  );
  const stillMs = spanMs(same);
  const fromMs = same[0]?.atMs ?? Infinity;
  const uploads = stats
    .filter((record) => record.stage === publisher && record.atMs >= fromMs)
    .map((record) => counterIn(record, 'uploads') ?? 0);
  const published = (uploads.at(-1) ?? 0) > (uploads[0] ?? 0);
  const ended = `${stage}'s playlist ended with ${newest} for ${(stillMs / 1000).toFixed(1)} s`;
  return published
    ? { proven: stillMs >= staleMs, observed: `${ended}, while ${publisher} published more` }
    : unproven(`${ended}, and ${publisher} published nothing`);
}

const spanMs = (answers: readonly Answer[]): number =>
  (answers.at(-1)?.atMs ?? 0) - (answers[0]?.atMs ?? 0);

const includes = (wanted: HttpAnswer, kind: HttpAnswer['kind']): boolean =>
  wanted.kind === kind ||
  (wanted.kind === 'cycle' && wanted.steps.some(({ answer }) => answer?.kind === kind));

/** Nothing but a delay is added, so that hardly less than all of it must be seen. */
const SLOW_SHARE_MIN = 0.9;

/** Tells whether the answer is wrong in the wanted way, as far as one answer tells. */
function isWrong(answer: Answer, wanted: HttpAnswer): boolean {
  const { ms, status, bytes, broken, damaged, playlist } = answer;
  switch (wanted.kind) {
    case 'status':
      return status === wanted.status;
    case 'hang':
      return ms === undefined;
    case 'slow':
      return ms !== undefined && ms >= wanted.delayMs * SLOW_SHARE_MIN;
    case 'empty':
      return status === 200 && bytes === 0;
    case 'truncated':
      return broken === true;
    case 'corrupt':
      return damaged === true;
    case 'gap': {
      const meant = multiples(answer, wanted.every);
      return meant.length > 0 && meant.every((number) => playlist?.gaps.includes(number));
    }
    case 'sequenceReset':
      // Segments are named by their number in the playlist, which a count from 0 belies.
      return playlist?.numbers[0] !== undefined && playlist.sequence !== playlist.numbers[0];
    case 'noDiscontinuity':
      return playlist !== undefined && !playlist.countsDiscontinuities;
    case 'stale':
      return false;
    case 'cycle':
      return wanted.steps.some((step) => step.answer && isWrong(answer, step.answer));
  }
}

function isRight(answer: Answer, { answer: wanted, match }: WrongAnswers): boolean {
  const { status = 0, bytes = 0, broken } = answer;
  if (match.of === 'upload') return isStored(answer);
  if (status !== 200 || broken || bytes === 0 || isWrong(answer, wanted)) return false;
  return wanted.kind !== 'gap' || multiples(answer, wanted.every).length > 0;
}

const multiples = ({ playlist }: Answer, every: number): readonly number[] =>
  playlist?.numbers.filter((number) => number % every === 0) ?? [];

function told(answer: Answer): string {
  const { ms, status, bytes = 0, broken, damaged, playlist } = answer;
  if (ms === undefined) return 'no answer';
  return [
    `status ${status}, ${bytes} bytes${broken ? ', broken off' : ''}${damaged ? ', damaged' : ''}`,
    ...(playlist ? [listed(playlist)] : []),
    `after ${Math.round(ms)} ms`,
  ].join(', ');
}

function listed({ sequence, numbers, gaps, countsDiscontinuities }: Listed): string {
  const from = `sequence ${sequence ?? 'unsaid'} for segments from ${numbers[0] ?? 'none'}`;
  const missing = gaps.length > 0 ? `, ${gaps.length} of ${numbers.length} missing` : '';
  return `${from}${missing}${countsDiscontinuities ? '' : ', discontinuities not counted'}`;
}

type Listed = NonNullable<Answer['playlist']>;
