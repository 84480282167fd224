import { findTraits } from '../../../harness/faults/kinds.ts';
import type { ContentFault } from '../../../harness/faults/content.ts';
import type { CutFault } from '../../../harness/faults/cut.ts';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { Expectation, Fault } from '../../../harness/model/scenario.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import {
  historyOf,
  stripRecords,
  STRIP_LATENCY_MS,
  viewerOf,
  type HistoryParts,
} from '../../support/strip.ts';

const cut = (channels: readonly string[]): CutFault => ({
  kind: 'cut',
  effect: 'drop',
  links: ['connect-up'],
  channels,
});

const action = (
  id: string,
  { atMs, channels = ['one', 'two'] }: { atMs: number; channels?: readonly string[] },
): PlannedAction => ({
  id,
  does: id.includes('heal') ? 'heal' : 'inject',
  of: 'cut',
  window: undefined,
  fault: cut(channels),
  atMs,
  scenarioAtMs: atMs,
  expect: '',
  ...findTraits(cut(channels)),
});

const done = (id: string, atMs: number, error?: string): HistoryRecord => ({
  type: 'action',
  atMs,
  action: id,
  does: id.includes('heal') ? 'heal' : 'inject',
  plannedAtMs: atMs - 4,
  doneAtMs: atMs,
  ...(error === undefined ? {} : { error }),
});

const proof = (id: string, atMs: number, proven = true): HistoryRecord => ({
  type: 'proof',
  atMs,
  action: id,
  target: 'connect-up.one',
  by: 'witness',
  proven,
  witness: 'transcoder.one',
  observed: proven ? 'no byte for 500 ms' : '4212 bytes in 500 ms',
});

const expects = (...texts: string[]): Expectation[] =>
  texts.map((text) => {
    const { expectation } = parseExpectation(text);
    if (!expectation) throw new Error(`${text} does not parse`);
    return expectation;
  });

/** The screen is six seconds behind the source. */
const LETTERS = `${'p'.repeat(80)}bbbbbbbbbb${'p'.repeat(20)}`;
const ACTIONS = [action('cut:inject', { atMs: 1500 }), action('cut:heal', { atMs: 2500 })];
const CARRIED_OUT = [
  done('cut:inject', 1500),
  proof('cut:inject', 1900),
  done('cut:heal', 2500),
  proof('cut:heal', 2800),
];

function report({
  records = CARRIED_OUT,
  letters = LETTERS,
  ...parts
}: Partial<HistoryParts> & { letters?: string } = {}) {
  return judge(
    historyOf({
      viewers: [viewerOf()],
      actions: ACTIONS,
      ...parts,
      records: [...stripRecords(letters, { stepMs: 100 }), ...records],
    }),
  );
}

const rules = (...args: Parameters<typeof report>) =>
  report(...args).findings.map(({ rule, verdict }) => `${rule}: ${verdict}`);

/** The actions, of a fault that ends a stage. */
const endingStage = () => {
  const fault: Fault = {
    kind: 'stage',
    does: 'kill',
    stages: ['transcoder'],
    channels: ['one'],
    links: [],
  };
  return ACTIONS.map((step) => ({
    ...step,
    fault,
    ...findTraits(fault),
    prove: false as const,
  }));
};

