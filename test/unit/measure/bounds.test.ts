// Rules of measuring at their bounds: which of two sides counts, and what is said of nobody.

import { describe, expect, it } from 'vitest';
import { findTraits } from '../../../harness/faults/kinds.ts';
import type { CutFault } from '../../../harness/faults/cut.ts';
import { alertFindings } from '../../../harness/measure/alertFindings.ts';
import { evaluate } from '../../../harness/measure/expectations.ts';
import { listFaults } from '../../../harness/measure/faults.ts';
import { watchGuardrails } from '../../../harness/measure/guardrail.ts';
import { imitatedFindings } from '../../../harness/measure/imitatedFindings.ts';
import { indexRun } from '../../../harness/measure/indexedRun.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { emptyLedger } from '../../../harness/measure/ledger.ts';
import { liveClassifier } from '../../../harness/measure/live.ts';
import { missingFor } from '../../../harness/measure/sample.ts';
import { explainSilence } from '../../../harness/measure/silence.ts';
import { countStrangeFrames, sayStrangeFrames } from '../../../harness/measure/strangeFrames.ts';
import { judgeSuite } from '../../../harness/measure/suite.ts';
import { collectTracks } from '../../support/collected.ts';
import { fromVersion1 } from '../../../harness/measure/version1.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { Suite } from '../../../harness/model/suite.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { historyOf, strip, stripRecords, viewerOf } from '../../support/strip.ts';

const expectation = (text: string) => parseExpectation(text).expectation!;

it.each([
  ['p90', 28, 29],
  ['p90', 29, undefined],
  ['p95', 58, 59],
  ['p95', 59, undefined],
  ['p99', 298, 299],
  ['p99', 299, undefined],
  ['p50', 1, undefined],
  ['max', 1, undefined],
  ['p99', undefined, undefined],
] as const)('%s of a sample of %s viewers lacks %s', (name, watched, needed) => {
  expect(missingFor(name, watched)).toBe(needed);
});

describe('a suite', () => {
  const suite = (verdicts: readonly string[], findings: readonly string[], leftOut = 0) =>
    ({
      results: verdicts.map((verdict) => ({ verdict })),
      findings: findings.map((verdict) => ({ verdict })),
      leftOut: Array.from({ length: leftOut }, () => ({ key: 'a' })),
    }) as unknown as Suite;
  it.each([
    ['pass', suite(['pass', 'pass'], [])],
    ['fail', suite(['pass', 'inconclusive', 'fail'], [])],
    ['fail', suite(['pass'], ['fail'], 1)],
    ['inconclusive', suite(['pass', 'inconclusive'], [])],
    ['inconclusive', suite(['pass'], ['inconclusive'])],
    ['inconclusive', suite(['pass'], [], 1)],
  ])('is a %s by the worst that is known: %#', (verdict, given) => {
    expect(judgeSuite(given)).toBe(verdict);
  });
});

describe('the rest of a silence beside an unmeasured moment', () => {
  const explain = (fromMs: number, toMs: number) =>
    explainSilence(
      { after: 'programme', fromMs, toMs },
      { blind: [{ fromMs: 1000, toMs: 2000, gap: true }], dead: [], starved: [] },
    ).map((span) => `${span.class} ${span.fromMs} ${span.toMs}`);
  it.each([
    [1000, 2120, ['unmeasured 1000 2120']],
    [1000, 2121, ['unmeasured 1000 2000', 'frozen 2000 2121']],
    [880, 2000, ['unmeasured 880 2000']],
    [879, 2000, ['frozen 879 1000', 'unmeasured 1000 2000']],
  ])('from %i to %i belongs to it up to a hiccup', (fromMs, toMs, spans) => {
    expect(explain(fromMs, toMs)).toEqual(spans);
  });
});

it.each([
  [1000, 4879, ['frozen 0 5000']],
  [1000, 4880, ['frozen 0 1000', 'unmeasured 1000 5000']],
  [121, 4000, ['frozen 0 5000']],
  [120, 4000, ['unmeasured 0 4000', 'frozen 4000 5000']],
])(
  'a page that was late from %i to %i missed no end of a silence, or did',
  (fromMs, toMs, spans) => {
    const silence = { after: 'programme', fromMs: 0, toMs: 5000 } as const;
    const found = explainSilence(silence, {
      blind: [{ fromMs, toMs, gap: false }],
      dead: [],
      starved: [],
    });
    expect(found.map((span) => `${span.class} ${span.fromMs} ${span.toMs}`)).toEqual(spans);
  },
);

it('pictures of another channel are counted from the first one, each once', () => {
  const history = strip('ppoopopp', 200);
  const [track] = collectTracks(history);
  const strange = countStrangeFrames(track!)!;
  expect(strange).toMatchObject({ count: 15, firstAtMs: 400 });
  expect(sayStrangeFrames(strange, history).text).toContain('15 frames of another channel');
  expect(countStrangeFrames(collectTracks(strip('pppp', 200))[0]!)).toBeUndefined();
});

it('pictures without a clock are said where a viewer saw no others', () => {
  const history = strip('rxxbx', 200);
  const strange = countStrangeFrames(collectTracks(history)[0]!)!;
  expect(sayStrangeFrames(strange, history)).toMatchObject({
    rule: 'no-clock',
    verdict: 'inconclusive',
    text: 'none of the 20 pictures that v1 was shown has a frame clock: whether they are its programme is not known',
  });
  for (const others of ['rpxxp', 'rbbb', 'rddd'])
    expect(countStrangeFrames(collectTracks(strip(others, 200))[0]!)).toBeUndefined();
});

