// Tests small parts of measuring, each by itself, with what seldom comes their way.

import { describe, expect, it } from 'vitest';
import { groupsIn } from '../../../harness/measure/audience.ts';
import { explainGap, NO_CLOCK, type Gap } from '../../../harness/measure/gap.ts';
import { valueText } from '../../../harness/measure/expectations.ts';
import { busyFindings } from '../../../harness/measure/machineLoad.ts';
import { repaired, tableErrors, zapFailed } from '../../../harness/measure/metrics/box.ts';
import {
  closeSuite,
  findMissing,
  findReasons,
  measureRun,
} from '../../../harness/measure/suite.ts';
import { readPackager } from '../../../harness/measure/stages.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { liveClassifier } from '../../../harness/measure/live.ts';
import { isRecord, isRunRecord } from '../../../harness/measure/recordShapes.ts';
import { fromVersion1 } from '../../../harness/measure/version1.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
import { traceWay } from '../../../harness/measure/way.ts';
import {
  MARK,
  type FrameSample,
  type FramesRecord,
  type HistoryRecord,
  type PopulationRecord,
  type ViewerRecord,
} from '../../../harness/model/history.ts';
import type { Suite } from '../../../harness/model/suite.ts';
import { collectStageReports, collectTracks } from '../../support/collected.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';
import { refusal } from '../../support/refusal.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import { historyOf, printSpans, strip, stripRecords, viewerOf } from '../../support/strip.ts';

const event = (name: ViewerRecord['event'], atMs: number): HistoryRecord => ({
  type: 'viewer',
  viewer: 'v1',
  event: name,
  atMs,
});

describe('the first line of a journal', () => {
  const refused = (line: object) =>
    refusal(() => parseHistory(`${JSON.stringify(line)}\n`)).message;

  it('is a run record before its version matters', () => {
    expect(refused({ type: 'phase', version: 2 })).toContain('is not the first record of a run');
  });

  it.each([
    [99, 'version 99'],
    ['2', 'version nobody knows which'],
  ])('of version %j is refused with what is known of it', (version, told) => {
    expect(refused({ type: 'run', version })).toContain(told);
  });
});

it.each([null, 'frames', 7])('%j is no record', (value) => {
  expect(isRecord(value)).toBe(false);
  expect(fromVersion1(value)).toBe(value);
});

it('frames are of a viewer with a name', () => {
  const frames = stripRecords('pp', { stepMs: 250 }).find(({ type }) => type === 'frames')!;
  expect([isRecord(frames), isRecord({ ...frames, viewer: 1 })]).toEqual([true, false]);
});

it('a record has a time', () => {
  const stats = counted({ stage: 'edge', atMs: 1, requests: 1 });
  expect([isRecord(stats), isRecord({ ...stats, atMs: NaN })]).toEqual([true, false]);
});

it.each([{ counters: [{ name: 'requests' }] }, { stage: 1 }, { counters: {} }])(
  'a report of a stage has a name and numbers: not %j',
  (changes) => {
    expect(isRecord({ ...counted({ stage: 'edge', atMs: 1 }), ...changes })).toBe(false);
  },
);

it('a report of a stage has no counter without a number beside others', () => {
  const stats = counted({ stage: 'edge', atMs: 1, requests: 1 });
  const counters = [...stats.counters, { name: 'uploads' }];
  expect(isRecord({ ...stats, counters })).toBe(false);
});

describe('an action of a plan', () => {
  const { run } = historyOf({ viewers: [], records: [] });
  const fault = { kind: 'cut', channels: [] };
  const isRead = (changes: object) => {
    const action = { id: 'a', of: 'a', does: 'inject', atMs: 1, fault: { ...fault, links: [] } };
    return isRunRecord({ ...run, plan: { ...run.plan, actions: [{ ...action, ...changes }] } });
  };

  it.each([
    [true, { fault: { ...fault, links: ['l'] } }],
    [true, { fault: { ...fault, stages: ['s'] } }],
    [false, { fault }],
  ])('is read (%s) by the targets of its fault: %j', (read, changes) => {
    expect(isRead(changes)).toBe(read);
  });

  it.each([
    [true, {}],
    [true, { effect: 'e', verb: { verb: 'v' }, at: 'links' }],
    [false, { effect: 'e' }],
    [false, { effect: 'e', at: 'links' }],
    [false, { effect: 'e', verb: { verb: 'v' } }],
  ])('is read (%s) with all of its traits or none: %j', (read, changes) => {
    expect(isRead(changes)).toBe(read);
  });
});

it('a proof of version 1 named a link, and one of now is none of it', () => {
  const proof = { type: 'proof', action: 'cut:inject', link: 'connect-up' };
  expect(fromVersion1(proof)).toEqual({
    type: 'proof',
    action: 'cut:inject',
    target: 'connect-up',
    by: 'witness',
  });
  expect(fromVersion1({ ...proof, target: 'connect-up' })).toBeUndefined();
});

