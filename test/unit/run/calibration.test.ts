import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../harness/kernel/clock.ts';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import { MARK, type HistoryRecord } from '../../../harness/model/history.ts';
import type { StartedStage } from '../../../harness/model/world.ts';
import { BETWEEN_LOSSES_MS, calibrating } from '../../../harness/run/calibration.ts';
import type { StartedPipeline } from '../../../harness/run/provision.ts';
import type { Recorder } from '../../../harness/run/recorder.ts';
import { strip } from '../../support/strip.ts';

const { design } = strip('p', 1000).run.plan.scenario;
const LATENCY_MS = 6_000;

/** Time passes only in sleeps; a viewer shows what was put out six seconds before. */
function bench(takesCommands = true) {
  let nowMs = 1_757_708_100_000;
  const startedMs = nowMs;
  const told: string[] = [];
  const listeners: ((record: HistoryRecord) => void)[] = [];
  const show = () => {
    const counter = counterAt(nowMs - LATENCY_MS, design.media.fps);
    const record: HistoryRecord = {
      type: 'frames',
      atMs: nowMs - startedMs,
      viewer: 'v1',
      frames: [[nowMs - startedMs, MARK.programme, counter, 120]],
      player: { canPlay: true, bufferedMs: 4000, lateMs: 0 },
    };
    for (const listener of listeners) listener(record);
  };
  const clock: Clock = {
    ...systemClock,
    epochMs: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      nowMs += ms;
      show();
    },
  };
  const stage = (instance: string) =>
    [
      instance,
      {
        instance,
        ...(takesCommands && {
          command: async (message: object) =>
            void told.push(`${(nowMs - startedMs) / 1000} ${instance} ${JSON.stringify(message)}`),
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
  // Real time passes in waits with a deadline: the viewer goes on showing meanwhile.
  const passing = setInterval(() => {
    nowMs += 500;
    show();
  }, 5);
  return {
    told,
    elapsedMs: () => nowMs - startedMs,
    on: { pipeline, recorder, clock, signal },
    [Symbol.dispose]: () => clearInterval(passing),
  };
}

const LOSSES = [
  { at: 'transcoder', kind: 'black', forMs: 200 },
  { at: 'transcoder', kind: 'freeze', forMs: 1000 },
] as const;

describe('calibrating', () => {
  it('tells every channel of every loss, one after the other', async () => {
    using world = bench();
    await calibrating({ design, losses: LOSSES, quietMs: 0, viewers: ['v1'] })(world.on);
    const words = world.told.map((line) => line.split(' ').slice(1).join(' '));
    expect(words).toEqual([
      'transcoder.one {"fill":"black","forMs":200}',
      'transcoder.two {"fill":"black","forMs":200}',
      'transcoder.one {"fill":"freeze","forMs":1000}',
      'transcoder.two {"fill":"freeze","forMs":1000}',
    ]);
  });

  it('leaves programme between two losses', async () => {
    using world = bench();
    await calibrating({ design, losses: LOSSES, quietMs: 0, viewers: ['v1'] })(world.on);
    const [first, , second] = world.told.map((line) => Number(line.split(' ')[0]) * 1000);
    expect(second! - first!).toBeGreaterThanOrEqual(200 + BETWEEN_LOSSES_MS);
  });

  it('goes on until every viewer has seen the last', async () => {
    using world = bench();
    await calibrating({ design, losses: LOSSES, quietMs: 0, viewers: ['v1'] })(world.on);
    const last = Number(world.told.at(-1)?.split(' ')[0]) * 1000;
    expect(world.elapsedMs()).toBeGreaterThan(last + 1000 + LATENCY_MS);
  });

  it('watches the quiet time', async () => {
    using world = bench();
    await calibrating({ design, losses: LOSSES, quietMs: 600_000, viewers: ['v1'] })(world.on);
    expect(world.elapsedMs()).toBeGreaterThan(600_000);
  });

  it('refuses stages that cannot be told, before any time has passed', async () => {
    using world = bench(false);
    const exercise = calibrating({ design, losses: LOSSES, quietMs: 0, viewers: ['v1'] });
    await expect(exercise(world.on)).rejects.toThrow(HarnessError);
    expect(world.told).toEqual([]);
  });
});
