// Plays a plan for audiences that grow and shrink again: at each load once without its faults, as on the way
// up, and once with them, as on the way down. Where the two ends differ for want of capacity alone, the
// overload holds itself up: the design is metastable at that load.

import { listDoors } from '../simulate/agents/world.ts';
import { HarnessError } from '../model/errors.ts';
import type { Hysteresis, LoadLevel } from '../model/hysteresis.ts';
import type { Plan } from '../model/plan.ts';
import { listGroups } from '../model/scenario.ts';
import type { AgentChoices } from '../model/simulated.ts';
import { countAudience } from '../simulate/agents/audience.ts';
import { isBack } from '../simulate/agents/crowd.ts';
import type { Played } from '../simulate/agents/simulateAgents.ts';
import { simulationStart } from './simulated.ts';
import { checkAgents, playAgents } from './simulateAgents.ts';

/** Shares of the audience, chosen [C]: an eighth apart, up to half more than there is. */
const LOADS = Array.from({ length: 12 }, (_, i) => (i + 1) / 8);
/** Shares are told, no tails of a distribution: so many agents a class of edges carry them. */
const AGENTS_A_CLASS = 400;
/** A class that turned somebody away, or let them wait, so shortly before the end is overloaded. */
const BUSY_MS = 10_000;
/** A load is carried where at least as many see the programme without a fault, and lost where fewer do after one. */
const CARRIED = 0.95;

/** Throws SCENARIO_INVALID and ARGUMENT_INVALID as `simulate` does. */
export function findHysteresis(plan: Plan, choices: AgentChoices): Hysteresis {
  checkAgents(plan, choices);
  if (Object.keys(choices.capacities).length === 0)
    throw new HarnessError('ARGUMENT_INVALID', '--hysteresis: nothing limits what is served', {
      target: '--hysteresis',
      hint: 'add --capacity NAME=RATE: without a limit no load is too much',
    });
  const { scenario } = plan;
  const whole = choices.audience ?? countAudience(listGroups(scenario));
  const agents = choices.agents ?? AGENTS_A_CLASS * listDoors(scenario.design).length;
  const levels = LOADS.map((load): LoadLevel => {
    const audience = Math.max(1, Math.round(whole * load));
    const play = (played: Plan) =>
      measureEnd(playAgents(played, { ...choices, audience, agents }, simulationStart(plan)));
    const [before, after] = [play({ ...plan, actions: [] }), play(plan)];
    const isMetastable = before.share >= CARRIED && after.share < CARRIED && after.isBusy;
    return { load, audience, before: before.share, after: after.share, isMetastable };
  });
  return { levels, recoverMs: plan.recoverWithinMs };
}

/** The share of those who are there that sees the programme at the end, and where somebody still waits. */
function measureEnd({ kernel, toMs }: Played): {
  readonly share: number;
  readonly isBusy: boolean;
} {
  const { crowd, gates } = kernel;
  let [there, seeing] = [0, 0];
  for (let agent = 0; agent < crowd.size; agent++) {
    if (crowd.gone[agent] !== 0) continue;
    there += crowd.count[agent]!;
    if (isBack(crowd, agent, toMs)) seeing += crowd.count[agent]!;
  }
  return {
    share: there === 0 ? 1 : seeing / there,
    isBusy: gates.some(({ busyAtMs }) => busyAtMs > toMs - BUSY_MS),
  };
}
