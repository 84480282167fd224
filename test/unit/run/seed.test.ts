// Tests that an HTTP fault draws its chances from the run's seed.

import type { HttpFault } from '../../../harness/faults/http.ts';
import { expect, test } from 'vitest';
import { strip } from '../../support/strip.ts';
import { actionsOn, idleStage } from '../../support/actionsWorld.ts';
import { plannedAction } from '../../support/plannedAction.ts';

const { design } = strip('p', 1000).run.plan.scenario;

const FAULT: HttpFault = {
  kind: 'http',
  match: { of: 'segment', rung: undefined, every: undefined, ratio: 0.5 },
  answer: { kind: 'status', status: 503 },
  stages: ['edge'],
  channels: ['one'],
  links: [],
};

/** Seed of the command that an occurrence of the fault becomes. */
async function seedOf(seed: number, occurrence: string): Promise<unknown> {
  const commands: Readonly<Record<string, unknown>>[] = [];
  const edge = idleStage('edge', {
    command: async (message) => void commands.push(message),
  });
  const action = plannedAction(FAULT, 'inject', 'f');
  const { apply } = actionsOn({ design, seed, stages: [edge] });
  await apply({ ...action, id: `${occurrence}:inject` });
  return (commands[0]?.['http'] as readonly { seed: number }[])[0]?.seed;
}

test('the same run draws the same again, another one something else', async () => {
  const seed = await seedOf(1, 'f');
  expect(seed).toSatisfy(Number.isInteger);
  expect(await seedOf(1, 'f')).toBe(seed);
  expect(await seedOf(2, 'f')).not.toBe(seed);
});

test('each occurrence draws for itself', async () => {
  expect(await seedOf(1, 'f#2')).not.toBe(await seedOf(1, 'f'));
});
