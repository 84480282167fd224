import { describe, expect, it } from 'vitest';
import {
  conservationFindings,
  emittedBy,
  emittedOn,
  type Watched,
} from '../../../harness/measure/conservation.ts';
import type { StageReport } from '../../../harness/measure/stageReports.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import {
  MARK,
  type FrameSample,
  type History,
  type HistoryRecord,
  type StatsRecord,
} from '../../../harness/model/history.ts';
import { counted, figuresIn } from '../../support/counted.ts';
import { playChain } from '../../support/chainRun.ts';

const FPS = 25;
const AT_MS = 30_000;
const FAULT = { atMs: AT_MS, forMs: 3000, segmentsBehind: 3 };

/** The same record with other pictures on the screen. */
const withScreen = (history: History, changed: (frame: FrameSample) => FrameSample): History => ({
  ...history,
  records: history.records.map((record) =>
    record.type === 'frames' ? { ...record, frames: record.frames.map(changed) } : record,
  ),
});

const inconclusive = (history: History) =>
  judge(history).findings.flatMap(({ rule, verdict, text }) =>
    verdict === 'inconclusive' ? [{ rule, text }] : [],
  );

describe('what a transcoder put out without the programme', () => {
  const { history } = playChain({ kind: 'cut', place: 'connect-up', ...FAULT });

  it('is on the screen', () => {
    expect(inconclusive(history)).toEqual([]);
  });

  it('makes the run inconclusive when a screen that played over it shows the programme instead', () => {
    const { startedAtEpochMs } = history.run;
    const made = (atMs: number) => counterAt(startedAtEpochMs + atMs - 8440, FPS);
    const untouched = withScreen(history, ([atMs]) => [atMs, MARK.programme, made(atMs), 120]);
    const { run } = untouched;
    const viewers = run.viewers.map((one) => ({ ...one, imitates: 'hls.js' as const }));
    const imitated = { ...untouched, run: { ...run, viewers } };
    expect(inconclusive(imitated).map(({ rule }) => rule)).not.toContain('filler-not-seen');
    const [finding] = inconclusive(untouched);
    expect(finding).toMatchObject({ rule: 'filler-not-seen' });
    expect(finding!.text).toMatch(
      /^transcoder\.one put out 3\.\d+s without the programme, and v1, who played over it, lost 0ms and skipped \d+ms/,
    );
  });
});

describe('a viewer who stalls and skips the rest of what was not the programme', () => {
  const { history } = playChain({ kind: 'cut', place: 'connect-up', ...FAULT });
  const seenMs = AT_MS + 8440;
  const [stallMs, skipMs] = [1900, 1500];
  /** The same picture from then on for as long as it stalls, and then less behind than before. */
  const skips = withScreen(history, ([atMs]) => {
    const stalls = atMs >= seenMs && atMs < seenMs + stallMs;
    const madeMs = stalls ? seenMs - 1 - 8440 : atMs - 8440 + (atMs < seenMs ? 0 : skipMs);
    const counter = counterAt(history.run.startedAtEpochMs + madeMs, FPS);
    return [atMs, MARK.programme, counter, 120];
  });

  it('went over all of it', () => {
    const [interruption] = judge(skips).viewers[0]!.interruptions;
    expect(interruption?.blackScreenMs).toBeGreaterThan(stallMs - 100);
    expect(interruption?.blackScreenMs).toBeLessThan(stallMs + 100);
    expect(inconclusive(skips)).toEqual([]);
  });
});