it('a suite keeps the figures of a run that proves something', () => {
  const report = judge(strip('ppbbpp', 500));
  expect(measureRun(report)).toMatchObject({ blackScreenMax: { low: 1000, high: 1000 } });
  expect(measureRun({ ...report, verdict: 'inconclusive' })).toEqual({});
});

it.each([
  [{ bytesIn: 5, bytesInBy: { up: 2, down: 3 } }, true],
  [{ bytesIn: 5, framesIn: 2 }, false],
])('a report with %j is of several inputs: %s', (figures, several) => {
  const record = counted({ stage: 'transcoder.one', atMs: 1, ...figures });
  const [report] = collectStageReports([record]).get('transcoder.one')!;
  expect([report?.severalInputs, report?.bytesIn]).toEqual([several, 5]);
  expect(report?.ageInMs).toBeUndefined();
});

it('a suite misses what was planned, and is neither played nor left out', () => {
  const found = findMissing({
    planned: ['a', 'b', 'c'],
    results: [{ key: 'a' }] as unknown as Suite['results'],
    leftOut: [{ key: 'b', reason: '' }],
  });
  expect(found).toEqual(['c']);
});

it('the share of repaired datagrams is of those that were missing', () => {
  const box = { repaired: 3, lost: 1 };
  const viewers = [{ result: { box } }, { result: {} }] as unknown as readonly SeenViewer[];
  expect(repaired.bounds({ viewers, cutMs: 0, marginMs: 0 }, undefined)).toEqual({
    low: 0.75,
    high: 0.75,
  });
  const [viewer] = judge(strip('pppp', 500)).viewers;
  expect(tableErrors.bounds(viewer!, 0)).toBeUndefined();
});

it('the control suffers by a picture that is not its programme', () => {
  const control = viewerOf({ id: 'control', channel: 'control', channelNumber: 63, control: true });
  const records = [
    ...stripRecords('p'.repeat(20), { stepMs: 200 }),
    ...stripRecords(`${'p'.repeat(10)}${'l'.repeat(5)}ppppp`, { stepMs: 200, viewer: control }),
  ];
  const { findings, viewers } = judge(historyOf({ viewers: [viewerOf(), control], records }));
  expect(findings.map(({ rule }) => rule)).toContain('control-suffered');
  expect(viewers[0]?.ledger.unmeasured).toBe(1000);
});

it('is no share of a cut where there was none', () => {
  expect([valueText(500, 'ofCut', 0), valueText(500, 'ofCut', 1000)]).toEqual([
    ...['500ms', '50% of cut (500ms)'],
  ]);
});

it('a number that has no end is unknown of bytes, and never of time', () => {
  expect([valueText(Infinity, 'bytes', 0), valueText(Infinity, 'ms', 0)]).toEqual([
    'unknown',
    'never',
  ]);
});

it('what a page told of pictures that it did not see is kept of each', () => {
  const [frames] = stripRecords('pp', { stepMs: 40 }).filter(({ type }) => type === 'frames');
  const told: FrameSample[] = [
    [0, MARK.programme, 10, 120],
    [40, MARK.programme, 11, 120, 3, 160],
    [80, MARK.programme, 12, 120, 0, 40],
    [120, MARK.programme, 13, 120],
  ];
  const record = { ...frames, frames: told } as FramesRecord;
  const [track] = collectTracks(historyOf({ viewers: [viewerOf()], records: [record] }));
  const { counter, unseen, mediaMs } = track!.frames;
  expect([counter, unseen, mediaMs].map((values) => [...values])).toEqual([
    [10, 11, 12, 13],
    [0, 3, 0, 0],
    [0, 160, 40, 0],
  ]);
});

it('pictures that were written out of order keep what was told of each', () => {
  const [frames] = stripRecords('pp', { stepMs: 40 }).filter(({ type }) => type === 'frames');
  const told: FrameSample[] = [
    [80, MARK.programme, 12, 120, 3, 90],
    [40, MARK.none, 10, 20],
  ];
  const record = { ...frames, frames: told } as FramesRecord;
  const [track] = collectTracks(historyOf({ viewers: [viewerOf()], records: [record] }));
  const { atMs, mark, counter, luma, unseen, mediaMs } = track!.frames;
  expect([atMs, counter, luma, unseen, mediaMs].map((values) => [...values])).toEqual([
    [40, 80],
    [10, 12],
    [20, 120],
    [0, 3],
    [0, 90],
  ]);
  expect([...mark].map((of) => of === mark[1])).toEqual([false, true]);
});

