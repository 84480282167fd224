// Plays the whole audience of a plan by agents: the chain in closed form, then the kernel, then what
// became of every group, channel and class of edges.

import { listChannels, type Channel } from '../../design/flows.ts';
import { groupSenders } from '../../design/groups.ts';
import { findEntries, steeredTo } from '../../design/hops.ts';
import { stagesWithRole } from '../../design/roles.ts';
import type { RealTimes } from '../../model/agreement.ts';
import type { Plan } from '../../model/plan.ts';
import { listGroups, type Design, type ViewerGroup } from '../../model/scenario.ts';
import type { AgentChoices } from '../../model/simulated.ts';
import { findBehaviour } from '../../people/catalogue.ts';
import { followCurve, listMoves } from '../../people/presence.ts';
import { TIMES } from '../constants.ts';
import { dealCells, dealAll, dealSample, type Cell, type Dealt } from './audience.ts';
import { groupOf } from './boxes/box.ts';
import { KEY_EVERY_MS } from './boxes/broadcast.ts';
import { createCrowd, PLAYING } from './crowd.ts';
import { draw } from './hash.ts';
import { run } from './kernel.ts';
import { awaitPeople } from './people.ts';
import type { Group, Move } from './group.ts';
import { EVENTS, type Kernel } from './player.ts';
import type { AgentPlayer } from './players/player.ts';
import { throughMs } from './output.ts';
import { withSettings } from './settings.ts';
import { createWheel } from './wheel.ts';
import { buildWorld, type World } from './world.ts';

export interface AgentsOptions {
  readonly plan: Plan;
  readonly players: Readonly<Record<string, AgentPlayer>>;
  /** Viewers in all, instead of those that the scenario's groups stand for. */
  readonly audience?: number | undefined;
  /** Agents in all; of an exact simulation the most that there may be. */
  readonly agents: number;
  /** Everybody is played: viewers who are alike in everything are one agent. */
  readonly exact: boolean;
  readonly capacities: AgentChoices['capacities'];
  /** The epoch at the start of the disrupt phase. */
  readonly epochMs: number;
  /** A simulation by virtual players that is played again, in step with it. */
  readonly alongside?: RealTimes | undefined;
}

export interface Played {
  readonly world: World;
  readonly kernel: Kernel;
  readonly cells: readonly Cell[];
  /** Since the start of the disrupt phase; the first is when viewers join. */
  readonly fromMs: number;
  readonly toMs: number;
  /** From the playout to the screen before the first fault, the mean. */
  readonly latencyMs: number;
}

const PURPOSE = { phase: 4, key: 10 } as const;
/** A player looks this often whether it can go over a hole, and then goes. */
const HOLE_MS = 50;
/** Everybody has joined and plays on for as many segments before the first fault. */
const STEADY_SEGMENTS = 6;

export function simulateAgents(options: AgentsOptions): Played {
  const { plan, epochMs, alongside, capacities } = options;
  const { design, steady } = plan.scenario;
  const { segmentMs, ladder } = design.media;
  const steadyMs = Math.max(steady.holdMs, STEADY_SEGMENTS * segmentMs);
  const fromMs = -Math.round(alongside?.steadyMs ?? steadyMs);
  const toMs = alongside?.watchedMs ?? plan.disruptMs + plan.recoverWithinMs;
  const span = { fromMs, toMs };
  const phaseMs = choosePhase(options, fromMs);
  const world = buildWorld({ plan, span, epochMs, phaseMs, keyMs: chooseKey(plan), capacities });
  const boxes = world.boxes?.places ?? [];
  const groups = listGroups(plan.scenario).map((group) => groupIn(group, options));
  const cells = cellsIn(options);
  const dealt = dealtIn(options, cells);
  const capacity = options.exact ? Math.max(options.agents, dealt.length) : dealt.length;
  const crowd = createCrowd(capacity, world.steering?.edges.length);
  const kernel: Kernel = {
    crowd,
    screens: {
      crowd,
      fillOf: (agent) => world.places[crowd.place[agent]!]!.publication.segments.fill,
      holeMsOf: (agent) => groups[crowd.group[agent]!]!.player.rules.holeMs ?? HOLE_MS,
      boxOf: (agent) => groupOf({ crowd, groups, boxes }, agent),
      fromMs,
      curves: cells.map(() => new Float64Array(Math.ceil((toMs - fromMs) / 60_000))),
    },
    wheel: createWheel(capacity * EVENTS, fromMs),
    groups,
    channels: listChannels(design).length,
    steering: world.steering,
    places: world.places,
    boxes,
    gates: world.servers.flatMap(({ gate }) => gate ?? []),
    seed: plan.seed,
    endMs: toMs,
    segmentMs,
    rungs: ladder.length,
    splits: options.exact,
    startUpMs: TIMES.startUpMs,
    answers: {
      isComing: new Uint8Array(capacity * EVENTS),
      status: new Int16Array(capacity * EVENTS),
      value: new Int32Array(capacity * EVENTS),
      askedMs: new Float64Array(capacity * EVENTS),
    },
    answer: { status: 0, value: -1, atMs: 0, isTurnedAway: false },
    intents: [],
    rounds: new Map(),
    events: 0,
  };
  for (const one of dealt)
    enter(kernel, cells, one, {
      atMs: fromMs + (alongside ? 0 : one.phaseMs),
      share: one.phaseMs / segmentMs,
    });
  run(kernel, Math.min(0, toMs));
  const latencyMs = meanLatencyMs(kernel, throughMs(design.media));
  run(kernel, toMs);
  return { world, kernel, cells, fromMs, toMs, latencyMs };
}

