// Finds what a scenario asks for that agents cannot play: it is refused by name, and never played
// nearly.

import { findEntries, findHops, steeredTo } from '../../design/hops.ts';
import { hasRole, stagesWithRole } from '../../design/roles.ts';
import { findKind } from '../../faults/kinds.ts';
import type { LinkNumbers, StageNumbers } from '../../faults/kind.ts';
import type { Plan } from '../../model/plan.ts';
import {
  listGroups,
  isOnStages,
  readTransport,
  type Design,
  type Fault,
  type LinkFault,
  type OnStageFault,
  type Scenario,
  type Stage,
  type StageRole,
  type ViewerGroup,
} from '../../model/scenario.ts';
import { combineFaults } from '../flow.ts';
import { findRefusals, refusedFaults, type Refusal } from '../playable.ts';
import { findSenderWay } from './boxes/boxWorld.ts';
import { RUNGS_MAX } from './crowd.ts';
import type { AgentPlayer } from './players/player.ts';
import { listSettings } from './settings.ts';
import { PATHWAYS_MAX } from './steered.ts';

const MISSING = 'is not modelled for agents';
const INSTEAD = `${MISSING}: use \`--engine virtual-player\``;
/** For boxes, which virtual players do not play either. */
const RUN_INSTEAD = `${MISSING}: use \`ecran-noir run\``;

/** Those whose numbers agents have. */
type Players = Readonly<Record<string, Pick<AgentPlayer, 'box'>>>;

export function refusalsOfAgents(plan: Plan, players: Players): Refusal[] {
  const { scenario } = plan;
  return [
    ...findRefusals(plan, Object.keys(players), true),
    ...refusedFaults(plan, refused),
    ...designRefusals(scenario.design),
    ...(scenario.alerts ?? []).map((_, i) => ({
      path: ['alerts', i],
      message: `an alert ${INSTEAD}`,
    })),
    ...listGroups(scenario).flatMap((group, index) =>
      groupRefusals(group, players[group.player] ?? {}, { index, scenario }),
    ),
  ];
}

/** Players whose way between steered edges is modelled. */
const STEERED: readonly string[] = ['hls.js'];

function groupRefusals(
  group: ViewerGroup,
  player: Players[string],
  { index, scenario: { viewers, design } }: { index: number; scenario: Scenario },
): Refusal[] {
  const at = 'count' in viewers ? ['viewers'] : ['viewers', index];
  const played = listSettings(player);
  const settings = Object.keys(group.config).filter((key) => !played.includes(key));
  const isSteered = !player.box && steeredTo(design).length > 0 && !STEERED.includes(group.player);
  return [
    ...settings.map((key) => ({
      path: [...at, 'config'],
      message: `the setting ${key} of a player ${INSTEAD}`,
    })),
    ...(isSteered
      ? [{ path: [...at, 'player'], message: `${group.player} that is steered ${INSTEAD}` }]
      : []),
  ];
}

/** The roles that agents know, and what they have one of at most. */
const MANY: Partial<Record<StageRole, string>> = {
  playout: 'sources',
  transcoder: 'inputs',
  origin: 'sources',
  edge: 'origins',
  multicast: 'sources',
  portal: 'sources',
};

/** Agents know one way of the picture: playout, transcoder, origin, and edges and shields that ask one server each. */
function designRefusals(design: Design): Refusal[] {
  const hops = findHops(design);
  const sources = (stage: Stage) => hops.filter(({ to }) => to === stage).length;
  const wrong = design.stages.flatMap((stage): readonly string[] => {
    if (hasRole(stage, 'steering')) return steeringRefusals(design, stage);
    const many = MANY[stage.role];
    if (many === undefined) return [`${stage.name} (${stage.role}) ${INSTEAD}`];
    if (hasRole(stage, 'multicast') && !findSenderWay(design, stage).transcoder)
      return [`${stage.name} that no transcoder sends to ${INSTEAD}`];
    return sources(stage) > 1 ? [`${stage.name} has several ${many}, which ${INSTEAD}`] : [];
  });
  const rungs =
    design.media.ladder.length > RUNGS_MAX
      ? [`a ladder of more than ${RUNGS_MAX} rungs ${INSTEAD}`]
      : [];
  return [...wrong, ...rungs].map((message) => ({ path: ['design'], message }));
}

