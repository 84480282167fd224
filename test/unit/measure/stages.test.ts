import { describe, expect, it } from 'vitest';
import { buildLanes } from '../../../harness/measure/lanes.ts';
import { groupRecords } from '../../../harness/measure/recorded.ts';
import { collectStageReports } from '../../support/collected.ts';
import { lostFirst, mediaAgainMs, findChannelPath } from '../../../harness/measure/stages.ts';
import type { HistoryRecord, StatsRecord } from '../../../harness/model/history.ts';
import type { StageStats } from '../../../harness/pipeline/contract.ts';
import { historyOf } from '../../support/strip.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';

type Report = StageStats;

/** Four reports a second from `fromMs` on, each computed from its number. */
const reports = (
  stage: string,
  { fromMs = 0, untilMs }: { fromMs?: number; untilMs: number },
  report: (atMs: number) => Report,
): StatsRecord[] =>
  Array.from({ length: Math.floor((untilMs - fromMs) / 250) + 1 }, (_, i) => {
    const atMs = fromMs + i * 250;
    return counted({ stage, atMs, ...report(atMs) });
  });

const pathFrom = (records: readonly HistoryRecord[]) => {
  const { run } = historyOf({ viewers: [], records });
  return findChannelPath('one', run.plan.scenario.design, collectStageReports(records));
};

/** Counts frames at 25 a second, but for a pause. */
const counting = (pauseFromMs: number, pauseToMs: number) => (atMs: number) => {
  const lostMs = Math.max(0, Math.min(atMs, pauseToMs) - pauseFromMs);
  return Math.floor((atMs - lostMs) / 40);
};

describe('where the picture was lost first', () => {
  const anywhere = { fromMs: 0, toMs: 60_000 };
  const running = (stage: string) =>
    reports(stage, { untilMs: 10_000 }, (atMs) => ({ programmeCounter: counting(1e9, 1e9)(atMs) }));

  it('is the first stage from the source whose frame clock stood still', () => {
    const counter = counting(3000, 6000);
    const path = pathFrom([
      ...running('playout.one'),
      ...reports('transcoder.one', { untilMs: 10_000 }, (atMs) => ({
        programmeCounter: counter(atMs),
        uploads: Math.floor(atMs / 1000),
      })),
    ]);
    expect(lostFirst(path, anywhere)).toEqual({ stage: 'transcoder.one', atMs: 3000 });
  });

  it('is a transcoder that says it fills, clock or no clock', () => {
    const path = pathFrom([
      ...running('playout.one'),
      ...reports('transcoder.one', { untilMs: 10_000 }, (atMs) => ({
        programmeCounter: counting(1e9, 1e9)(atMs),
        fill: atMs >= 4000 && atMs < 7000 ? 'black' : 'none',
      })),
    ]);
    expect(lostFirst(path, anywhere)).toEqual({ stage: 'transcoder.one', atMs: 4000 });
  });

  it('is the origin when nothing is uploaded to it any more', () => {
    const path = pathFrom([
      ...running('playout.one'),
      ...reports('transcoder.one', { untilMs: 20_000 }, (atMs) => ({
        programmeCounter: counting(1e9, 1e9)(atMs),
        uploads: Math.floor((atMs > 5000 && atMs < 12_000 ? 5000 : atMs) / 1000),
      })),
    ]);
    expect(lostFirst(path, anywhere)).toEqual({ stage: 'origin', atMs: 5000 });
  });

  it('is the origin whose own pipeline publishes nothing, not that of the other', () => {
    const design = readDesign('two-pipelines');
    const publishing = (stage: string, stopMs: number) =>
      reports(stage, { untilMs: 20_000 }, (atMs) => ({
        programmeCounter: counting(1e9, 1e9)(atMs),
        fill: 'none',
        uploads: Math.floor(Math.min(atMs, stopMs) / 2000),
      }));
    const records = [publishing('transcoder-a.one', 5000), publishing('transcoder-b.one', 1e9)];
    const { stages } = findChannelPath('one', design, collectStageReports(records.flat()));
    const lost = stages.filter(({ lost }) => lost.length > 0).map(({ stage }) => stage);
    expect(lost).toEqual(['origin-a']);
  });

  it('is not an origin that waits for its next segment, but one that waits for three', () => {
    const everySegment = (stopMs: number) =>
      reports('origin', { untilMs: 20_000 }, (atMs) => ({
        programmeCounter: Math.floor(Math.min(atMs, stopMs) / 1000) * 25,
      }));
    expect(lostFirst(pathFrom(everySegment(1e9)), anywhere)).toBeUndefined();
    expect(lostFirst(pathFrom(everySegment(9000)), anywhere)).toEqual({
      stage: 'origin',
      atMs: 9000,
    });
  });

  it('is nobody when all counted on, and only looks where it is told to', () => {
    expect(lostFirst(pathFrom(running('playout.one')), anywhere)).toBeUndefined();
    const still = reports('playout.one', { untilMs: 9000 }, (atMs) => ({
      programmeCounter: counting(1000, 4000)(atMs),
    }));
    expect(lostFirst(pathFrom(still), { fromMs: 5000, toMs: 9000 })).toBeUndefined();
  });
});

