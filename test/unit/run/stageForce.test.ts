import { describe, expect, test } from 'vitest';
import type { OnStageFault, StageFault } from '../../../harness/model/scenario.ts';
import { createStageForce, type StageDeed } from '../../../harness/run/stageForce.ts';

const where = { stages: ['playout'], channels: ['one'], links: [] };
const life = (does: StageFault['does']): OnStageFault => ({ kind: 'stage', does, ...where });
const BLACK: OnStageFault = { kind: 'content', shows: 'black', ...where };
const SQUEEZE: OnStageFault = { kind: 'squeeze', limits: { cpus: 0.1 }, ...where };

function force() {
  const done: string[] = [];
  const carryOut = createStageForce();
  const deed = (does: StageDeed['does'], fault: OnStageFault, instance = 'playout.one') =>
    carryOut({
      ...{ instance, does, fault, id: fault.kind },
      act: async () =>
        void done.push(`${does} ${fault.kind === 'stage' ? fault.does : fault.kind}`),
    });
  return { done, deed };
}

describe('a stage that starts again', () => {
  test('is told again what is wrong with it', async () => {
    const { done, deed } = force();
    await deed('inject', BLACK);
    await deed('inject', life('restart'));
    await deed('heal', life('restart'));
    await deed('heal', BLACK);
    expect(done).toEqual([
      'inject content',
      'inject restart',
      'inject content',
      'heal restart',
      'heal content',
    ]);
  });

  test('is told nothing of what is over, or of what others do', async () => {
    const { done, deed } = force();
    await deed('inject', BLACK);
    await deed('heal', BLACK);
    await deed('inject', BLACK, 'playout.two');
    await deed('inject', life('kill'));
    await deed('heal', life('kill'));
    expect(done.slice(3)).toEqual(['inject kill', 'heal kill']);
  });

  test('is told then what happened while it was down, and nothing before', async () => {
    const { done, deed } = force();
    await deed('inject', BLACK);
    await deed('inject', life('stop'));
    await deed('heal', BLACK);
    expect(done).toEqual(['inject content', 'inject stop']);
    await deed('heal', life('stop'));
    expect(done.slice(2)).toEqual(['heal stop', 'heal content']);
  });
});

test('what the runtime does is done at once, whatever the stage hears', async () => {
  const { done, deed } = force();
  await deed('inject', life('kill'));
  await deed('inject', SQUEEZE);
  await deed('heal', life('kill'));
  expect(done).toEqual(['inject kill', 'inject squeeze', 'heal kill']);
});

test('a stage that is paused or off the network is told all the same', async () => {
  const { done, deed } = force();
  for (const does of ['pause', 'disconnect'] as const) {
    await deed('inject', life(does));
    await deed('inject', BLACK);
    await deed('heal', BLACK);
    await deed('heal', life(does));
  }
  expect(done.filter((text) => text.endsWith('content'))).toHaveLength(4);
});