/** All viewers ask one stage that steers, and go from it to edges. */
function steeringRefusals(design: Design, { name }: Stage): readonly string[] {
  if (findEntries(design).length > 1) return [`${name} beside other ways in ${INSTEAD}`];
  return steeredTo(design).length > PATHWAYS_MAX
    ? [`${name} with more than ${PATHWAYS_MAX} edges ${INSTEAD}`]
    : [];
}

function refused(fault: Fault, { design }: Scenario): string | undefined {
  return isOnStages(fault) ? refusedOnStages(fault, design) : refusedOnLinks(fault, design);
}

/** Times and rates up to which a link changes nothing for its viewers. */
const DELAY_MS_MAX = 150;
const JITTER_MS_MAX = 100;
/** A link must carry so many times what passes it. */
const ROOM = 2;

function refusedOnLinks(fault: LinkFault, design: Design): string | undefined {
  const datagrams = refusedDatagrams(fault, design);
  if (datagrams !== undefined) return datagrams;
  const playouts = stagesWithRole(design, 'playout').map(({ name }) => name);
  const feeds = design.links.some(
    ({ name, from }) => fault.links.includes(name) && playouts.includes(from),
  );
  if (feeds && fault.kind === 'loss' && fault.burstMs !== undefined)
    return `loss in bursts on a contribution ${INSTEAD}`;
  const numbers: LinkNumbers = findKind(fault).numbers(fault);
  if (!numbers.passes) return undefined;
  const { delayMs, jitterMs, rateKbps } = combineFaults([fault], fault.direction ?? 'forward');
  if (jitterMs > JITTER_MS_MAX) return `jitter of more than ${JITTER_MS_MAX} ms ${INSTEAD}`;
  if (feeds && delayMs > DELAY_MS_MAX)
    return `a contribution that is late by more than ${DELAY_MS_MAX} ms ${INSTEAD}`;
  const { ladder } = design.media;
  const ladderKbps = ladder.reduce((sum, { videoKbps }) => sum + videoKbps, 0);
  const neededKbps = ROOM * (feeds ? 0 : ladderKbps * design.channels.length);
  return rateKbps < neededKbps
    ? `a link narrower than ${neededKbps} kbit/s, which makes players change rungs, ${INSTEAD}`
    : undefined;
}

/** A group is modelled as it comes or does not: single datagrams are not. */
function refusedDatagrams(fault: LinkFault, design: Design): string | undefined {
  const links = design.links.filter(({ name }) => fault.links.includes(name));
  const on = links.find((link) => readTransport(link) === 'udp');
  if (!on) return undefined;
  if (links.some(({ protocol }) => protocol === 'srt'))
    return `a contribution over SRT ${RUN_INSTEAD}`;
  if (!findKind(fault).numbers(fault).passes || fault.direction === 'backward') return undefined;
  if (fault.kind !== 'latency')
    return `${fault.kind} of the datagrams of ${on.name}, which damages pictures, ${RUN_INSTEAD}`;
  const { delayMs, jitterMs } = combineFaults([fault], fault.direction ?? 'forward');
  return delayMs > DELAY_MS_MAX || jitterMs > JITTER_MS_MAX
    ? `a group that is late by more than ${DELAY_MS_MAX} ms ${RUN_INSTEAD}`
    : undefined;
}

const ANSWERS: readonly string[] = ['status', 'hang', 'slow', 'stale', 'truncated', 'empty'];

function refusedOnStages(fault: OnStageFault, design: Design): string | undefined {
  if (fault.kind === 'stage') {
    const onTranscoders = stagesWithRole(design, 'transcoder').some(({ name }) =>
      fault.stages.includes(name),
    );
    const stands = fault.does === 'pause' || fault.does === 'disconnect';
    return onTranscoders && stands ? `${fault.does} of a transcoder ${INSTEAD}` : undefined;
  }
  const { dateErrorMs, stores, wrong }: StageNumbers = findKind(fault).numbers(fault);
  if (dateErrorMs !== undefined) return `a wrong clock ${INSTEAD}`;
  if (stores === false) return `a full disk ${INSTEAD}`;
  if (!wrong) return undefined;
  const { match, answer } = wrong;
  if (match.of === 'segment') return `what players do about single segments ${INSTEAD}`;
  if (match.ratio < 1 || match.rung !== undefined || match.every !== undefined)
    return `a wrong answer to a part of the requests ${INSTEAD}`;
  return ANSWERS.includes(answer.kind) ? undefined : `${answer.kind} as a wrong answer ${INSTEAD}`;
}