describe('a run as planned', () => {
  it('passes when what was expected was seen', () => {
    const judged = report({ expectations: expects('max(blackScreen) <= 1s', 'recovered == 100%') });
    expect(judged).toMatchObject({ verdict: 'pass', findings: [], cutMs: 1000 });
    expect(judged.expectations.map(({ observed }) => observed)).toEqual(['1s', '100%']);
  });

  it('asks the group that an expectation names', () => {
    const viewers = [viewerOf({ group: 'near' }), viewerOf({ id: 'v2', group: 'far' })];
    const [near, far] = viewers;
    const records = [
      ...CARRIED_OUT,
      ...stripRecords('p'.repeat(110), { stepMs: 100, viewer: far! }),
      ...stripRecords(LETTERS, { stepMs: 100, viewer: near! }),
    ];
    const expectations = expects('max(blackScreen) of near <= 2s', 'max(blackScreen) of far <= 2s');
    const judged = judge(historyOf({ viewers, actions: ACTIONS, records, expectations }));
    expect(judged.expectations.map(({ observed }) => observed)).toEqual(['1s', '0ms']);
  });

  it('owes nothing of its plan once it was ended early', () => {
    const [inject] = CARRIED_OUT;
    const end: HistoryRecord = { type: 'end', atMs: 11_000, reason: 'interrupted' };
    const history = historyOf({
      viewers: [viewerOf()],
      actions: ACTIONS,
      records: [...stripRecords(LETTERS, { stepMs: 100 }), inject!, end],
      ended: false,
    });
    const { findings } = judge({ ...history, truncated: false });
    expect(findings.map(({ rule }) => rule)).toEqual(['interrupted']);
  });

  it('fails when it was not', () => {
    expect(report({ expectations: expects('max(blackScreen) <= 900ms') }).verdict).toBe('fail');
  });

  it('takes a model at its word in virtual time only', () => {
    const byModel = CARRIED_OUT.map((record) =>
      record.type === 'proof' ? { ...record, by: 'model' as const } : record,
    );
    const control = viewerOf({ id: 'control', channel: 'control', control: true });
    const viewers = [viewerOf(), control];
    const records = [
      ...byModel,
      ...stripRecords('p'.repeat(110), { stepMs: 100, viewer: control }),
    ];
    expect(rules({ records: byModel })).toEqual([]);
    expect(rules({ records, viewers, engine: 'run' })).toEqual([
      'inject-unproven: inconclusive',
      'heal-unproven: inconclusive',
    ]);
  });

  it('tells the black screen, its cause, its amplification and the time to recover', () => {
    const [viewer] = report().viewers;
    expect(viewer).toMatchObject({
      blackScreenMs: 1000,
      amplification: 1,
      timeToRecoverMs: 6500,
      latencyMs: STRIP_LATENCY_MS,
      presentedFps: 25,
      interruptions: [{ cause: 'cut', fromMs: 8000, toMs: 9000 }],
    });
  });

  it('says what each of these is at most, where something was not measured', () => {
    const letters = `${'p'.repeat(80)}bbbbbbbb...${'p'.repeat(90)}`;
    const { viewers, audience } = report({ letters });
    const [viewer] = viewers;
    const unmeasured = viewer!.ledger.unmeasured;
    expect(unmeasured).toBeGreaterThan(200);
    const black = viewer!.blackScreenMs;
    expect(viewer!.amplification).toBe(black / 1000);
    expect(viewer!.atMost).toEqual({
      blackScreenMs: black + unmeasured,
      programmeLossMs: black + unmeasured,
      timeToRecoverMs: viewer!.timeToRecoverMs! + unmeasured,
      amplification: (black + unmeasured) / 1000,
    });
    expect(audience.amplification?.max).toBe(black / 1000);
    expect(audience.atMost.amplification?.max).toBe((black + unmeasured) / 1000);
  });

  it('shows a lane for each flow, stage and viewer', () => {
    expect(report().lanes.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'link connect-up.one',
      'link connect-up.two',
      'link connect-down.one',
      'link connect-down.two',
      'viewer v1',
    ]);
    expect(report().lanes[0]!.spans).toEqual([
      { class: 'up', fromMs: 0, toMs: 1500 },
      { class: 'faulted', fromMs: 1500, toMs: 2500 },
      { class: 'up', fromMs: 2500, toMs: 11_000 },
    ]);
  });

  it('shows a flow whole while the fault is on another link, or of another channel', () => {
    const actions = [
      action('cut:inject', { atMs: 1500, channels: ['two'] }),
      action('cut:heal', { atMs: 2500, channels: ['two'] }),
    ];
    const { lanes } = report({ actions });
    const faulted = lanes.filter(({ spans }) => spans.some((span) => span.class === 'faulted'));
    expect(faulted.map(({ id }) => id)).toEqual(['connect-up.two']);
  });

  it('can be written as JSON and read back the same', () => {
    const judged = report();
    expect(JSON.parse(JSON.stringify(judged))).toEqual(dropUndefined(judged));
  });
});

