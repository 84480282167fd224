import { describe, expect, it } from 'vitest';
import { counterAt } from '../../../harness/model/frameClock.ts';
import {
  MARK,
  type FrameSample,
  type FramesRecord,
  type HistoryRecord,
  type Mark,
} from '../../../harness/model/history.ts';
import type { PlannedAction } from '../../../harness/model/plan.ts';
import { createSteadyWatch, type SteadyWatch } from '../../../harness/run/steadyWatch.ts';
import { historyOf, viewerOf } from '../../support/strip.ts';

const FRAME_MS = 40;
const STARTED_AT_EPOCH_MS = 1_757_708_100_000;
const BEHIND_MS = 8000;

interface Shows {
  readonly mark?: Mark;
  readonly behindMs?: number;
}

/** Programme that the viewer shows from one moment to another. */
function frames(
  viewer: string,
  [fromMs, toMs]: readonly [number, number],
  { mark = MARK.programme, behindMs = BEHIND_MS }: Shows = {},
): FramesRecord {
  const list: FrameSample[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += FRAME_MS)
    list.push([atMs, mark, counterAt(STARTED_AT_EPOCH_MS + atMs - behindMs, 25), 120]);
  const player = { canPlay: true, bufferedMs: 4000, lateMs: 0 };
  return { type: 'frames', atMs: toMs, viewer, frames: list, player };
}

const black = (does: 'inject' | 'heal', channels: readonly string[] = ['one']): PlannedAction => ({
  id: `black:${does}:${channels.join('+')}`,
  does,
  of: 'black',
  window: undefined,
  fault: { kind: 'content', shows: 'black', stages: ['playout'], channels, links: [] },
  atMs: 0,
  scenarioAtMs: 0,
  expect: '',
  effect: 'black',
  verb: { verb: 'blacked out' },
  at: 'source',
});

const done = ({ id, does }: PlannedAction, doneAtMs: number): HistoryRecord => ({
  type: 'action',
  atMs: doneAtMs,
  action: id,
  does,
  plannedAtMs: doneAtMs,
  doneAtMs,
});

const ready = (atMs: number): HistoryRecord => ({
  type: 'stage',
  atMs,
  stage: 'playout.one',
  event: 'ready',
});

const steady = (atMs: number): HistoryRecord => ({ type: 'phase', atMs, phase: 'steady' });

/** One viewer on channel one, another on channel two. */
function watchOf(holdMs: number, actions: readonly PlannedAction[] = []): SteadyWatch {
  const viewers = [viewerOf(), viewerOf({ id: 'v2', channel: 'two', channelNumber: 2 })];
  const scenario = { steady: { holdMs, withinMs: 60_000 } };
  const { plan } = historyOf({ viewers, actions, scenario, records: [] }).run;
  return createSteadyWatch({ plan, viewers, startedAtEpochMs: STARTED_AT_EPOCH_MS });
}

describe('steady watch', () => {
  it('waits for every viewer to show the programme for the hold time', () => {
    const watch = watchOf(3000);
    watch.record(frames('v1', [10_000, 14_000]));
    watch.record(frames('v2', [12_000, 14_000]));
    expect(watch.waitingFor(14_000)).toEqual(['v2']);
    watch.record(frames('v1', [14_000, 15_200]));
    watch.record(frames('v2', [14_000, 15_200]));
    expect(watch.waitingFor(15_200)).toEqual([]);
  });

  it('starts again after a break', () => {
    const watch = watchOf(1000);
    watch.record(frames('v1', [10_000, 10_900]));
    watch.record(frames('v1', [11_900, 12_500]));
    expect(watch.waitingFor(12_500)).toContain('v1');
  });

  it('does not take a frozen picture or filler for the programme', () => {
    const watch = watchOf(400);
    const frozen = frames('v1', [10_000, 12_000]);
    watch.record({ ...frozen, frames: frozen.frames.map(([at, mark]) => [at, mark, 7, 120]) });
    watch.record(frames('v2', [10_000, 12_000], { mark: MARK.none }));
    expect(watch.waitingFor(12_000)).toEqual(['v1', 'v2']);
  });

  it('forgets a viewer who was steady and then saw nothing for half a second', () => {
    const watch = watchOf(1000);
    watch.record(frames('v1', [10_000, 12_000]));
    expect(watch.waitingFor(12_000)).toEqual(['v2']);
    expect(watch.waitingFor(12_600)).toEqual(['v1', 'v2']);
  });

  it('counts only programme that was made after every stage was ready', () => {
    const watch = watchOf(1000);
    for (const record of [ready(5000), steady(6000), ready(30_000)]) watch.record(record);
    watch.record(frames('v1', [10_000, 13_800]));
    expect(watch.waitingFor(13_800)).toContain('v1');
    watch.record(frames('v1', [13_800, 14_200]));
    expect(watch.waitingFor(14_200)).not.toContain('v1');
  });
});