describe('several viewers who did not show what the chain put out', () => {
  const { history } = playChain({ kind: 'cut', place: 'connect-up', ...FAULT });
  const made = (atMs: number) => counterAt(history.run.startedAtEpochMs + atMs - 8440, FPS);
  const programme = ([atMs]: FrameSample): FrameSample => [atMs, MARK.programme, made(atMs), 120];
  const untouched = withScreen(history, programme);
  const emittedMs = Math.round(AT_MS + 8440);
  const someBlack = withScreen(history, (frame) =>
    frame[0] >= emittedMs && frame[0] < emittedMs + 1000
      ? [frame[0], MARK.none, -1, 0]
      : programme(frame),
  );
  const beside = untouched.records.flatMap((record) =>
    'viewer' in record && record.viewer === 'v1' ? [{ ...record, viewer: 'v2' }] : [],
  );
  const both: History = {
    ...someBlack,
    run: {
      ...history.run,
      viewers: history.run.viewers.flatMap((one) =>
        one.id === 'v1' ? [one, { ...one, id: 'v2' }] : [one],
      ),
    },
    records: [...someBlack.records, ...beside].toSorted((a, b) => a.atMs - b.atMs),
  };

  it('are all named, and the one who missed most is told of', () => {
    const [finding] = inconclusive(both).filter(({ rule }) => rule === 'filler-not-seen');
    expect(finding?.text).toMatch(/ and v2, who played over it, lost 0ms /);
    expect(finding?.text).toMatch(/; v1, v2 did not show what the chain put out$/);
  });
});

describe('what both transcoders of a channel put out without the programme', () => {
  const { history } = playChain({ kind: 'cut', place: 'connect-up', ...FAULT });
  const made = (atMs: number) => counterAt(history.run.startedAtEpochMs + atMs - 8440, FPS);
  const unseen = withScreen(history, ([atMs]) => [atMs, MARK.programme, made(atMs), 120]);
  const fillerOf = ({ rule, text }: { rule: string; text: string }) =>
    rule === 'filler-not-seen' ? [text] : [];

  it('is on the screen as well', () => {
    const [text] = inconclusive(withSecond(unseen, (stats) => stats)).flatMap(fillerOf);
    expect(text).toMatch(/^transcoder\.one and second\.one put out 3s without the programme/);
  });

  it('says nothing of a screen that was shown the other one', () => {
    const whole = (stats: StatsRecord) =>
      counted({ ...stats, ...figuresIn(stats), framesFilled: 0, programmeCounter: stats.atMs });
    expect(inconclusive(withSecond(unseen, whole)).flatMap(fillerOf)).toEqual([]);
  });
});

/** A second transcoder beside the first, which reports what the first one did, changed. */
function withSecond(history: History, changed: (stats: StatsRecord) => StatsRecord): History {
  const { run, records } = history;
  const { scenario } = run.plan;
  const first = scenario.design.stages.find(({ role }) => role === 'transcoder')!;
  const stages = [...scenario.design.stages, { ...first, name: 'second' }];
  const design = { ...scenario.design, stages };
  return {
    ...history,
    run: { ...run, plan: { ...run.plan, scenario: { ...scenario, design } } },
    records: records.flatMap((record) =>
      record.type === 'stats' && record.stage === `${first.name}.one`
        ? [record, changed({ ...record, stage: 'second.one' })]
        : [record],
    ),
  };
}

