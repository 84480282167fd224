// Tests loads up and down through a fault: an overload that holds itself up is told, and nothing else is.

import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../harness/model/plan.ts';
import type { AgentChoices } from '../../../harness/model/simulated.ts';
import { findHysteresis } from '../../../harness/rehearsal/hysteresis.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { renderHysteresis } from '../../../reports/hysteresis.ts';

const CHOICES: AgentChoices = {
  audience: 1_000,
  agents: 40,
  exact: false,
  capacities: {},
};

/** Uploads are away for 40 s, the origin answers 503 from then on, and everybody loads the page again and again. */
async function herd(errorTtlMs: number): Promise<Plan> {
  const scenario = await loadScenario('scenarios/agreement/filler-1.yaml', { design: 'stale-503' });
  const policy = { onFatal: 'reload', delayMs: 2_000, jitterMs: 2_000 } as const;
  const [fault] = scenario.faults;
  const stages = scenario.design.stages.map((stage) =>
    stage.role === 'edge' ? { ...stage, errorTtlMs } : stage,
  );
  return plan(
    {
      ...scenario,
      design: { ...scenario.design, stages },
      viewers: { count: 1_000, player: 'hls.js', policy, config: {} },
      recover: { withinMs: 60_000 },
      faults: [
        {
          ...fault!,
          length: { fromMs: 40_000, toMs: 40_000 },
          fault: { kind: 'cut', effect: 'drop', links: ['connect-down'], channels: ['one', 'two'] },
        },
      ],
    },
    { compress: 1, seed: 1 },
  );
}

const limited = (origin: number): AgentChoices => ({ ...CHOICES, capacities: { origin } });

describe('a load that goes up and comes down through an outage', () => {
  test('does not find its way back where every error is asked for again', async () => {
    const found = findHysteresis(await herd(0), limited(30));
    const stuck = found.levels.filter(({ isMetastable }) => isMetastable);
    expect(stuck.length).toBeGreaterThan(0);
    for (const { before, after } of stuck) {
      expect(before).toBeGreaterThanOrEqual(0.95);
      expect(after).toBeLessThan(0.95);
    }
    expect(found.levels[0]).toMatchObject({ before: 1, after: 1, isMetastable: false });
    expect(renderHysteresis(found)).toMatch(/Metastable at .*% of the audience: at /);
  });

  test.each([
    ['with capacity to spare', 0, 3_000],
    ['where the edge keeps errors', 3_000, 30],
  ])('finds it %s', async (_, errorTtlMs, perS) => {
    const found = findHysteresis(await herd(errorTtlMs), limited(perS));
    expect(found.levels.every(({ before, after }) => before === 1 && after === 1)).toBe(true);
    expect(renderHysteresis(found)).toContain('Not metastable: at every load');
  });

  test('is not played without a limit', async () => {
    const made = await herd(0);
    expect(() => findHysteresis(made, CHOICES)).toThrow('--hysteresis: nothing limits');
  });
});