describe('steady watch over a page that is lost', () => {
  const lost: HistoryRecord = {
    type: 'viewer',
    atMs: 14_000,
    viewer: 'v2',
    event: 'page-lost',
    detail: 'worker b was lost: the connection ended',
  };

  it('before the first fault says so, for there will be no steady state', () => {
    const watch = watchOf(1000);
    for (const record of [ready(5000), steady(6000)]) watch.record(record);
    expect(watch.lostBefore()).toBeUndefined();
    watch.record(lost);
    watch.record(frames('v1', [14_000, 16_000]));
    expect(watch.lostBefore()).toBe('worker b was lost: the connection ended');
    expect(watch.waitingFor(16_000)).toEqual(['v2']);
  });

  it('after it waits for nobody on that page', () => {
    const watch = watchOf(1000);
    for (const record of [ready(5000), steady(6000)]) watch.record(record);
    watch.record({ type: 'phase', atMs: 13_000, phase: 'disrupt' });
    watch.record(lost);
    watch.record(frames('v1', [14_000, 16_000]));
    expect(watch.lostBefore()).toBeUndefined();
    expect(watch.waitingFor(16_000)).toEqual([]);
  });
});

describe('steady watch after a fault at the head-end', () => {
  const [inject, heal] = [black('inject'), black('heal')];
  const faulted = (): SteadyWatch => {
    const watch = watchOf(3000, [inject, heal]);
    watch.record(frames('v1', [8000, 20_000]));
    watch.record(frames('v2', [8000, 20_000]));
    watch.record(done(inject, 15_000));
    watch.record(done(heal, 20_000));
    return watch;
  };

  it('does not take what was made before the fault for what comes after it', () => {
    const watch = faulted();
    watch.record(frames('v1', [20_000, 23_000]));
    expect(watch.waitingFor(23_000)).toContain('v1');
    watch.record(frames('v1', [23_000, 28_000], { mark: MARK.none }));
    watch.record(frames('v1', [28_000, 30_000]));
    expect(watch.waitingFor(30_000)).toContain('v1');
    watch.record(frames('v1', [30_000, 31_200]));
    expect(watch.waitingFor(31_200)).not.toContain('v1');
  });

  it('waits as long as a viewer is behind when the fault was never on its screen', () => {
    const watch = faulted();
    watch.record(frames('v1', [20_000, 30_800]));
    expect(watch.waitingFor(30_800)).toContain('v1');
    watch.record(frames('v1', [30_800, 31_200]));
    expect(watch.waitingFor(31_200)).not.toContain('v1');
  });

  it('takes the programme of a viewer who jumped to the live edge', () => {
    const watch = faulted();
    watch.record(frames('v1', [20_000, 24_000], { behindMs: 500 }));
    expect(watch.waitingFor(24_000)).not.toContain('v1');
  });

  it('has nothing to ask of a channel that no fault was on', () => {
    const watch = faulted();
    watch.record(frames('v2', [20_000, 20_200]));
    expect(watch.waitingFor(20_200)).not.toContain('v2');
  });

  it('asks for each channel since its own last heal', () => {
    const heals = [black('heal'), black('heal', ['two'])] as const;
    const watch = watchOf(1000, [black('inject', ['one', 'two']), ...heals]);
    watch.record(done(heals[0], 10_000));
    watch.record(done(heals[1], 14_000));
    watch.record(frames('v1', [18_000, 19_400]));
    watch.record(frames('v2', [18_000, 19_400]));
    expect(watch.waitingFor(19_400)).toEqual(['v2']);
  });
});
