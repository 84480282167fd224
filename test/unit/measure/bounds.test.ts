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
import { countInterruptions } from '../../../harness/measure/metrics/viewer.ts';
import { missingFor } from '../../../harness/measure/sample.ts';
import { readSession } from '../../../harness/measure/session.ts';
import { explainSilence, makeWitness } from '../../../harness/measure/silence.ts';
import { countStrangeFrames, sayStrangeFrames } from '../../../harness/measure/strangeFrames.ts';
import { judgeSuite } from '../../../harness/measure/suite.ts';
import { collectTracks } from '../../support/collected.ts';
import { fromVersion1 } from '../../../harness/measure/version1.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import type { Interruption } from '../../../harness/model/report.ts';
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

it.each([
  [499, ['frozen 0 5000']],
  [500, ['frozen 0 2000', 'stalled 2000 2500', 'frozen 2500 5000']],
])('a state of the player for %i ms of a silence is told from the rest, or is not', (ms, spans) => {
  const starved = [{ fromMs: 2000, toMs: 2000 + ms }];
  const silence = { after: 'programme', fromMs: 0, toMs: 5000 } as const;
  const found = explainSilence(silence, { blind: [], dead: [], starved });
  expect(found.map((span) => `${span.class} ${span.fromMs} ${span.toMs}`)).toEqual(spans);
});

it('a short state of the player joins the longer of its neighbours, and no death of the player', () => {
  const spansOf = (witness: Partial<Parameters<typeof explainSilence>[1]>, toMs = 5000) =>
    explainSilence(
      { after: 'programme', fromMs: 0, toMs },
      { blind: [], dead: [], starved: [], ...witness },
    ).map((span) => `${span.class} ${span.fromMs} ${span.toMs}`);
  const dead = [{ fromMs: 2000, toMs: 2100 }];
  expect(spansOf({ dead })).toEqual(['frozen 0 2000', 'dead 2000 2100', 'frozen 2100 5000']);
  expect(spansOf({ dead, starved: [{ fromMs: 1900, toMs: 2000 }] })).toEqual([
    ...['frozen 0 2000', 'dead 2000 2100', 'frozen 2100 5000'],
  ]);
  expect(spansOf({ starved: [{ fromMs: 0, toMs: 300 }] }, 600)).toEqual([
    ...['stalled 0 300', 'frozen 300 600'],
  ]);
});

it.each([
  [
    'rrppss..ssppddrrpp',
    {
      blind: [{ fromMs: 2750, toMs: 4000, gap: true }],
      dead: [{ fromMs: 6000, toMs: 7000 }],
      starved: [
        ...[
          { fromMs: 250, toMs: 1000 },
          { fromMs: 2000, toMs: 3000 },
        ],
        ...[
          { fromMs: 4000, toMs: 5000 },
          { fromMs: 6000, toMs: 8000 },
        ],
      ],
    },
  ],
  [
    'ppdd--ppss',
    {
      blind: [],
      dead: [{ fromMs: 1000, toMs: 2000 }],
      starved: [
        { fromMs: 1000, toMs: 3000 },
        { fromMs: 4000, toMs: 5000 },
      ],
    },
  ],
  [
    'pp.ppp--rrpp',
    {
      blind: [{ fromMs: 750, toMs: 1500, gap: false }],
      dead: [],
      starved: [{ fromMs: 4000, toMs: 5000 }],
    },
  ],
])('the page bears witness of %s', (letters, witness) => {
  const [track] = collectTracks(strip(letters, 500));
  const session = readSession(track!.events, letters.length * 500);
  expect(makeWitness(track!, session!)).toEqual(witness);
});

it('what a record says was shown is frames of the programme, where their clock is known', () => {
  const { run } = strip('p', 100);
  const said = { type: 'shown', viewer: 'v1', atMs: 2000, look: 'programme' } as const;
  const shown = [
    { ...said, fromMs: 1000, toMs: 1100, counter: 7 },
    { ...said, look: 'black' as const, fromMs: 500, toMs: 1000, counter: 1 },
    { ...said, fromMs: 1100, toMs: 1180 },
  ];
  const [track] = collectTracks({ run, records: shown });
  expect(track!.shown.map(({ fromMs }) => fromMs)).toEqual([500, 1000, 1100]);
  const { atMs, counter, count } = track!.frames;
  expect([count, [...atMs], [...counter]]).toEqual([3, [1000, 1040, 1080], [7, 8, 9]]);
});

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
    expect(told()).toMatchObject({ rule: 'imitated', verdict: 'pass' });
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

it('a guardrail is a share of the cut, where it says so', () => {
  const brokenAt = (cutMs: number) => {
    const guardrails = [expectation('max(blackScreen) > 50% of cut')];
    const watch = watchGuardrails({ guardrails, viewers: [viewerOf()], fps: 25, cutMs });
    for (const record of stripRecords('ppbbbb', { stepMs: 1000 })) watch.record(record);
    return watch.breach(6000)?.text;
  };
  expect(brokenAt(7900)).toMatch(/^max\(blackScreen\) > 50% of cut: 50\.6% of cut/);
  expect(brokenAt(8000)).toBeUndefined();
});

it.each([
  [159, 0, 0],
  [160, 0, 1],
  [239, 0, 1],
  [240, 1, 1],
])(
  'a loss of %i ms is an interruption %i to %i times, within a margin of 40 ms',
  (ms, low, high) => {
    const [own] = judge(strip('pppp', 500)).viewers;
    const lost = { fromMs: 1000, toMs: 1000 + ms } as Interruption;
    const of = (unmeasured: number) =>
      countInterruptions(
        { ...own!, interruptions: [lost], ledger: { ...own!.ledger, unmeasured } },
        40,
      );
    expect(of(0)).toEqual({ low, high });
    expect([199, 200, 400].map((unmeasured) => of(unmeasured).high)).toEqual([
      high,
      high + 1,
      high + 2,
    ]);
  },
);
