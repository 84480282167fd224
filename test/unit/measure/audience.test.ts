// Audiences in a history: viewers who stand for many, spans instead of frames, cohorts instead of
// viewers.

import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import { binned, storeBins } from '../../../harness/model/bins.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import type {
  HistoryRecord,
  PopulationRecord,
  ShownRecord,
  ViewerRecord,
} from '../../../harness/model/history.ts';
import type { Report } from '../../../harness/model/report.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { renderConsole } from '../../../reports/console.ts';
import { renderHtml } from '../../../reports/html.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { renderOpenMetrics } from '../../../reports/openmetrics.ts';
import { historyOf, ndjson, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';

const expects = (...texts: string[]) => texts.map((text) => parseExpectation(text).expectation!);

/** A history of strips, each of a viewer who stands for so many. */
function weighted(
  strips: readonly (readonly [letters: string, weight?: number])[],
  ...texts: string[]
) {
  const viewers = strips.map(([, weight], i) =>
    viewerOf({ id: `v${i + 1}`, ...(weight !== undefined && { weight }) }),
  );
  const records = strips.flatMap(([letters], i) =>
    stripRecords(letters, { stepMs: 200, viewer: viewers[i]! }),
  );
  return historyOf({ viewers, records, expectations: expects(...texts) });
}

const WELL = 'pppppppppppppppppppp';
const LOST = 'pppppbbbbbpppppppppp';
const GONE = 'pppppbbbbbbbbbbbbbbb';

describe('viewers who stand for others', () => {
  it('of weight 1 change nothing at all', () => {
    const plain = judge(weighted([[WELL], [LOST], [GONE]], 'p95(blackScreen) <= 2s'));
    const ones = judge(
      weighted(
        [
          [WELL, 1],
          [LOST, 1],
          [GONE, 1],
        ],
        'p95(blackScreen) <= 2s',
      ),
    );
    expect(JSON.stringify(ones)).toBe(JSON.stringify(plain));
  });

  it('count in every figure as often as they weigh', () => {
    const texts = ['interrupted == 40%', 'recovered == 90%', 'mean(blackScreen) >= 1s'];
    const { audience, expectations } = judge(
      weighted(
        [
          [WELL, 6],
          [LOST, 3],
          [GONE, 1],
        ],
        ...texts,
      ),
    );
    expect(audience).toMatchObject({ viewers: 10, interrupted: 4, recovered: 9 });
    expect(audience.blackScreenMs).toMatchObject({ count: 10, p50: 0, mean: 600, max: 3000 });
    expect(audience.viewerMinutesBlack).toBe(0.1);
    expect(audience.ledger.black).toBe(6000);
    expect(expectations.map(({ verdict, observed }) => [verdict, observed])).toEqual([
      ['pass', '40%'],
      ['pass', '90%'],
      ['fail', '600ms'],
    ]);
  });

  it('give no quantile that so few cannot carry, neither to expectations nor to reports', () => {
    const few = weighted(
      [
        [WELL, 6],
        [LOST, 3],
        [GONE, 1],
      ],
      'p95(blackScreen) <= 1m',
    );
    const report = judge(few);
    expect(report.verdict).toBe('inconclusive');
    expect(report.expectations[0]?.reason).toMatch(/not estimable: .* needs 59 viewers, 3 were/);
    expect(report.audience.blackScreenMs).toMatchObject({ p50: 0, p95: undefined, max: 3000 });
    for (const text of [
      renderConsole(report, { columns: 100, colours: false }),
      renderMarkdown(report),
      renderJunit(report, { images: {}, folder: '.' }),
    ])
      expect(text).toContain('not estimable');
    const measured = renderOpenMetrics({ ...report, verdict: 'pass' });
    expect(measured).toContain('stat="p50"');
    expect(measured).not.toContain('stat="p95"');
  });

  it('give it where there are enough of them', () => {
    const enough = Array.from({ length: 59 }, () => [WELL, 100] as const);
    const report = judge(weighted(enough, 'p95(blackScreen) <= 2s', 'p99(blackScreen) <= 2s'));
    expect(report.expectations.map(({ verdict }) => verdict)).toEqual(['pass', 'inconclusive']);
    expect(report.audience.blackScreenMs).toMatchObject({ p95: 0, p99: undefined });
  });

  it('say for how many they stand', () => {
    const report = judge(weighted([[LOST, 250_000], [WELL]]));
    expect(report.viewers.map(({ weight }) => weight)).toEqual([250_000, undefined]);
    expect(renderConsole(report, { columns: 120, colours: false })).toContain('v1 × 250000');
    expect(renderMarkdown(report)).toContain('v1 × 250000');
  });
});

describe('what was shown, told in spans', () => {
  const startedAtEpochMs = historyOf({ viewers: [], records: [] }).run.startedAtEpochMs;
  const viewer = 'v1';
  const event = (name: ViewerRecord['event'], atMs: number): HistoryRecord => ({
    type: 'viewer',
    viewer,
    event: name,
    atMs,
  });
  const shown = (look: ShownRecord['look'], fromMs: number, toMs: number): ShownRecord => ({
    type: 'shown',
    viewer,
    look,
    fromMs,
    toMs,
    atMs: toMs,
    counter: counterAt(startedAtEpochMs + fromMs - 6000, 25),
  });
  const told = (records: readonly HistoryRecord[]): Report =>
    judge(parseHistory(ndjson(historyOf({ viewers: [viewerOf()], records }))));
  const pictures = ({ lanes }: Report) =>
    lanes.flatMap((lane) => (lane.kind === 'viewer' ? printSpans(lane.spans, 1000) : []));

  it('is judged as the same in frames is', () => {
    const report = told([
      event('join', 0),
      shown('starting', 0, 1000),
      shown('programme', 1000, 5000),
      shown('stalled', 5000, 8000),
      shown('programme', 8000, 12_000),
      event('leave', 12_000),
    ]);
    expect(pictures(report)).toEqual(['rppppssspppp']);
    expect(report.viewers[0]).toMatchObject({
      blackScreenMs: 3000,
      latencyMs: 6000,
      presentedFps: 25,
      recovered: true,
    });
  });

  it('is put in order, and lasts to the last end when nobody says that the viewer came', () => {
    const report = told([
      shown('programme', 1000, 9000),
      shown('black', 0, 1000),
      shown('programme', 2000, 4000),
    ]);
    expect(pictures(report)).toEqual(['bpppppppp']);
  });

  it('is unmeasured where nothing is told, and nobody is there while the viewer is away', () => {
    const report = told([
      event('join', 0),
      shown('programme', 0, 3000),
      shown('programme', 5000, 7000),
      event('leave', 7000),
      event('join', 9000),
      shown('black', 9000, 11_000),
      event('leave', 12_000),
    ]);
    expect(pictures(report)).toEqual(['ppp..pp--bb.']);
    const [{ ledger, sessionMs }] = report.viewers as [Report['viewers'][number]];
    expect(Object.values(ledger).reduce((sum, ms) => sum + ms, 0)).toBe(sessionMs);
  });
});

describe('a cohort', () => {
  const night = {
    blackScreen: storeBins(
      binned([
        { value: 0, weight: 700 },
        { value: 4200, weight: 300 },
      ]),
    ),
    programmeLoss: storeBins(
      binned([
        { value: 0, weight: 700 },
        { value: 4200, weight: 300 },
      ]),
    ),
    timeToRecover: storeBins(
      binned([
        { value: 900, weight: 290 },
        { value: Infinity, weight: 10 },
      ]),
    ),
  };
  const cohort = (changes: Partial<PopulationRecord> = {}): PopulationRecord => ({
    type: 'population',
    atMs: 5000,
    cohort: 'boxes',
    channel: 'one',
    player: 'box',
    weight: 1000,
    bins: night,
    curve: [0, 300, 10],
    ...changes,
  });
  const report = (record: PopulationRecord, ...texts: string[]) =>
    judge(
      parseHistory(
        ndjson(historyOf({ viewers: [], records: [record], expectations: expects(...texts) })),
      ),
    );

  it('is judged by its bins, with everything that counts heads', () => {
    const texts = ['p95(blackScreen) <= 5s', 'recovered >= 99%', 'interrupted == 30%'];
    const judged = report(cohort(), ...texts, 'max(latency) <= 9s', 'channelsRestored == 100%');
    expect(judged.expectations.map(({ verdict, observed }) => [verdict, observed])).toEqual([
      ['pass', '4.200s'],
      ['pass', '99%'],
      ['pass', '30%'],
      ['inconclusive', 'nothing'],
      ['pass', '100%'],
    ]);
    expect(judged.audience).toMatchObject({ viewers: 1000, interrupted: 300, recovered: 990 });
    expect(judged.audience.blackScreenMs).toMatchObject({ p50: 0, p95: 4200, p99: 4200 });
    expect(judged.audience.viewerMinutesBlack).toBe(21);
  });

  it('has a line in reports', () => {
    const judged = report(cohort());
    expect(judged.cohorts).toMatchObject([{ cohort: 'boxes', weight: 1000, lost: 10 }]);
    for (const text of [
      renderConsole(judged, { columns: 200, colours: false }),
      renderMarkdown(judged),
      renderHtml(judged),
    ])
      expect(text).toMatch(/boxes: 1000 viewers of one.*1% never came back.*30% had no programme/);
  });

  it('has a long end: who lost most, who is back when, and how many were dark each minute', () => {
    const { tail } = report(cohort());
    expect(tail).toMatchObject({
      p999Ms: 4200,
      over: [
        { ms: 10_000, heads: 0 },
        { ms: 60_000, heads: 0 },
        { ms: 600_000, heads: 0 },
      ],
      lost: 10,
      back: [
        { share: 0.95, ms: 900 },
        { share: 0.99, ms: undefined },
      ],
      dark: [0, 300, 10],
    });
    expect(tail).not.toHaveProperty('left');
    expect([tail!.curveMs.length, ...[0, 70, 71, 100].map((at) => tail!.curveMs[at])]).toEqual([
      ...[101, 0, 0],
      ...[4200, 4200],
    ]);
    const sampled = (count: number) => report(cohort({ sampled: count })).tail?.p999Ms;
    expect([sampled(2_994), sampled(2_995)]).toEqual([undefined, 4200]);
    expect(report(cohort({ left: 7 })).tail?.left).toBe(7);
    const none = { blackScreen: [], programmeLoss: [], timeToRecover: [] };
    expect(report(cohort({ bins: none, weight: 0 })).tail?.p999Ms).toBeUndefined();
  });

  it('counts who lost more than a length, and adds up the minutes of all', () => {
    const long = storeBins(
      binned([
        { value: 0, weight: 500 },
        { value: 70_000, weight: 500 },
      ]),
    );
    const { tail } = report(cohort({ bins: { ...night, blackScreen: long } }));
    const heads = tail!.over.map((one) => one.heads);
    expect(heads).toEqual([500, 500, 0]);
    const both = [cohort(), cohort({ cohort: 'more', curve: [1, 2, 3, 4] })];
    const judged = judge(
      parseHistory(ndjson(historyOf({ viewers: [], records: both, expectations: [] }))),
    );
    expect(judged.tail?.dark).toEqual([1, 302, 13, 4]);
  });

  it('that is a sample gives no quantile that it cannot carry', () => {
    const judged = report(cohort({ sampled: 58 }), 'p95(blackScreen) <= 5s');
    expect(judged.expectations[0]?.reason).toContain('not estimable');
    expect(judged.audience.blackScreenMs.p95).toBeUndefined();
    expect(judged.audience.blackScreenMs.p90).toBe(4200);
  });
});
