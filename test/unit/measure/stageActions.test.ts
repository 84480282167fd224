// Findings and times of what was done to stages, which no link carries.

import { findTraits } from '../../../harness/faults/kinds.ts';
import type { CutFault } from '../../../harness/faults/cut.ts';
import type { StageFault } from '../../../harness/faults/life.ts';
import { expect, test } from 'vitest';
import { actionFindings } from '../../../harness/measure/actionFindings.ts';
import { listFaults } from '../../../harness/measure/faults.ts';
import type { HistoryRecord, ProofRecord } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { Fault } from '../../../harness/model/scenario.ts';
import { strip } from '../../support/strip.ts';

const END = { type: 'end', reason: 'complete', atMs: 9000 } as const;
const FAULT: StageFault = {
  kind: 'stage',
  does: 'restart',
  stages: ['transcoder'],
  channels: ['one'],
  links: [],
};

const action = (does: PlannedAction['does'], fault: Fault = FAULT): PlannedAction => ({
  id: `hasty:${does}`,
  does,
  of: 'hasty',
  window: undefined,
  fault,
  atMs: does === 'inject' ? 1000 : 5000,
  scenarioAtMs: 0,
  expect: '',
  ...findTraits(fault),
});

/** Begun at once, and done when the stage was ready again. */
const done = (does: PlannedAction['does'], tookMs: number): HistoryRecord => {
  const atMs = does === 'inject' ? 1000 : 5000;
  return {
    type: 'action',
    action: `hasty:${does}`,
    does,
    atMs,
    plannedAtMs: atMs,
    doneAtMs: atMs + tookMs,
  };
};

const proof = (does: PlannedAction['does'], proven = true): ProofRecord => ({
  type: 'proof',
  action: `hasty:${does}`,
  target: 'transcoder.one',
  by: 'witness',
  proven,
  witness: 'counters of transcoder.one',
  observed: 'seen',
  atMs: 6000,
});

const history = (...records: readonly HistoryRecord[]) => historyOfFault(FAULT, ...records);

function historyOfFault(fault: Fault, ...records: readonly HistoryRecord[]) {
  const { run } = strip('p', 1000);
  const plan = { ...run.plan, actions: [action('inject', fault), action('heal', fault)] };
  return { ...strip('p', 1000), run: { ...run, plan }, records };
}

const CARRIED = [done('inject', 600), done('heal', 1)];

test('a stage that nobody saw is as unproven as a link', () => {
  const rules = (...proofs: readonly ProofRecord[]) =>
    actionFindings(history(...CARRIED, ...proofs), END).map(({ rule }) => rule);
  expect(rules()).toEqual(['inject-unproven', 'heal-unproven']);
  expect(rules(proof('inject'), proof('heal'))).toEqual([]);
  expect(rules(proof('inject', false), proof('heal'))).toEqual(['inject-unproven']);
});

test('a restart is in force from its beginning, and not late for taking its time', () => {
  const played = history(...CARRIED, proof('inject'), proof('heal'));
  expect(listFaults(played)[0]).toMatchObject({
    kind: 'stage',
    effect: 'restart',
    fromMs: 1000,
    toMs: 5001,
  });
  const late = { ...done('inject', 600), atMs: 1300 } as HistoryRecord;
  const findings = actionFindings(
    history(late, done('heal', 1), proof('inject'), proof('heal')),
    END,
  );
  expect(findings.map(({ text }) => text)).toEqual([
    'hasty:inject was done 300 ms later than planned; times are counted from when it was done',
  ]);
});

test('a link is hurt when the call has returned, and was being hurt since the call', () => {
  const cut: CutFault = { kind: 'cut', effect: 'drop', links: ['up'], channels: [] };
  const begunMs = (...records: readonly HistoryRecord[]) => {
    const [fault] = listFaults(historyOfFault(cut, ...records));
    return [fault?.begunMs, fault?.fromMs];
  };
  expect(begunMs(done('inject', 600))).toEqual([1000, 1600]);
  expect(begunMs(done('inject', 0))).toEqual([undefined, 1000]);
  expect(begunMs({ ...done('inject', 600), error: 'refused' } as HistoryRecord)).toEqual([
    undefined,
    undefined,
  ]);
  expect(begunMs()).toEqual([undefined, undefined]);
});