describe('a staged restore', () => {
  const actions = [
    action('cut:inject', { atMs: 1000 }),
    action('cut:heal:one', { atMs: 2000, channels: ['one'] }),
    action('cut:heal:two', { atMs: 3500, channels: ['two'] }),
  ];
  const records = [
    done('cut:inject', 1010),
    done('cut:heal:one', 2020),
    done('cut:heal:two', 3530),
  ];

  it('gives one result per step, each with its own channels and end', () => {
    const { faults, cutMs } = report({ actions, records });
    expect(faults.map(({ channels, fromMs, toMs }) => [...channels, fromMs, toMs])).toEqual([
      ['one', 1010, 2020],
      ['two', 1010, 3530],
    ]);
    expect(cutMs).toBe(2520);
  });

  it('is not over for any channel before the link that all of them share is back', () => {
    const shared = { ...action('cut:heal', { atMs: 3500 }), fault: { ...cut([]), links: ['wan'] } };
    const { faults } = report({
      actions: [...actions, shared],
      records: [...records, done('cut:heal', 3540), proof('cut:heal:one', 2300)],
    });
    expect(faults).toMatchObject([{ channels: ['one', 'two'], fromMs: 1010, toMs: 3540 }]);
    expect(faults[0]?.proofs).toMatchObject([{ link: 'connect-up.one', does: 'heal' }]);
  });

  it('is told of by the step that was furthest from its plan', () => {
    const late = (id: string, atMs: number, plannedAtMs: number): HistoryRecord =>
      ({ ...done(id, atMs), plannedAtMs }) as HistoryRecord;
    const { findings } = report({
      actions,
      records: [
        late('cut:inject', 1000, 1000),
        late('cut:heal:one', 6000, 2000),
        late('cut:heal:two', 9500, 3500),
      ],
    });
    expect(findings.filter(({ rule }) => rule === 'fault-length')).toMatchObject([
      { text: 'cut was in force for 8.500s, planned were 2.500s' },
    ]);
  });

  it('counts the amplification of a viewer against the cut of its own channel', () => {
    const [viewer] = report({ actions, records }).viewers;
    expect(viewer!.amplification).toBe(Math.round((1000 / 1010) * 1000) / 1000);
  });
});

describe('a fault that comes more than once', () => {
  const actions = [
    action('cut:inject', { atMs: 1000 }),
    action('cut:heal', { atMs: 2000 }),
    action('cut#2:inject', { atMs: 5000 }),
    action('cut#2:heal', { atMs: 6000 }),
  ];
  const carriedOut = [
    ...[done('cut:inject', 1010), proof('cut:inject', 1400)],
    ...[done('cut:heal', 2020), proof('cut:heal', 2300)],
    ...[done('cut#2:inject', 5010), proof('cut#2:inject', 5400)],
    ...[done('cut#2:heal', 6020), proof('cut#2:heal', 6300)],
  ];
  const timesOf = (records: readonly HistoryRecord[]) =>
    report({ actions, records }).faults.map(({ fromMs, toMs, proofs }) => [
      ...[fromMs, toMs],
      ...proofs.map(({ atMs }) => atMs),
    ]);

  it('is over each time by its own heal, with its own proofs', () => {
    expect(timesOf(carriedOut)).toEqual([
      [1010, 2020, 1400, 2300],
      [5010, 6020, 5400, 6300],
    ]);
  });

  it('is what a viewer recovers from where it was healed, whatever was not', () => {
    const letters = `${LETTERS}${'p'.repeat(100)}`;
    const [viewer] = report({ actions, records: carriedOut.slice(0, 6), letters }).viewers;
    expect(viewer).toMatchObject({ recovered: true, timeToRecoverMs: 9000 - 2020 });
  });

  it('is not over by the heal of another time', () => {
    expect(timesOf(carriedOut.slice(0, 6))).toEqual([
      [1010, 2020, 1400, 2300],
      [5010, undefined, 5400],
    ]);
    expect(timesOf(carriedOut.toSpliced(2, 2))).toEqual([
      [1010, undefined, 1400],
      [5010, 6020, 5400, 6300],
    ]);
  });
});