function groupIn(
  group: ViewerGroup,
  { plan, players }: Pick<AgentsOptions, 'plan' | 'players'>,
): Group {
  const { player, policy, config, switches } = group;
  const known = players[player]!;
  return {
    player: withSettings(known, config),
    policy,
    next: findBehaviour(group).next,
    switches: switches && {
      ...switches,
      to: listGroups(plan.scenario).findIndex(({ name }) => name === switches.to),
    },
    entries: entriesOf(plan.scenario.design, known),
    movesOf: listComings(group, plan),
  };
}

/** By the curve of a group, or at the times that it says. */
function listComings(group: ViewerGroup, { scenario, compress, disruptMs }: Plan) {
  const presence = followCurve(group, scenario, disruptMs * compress);
  if (presence)
    return (rank: number): readonly Move[] =>
      listMoves(presence, rank).map(({ does, ms }) => ({
        does,
        fromMs: ms / compress,
        toMs: ms / compress,
      }));
  const moves = [
    { does: 'join' as const, at: group.joins },
    { does: 'leave' as const, at: group.leaves },
    { does: 'join' as const, at: group.returns },
  ].flatMap(({ does, at }): readonly Move[] =>
    at ? [{ does, fromMs: at.fromMs / compress, toMs: at.toMs / compress }] : [],
  );
  return () => moves;
}

/** When a box can begin, drawn for each channel. */
const chooseKey =
  ({ seed }: Plan) =>
  ({ number }: Channel): number =>
    draw(seed, number, PURPOSE.key, 0) % KEY_EVERY_MS;

function meanLatencyMs({ crowd, places }: Kernel, headEndMs: number): number {
  let [sumMs, viewers] = [0, 0];
  for (let agent = 0; agent < crowd.size; agent++) {
    if (crowd.mode[agent] !== PLAYING) continue;
    viewers += crowd.count[agent]!;
    if (crowd.isBox[agent] === 1) {
      const lateMs = headEndMs + TIMES.encodeContributionMs + crowd.offsetMs[agent]!;
      sumMs += crowd.count[agent]! * lateMs;
      continue;
    }
    const { startMs, mediaMs } = places[crowd.place[agent]!]!.publication.segments;
    const putOutMs = startMs[0]! - mediaMs[0]!;
    sumMs += crowd.count[agent]! * (crowd.offsetMs[agent]! - putOutMs + headEndMs);
  }
  return sumMs / viewers;
}

/** Where segments begin: in step with a simulation, or drawn for each channel. */
function choosePhase(
  { plan, alongside }: AgentsOptions,
  fromMs: number,
): (channel: Channel) => number {
  const { media } = plan.scenario.design;
  if (!alongside)
    return ({ number }) => draw(plan.seed, number, PURPOSE.phase, 0) % media.segmentMs;
  const boundaryMs = fromMs - alongside.joinPhaseMs + throughMs(media) + 1000 / media.fps;
  return () => boundaryMs;
}

function cellsIn({ plan, players, audience }: AgentsOptions): Cell[] {
  const { scenario } = plan;
  return dealCells({
    groups: listGroups(scenario),
    channels: listChannels(scenario.design),
    entriesOf: ({ player }) => entriesOf(scenario.design, players[player]!),
    isBox: ({ player }) => players[player]?.box !== undefined,
    audience,
  });
}

/** The share of viewers who begin at each place that a player can begin at. */
const entriesOf = (design: Design, { box }: Pick<AgentPlayer, 'box'>): readonly number[] =>
  box ? groupSenders(design).map((_, __, all) => 1 / all.length) : shareEntries(design);

/** Evenly, or as those who steer have it: by their shares, or all to the first. */
function shareEntries(design: Design): readonly number[] {
  const [steering] = stagesWithRole(design, 'steering');
  if (steering)
    return steeredTo(design).map(({ name }, i) =>
      steering.shares ? (steering.shares[name] ?? 0) : Number(i === 0),
    );
  return findEntries(design).map((_, __, all) => 1 / all.length);
}

function dealtIn({ plan, exact, agents }: AgentsOptions, cells: readonly Cell[]): Dealt[] {
  const { segmentMs } = plan.scenario.design.media;
  return exact
    ? dealAll(cells, segmentMs)
    : dealSample(cells, { agents, segmentMs, seed: plan.seed });
}

interface Entering {
  readonly atMs: number;
  readonly share: number;
}

function enter(
  kernel: Kernel,
  cells: readonly Cell[],
  dealt: Dealt,
  { atMs, share }: Entering,
): void {
  const { crowd } = kernel;
  const agent = crowd.size++;
  const cell = cells[dealt.cell]!;
  crowd.count[agent] = dealt.viewers;
  crowd.group[agent] = cell.group;
  crowd.place[agent] = cell.place;
  crowd.isBox[agent] = cell.isBox ? 1 : 0;
  crowd.cohort[agent] = dealt.cell;
  crowd.rank[agent] = dealt.rank;
  crowd.home[agent] = Math.floor(cell.place / kernel.channels);
  crowd.sinceMs[agent] = kernel.screens.fromMs;
  awaitPeople(kernel, agent, atMs, share);
}
