// Finds what was planned and not done, done late, or done and seen by no witness.

import type { ActionRecord, EndRecord, History, ProofRecord } from '../model/history.ts';
import type { PlannedAction } from '../model/plan.ts';
import type { Finding } from '../model/report.ts';
import { actionsDone, faultTargets, groupProofs, inForceFromMs } from './faults.ts';
import { ACTION_LATE_MS } from './thresholds.ts';

/** A run that ended early owes neither the actions that were left nor their witnesses. */
export function actionFindings(history: History, end: EndRecord | undefined): Finding[] {
  const { actions } = history.run.plan;
  const owed = end?.reason === 'complete';
  const done = actionsDone(history.records);
  const proofs = groupProofs(history.records);
  return [
    ...actions.flatMap((action) => carriedOut(action, done.get(action.id), owed)),
    ...actions.flatMap((action) => {
      const { id } = action;
      return proved(action, done.get(id), { proofs: proofs.get(id) ?? [], owed });
    }),
  ];
}

function carriedOut(
  action: PlannedAction,
  record: ActionRecord | undefined,
  owed: boolean,
): Finding[] {
  const { id } = action;
  if (!record) {
    const text = `${id} was never carried out`;
    return owed ? [{ rule: 'action-missing', verdict: 'inconclusive', text }] : [];
  }
  if (record.error === undefined) return late(action, record);
  const text = `${id} could not be carried out: ${record.error}`;
  return [{ rule: 'action-failed', verdict: 'inconclusive', text, atMs: Math.round(record.atMs) }];
}

function late(action: PlannedAction, record: ActionRecord): Finding[] {
  const lateMs = Math.round((inForceFromMs(action, record) ?? 0) - record.plannedAtMs);
  if (lateMs <= ACTION_LATE_MS) return [];
  const text = `${record.action} was done ${lateMs} ms later than planned; times are counted from when it was done`;
  return [{ rule: 'action-late', verdict: 'pass', text, atMs: Math.round(record.doneAtMs) }];
}

/** A fault that nobody saw, a heal that nobody saw: says which witness said what. */
function proved(
  action: PlannedAction,
  record: ActionRecord | undefined,
  { proofs, owed }: { readonly proofs: readonly ProofRecord[]; readonly owed: boolean },
): Finding[] {
  const words = lastWords(proofs);
  const isOwed = owed && action.prove !== false && record?.error === undefined && record;
  const silent = faultTargets(action.fault).filter(
    (name) => !words.some(({ target }) => target === name || target.startsWith(`${name}.`)),
  );
  return [
    ...words.filter(({ proven }) => !proven).map((proof) => unseen(action, proof)),
    ...(isOwed && silent.length > 0 ? [unwitnessed(action, silent)] : []),
  ];
}

/** Finds the last proof of each witness on each target. */
const lastWords = (proofs: readonly ProofRecord[]): ProofRecord[] => [
  ...new Map(proofs.map((proof) => [`${proof.target}\n${proof.witness}`, proof])).values(),
];

const unseen = (action: PlannedAction, proof: ProofRecord): Finding =>
  proof.maskedBy === undefined ? unproven(action, proof) : masked(action, proof, proof.maskedBy);

/** Nothing that viewers saw depends on it: it was behind something that let as little through. */
const masked = (
  { does, of }: PlannedAction,
  { target, atMs }: ProofRecord,
  by: readonly string[],
): Finding => ({
  rule: `${does}-masked`,
  verdict: 'pass',
  text: `${DOES[does]} ${of} on ${target} could not be seen: it was masked by ${by.join(' and ')} for as long as it lasted`,
  atMs: Math.round(atMs),
});

const unproven = (
  action: PlannedAction,
  { target, witness, observed, atMs }: ProofRecord,
): Finding => ({
  rule: `${action.does}-unproven`,
  verdict: 'inconclusive',
  text: `${DOES[action.does]} ${action.of} on ${target} is unproven: ${observed} (witness: ${witness})`,
  atMs: Math.round(atMs),
  hint: HINTS[action.does],
});

const unwitnessed = ({ does, of }: PlannedAction, links: readonly string[]): Finding => ({
  rule: `${does}-unproven`,
  verdict: 'inconclusive',
  text: `${DOES[does]} ${of} on ${links.join(', ')} is unproven: no witness said anything`,
  hint: HINTS[does],
});

const DOES = { inject: 'injecting', heal: 'healing' } as const;
const HINTS = {
  inject: 'The witness may have nothing to see there, or the fault is too short for it.',
  heal: 'Something may be left behind there: the next start looks for it.',
} as const;