describe('which proof counts', () => {
  const failing = (id: string, atMs: number) => done(id, atMs, 'the call was not answered');
  const by = (record: HistoryRecord, target: string, witness: string): HistoryRecord =>
    ({ ...record, target, witness }) as HistoryRecord;
  const faultOf = (records: readonly HistoryRecord[], actions = ACTIONS) =>
    report({ actions, records }).faults[0];

  it('is one that proves, of the same action, where the call itself failed', () => {
    const seen = [proof('cut:inject', 1900), proof('cut:heal', 2800)];
    const unseen = [proof('cut:inject', 1900, false), proof('cut:heal', 2800, false)];
    const calls = [failing('cut:inject', 1500), failing('cut:heal', 2500)];
    expect(faultOf([...calls, ...seen])).toMatchObject({ fromMs: 1900, toMs: 2800 });
    const lost = faultOf([...calls, ...unseen]);
    expect([lost?.fromMs, lost?.toMs]).toEqual([undefined, undefined]);
    const [first, ...rest] = seen;
    expect(faultOf([...calls, ...rest])?.fromMs).toBeUndefined();
    expect(faultOf([...calls, first!])?.toMs).toBeUndefined();
  });

  it('is the last word of each witness on each flow', () => {
    const proven = proof('cut:inject', 1900);
    const told = [
      by(proof('cut:inject', 1700, false), 'connect-up.one', 'transcoder.one'),
      by(proven, 'connect-up.one', 'transcoder.one'),
      by(proof('cut:inject', 1800, false), 'connect-up.one', 'another'),
      by(proof('cut:inject', 1850), 'connect-up.two', 'another'),
    ];
    const proofs = faultOf([done('cut:inject', 1500), ...told])?.proofs ?? [];
    expect(proofs.map(({ link, witness, proven: is }) => `${link} ${witness} ${is}`)).toEqual([
      'connect-up.one transcoder.one true',
      'connect-up.one another false',
      'connect-up.two another true',
    ]);
  });

  it('is one on a flow of a channel that the step is about, or on one of no channel', () => {
    const actions = [
      action('cut:inject', { atMs: 1000 }),
      action('cut:heal:one', { atMs: 2000, channels: ['one'] }),
      action('cut:heal:two', { atMs: 3500, channels: ['two'] }),
    ];
    const records = [
      ...[done('cut:inject', 1010), done('cut:heal:one', 2020), done('cut:heal:two', 3530)],
      by(proof('cut:inject', 1400), 'connect-up.one', 'transcoder.one'),
      by(proof('cut:inject', 1500), 'connect-up.two', 'transcoder.two'),
      by(proof('cut:inject', 1600), 'origin', 'origin'),
    ];
    const flows = report({ actions, records }).faults.map(({ proofs }) =>
      proofs.map(({ link }) => link),
    );
    expect(flows).toEqual([
      ['connect-up.one', 'origin'],
      ['connect-up.two', 'origin'],
    ]);
  });
});

