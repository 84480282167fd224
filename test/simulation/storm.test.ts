// Tests storms in closed form: they cost what they cost when every request is played.

import { expect, test } from 'vitest';
import { listGroups, type Fault, type Scenario } from '../../harness/model/scenario.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { requestsIn, type Load } from '../../harness/simulate/agents/loads.ts';
import { playedByAgents } from '../support/simulatedByAgents.ts';

const LINKS = { kind: 'cut', effect: 'refuse', links: ['connect-down'] } as const;
const EDGE = { kind: 'stage', does: 'kill', stages: ['edge'], links: [] } as const;

/** Something changes every second for a channel that nobody watches: no time is like the time before. */
function withNoise(scenario: Scenario): Scenario {
  const match = { of: 'segment', rung: undefined, every: undefined, ratio: 1 } as const;
  const answer = { kind: 'status', status: 404 } as const;
  const noise = { kind: 'http', match, answer, stages: ['edge'], links: [], channels: ['two'] };
  const [fault] = scenario.faults;
  const often = Array.from({ length: 240 }, (_, second) => ({
    ...fault!,
    name: `noise-${second}`,
    start: { kind: 'at' as const, at: { fromMs: second * 1_000, toMs: second * 1_000 } },
    length: { fromMs: 500, toMs: 500 },
    fault: noise as Fault,
  }));
  return { ...scenario, faults: [...scenario.faults, ...often] };
}

test.each([
  ['stale-503', 'reload', {}, '0s'],
  ['stale-404', 'reload', {}, '0s'],
  ['stale-404', 'reload', {}, '3s'],
  ['stale-503', 'startLoad', {}, '0s'],
  ['stale-404', 'startLoad', LINKS, '0s'],
  ['single-access', 'reload', EDGE, '0s'],
] as const)(
  '%s and %s, with %o and errors kept for %s',
  async (design, onFatal, instead, errorTtl) => {
    const scenario = await loadScenario('scenarios/agreement/filler-1.yaml', { design });
    const [fault] = scenario.faults;
    const cut = { kind: 'cut', effect: 'drop', links: ['connect-down'], channels: ['one', 'two'] };
    const policy = { onFatal, delayMs: 4_000, jitterMs: 3_000 };
    const stormy = {
      ...scenario,
      viewers: { ...listGroups(scenario)[0]!, count: 1_000, policy, channel: 'one' },
      faults: [
        {
          ...fault!,
          length: { fromMs: 240_000, toMs: 240_000 },
          fault: { ...cut, ...instead } as Fault,
        },
      ],
      design: {
        ...scenario.design,
        stages: scenario.design.stages.map((stage) =>
          stage.role === 'edge'
            ? { ...stage, errorTtlMs: Number.parseInt(errorTtl) * 1_000 }
            : stage,
        ),
      },
    };
    const short = playedByAgents(stormy, { agents: 60 });
    const long = playedByAgents(withNoise(stormy), { agents: 60 });
    expect(short.kernel.events).toBeLessThan(long.kernel.events * 0.6);
    expect(short.lostMs).toEqual(long.lostMs);
    expect(short.kernel.screens.curves).toEqual(long.kernel.screens.curves);
    const sum = (load: Load) => requestsIn(load).reduce((all, each) => all + each, 0);
    for (const [i, { load, edge }] of short.world.servers.entries()) {
      const other = sum(long.world.servers[i]!.load);
      // Answers that an edge keeps are counted as a rate at its origin.
      const off = other === 0 ? sum(load) : Math.abs(sum(load) / other - 1);
      expect(off).toBeLessThan(edge ? 0.01 : 0.1);
    }
  },
);