it('reports of a page that were written out of order are put right', () => {
  const [frames] = stripRecords('pp', { stepMs: 40 }).filter(({ type }) => type === 'frames');
  const told = (atMs: number, canPlay: boolean, lateMs: number) =>
    ({ ...frames, atMs, frames: [], player: { canPlay, lateMs, bufferedMs: 0 } }) as FramesRecord;
  const records = [told(500, true, 7), told(250, false, 9)];
  const { reports } = collectTracks(historyOf({ viewers: [viewerOf()], records }))[0]!;
  expect([reports.atMs, reports.canPlay, reports.lateMs].map((all) => [...all])).toEqual([
    ...[
      [250, 500],
      [0, 1],
      [9, 7],
    ],
  ]);
});

it('viewers without a group are everybody beside a group', () => {
  const [viewer] = judge(strip('pppp', 500)).viewers;
  const groups = groupsIn([viewer!, { ...viewer!, group: 'boxes' }]);
  expect(groups.map(({ name, audience }) => [name, audience.viewers])).toEqual([
    ['everybody', 1],
    ['boxes', 1],
  ]);
});

describe('pictures that were shown and not seen', () => {
  const [frameMs, fromMs] = [40, 1000];
  /** A picture stands for so long before four that nobody saw. */
  const spansOf = (
    stillMs: number,
    changes: Partial<Gap> = {},
    next: object = {},
    witness: Partial<Parameters<typeof explainGap>[1]> = {},
  ) => {
    const at = (atMs: number, unseen: number) => ({ atMs, counter: 1, unseen, mediaMs: frameMs });
    const gap: Gap = {
      before: at(fromMs - frameMs, 0),
      fromMs,
      next: { ...at(fromMs + stillMs + 4 * frameMs, 4), counter: 2, ...next },
      after: 'programme',
      shows: 'programme',
      thenShows: 'programme',
      frameMs,
      ...changes,
    };
    const found = explainGap(gap, { blind: [], dead: [], starved: [], ...witness });
    return found.map((span) => `${span.class} ${span.fromMs} ${span.toMs}`);
  };

  it('stood still before only if for longer than a hiccup', () => {
    expect(spansOf(120)).toEqual(['programme 1000 1280']);
    expect(spansOf(121)).toEqual(['frozen 1000 1121', 'programme 1121 1281']);
  });

  it('may have been the programme already where media went on from black', () => {
    const black = { shows: 'black', after: 'black' } as const;
    expect(spansOf(500, black, { mediaMs: 700 })).toEqual(['unmeasured 1000 1660']);
    expect(spansOf(500, black)[0]).toBe('black 1000 1500');
  });

  it('count as the programme where they are as many as there was media, but for one', () => {
    const after = (counter: number) => spansOf(100, {}, { counter, mediaMs: 200 });
    expect([4, 5, 7, 8].map(after)).toEqual(
      ['unmeasured', 'programme', 'programme', 'unmeasured'].map((is) => [`${is} 1000 1260`]),
    );
  });

  it('may have come at any time but while the player had nothing to present', () => {
    const starved = [{ fromMs: 1100, toMs: 1900 }];
    const gap = { shows: 'programme', thenShows: 'black' } as const;
    expect(spansOf(2000, gap, { mediaMs: 3000 }, { starved })).toEqual([
      ...['unmeasured 1000 1100', 'stalled 1100 1900', 'unmeasured 1900 3160'],
    ]);
  });

  it('are not counted where the next one has no clock', () => {
    expect(spansOf(100, {}, { counter: NO_CLOCK })).toEqual(['programme 1000 1260']);
    expect(spansOf(100, {}, { counter: 40 })).toEqual(['unmeasured 1000 1260']);
  });
});