describe('a run that proves nothing', () => {
  const unproven = [
    ...CARRIED_OUT.slice(0, 1),
    proof('cut:inject', 1900, false),
    ...CARRIED_OUT.slice(2),
  ];

  it('is inconclusive when a fault is unproven, and says which witness saw what', () => {
    const judged = report({ records: unproven });
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.findings[0]!.text).toBe(
      'injecting cut on connect-up.one is unproven: 4212 bytes in 500 ms (witness: transcoder.one)',
    );
  });

  it('does not fail either, though a guardrail ended it', () => {
    const end: HistoryRecord = { type: 'end', atMs: 9000, reason: 'guardrail', detail: 'too long' };
    const parts = { viewers: [viewerOf()], actions: ACTIONS, ended: false };
    const judged = (records: readonly HistoryRecord[]) =>
      judge({
        ...historyOf({
          ...parts,
          records: [...stripRecords(LETTERS, { stepMs: 100 }), ...records, end],
        }),
        truncated: false,
      });
    expect(judged(CARRIED_OUT).verdict).toBe('fail');
    const both = judged(unproven);
    expect(both.findings.map(({ verdict }) => verdict).toSorted()).toEqual([
      'fail',
      'inconclusive',
    ]);
    expect(both.verdict).toBe('inconclusive');
  });

  it('neither passes nor fails what was expected of it', () => {
    const expectations = expects('max(blackScreen) <= 900ms', 'recovered == 100%');
    const judged = report({ records: unproven, expectations });
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.expectations.map(({ verdict }) => verdict)).toEqual([
      'inconclusive',
      'inconclusive',
    ]);
    expect(judged.expectations[0]).toMatchObject({
      observed: '1s',
      reason: 'the run proves nothing: inject-unproven',
    });
  });

  it('is not one in which another fault hid a fault for as long as it lasted', () => {
    const hidden = { ...proof('cut:inject', 1900, false), maskedBy: ['night'] } as HistoryRecord;
    const judged = report({
      records: [...CARRIED_OUT.slice(0, 1), hidden, ...CARRIED_OUT.slice(2)],
    });
    expect(judged.findings).toEqual([
      {
        rule: 'inject-masked',
        verdict: 'pass',
        text: 'injecting cut on connect-up.one could not be seen: it was masked by night for as long as it lasted',
        atMs: 1900,
      },
    ]);
    expect(judged.verdict).toBe('pass');
    const [masked, other] = judged.faults[0]!.proofs;
    expect(masked).toMatchObject({ proven: false, maskedBy: ['night'] });
    expect(other).not.toHaveProperty('maskedBy');
  });

  it('believes the last word of a witness', () => {
    const twice = [proof('cut:inject', 1800, false), ...CARRIED_OUT];
    expect(rules({ records: twice })).toEqual([]);
  });

  it('is one without a witness, without a planned action, or with one that failed', () => {
    const [inject, injectProof, heal] = CARRIED_OUT as [
      HistoryRecord,
      HistoryRecord,
      HistoryRecord,
    ];
    expect(rules({ records: [inject, injectProof, heal] })).toEqual([
      'heal-unproven: inconclusive',
    ]);
    expect(rules({ records: [inject, injectProof] })).toEqual(['action-missing: inconclusive']);
    const failed = done('cut:heal', 2500, 'the proxy is gone');
    expect(rules({ records: [inject, injectProof, failed] })).toEqual([
      'action-failed: inconclusive',
    ]);
  });

  it('is one whose fault was in force for another length than planned, whichever way it went', () => {
    const actions = [action('cut:inject', { atMs: 1500 }), action('cut:heal', { atMs: 5500 })];
    const played = (injectedMs: number, healedMs: number, plannedHealMs = 5500) => {
      const at = (id: string, atMs: number, plannedAtMs: number): HistoryRecord =>
        ({ ...done(id, atMs), plannedAtMs }) as HistoryRecord;
      const records = [
        ...[at('cut:inject', injectedMs, 1500), proof('cut:inject', injectedMs + 400)],
        ...[at('cut:heal', healedMs, plannedHealMs), proof('cut:heal', healedMs + 300)],
      ];
      const letters = `${'p'.repeat(30)}bbbbbbbbbb${'p'.repeat(400)}`;
      const expectations = expects('max(blackScreen) <= 5s');
      return report({ actions, records, letters, expectations });
    };
    const finding = (...times: Parameters<typeof played>) =>
      played(...times).findings.find(({ rule }) => rule === 'fault-length');
    expect(played(1504, 12_800)).toMatchObject({ verdict: 'inconclusive' });
    expect(finding(1504, 12_800)).toMatchObject({
      verdict: 'inconclusive',
      text: 'cut was in force for 11.296s, planned were 4s',
    });
    // Begun late and ended in time, begun and ended late: neither is what was planned.
    expect(finding(3600, 5504)).toBeDefined();
    expect(finding(3600, 7604)?.text).toContain('later than planned');
    // A second, or a tenth of a long one, is what a machine may take.
    expect(finding(1504, 6400)).toBeUndefined();
    expect(finding(1504, 40_000, 37_500)).toBeUndefined();
    expect(played(1504, 5504).verdict).toBe('pass');
  });

  it('is none whose stage took its time to start again', () => {
    const slow = { ...done('cut:heal', 2500), doneAtMs: 9000 } as HistoryRecord;
    const found = rules({ actions: endingStage(), records: [done('cut:inject', 1500), slow] });
    expect(found).not.toContain('fault-length: inconclusive');
  });

  it('needs no witness for a step too short for one', () => {
    const actions = ACTIONS.map((step) => ({ ...step, prove: false as const }));
    const records = [done('cut:inject', 1500), done('cut:heal', 2500)];
    expect(rules({ actions, records })).toEqual([]);
    expect(report({ actions, records }).faults).toMatchObject([{ unasked: true, proofs: [] }]);
    expect(report({ records }).faults[0]).not.toHaveProperty('unasked');
    const half = ACTIONS.map((step, i) => (i === 0 ? { ...step, prove: false as const } : step));
    expect(report({ actions: half, records }).faults[0]).not.toHaveProperty('unasked');
  });

  it('is one without a control, when it was played for real', () => {
    expect(rules({ engine: 'run' })).toEqual(['no-control: inconclusive']);
  });

  it('is one in which a stage ended although nobody asked', () => {
    const stage = (
      event: 'starting' | 'stopping' | 'exited' | 'ready',
      atMs: number,
    ): HistoryRecord => ({
      type: 'stage',
      stage: 'transcoder.one',
      event,
      atMs,
      ...(event === 'exited' ? { detail: 'out of memory' } : {}),
    });
    const crash = [stage('starting', 0), stage('exited', 3000)];
    expect(report({ records: [...CARRIED_OUT, ...crash] }).findings).toMatchObject([
      {
        rule: 'stage-crashed',
        text: 'transcoder.one ended and no fault explains it: out of memory',
      },
    ]);
    const asked = [stage('starting', 0), stage('stopping', 4000), stage('exited', 4100)];
    expect(rules({ records: [...CARRIED_OUT, ...asked] })).toEqual([]);
    const again = [...asked, stage('starting', 5000), stage('ready', 5100), stage('exited', 5200)];
    expect(rules({ records: [...CARRIED_OUT, ...again] })).toEqual(['stage-crashed: inconclusive']);
  });

  it('is none in which a fault ended a stage, until that fault is healed', () => {
    const ended = (stage: string, atMs: number): HistoryRecord[] => [
      { type: 'stage', stage, event: 'starting', atMs: 0 },
      { type: 'stage', stage, event: 'exited', atMs, detail: 'SIGKILL' },
    ];
    const rulesOf = (...records: HistoryRecord[]) =>
      rules({
        actions: endingStage(),
        records: [done('cut:inject', 1500), done('cut:heal', 2500), ...records],
      });
    for (const atMs of [1500, 2400, 2500])
      expect(rulesOf(...ended('transcoder.one', atMs))).toEqual([]);
    const unhealed = [done('cut:inject', 1500), ...ended('transcoder.one', 9000)];
    expect(rules({ actions: endingStage(), records: unhealed })).not.toContain(
      'stage-crashed: inconclusive',
    );
    const others = [ended('origin', 1500), ended('transcoder2.one', 1500)];
    for (const crash of [ended('transcoder.one', 1499), ended('transcoder.one', 2501), ...others])
      expect(rulesOf(...crash)).toEqual(['stage-crashed: inconclusive']);
  });

  it('is one that was interrupted, failed, or broke off', () => {
    const end = (reason: 'interrupted' | 'error' | 'guardrail'): HistoryRecord => ({
      type: 'end',
      atMs: 5000,
      reason,
      detail: 'because',
    });
    const ends = (reason: Parameters<typeof end>[0]) =>
      rules({ ended: false, records: [...CARRIED_OUT, end(reason)] });
    // The strip says that it is whole only when it wrote the end itself.
    expect(rules({ ended: false })).toEqual(['truncated: inconclusive']);
    for (const reason of ['interrupted', 'error', 'guardrail'] as const) {
      const parts = { viewers: [viewerOf()], actions: ACTIONS, ended: false };
      const records = [...stripRecords(LETTERS, { stepMs: 100 }), ...CARRIED_OUT, end(reason)];
      const judged = judge({ ...historyOf({ ...parts, records }), truncated: false });
      expect(judged.run).toMatchObject({ ended: reason, endedDetail: 'because' });
      expect(judged.verdict).toBe(reason === 'guardrail' ? 'fail' : 'inconclusive');
      expect(ends(reason)).toHaveLength(1);
    }
  });

  it('is one in which a viewer never joined, never saw the programme, or saw another channel', () => {
    const two = [viewerOf(), viewerOf({ id: 'v2' })];
    expect(rules({ viewers: two })).toEqual(['never-joined: inconclusive']);
    expect(report({ viewers: [...two, viewerOf({ id: 'v3' })] }).findings[0]?.text).toBe(
      'v2, v3 never joined',
    );
    expect(rules({ letters: 'r'.repeat(50) })).toEqual(['no-programme: inconclusive']);
    expect(report({ letters: 'r'.repeat(50) }).findings[0]?.text).toBe(
      'v1 never saw the programme',
    );
    expect(rules({ letters: `${'p'.repeat(80)}oooooo${'p'.repeat(20)}` })).toEqual([
      'wrong-channel: inconclusive',
    ]);
  });

  it('is none where a fault showed another channel on purpose', () => {
    const fault: ContentFault = {
      kind: 'content',
      shows: 'wrong-channel',
      stages: ['playout'],
      channels: ['one'],
      links: [],
    };
    const actions = ACTIONS.map((step) => ({
      ...step,
      fault,
      ...findTraits(fault),
      prove: false as const,
    }));
    const records = [done('cut:inject', 1500), done('cut:heal', 2500)];
    const letters = `${'p'.repeat(30)}oooooo${'p'.repeat(20)}`;
    expect(rules({ actions, records, letters })).toContain('wrong-channel: pass');
  });

  it('is one that was not measured for too long', () => {
    expect(rules({ letters: `${'p'.repeat(80)}bbbbbbbbbb${'p'.repeat(12)}......pppp` })).toEqual([
      'unmeasured: inconclusive',
    ]);
    expect(rules({ letters: `${'p'.repeat(80)}bbbbbbbbbb${'p'.repeat(100)}...pppp` })).toEqual([
      'unmeasured: pass',
    ]);
  });
});