describe('programme that every stage had', () => {
  const { history } = playChain({ kind: 'cut', place: 'connect-down', ...FAULT, forMs: 400 });
  const blackFor = (ms: number): History =>
    withScreen(history, (frame) =>
      frame[0] >= 20_000 && frame[0] < 20_000 + ms ? [frame[0], MARK.none, -1, 0] : frame,
    );

  it('makes the run inconclusive when a viewer plays and does not show it', () => {
    expect(inconclusive(blackFor(600))).toMatchObject([
      { rule: 'programme-not-shown', text: expect.stringMatching(/^v1 .* for 600ms \(once\)/) },
    ]);
  });

  it('is summed up where that happened more than once, from the first time on', () => {
    const twice = withScreen(history, (frame) =>
      [20_000, 24_000].some((from) => frame[0] >= from && frame[0] < from + 600)
        ? [frame[0], MARK.none, -1, 0]
        : frame,
    );
    const [finding, ...more] = judge(twice).findings.filter(
      ({ verdict }) => verdict === 'inconclusive',
    );
    expect(more).toEqual([]);
    expect(finding?.text).toMatch(/^v1 .* for 1\.200s \(2 times\)/);
    expect(finding?.atMs).toBe(20_000);
  });

  it('may have been lost at a stage when it is shorter than two reports', () => {
    expect(inconclusive(blackFor(400))).toEqual([]);
  });

  it('counts the time in which the viewer played alone', () => {
    const event = (name: 'waiting' | 'playing', atMs: number): HistoryRecord => ({
      type: 'viewer',
      viewer: 'v1',
      event: name,
      atMs,
    });
    const dark = blackFor(400);
    const stalled = dark.records.map((record) =>
      record.type === 'frames'
        ? {
            ...record,
            frames: record.frames.filter(([at]) => at < 20_400 || at >= 21_000),
            player: { ...record.player, canPlay: record.atMs < 20_400 || record.atMs >= 21_000 },
          }
        : record,
    );
    const records = [...stalled, event('waiting', 20_400), event('playing', 21_000)];
    const history = { ...dark, records: records.toSorted((a, b) => a.atMs - b.atMs) };
    expect(judge(history).viewers[0]!.interruptions[0]?.blackScreenMs).toBeGreaterThan(900);
    expect(inconclusive(history)).toEqual([]);
  });

  it('is not known of where no transcoder said anything when it was made', () => {
    const dark = blackFor(600);
    const later = dark.records.filter(
      ({ type, atMs }) => type !== 'stats' || atMs < 8_000 || atMs > 16_000,
    );
    expect(inconclusive({ ...dark, records: later })).toEqual([]);
  });

  it('was not lost unseen where the viewer went over something else that was put out', () => {
    const [viewer] = judge(blackFor(600)).viewers;
    const [lost] = viewer!.interruptions;
    const said = [{ atMs: lost!.fromMs - viewer!.latencyMs! }];
    const chain = { run: history.run, reports: new Map([['transcoder.one', said]]) };
    const rules = (...over: readonly { fromMs: number; toMs: number }[]) => {
      const played = over.map((one) => ({
        ...one,
        lostMs: 0,
        skippedMs: 0,
        emitted: { missingMs: 0 },
      }));
      const watched = { viewer: { result: viewer }, played } as unknown as Watched;
      return conservationFindings([watched], chain).map(({ rule }) => rule);
    };
    const { fromMs, toMs } = lost!;
    const before = { fromMs: fromMs - 9, toMs: fromMs };
    const after = { fromMs: toMs, toMs: toMs + 9 };
    expect(rules()).toEqual(['programme-not-shown']);
    const lasting = (ms: number) => {
      const spans = [{ class: 'black', fromMs, toMs: fromMs + ms }] as const;
      const result = { ...viewer!, interruptions: [{ ...lost!, spans }] };
      const watched = { viewer: { result }, played: [] } as unknown as Watched;
      return conservationFindings([watched], chain).length;
    };
    expect([lasting(499), lasting(500)]).toEqual([0, 1]);
    expect(rules(before, after)).toEqual(['programme-not-shown']);
    expect(rules(before, { ...before, toMs: fromMs + 1 })).toEqual([]);
    expect(rules({ ...after, fromMs: toMs - 1 }, after)).toEqual([]);
  });

  it('is not known of where no transcoder said anything', () => {
    const silent = blackFor(600).records.filter(({ type }) => type !== 'stats');
    expect(inconclusive({ ...history, records: silent })).toEqual([]);
  });
});

