// Findings and times of what was done to stages, which no link carries.

import { findTraits } from '../../../harness/faults/kinds.ts';
import type { CutFault } from '../../../harness/faults/cut.ts';
import type { StageFault } from '../../../harness/faults/life.ts';
import { expect, test } from 'vitest';
import { actionFindings } from '../../../harness/measure/actionFindings.ts';
import {
  cutInForceMs,
  inForceFromMs,
  listFaults,
  outOfForceMs,
} from '../../../harness/measure/faults.ts';
import type { ActionRecord, HistoryRecord, ProofRecord } from '../../../harness/model/history.ts';
import type { FaultResult } from '../../../harness/model/report.ts';
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

test('an action counts from its call or its return, by what it is done to, and never when it failed', () => {
  const cut: CutFault = { kind: 'cut', effect: 'drop', links: ['up'], channels: [] };
  const record = { ...done('inject', 600), atMs: 1000.4, doneAtMs: 1600.4 } as ActionRecord;
  const failed = { ...record, error: 'refused' };
  const [stage, heal, link] = [action('inject'), action('heal'), action('inject', cut)];
  const begins = [stage, heal, link].map((one) => inForceFromMs(one, record));
  expect(begins).toEqual([1000, 1600, 1600]);
  const ends = [heal, action('heal', cut)].map((one) => outOfForceMs(one, record));
  expect(ends).toEqual([1000, 1600]);
  for (const one of [stage, heal, link]) {
    expect([inForceFromMs(one, failed), inForceFromMs(one, undefined)]).toEqual(
      Array(2).fill(undefined),
    );
    expect([outOfForceMs(one, failed), outOfForceMs(one, undefined)]).toEqual(
      Array(2).fill(undefined),
    );
  }
});

test('a call that failed was in force from when a witness saw it', () => {
  const failed = { ...done('inject', 600), error: 'refused' } as HistoryRecord;
  const [seen] = listFaults(history(failed, proof('inject'), done('heal', 1)));
  expect([seen?.fromMs, seen?.begunMs, seen?.toMs]).toEqual([6000, undefined, 5001]);
  const unseen = listFaults(history(failed, proof('inject', false), proof('heal')));
  expect([unseen[0]?.fromMs, unseen[0]?.toMs]).toEqual([undefined, 6000]);
});

test('witnesses of a fault are those of its channels, each by its last word', () => {
  const cut: CutFault = { kind: 'cut', effect: 'drop', links: ['up'], channels: ['one'] };
  const told = (target: string, observed: string, witness = 'w') =>
    ({ ...proof('inject'), target, observed, witness }) as const;
  const [fault] = listFaults(
    historyOfFault(
      cut,
      ...[told('up.one', 'first'), told('up.two', 'other'), told('up', 'both')],
      ...[told('up.one', 'last'), told('up.one', 'seen', 'x')],
    ),
  );
  expect(fault?.proofs.map(({ link, observed, does }) => [link, observed, does])).toEqual([
    ['up.one', 'last', 'inject'],
    ['up', 'both', 'inject'],
    ['up.one', 'seen', 'inject'],
  ]);
});

test('a cut is in force while any is, to the end where it was not healed', () => {
  const fault = (nature: string, fromMs?: number, toMs?: number) =>
    ({ nature, fromMs, toMs }) as unknown as FaultResult;
  const cuts = [fault('cut', 0, 1000), fault('cut', 500, 2000), fault('cut', 4000)];
  expect(cutInForceMs(cuts, 5000)).toBe(3000);
  expect(cutInForceMs([...cuts, fault('life', 2500, 3500), fault('cut')], 5000)).toBe(3000);
  expect(cutInForceMs([fault('cut', 6000)], 5000)).toBe(0);
});

test('one of two stages that nobody saw is named', () => {
  const both = { ...FAULT, stages: ['transcoder', 'origin'] };
  const carried = historyOfFault(both, ...CARRIED, proof('inject'), proof('heal'));
  const texts = actionFindings(carried, END).map(({ text }) => text);
  expect(texts).toHaveLength(2);
  for (const text of texts) {
    expect(text).toContain('origin');
    expect(text).not.toContain('transcoder');
  }
});
