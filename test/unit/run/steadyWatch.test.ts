import { describe, expect, it } from 'vitest';
import { createSteadyWatch } from '../../../harness/run/steadyWatch.ts';
import {
  MARK,
  type FrameSample,
  type FramesRecord,
  type Mark,
} from '../../../harness/model/history.ts';

const FRAME_MS = 40;

const frames = (
  viewer: string,
  fromMs: number,
  toMs: number,
  mark: Mark = MARK.programme,
): FramesRecord => {
  const list: FrameSample[] = [];
  for (let at = fromMs; at < toMs; at += FRAME_MS) list.push([at, mark, at / FRAME_MS, 120]);
  const player = { canPlay: true, bufferedMs: 4000, lateMs: 0 };
  return { type: 'frames', atMs: toMs, viewer, frames: list, player };
};

describe('steady watch', () => {
  it('waits for every viewer to show the programme for the hold time', () => {
    const watch = createSteadyWatch(['v1', 'v2'], 3000);
    watch.record(frames('v1', 0, 4000));
    watch.record(frames('v2', 2000, 4000));
    expect(watch.waitingFor(4000)).toEqual(['v2']);
    watch.record(frames('v1', 4000, 5200));
    watch.record(frames('v2', 4000, 5200));
    expect(watch.waitingFor(5200)).toEqual([]);
  });

  it('starts again after a break', () => {
    const watch = createSteadyWatch(['v1'], 1000);
    watch.record(frames('v1', 0, 900));
    watch.record(frames('v1', 1900, 2500));
    expect(watch.waitingFor(2500)).toEqual(['v1']);
  });

  it('does not take a frozen picture or filler for the programme', () => {
    const watch = createSteadyWatch(['v1', 'v2'], 400);
    const frozen = frames('v1', 0, 2000);
    watch.record({ ...frozen, frames: frozen.frames.map(([at, mark]) => [at, mark, 7, 120]) });
    watch.record(frames('v2', 0, 2000, MARK.none));
    expect(watch.waitingFor(2000)).toEqual(['v1', 'v2']);
  });

  it('forgets a viewer who was steady and then saw nothing for half a second', () => {
    const watch = createSteadyWatch(['v1'], 1000);
    watch.record(frames('v1', 0, 2000));
    expect(watch.waitingFor(2000)).toEqual([]);
    expect(watch.waitingFor(2600)).toEqual(['v1']);
  });

  it('asks again from scratch after a restart', () => {
    const watch = createSteadyWatch(['v1'], 1000);
    watch.record(frames('v1', 0, 2000));
    watch.restart();
    expect(watch.waitingFor(2000)).toEqual(['v1']);
  });
});