describe('a run that is compressed', () => {
  it('is inconclusive beyond what its expectations are written for, and says how far they go', () => {
    const letters = 'p'.repeat(80);
    const expectations = expects('max(blackScreen) >= 1s');
    const history = historyOf({
      viewers: [viewerOf()],
      expectations,
      scenario: { compressAtMost: 12 },
      records: stripRecords(letters, { stepMs: 100 }),
    });
    const judgedAt = (compress: number) =>
      judge({ ...history, run: { ...history.run, plan: { ...history.run.plan, compress } } });
    expect(judgedAt(12).verdict).toBe('fail');
    const beyond = judgedAt(12.5);
    expect(beyond.verdict).toBe('inconclusive');
    expect(beyond.findings).toContainEqual(
      expect.objectContaining({
        rule: 'compressed-too-much',
        text: expect.stringContaining('hold up to 12 (compressAtMost)'),
        hint: 'play it with --compress 12 or less',
      }),
    );
  });
});

describe('what is worth knowing', () => {
  it('is told without weight: glitches, losses nobody explains, actions that came late', () => {
    const letters = `pppppbbbbpppp${'p'.repeat(12)}bppp${'p'.repeat(90)}`;
    const late = { ...done('cut:inject', 1500), plannedAtMs: 1300 } as HistoryRecord;
    const records = [late, ...CARRIED_OUT.slice(1)];
    expect(rules({ letters, records })).toEqual([
      'action-late: pass',
      'glitches: pass',
      'unexplained: pass',
    ]);
    expect(report({ letters, records }).verdict).toBe('pass');
  });
});

const dropUndefined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(dropUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, dropUndefined(item)]));
};

describe('what a run stands on', () => {
  it('is what its first line says, and what was found out after it', () => {
    const { environment: known } = report().run;
    const found: HistoryRecord[] = [
      { type: 'environment', atMs: 900, toxiproxy: 'embedded in a container (asked for)' },
      { type: 'environment', atMs: 950, tools: { ffmpeg: 'ffmpeg version 5.1', node: 'v24' } },
      { type: 'environment', atMs: 990, tools: { chromium: 'HeadlessChrome/140' } },
    ];
    expect(report({ records: [...CARRIED_OUT, ...found] }).run.environment).toEqual({
      ...known,
      toxiproxy: 'embedded in a container (asked for)',
      tools: {
        ...known.tools,
        ffmpeg: 'ffmpeg version 5.1',
        node: 'v24',
        chromium: 'HeadlessChrome/140',
      },
    });
  });
});
