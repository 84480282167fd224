// One simulated rehearsal of a whole audience by agents, from a plan to a report on disk.

import { findEntries } from '../design/hops.ts';
import { sleepOn } from '../kernel/virtualClock.ts';
import { virtualTimers } from '../kernel/virtualTimers.ts';
import { HarnessError } from '../model/errors.ts';
import type { AgentChoices } from '../model/simulated.ts';
import type { Phase, Plan } from '../model/plan.ts';
import { listGroups, type Design } from '../model/scenario.ts';
import type { Emit } from '../model/world.ts';
import { findBehaviour } from '../people/catalogue.ts';
import { createRecorder } from '../run/recorder.ts';
import { countAudience } from '../simulate/agents/audience.ts';
import { refusalsOfAgents } from '../simulate/agents/playable.ts';
import { measureLoads, makePopulations } from '../simulate/agents/results.ts';
import { simulateAgents, type Played } from '../simulate/agents/simulateAgents.ts';
import { listAsked } from '../simulate/agents/boxes/boxWorld.ts';
import { findWay, listDoors } from '../simulate/agents/world.ts';
import { listTargets } from '../simulate/force.ts';
import { AGENT_PLAYERS } from './agentPlayers.ts';
import { agentsAgreement } from './agentsAgreement.ts';
import type { RunPlace } from './runFolder.ts';
import {
  makeHeader,
  playerVersions,
  refuse,
  reportSimulated,
  simulationStart,
  type Simulated,
} from './simulated.ts';

/** So many agents a class of edges carry a p99, and so many in all a p99.9. */
const AGENTS_A_CLASS = 2_000;
const AGENTS_LEAST = 4_000;
/** Agents of an exact simulation at most: beyond, chance is drawn and no longer divided. */
const COHORTS_MAX = 10_000;

/** Throws SCENARIO_INVALID for what agents cannot play, ARGUMENT_INVALID, CANNOT_WRITE. */
export async function rehearseAgents(
  plan: Plan,
  choices: AgentChoices,
  out: RunPlace,
): Promise<Simulated> {
  checkAgents(plan, choices);
  // A signal ends it while it plays, and nothing is written yet.
  const played = playAgents(plan, choices, simulationStart(plan));
  return reportSimulated(plan, out, async (journal) => write(plan, choices, played, journal));
}

/** Throws SCENARIO_INVALID for what agents cannot play, ARGUMENT_INVALID for choices that do not fit it. */
export function checkAgents(plan: Plan, choices: AgentChoices): void {
  refuse(plan, refusalsOfAgents(plan, AGENT_PLAYERS), 'docs/simulator.md');
  requireEntries(plan, choices);
  requireCertainty(plan, choices);
}

/** Writes the journal. The same plan and choices give the same bytes. */
export const playInto = (plan: Plan, choices: AgentChoices, file: string): void =>
  write(plan, choices, playAgents(plan, choices, simulationStart(plan)), file);

function write(plan: Plan, choices: AgentChoices, played: Played, file: string): void {
  const startedAtEpochMs = simulationStart(plan);
  const recorder = createRecorder({
    file,
    startedAtEpochMs,
    clock: sleepOn(virtualTimers(startedAtEpochMs)),
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    record(recorder.emit, plan, choices, played);
  } finally {
    recorder.close();
  }
}

/** Gives as many agents as a design needs. */
export const agentsFor = (design: Design): number =>
  Math.max(AGENTS_LEAST, AGENTS_A_CLASS * listDoors(design).length);

/** Plays a plan that was found playable. */
export function playAgents(plan: Plan, choices: AgentChoices, startedAtEpochMs: number): Played {
  const { audience, exact, capacities } = choices;
  return simulateAgents({
    plan,
    players: AGENT_PLAYERS,
    audience,
    agents: exact ? COHORTS_MAX : (choices.agents ?? agentsFor(plan.scenario.design)),
    exact,
    capacities,
    epochMs: startedAtEpochMs,
  });
}

function record(emit: Emit, plan: Plan, choices: AgentChoices, played: Played): void {
  const { fromMs, toMs, kernel } = played;
  const startedAtEpochMs = simulationStart(plan);
  /** Times of the kernel count from the start of the disrupt phase. */
  const at = (ms: number) => startedAtEpochMs + ms - fromMs;
  const names = listGroups(plan.scenario).map(({ player }) => player);
  const players = playerVersions(names);
  const agreement = agentsAgreement(names, players);
  const header = makeHeader(plan, { engine: 'agents', players, agreement, chosen: choices });
  emit({ ...header, viewers: [], atEpochMs: at(fromMs) });
  const enter = (phase: Phase, ms: number) => emit({ type: 'phase', phase, atEpochMs: at(ms) });
  enter('provision', fromMs);
  enter('steady', fromMs);
  enter('disrupt', 0);
  recordActions(emit, plan, at);
  enter('recover', plan.disruptMs);
  const viewers = choices.audience ?? countAudience(listGroups(plan.scenario));
  const isSample = !choices.exact && kernel.crowd.size < viewers;
  for (const population of makePopulations(played, plan, isSample))
    emit({ type: 'population', ...population, atEpochMs: at(toMs) });
  for (const load of measureLoads(played)) emit({ type: 'load', ...load, atEpochMs: at(toMs) });
  enter('teardown', toMs);
  emit({ type: 'end', reason: 'complete', atEpochMs: at(toMs) });
}

function recordActions(emit: Emit, plan: Plan, at: (ms: number) => number): void {
  for (const { id: action, does, fault, atMs, expect } of plan.actions) {
    const atEpochMs = at(atMs);
    const ranMs = atEpochMs - simulationStart(plan);
    emit({ type: 'action', action, does, plannedAtMs: ranMs, doneAtMs: ranMs, atEpochMs });
    for (const target of listTargets(fault, plan.scenario.design))
      emit({
        type: 'proof',
        action,
        target,
        by: 'model',
        proven: true,
        witness: 'model',
        observed: expect,
        atEpochMs,
      });
  }
}

/** People draw times of their own, which everybody who is alike cannot be played at once for. */
function requireCertainty({ scenario }: Plan, { exact }: AgentChoices): void {
  const drawn = listGroups(scenario).find(
    (group) =>
      findBehaviour(group).next !== undefined ||
      group.switches !== undefined ||
      (group.joins ?? group.leaves ?? group.returns ?? group.curve),
  );
  if (!exact || !drawn) return;
  throw new HarnessError(
    'ARGUMENT_INVALID',
    `--exact: the viewers ${drawn.name === undefined ? '' : `of ${drawn.name} `}come, go or act by chance, each for themselves`,
    { target: '--exact', hint: 'leave --exact out: a sample of agents plays them' },
  );
}

function requireEntries({ scenario }: Plan, { capacities }: AgentChoices): void {
  const { design } = scenario;
  const ways = listDoors(design).flatMap((entry) => findWay(design, entry));
  const asked = [...findEntries(design), ...ways, ...listAsked(design)];
  const names = [...new Set(asked.map(({ name }) => name))];
  const unknown = Object.keys(capacities).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new HarnessError(
    'ARGUMENT_INVALID',
    `--capacity ${unknown}: no request of a viewer reaches a stage of that name`,
    {
      target: '--capacity',
      hint: `they reach ${names.join(', ')}`,
    },
  );
}
