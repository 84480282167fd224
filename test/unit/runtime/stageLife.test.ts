// Ends of a container that a fault caused, and ends that nobody asked for.

import { expect, test } from 'vitest';
import type { ContainerExit } from '../../../harness/runtime/containers/container.ts';
import { watchLives, type LivingStage } from '../../../harness/runtime/containers/stageLife.ts';

function livingStage() {
  let end: (exit: ContainerExit) => void = () => undefined;
  let exited = new Promise<ContainerExit>(() => undefined);
  const begin = () => {
    exited = new Promise((resolve) => (end = resolve));
  };
  begin();
  const container = {
    get exited() {
      return exited;
    },
  };
  const voice = { stderr: () => undefined, lastLines: () => ['last words'] };
  const launch = { instance: 'origin', stage: { name: 'origin', role: 'origin' } };
  const living = { launch, container, voice, say: () => undefined } as unknown as LivingStage;
  const life = watchLives(living);
  let over = false;
  void life.exited.then(() => (over = true));
  /** After everybody who waits has heard of it. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    life,
    dies: async () => {
      end({ code: 137, outOfMemory: true });
      await settled();
    },
    startsAgain: () => {
      begin();
      life.watch();
    },
    isOver: () => over,
  };
}

test('a stage that ends by itself has ended', async () => {
  const { life, dies, isOver } = livingStage();
  expect(life.isRunning()).toBe(true);
  await dies();
  expect(life.isRunning()).toBe(false);
  expect(isOver()).toBe(true);
  expect(await life.exited).toMatchObject({ asked: false, lastLines: ['last words'] });
});

test('one that could not live while it was squeezed has not, and may end by itself later', async () => {
  const { life, dies, startsAgain, isOver } = livingStage();
  life.expectEnd();
  await dies();
  life.expectNoEnd();
  expect(isOver()).toBe(false);
  startsAgain();
  expect(life.isRunning()).toBe(true);
  await dies();
  expect(isOver()).toBe(true);
});

test('one that lived through it and ends after it was released has ended', async () => {
  const { life, dies, isOver } = livingStage();
  life.expectEnd();
  life.expectNoEnd();
  await dies();
  expect(isOver()).toBe(true);
});

test('one that is down when the run ends was asked to', async () => {
  const { life, dies } = livingStage();
  life.expectEnd();
  await dies();
  life.finish();
  expect(await life.exited).toMatchObject({ asked: true });
});
