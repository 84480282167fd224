import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../support/virtualClock.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import { MARK, type HistoryRecord } from '../../../harness/model/history.ts';
import type { StartedStage } from '../../../harness/model/world.ts';
import { BETWEEN_LOSSES_MS, calibrating, stagesAt } from '../../../harness/run/calibration.ts';
import type { StartedPipeline } from '../../../harness/run/provision.ts';
import type { Recorder } from '../../../harness/run/recorder.ts';
import { strip } from '../../support/strip.ts';
import { readDesign } from '../../support/designs.ts';

const { design } = strip('p', 1000).run.plan.scenario;
const LATENCY_MS = 6_000;
const SHOWN_EVERY_MS = 100;

/** A viewer that shows what was put out six seconds before. */
function bench(takesCommands = true) {
  const startedMs = 1_757_708_100_000;
  const clock = virtualClock(startedMs);
  const told: string[] = [];
  const listeners: ((record: HistoryRecord) => void)[] = [];
  const elapsedMs = () => clock.epochMs() - startedMs;
  const show = async () => {
    for (;;) {
      await clock.sleep(SHOWN_EVERY_MS);
      const counter = counterAt(clock.epochMs() - LATENCY_MS, design.media.fps);
      const record: HistoryRecord = {
        type: 'frames',
        atMs: elapsedMs(),
        viewer: 'v1',
        frames: [[elapsedMs(), MARK.programme, counter, 120]],
        player: { canPlay: true, bufferedMs: 4000, lateMs: 0 },
      };
      for (const listener of listeners) listener(record);
    }
  };
  void show();
  const stage = (instance: string) =>
    [
      instance,
      {
        instance,
        ...(takesCommands && {
          command: async (message: object) =>
            void told.push(`${elapsedMs() / 1000} ${instance} ${JSON.stringify(message)}`),
        }),
      } as StartedStage,
    ] as const;
  const pipeline: StartedPipeline = {
    stages: new Map([stage('transcoder.one'), stage('transcoder.two')]),
    proxies: new Map(),
    playlistOf: () => '',
    mediaFrom: [],
  };
  const recorder: Recorder = {
    emit: () => undefined,
    subscribe: (listener) => listeners.push(listener),
    close: () => undefined,
  };
  const signal = new AbortController().signal;
  const on = { pipeline, recorder, clock, signal };
  return {
    told,
    elapsedMs,
    play: (quietMs = 0) =>
      clock.passDuring(calibrating({ design, losses: LOSSES, quietMs, viewers: ['v1'] })(on)),
  };
}

const LOSSES = [
  { at: 'transcoder', kind: 'black', forMs: 200 },
  { at: 'transcoder', kind: 'freeze', forMs: 1000 },
] as const;

describe('calibrating', () => {
  it('tells every channel of every loss, one after the other', async () => {
    const world = bench();
    await world.play();
    const words = world.told.map((line) => line.split(' ').slice(1).join(' '));
    expect(words).toEqual([
      'transcoder.one {"fill":"black","forMs":200}',
      'transcoder.two {"fill":"black","forMs":200}',
      'transcoder.one {"fill":"freeze","forMs":1000}',
      'transcoder.two {"fill":"freeze","forMs":1000}',
    ]);
  });

  it('leaves programme between two losses', async () => {
    const world = bench();
    await world.play();
    const [first, , second] = world.told.map((line) => Number(line.split(' ')[0]) * 1000);
    expect(second! - first!).toBeGreaterThanOrEqual(200 + BETWEEN_LOSSES_MS);
  });

  it('goes on until every viewer has seen the last', async () => {
    const world = bench();
    await world.play();
    const last = Number(world.told.at(-1)?.split(' ')[0]) * 1000;
    expect(world.elapsedMs()).toBeGreaterThan(last + 1000 + LATENCY_MS);
  });

  it('watches the quiet time', async () => {
    const world = bench();
    await world.play(600_000);
    expect(world.elapsedMs()).toBeGreaterThan(600_000);
  });

  it('refuses stages that cannot be told, before any time has passed', async () => {
    const world = bench(false);
    await expect(world.play()).rejects.toThrow(HarnessError);
    expect(world.told).toEqual([]);
  });
});

describe('the places of losses', () => {
  const namesAt = (name: string) => {
    const graph = readDesign(name);
    return (['source', 'transcoder', 'delivery'] as const).map((place) =>
      stagesAt(place, graph).map((stage) => stage.name),
    );
  };

  it.each([
    ['single-access', [['playout'], ['transcoder'], ['edge']]],
    ['multi-edge', [['playout'], ['transcoder'], ['edge-a', 'edge-b']]],
    ['two-pipelines', [['playout'], ['transcoder-a'], ['edge']]],
    ['two-playouts', [['playout-a'], ['transcoder'], ['edge']]],
  ])('come from the graph of %s', (name, places) => {
    expect(namesAt(name)).toEqual(places);
  });
});
