// Tests simulations in parts on real threads.

import { describe, expect, test } from 'vitest';
import type { Unstamped } from '../../../harness/model/history.ts';
import type { Plan } from '../../../harness/model/plan.ts';
import { simulateParts } from '../../../harness/rehearsal/simulateParts.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const PARTS = [['v1', 'v2'], ['v3'], ['v4']];
const STARTED_AT = Date.UTC(2025, 11, 29, 9, 20);

const night = async (): Promise<Plan> =>
  plan(await loadScenario(NIGHT), { compress: 1_200, seed: 3 });

async function play(made: Plan, workers: number, signal = new AbortController().signal) {
  const told: Unstamped[] = [];
  const emit = (record: Unstamped) => void told.push(record);
  await simulateParts({
    plan: made,
    startedAtEpochMs: STARTED_AT,
    parts: PARTS,
    workers,
    emit,
    signal,
  });
  return told;
}

describe('a simulation in parts', { timeout: 60_000 }, () => {
  test('tells the same on one thread and on two: every viewer, one chain, one end', async () => {
    const made = await night();
    const told = await play(made, 1);
    expect(await play(made, 2)).toEqual(told);
    const joined = told.flatMap((one) =>
      one.type === 'viewer' && one.event === 'join' ? [one.viewer] : [],
    );
    expect(joined).toEqual(PARTS.flat());
    const phases = told.flatMap((one) => (one.type === 'phase' ? [one.phase] : []));
    expect(phases).toEqual(['provision', 'steady', 'disrupt', 'recover', 'teardown']);
    expect(told.at(-1)).toMatchObject({ type: 'end', reason: 'complete' });
  });

  test('ends with the error of the part that fails, or with the reason of whoever ends it', async () => {
    const made = await night();
    const steady = { ...made.scenario.steady, withinMs: 1 };
    const hopeless = { ...made, scenario: { ...made.scenario, steady } };
    await expect(play(hopeless, 1)).rejects.toMatchObject({
      code: 'STEADY_STATE_NOT_REACHED',
      hint: expect.stringContaining('ecran-noir run') as string,
    });
    const ending = new AbortController();
    const ended = play(made, 1, ending.signal);
    ending.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
  });
});