describe('reports of a transcoder', () => {
  const times = { stage: 'transcoder.one', channelNumber: 1, startedAtEpochMs: 1_757_708_100_000 };
  /** A report each quarter of a second; `filled` and `unmarked` frames of the six between two. */
  const reportsOf = (missing: readonly { filled?: number; unmarked?: number }[]): StageReport[] => {
    const counters = { framesIn: 0, framesOut: 0, framesFilled: 0, programmeCounter: 1000 };
    return [{}, ...missing].map(({ filled = 0, unmarked = 0 }, i) => {
      counters.framesOut += 6;
      counters.framesIn += 6 - filled;
      counters.framesFilled += filled;
      if (filled + unmarked < 6) counters.programmeCounter += 6;
      return { atMs: 240 * i, ...counters };
    });
  };
  const missingMs = (missing: Parameters<typeof reportsOf>[0]) =>
    emittedBy(reportsOf(missing), { ...times, fps: FPS }).map((emitted) => emitted.missingMs);

  it('are one loss from the first filler to the last', () => {
    expect(missingMs([{ filled: 2 }, { filled: 6 }, { filled: 6 }, { filled: 3 }, {}])).toEqual([
      17 * 40,
    ]);
  });

  it('count pictures that came without a frame clock', () => {
    expect(missingMs([{}, { unmarked: 6 }, { unmarked: 6 }, {}])).toEqual([12 * 40]);
  });

  it('are no loss that a screen would show for the length of a glitch or less', () => {
    const { run } = playChain({ kind: 'cut', place: 'connect-up', ...FAULT }).history;
    const emitted = (framesDropped: number) => {
      const [from, to] = reportsOf([{ filled: 6 }]);
      const reports = new Map([['transcoder.one', [from!, { ...to!, framesDropped }]]]);
      return emittedOn('one', { run, reports }).map(({ missingMs }) => missingMs);
    };
    expect([emitted(0), emitted(1)]).toEqual([[240], []]);
  });

  it('say nothing without a frame clock, nor of pictures that one of two reports alone calls strange', () => {
    const told = (changes: readonly Partial<StageReport>[]) =>
      emittedBy(
        reportsOf([{}, { unmarked: 2 }, { unmarked: 2 }, {}]).map((one, i) => ({
          ...one,
          ...changes[i],
        })),
        { ...times, fps: FPS },
      ).map((one) => one.missingMs);
    const [strange, own] = [{ channelIn: 2 }, { channelIn: 1 }];
    expect(told([own, strange, strange, own])).toEqual([6 * 40]);
    expect(told([own, strange, own, own])).toEqual([]);
    const none = reportsOf([{ filled: 6 }, { filled: 6 }]).map(
      ({ programmeCounter: _, ...one }): StageReport => one,
    );
    expect(emittedBy(none, { ...times, fps: FPS })).toEqual([]);
  });

  it('count only filler where pictures of several inputs come in together', () => {
    const twice = reportsOf([{}, { unmarked: 6 }, { filled: 6 }, {}]).map((report) => ({
      ...report,
      severalInputs: true,
    }));
    const emitted = emittedBy(twice, { ...times, fps: FPS });
    expect(emitted.map((one) => one.missingMs)).toEqual([6 * 40]);
  });

  it('do not add up what a busy machine repeats here and there', () => {
    const here = Array.from({ length: 8 }, () => ({ filled: 2 }));
    expect(missingMs(here)).toEqual([]);
  });

  it('do not take repeats of a starved transcoder for one loss, where programme lies between', () => {
    expect(missingMs([{ filled: 3 }, { filled: 5 }, { filled: 4 }, {}])).toEqual([]);
    expect(missingMs([{ filled: 3 }, { filled: 6 }, { filled: 1 }, {}])).toEqual([10 * 40]);
  });

  it('say nothing of the time over a restart', () => {
    const before = reportsOf([{}, { filled: 6 }]);
    const after = reportsOf([{}, {}]).map((report) => ({ ...report, atMs: report.atMs + 5000 }));
    const emitted = emittedBy([...before, ...after], { ...times, fps: FPS });
    expect(emitted.map((one) => one.toMs)).toEqual([480]);
  });
});
