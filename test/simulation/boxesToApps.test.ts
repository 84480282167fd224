// Plays the shipped drill in which viewers of black boxes change to an app.

import { expect, test } from 'vitest';
import { loadScenario } from '../../harness/scenario/load.ts';
import { playedByAgents } from '../support/simulatedByAgents.ts';

const MINUTE_MS = 60_000;

test('15 % of those with a black box see an app within five minutes, and no app is black', async () => {
  const scenario = await loadScenario('scenarios/drills/boxes-to-apps.yaml');
  const { kernel, cells, lostMs } = playedByAgents(scenario, { agents: 2_000 });
  const { crowd } = kernel;
  const [boxes, apps] = [0, 1].map((group) =>
    lostMs.filter((_, agent) => cells[crowd.cohort[agent]!]!.group === group),
  );
  const changed = boxes!.filter((ms) => ms < 29 * MINUTE_MS);
  expect(changed.length / boxes!.length).toBeGreaterThan(0.13);
  expect(changed.length / boxes!.length).toBeLessThan(0.17);
  expect(Math.max(...changed)).toBeLessThan(5.5 * MINUTE_MS);
  expect(Math.max(...apps!)).toBe(0);
});