it('a suite is put in order, and gives reasons for what did not pass alone', () => {
  const results = ['b', 'a', 'c'].map((key) => ({ key, verdict: 'pass' }));
  const leftOut = ['z', 'y'].map((key) => ({ key, reason: '' }));
  const suite = closeSuite({ results, leftOut, findings: [] } as unknown as Suite);
  expect(suite.results.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(suite.leftOut.map(({ key }) => key)).toEqual(['y', 'z']);
  const report = judge(strip('pppp', 500));
  const glitches = { rule: 'glitches', verdict: 'pass', text: '2 losses' } as const;
  const reasons = (verdict: 'pass' | 'fail') =>
    findReasons({
      ...report,
      verdict,
      findings: [glitches, { ...glitches, rule: 'lost', verdict: 'fail' }],
      expectations: (['pass', 'fail'] as const).map((is) => ({
        text: `${is}s`,
        observed: '1s',
        verdict: is,
      })),
    });
  const below = ['lost: 2 losses', 'fails: observed 1s'];
  expect([reasons('pass'), reasons('fail')]).toEqual([[], below]);
});

it('a machine is called busy where something went wrong on one alone', () => {
  const load = { load: 20, running: 20 };
  const machine = { cores: 2, samples: 1, median: load, peak: load };
  const rules = (rule: string, one: Parameters<typeof busyFindings>[0]) =>
    busyFindings(one, [{ rule, verdict: 'inconclusive', text: '' }]).map((found) => found.rule);
  expect(rules('run-failed', machine)).toEqual(['machine-busy']);
  expect(rules('glitches', machine)).toEqual([]);
  expect(rules('run-failed', undefined)).toEqual([]);
});

it('boxes that are known as a cohort count in the share of zaps that failed, not of repairs', () => {
  const population = { zaps: { shown: 9, failed: 1 }, weight: 1 } as PopulationRecord;
  const measured = { viewers: [], populations: [population], cutMs: 0, marginMs: 0 };
  expect(zapFailed.bounds(measured, undefined)).toEqual({ low: 0.1, high: 0.1 });
  expect(repaired.bounds(measured, undefined)).toEqual({ low: 0, high: 1 });
  const others = { weight: 1 } as PopulationRecord;
  const both = { ...measured, populations: [population, others] };
  expect(zapFailed.bounds(both, undefined)).toEqual({ low: 0.1, high: 0.1 });
});

it('a report without a fill is of whole pictures, and one without uploads says nothing of them', () => {
  const { whole, uploads } = readPackager([
    { atMs: 0 },
    { atMs: 1, fill: 'black', uploads: 2 },
    { atMs: 2, fill: 'none', uploads: 3 },
  ]);
  expect([[...whole], [...uploads]]).toEqual([
    [1, 0, 1],
    [NaN, 2, 3],
  ]);
});

it('pictures on their way are as old as the oldest that was told of, not as one that was not', () => {
  const told = [700, 300, 400].map((ageInMs, i) => ({ atMs: 100 * (i + 1), ageInMs }));
  const reports = new Map([['transcoder.one', [{ atMs: 0 }, ...told, { atMs: 9000 }]]]);
  const { feedMs } = traceWay('one', readDesign('single-access'), reports);
  expect([100, 200, 5100, 5101, 5200, 5201, 5300].map(feedMs)).toEqual([
    ...[700, 700, 700],
    ...[400, 400, 400, 400],
  ]);
  const unknown = feedMs(99);
  expect(unknown).toBeGreaterThan(0);
  expect([feedMs(5301), feedMs(9000)]).toEqual([unknown, unknown]);
  const falling = new Map([
    ['transcoder.one', told.toReversed().map((one, i) => ({ ...one, atMs: 100 * (i + 1) }))],
  ]);
  const later = traceWay('one', readDesign('single-access'), falling);
  expect([100, 200, 300].map(later.feedMs)).toEqual([400, 400, 700]);
});

it.each(['framesOut', 'bytesOut', 'uploads', 'requests'] as const)(
  'a stage is at work while its %s grow, and is idle once they stand still',
  (name) => {
    const stats = Array.from({ length: 41 }, (_, i) =>
      counted({ stage: 'packager.one', atMs: i * 250, [name]: Math.min(i, 20) }),
    );
    const { lanes } = judge(historyOf({ viewers: [], records: stats }));
    const lane = lanes.find(({ id }) => id === 'packager.one');
    const classes = lane?.kind === 'stage' ? lane.spans.map((span) => span.class) : [];
    expect(classes.at(-1)).toBe('idle');
    expect(classes).toContain('programme');
    expect(classes.indexOf('programme')).toBeLessThan(classes.lastIndexOf('idle'));
  },
);

it('an error of a player ends no wait of it', () => {
  const letters = 'pppppsssssppppp';
  const records = [...stripRecords(letters, { stepMs: 200 }), event('error', 1500)];
  const [lane] = judge(historyOf({ viewers: [viewerOf()], records })).lanes.filter(
    ({ kind }) => kind === 'viewer',
  );
  expect(lane?.kind === 'viewer' && printSpans(lane.spans, 200)).toBe(letters);
});

it('an error of a player does not send its viewer away', () => {
  const classifier = liveClassifier({ viewers: [viewerOf()], fps: 25 });
  const shown = (fromMs: number, toMs: number): HistoryRecord => ({
    type: 'shown',
    viewer: 'v1',
    look: 'programme',
    fromMs,
    toMs,
    atMs: toMs,
    counter: 1,
  });
  for (const record of [event('join', 0), shown(0, 1000), event('error', 1500), shown(1000, 2000)])
    classifier.record(record);
  expect(classifier.view(2000)[0]).toMatchObject({
    shows: 'programme',
    ledger: { programme: 2000 },
  });
});
