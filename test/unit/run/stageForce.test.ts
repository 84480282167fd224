import type { StageFault } from '../../../harness/faults/life.ts';
import { describe, expect, test } from 'vitest';
import type { OnStageFault } from '../../../harness/model/scenario.ts';
import { createStageForce, type StageChange } from '../../../harness/run/stageForce.ts';
import { idleStage } from '../../support/actionsWorld.ts';
import { notedFaults } from '../../support/stageFaults.ts';

const where = { stages: ['playout'], channels: ['one'], links: [] };
const life = (does: StageFault['does']): OnStageFault => ({ kind: 'stage', does, ...where });
const BLACK: OnStageFault = { kind: 'content', shows: 'black', ...where };
const SQUEEZE: OnStageFault = { kind: 'squeeze', limits: { cpus: 0.1 }, ...where };

function force() {
  const done: string[] = [];
  const carryOut = createStageForce();
  const faults = notedFaults(done);
  const command = async (message: object) => void done.push(JSON.stringify(message));
  const change = (
    does: StageChange['does'],
    fault: OnStageFault,
    { instance = 'playout.one', id = fault.kind }: Partial<Record<'instance' | 'id', string>> = {},
  ) => carryOut({ stage: idleStage(instance, { faults, command }), does, fault, id, seed: 1 });
  return { done, change };
}

const TOLD = { black: '{"content":"black"}', healthy: '{"content":"programme"}' };

describe('a stage that starts again', () => {
  test('is told again what is wrong with it', async () => {
    const { done, change } = force();
    await change('inject', BLACK);
    await change('inject', life('restart'));
    await change('heal', life('restart'));
    await change('heal', BLACK);
    expect(done).toEqual([TOLD.black, 'shutDown', 'restart', TOLD.black, TOLD.healthy]);
  });

  test('is told nothing of what is over, or of what others do', async () => {
    const { done, change } = force();
    await change('inject', BLACK);
    await change('heal', BLACK);
    await change('inject', BLACK, { instance: 'playout.two' });
    await change('inject', life('kill'));
    await change('heal', life('kill'));
    expect(done.slice(3)).toEqual(['kill', 'restart']);
  });

  test('is told then what happened while it was down, and nothing before', async () => {
    const { done, change } = force();
    await change('inject', BLACK);
    await change('inject', life('stop'));
    await change('heal', BLACK);
    expect(done).toEqual([TOLD.black, 'shutDown']);
    await change('heal', life('stop'));
    expect(done.slice(2)).toEqual(['restart', TOLD.healthy]);
  });
});

test('two wrong answers are told together, and the one that stays is told unchanged', async () => {
  const { done, change } = force();
  const wrong = (of: 'segment' | 'playlist'): OnStageFault => ({
    kind: 'http',
    answer: { kind: 'hang' },
    ...where,
    match: { of, rung: undefined, every: undefined, ratio: 1 },
  });
  await change('inject', wrong('segment'), { id: 'a' });
  await change('inject', wrong('playlist'), { id: 'b' });
  await change('heal', wrong('segment'), { id: 'a' });
  const entry = (of: string) =>
    `{"match":{"kind":"${of}","channel":"one"},"answer":{"kind":"hang"},"seed":1}`;
  expect(done).toEqual([
    `{"http":[${entry('segment')}]}`,
    `{"http":[${entry('segment')},${entry('playlist')}]}`,
    `{"http":[${entry('playlist')}]}`,
  ]);
});

test('what the runtime does is done at once, whatever the stage hears', async () => {
  const { done, change } = force();
  await change('inject', life('kill'));
  await change('inject', SQUEEZE);
  await change('heal', life('kill'));
  expect(done).toEqual(['kill', 'squeeze', 'restart']);
});

test('a stage that is paused or off the network is told all the same', async () => {
  const { done, change } = force();
  for (const does of ['pause', 'disconnect'] as const) {
    await change('inject', life(does));
    await change('inject', BLACK);
    await change('heal', BLACK);
    await change('heal', life(does));
  }
  expect(done.filter((text) => text.includes('content'))).toHaveLength(4);
});