describe('media again after a heal', () => {
  it('is the first upload that ended after the transcoder had stopped filling', () => {
    const path = pathFrom(
      reports('transcoder.one', { untilMs: 10_000 }, (atMs) => ({
        fill: atMs < 5000 ? 'slate' : 'none',
        uploads: Math.floor((atMs + 600) / 1000),
      })),
    );
    expect(mediaAgainMs(path, 4000)).toBe(5500);
  });

  it('is unknown when nothing was uploaded again', () => {
    const path = pathFrom(reports('transcoder.one', { untilMs: 9000 }, () => ({ uploads: 3 })));
    expect(mediaAgainMs(path, 4000)).toBeUndefined();
  });
});

describe('the lane of a stage', () => {
  const life = (
    event: 'starting' | 'ready' | 'stopping' | 'exited',
    atMs: number,
  ): HistoryRecord => ({
    type: 'stage',
    stage: 'transcoder.one',
    event,
    atMs,
  });

  function laneOf(records: readonly HistoryRecord[], endMs = 10_000) {
    const history = groupRecords(historyOf({ viewers: [], records }));
    const lanes = buildLanes({ history, faults: [], viewers: [], endMs });
    return lanes.find(({ kind }) => kind === 'stage')?.spans;
  }

  it('is down before it is ready and after it ended, and says when it fills', () => {
    const stats = reports('transcoder.one', { fromMs: 1000, untilMs: 8750 }, (atMs) => ({
      fill: atMs >= 4000 && atMs < 6000 ? 'repeat' : 'none',
    }));
    const records = [life('starting', 0), life('ready', 1000), ...stats, life('exited', 9000)];
    expect(laneOf(records)).toEqual([
      { class: 'down', fromMs: 0, toMs: 1000 },
      { class: 'programme', fromMs: 1000, toMs: 4000 },
      { class: 'filling', fromMs: 4000, toMs: 6000 },
      { class: 'programme', fromMs: 6000, toMs: 9000 },
      { class: 'down', fromMs: 9000, toMs: 10_000 },
    ]);
  });

  it('goes on while the stage notes something', () => {
    const note: HistoryRecord = { ...life('ready', 3000), event: 'note' } as HistoryRecord;
    const stats = reports('transcoder.one', { untilMs: 10_000 }, () => ({ fill: 'none' }));
    expect(laneOf([life('ready', 0), note, ...stats])).toEqual([
      { class: 'programme', fromMs: 0, toMs: 10_000 },
    ]);
  });

  it('is idle when its counters stand still', () => {
    const stats = reports('transcoder.one', { untilMs: 10_000 }, (atMs) => ({
      bytesIn: Math.min(atMs, 4000),
    }));
    const spans = laneOf([life('ready', 0), ...stats]);
    expect(spans?.map((span) => span.class)).toEqual(['idle', 'programme', 'idle']);
    // Two segments and two reports after it grew for the last time, at 4 s.
    expect(spans?.at(-1)).toMatchObject({ fromMs: 6750, toMs: 10_000 });
  });

  it('is what it says that it does, whatever its counters do', () => {
    const fills = ['none', 'repeat', 'black', 'slate', 'paused', 'none'] as const;
    const stats = reports('transcoder.one', { untilMs: 5750 }, (atMs) => ({
      fill: fills[Math.floor(atMs / 1000)]!,
    }));
    expect(laneOf(stats, 6000)).toEqual([
      { class: 'programme', fromMs: 0, toMs: 1000 },
      { class: 'filling', fromMs: 1000, toMs: 4000 },
      { class: 'idle', fromMs: 4000, toMs: 5000 },
      { class: 'programme', fromMs: 5000, toMs: 6000 },
    ]);
  });

  it('is up from each time that it was ready until it ended, even while it stops', () => {
    const stats = reports('transcoder.one', { fromMs: 1500, untilMs: 9000 }, () => ({
      fill: 'none',
    }));
    const records = [
      ...[life('starting', 500), life('ready', 1000), life('exited', 3000), ...stats],
      ...[life('starting', 3500), life('ready', 4000), life('stopping', 6000)],
      life('exited', 7000),
    ];
    expect(laneOf(records)).toEqual([
      { class: 'down', fromMs: 0, toMs: 1000 },
      { class: 'idle', fromMs: 1000, toMs: 1500 },
      { class: 'programme', fromMs: 1500, toMs: 3000 },
      { class: 'down', fromMs: 3000, toMs: 4000 },
      { class: 'programme', fromMs: 4000, toMs: 7000 },
      { class: 'down', fromMs: 7000, toMs: 10_000 },
    ]);
  });

  it('is at work until its counters have stood still for longer than that', () => {
    const stats = [0, 250, 2750, 2751, 3000].map((atMs, i) =>
      counted({ stage: 'transcoder.one', atMs, requests: i === 0 ? 0 : 1 }),
    );
    expect(laneOf(stats, 4000)).toEqual([
      { class: 'idle', fromMs: 0, toMs: 250 },
      { class: 'programme', fromMs: 250, toMs: 2751 },
      { class: 'idle', fromMs: 2751, toMs: 4000 },
    ]);
  });

  it('covers the run without a gap', () => {
    const stats = reports('transcoder.one', { fromMs: 333, untilMs: 7000 }, () => ({
      fill: 'none',
    }));
    let atMs = 0;
    for (const span of laneOf([life('starting', 100.4), life('ready', 300.6), ...stats]) ?? []) {
      expect(span.fromMs).toBe(atMs);
      atMs = span.toMs;
    }
    expect(atMs).toBe(10_000);
  });
});
