// Faults on one flow that stand in each other's way. While a link is cut nobody can see that it is
// cut a second time, or that the second cut has ended: a witness is asked when the other is over.

import type { LinkFault } from '../model/scenario.ts';
import { linkEvidence } from '../faults/evidence.ts';
import type { InForce } from '../faults/inForce.ts';
import { findKind } from '../faults/kinds.ts';
import { neededMs, type Witness } from './catalogue.ts';
import { unproven, type Proof } from './kind.ts';
import { exchangeMs, isSlow } from './slowness.ts';

export interface MaskQuestion {
  readonly does: 'inject' | 'heal';
  readonly fault: LinkFault;
  /** The occurrence it belongs to. */
  readonly id: string;
  readonly witness: Witness;
  readonly doneAtMs: number;
  /** Everything that is or was in force on the flow. */
  readonly onFlow: readonly InForce[];
}

/** The parts of an action that a witness can see, with all that is on the flow beside it. */
export interface View {
  /** The moment from when on it sees the action by itself; undefined = not yet. */
  readonly sinceMs: number | undefined;
  /** It never will: the fault ended before that, or too soon after. */
  readonly never: boolean;
  /** The names of the faults that stood before it; empty when nothing did. */
  readonly behind: readonly string[];
  /** Tells that what stood before it left nothing of it to viewers either. */
  readonly hidden: boolean;
}

/**
 * A sender whose connection ended with the other fault needs this long to be back: what is missing
 * before that proves nothing (`reconnect` of playout is 500 ms, a connection takes up to 2 s more).
 */
export const BACK_AFTER_MS = 3000;

export function viewAction(question: MaskQuestion): View {
  const { does, doneAtMs, witness } = question;
  const before = inTheWay(question);
  const alone = before.length === 0;
  const clearMs = Math.max(doneAtMs, ...before.map(({ toMs = Infinity }) => toMs));
  const waits = !alone && does === 'inject' && witness.kind === 'counter' ? BACK_AFTER_MS : 0;
  const sinceMs = clearMs + waits;
  return {
    sinceMs: Number.isFinite(sinceMs) ? sinceMs : undefined,
    never: !alone && endMs(question) < sinceMs + neededMs(witness),
    behind: [...new Set(before.map(({ of }) => of))],
    hidden: before.every(({ fault }) => hides(fault, question)),
  };
}

/** The view of a place where nothing can stand in the way. */
export const clearView = (doneAtMs: number): View => ({
  sinceMs: doneAtMs,
  never: false,
  behind: [],
  hidden: true,
});

/** Lists faults in force between the action and its end that stand in the witness's way. */
const inTheWay = (question: MaskQuestion): readonly InForce[] =>
  question.onFlow.filter(
    ({ id, fault, fromMs, toMs = Infinity }) =>
      id !== question.id &&
      toMs > question.doneAtMs &&
      fromMs < endMs(question) &&
      (blocks(fault, question) || hides(fault, question) || confuses(fault, question)),
  );

/** An injected fault can be seen until it is healed, a healed flow for ever. */
function endMs({ does, id, onFlow }: MaskQuestion): number {
  if (does === 'heal') return Infinity;
  return onFlow.findLast((one) => one.id === id)?.toMs ?? Infinity;
}

/** Nothing gets to the witness. */
const blocks = (other: LinkFault, { witness }: MaskQuestion): boolean =>
  !isSlow(other) && (other.direction !== 'backward' || witness.kind === 'answer');

/** Tells whether the other fault hides this one: no more than it lets through got through anyway. */
const hides = (other: LinkFault, question: MaskQuestion): boolean =>
  (isSlow(other) || blocks(other, question)) &&
  (findKind(other).hides?.(other, question.fault) ?? false);

/** Tells whether the other fault adds to the same delay: both are felt, none is told apart. */
const confuses = (other: LinkFault, { fault, witness }: MaskQuestion): boolean =>
  isLate(other, witness) && isLate(fault, witness);

/** Tells whether it makes things late: a question of ours is delayed by everything but a cut. */
function isLate(fault: LinkFault, witness: Witness): boolean {
  const trace = linkEvidence(fault).stream.kind;
  return trace === 'delay' || trace === 'gap' || (witness.kind === 'answer' && isSlow(fault));
}

/** An answer is waited for longer while delays that have nothing to do with the question last. */
export function withPatience(witness: Witness, { id, onFlow }: Asked): Witness {
  if (witness.kind !== 'answer') return witness;
  const delaysMs = onFlow.map(({ id: other, fault, toMs }) =>
    isSlow(fault) && other !== id && toMs === undefined ? 2 * exchangeMs(fault) : 0,
  );
  const moreMs = delaysMs.reduce((sum, ms) => sum + ms, 0);
  const { patienceMs, withinMs } = witness;
  return { ...witness, patienceMs: patienceMs + moreMs, withinMs: withinMs + moreMs };
}

type Asked = Pick<MaskQuestion, 'id' | 'onFlow'>;

/** Adds to a proof what had stood before the fault while it was seen. */
export const seenBehind = ({ behind }: View, proof: Proof): Proof =>
  behind.length === 0
    ? proof
    : { ...proof, observed: `${proof.observed}, once ${named(behind)} had ended` };

/** The last word on an action that nobody could see by itself. */
export const neverSeen = ({ behind, hidden }: View): Proof =>
  hidden
    ? { proven: false, maskedBy: behind, observed: `masked by ${named(behind)}` }
    : unproven(`not told apart from ${named(behind)}, in force too`);

const named = (names: readonly string[]): string => names.join(' and ');