it('a fault that was never carried out has the times of the plan, from the disrupt phase on', () => {
  const fault: CutFault = { kind: 'cut', effect: 'drop', links: ['l'], channels: ['one'] };
  const action = (does: 'inject' | 'heal', atMs: number): PlannedAction => ({
    id: `cut:${does}`,
    does,
    of: 'cut',
    window: undefined,
    fault,
    atMs,
    scenarioAtMs: atMs,
    expect: '',
    ...findTraits(fault),
  });
  const timesOf = (actions: readonly PlannedAction[]) => {
    const history = historyOf({ viewers: [], records: [], actions });
    const records: HistoryRecord[] = [{ type: 'phase', phase: 'disrupt', atMs: 1000 }];
    const [found] = listFaults({ ...history, records });
    return [found?.plannedFromMs, found?.plannedToMs, found?.fromMs, found?.toMs];
  };
  const inject = action('inject', 1500);
  expect(timesOf([inject, action('heal', 2500)])).toEqual([2500, 3500, undefined, undefined]);
  expect(timesOf([inject])).toEqual([2500, 2500, undefined, undefined]);
});

it('an alert that could not be told is said, and one that could is not', () => {
  const { run } = historyOf({ viewers: [], records: [] });
  const step = {
    type: 'alert',
    atMs: 5,
    plannedAtMs: 5,
    alert: 'flood',
    does: 'issue',
    revision: 1,
    told: [],
  } as const;
  const records = [step, { ...step, alert: 'storm', error: 'nobody answered' }];
  const planned = { ...run, plan: { ...run.plan, alerts: [] } };
  const found = alertFindings({ run: planned, records, truncated: false }, []);
  expect(found.filter(({ rule }) => rule === 'alert-not-told').map(({ text }) => text)).toEqual([
    'storm: nobody answered',
  ]);
});

describe('viewers who imitate a player', () => {
  const members = ['a', 'b'].map((id) => viewerOf({ id, group: 'g', imitates: 'hls.js' }));
  const seen = (id: string, unmeasured: number, imitates?: string) => {
    const ledger = { ...emptyLedger(), programme: 4000 - unmeasured, unmeasured };
    return { result: { id, imitates, ledger, sessionMs: 4000 } } as unknown as SeenViewer;
  };
  const told = (...beside: readonly SeenViewer[]) =>
    imitatedFindings({ history: { run: { ...strip('p', 100).run, viewers: members } }, beside })[0];

  it('are said to, with the share that is unmeasured and how many never joined', () => {
    expect(told(seen('a', 1000), seen('b', 0))?.text).toMatch(/; 12\.5% of .* unmeasured$/);
    expect(told(seen('a', 1000))?.text).toMatch(/25\.0% of .*, and 1 never joined$/);
  });

  it('are told from the others of their group', () => {
    const { viewers } = judge(strip('pppp', 500));
    const [own] = viewers;
    const of = (imitates?: string) =>
      ({ result: { ...own!, imitates }, screen: { spans: [] } }) as unknown as SeenViewer;
    const observed = (...inGroup: readonly SeenViewer[]) =>
      evaluate(
        { ...expectation('max(blackScreen) <= 1s'), group: 'g' },
        { viewers: [], cutMs: 0, marginMs: 0, inGroup: () => inGroup },
      ).observed;
    expect(observed(of(), of('hls.js'))).toBe('0ms, imitated, not run');
    expect(observed(of(), of())).toBe('0ms');
  });
});

it('a guardrail is not broken while nobody but the control watches', () => {
  const control = viewerOf({ id: 'control', control: true });
  const watch = watchGuardrails({
    guardrails: [expectation('max(blackScreen) > 1s'), expectation('recovered < 50%')],
    viewers: [control],
    fps: 25,
    cutMs: 4000,
  });
  for (const record of stripRecords('pbbbb', { stepMs: 1000, viewer: control }))
    watch.record(record);
  expect(watch.breach(5000)).toBeUndefined();
});

it('time before a viewer joined is in no class of its screen', () => {
  const classifier = liveClassifier({ viewers: [viewerOf()], fps: 25 });
  for (const record of stripRecords('rpppp', { stepMs: 500, fromMs: 3000 }))
    if (record.type !== 'viewer' || record.event !== 'leave') classifier.record(record);
  expect(classifier.view(5500)[0]?.ledger.starting).toBeLessThan(1000);
});

it('a run is indexed without the names that it does not have', () => {
  const report = judge(strip('pppp', 500));
  const run = {
    ...report.run,
    design: undefined,
    variant: undefined,
  } as unknown as typeof report.run;
  const indexed = JSON.parse(
    JSON.stringify(indexRun({ ...report, run }, { dir: 'd', writtenEpochMs: 0 })),
  ) as object;
  expect(indexed).toMatchObject({ dir: 'd', design: '' });
  expect(Object.keys(indexed)).not.toContain('commit');
  expect(indexRun(report, { dir: 'd', commit: 'abc', writtenEpochMs: 0 })).toMatchObject({
    commit: 'abc',
    design: report.run.design,
  });
});

it.each(['shown', 'population', 'load'])('version 1 had no %s records', (type) => {
  expect(fromVersion1({ type, atMs: 1 })).toBeUndefined();
  expect(fromVersion1({ type: 'phase', atMs: 1 })).toEqual({ type: 'phase', atMs: 1 });
});
