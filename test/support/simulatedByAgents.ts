// Plays a scenario by agents in memory, as the command line does it.

import type { AgentChoices } from '../../harness/model/simulated.ts';
import { playAgents } from '../../harness/rehearsal/simulateAgents.ts';
import { plan } from '../../harness/scenario/plan.ts';
import type { Plan } from '../../harness/model/plan.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { LOSSES } from '../../harness/simulate/agents/crowd.ts';
import type { Played } from '../../harness/simulate/agents/simulateAgents.ts';

const AS_WRITTEN: AgentChoices = {
  audience: undefined,
  agents: undefined,
  exact: false,
  capacities: {},
};

export interface ByAgents extends Played {
  readonly plan: Plan;
  /** All losses of each agent together. */
  readonly lostMs: readonly number[];
}

export function playedByAgents(
  scenario: Scenario,
  choices: Partial<AgentChoices> = {},
  { compress = 1, seed = 1 }: { readonly compress?: number; readonly seed?: number } = {},
): ByAgents {
  const made = plan(scenario, { compress, seed });
  const played = playAgents(made, { ...AS_WRITTEN, ...choices }, 0);
  const { crowd } = played.kernel;
  const lostMs = Array.from({ length: crowd.size }, (_, agent) =>
    crowd.lostMs.subarray(agent * LOSSES, (agent + 1) * LOSSES).reduce((sum, ms) => sum + ms, 0),
  );
  return { ...played, plan: made, lostMs };
}
