// Everything that set-top boxes of a plan listen to and ask: groups, senders that burst, and the portal.

import { listChannels, nameFlow, nameInstance, type Channel } from '../../../design/flows.ts';
import {
  findPortal,
  findRepairer,
  findRepairLink,
  groupSenders,
  wayToAsk,
} from '../../../design/groups.ts';
import { findHops, type Hop } from '../../../design/hops.ts';
import { hasRole } from '../../../design/roles.ts';
import type {
  Design,
  MulticastStage,
  PlayoutStage,
  Stage,
  TranscoderStage,
} from '../../../model/scenario.ts';
import { readCapacityChoice, type AgentChoices } from '../../../model/simulated.ts';
import type { LifeState } from '../../stage.ts';
import { HEALTHY_FLOW, type Conditions, type Forces } from '../forces.ts';
import { createLoad, type Load } from '../loads.ts';
import type { OutputSpan } from '../output.ts';
import type { Span } from '../segments.ts';
import { findIntervals, type Interval, type Steps } from '../steps.ts';
import { findBroadcast, KEY_EVERY_MS, type Broadcast } from './broadcast.ts';
import type { Turns } from './turns.ts';

/** A stage that a box asks, the sender for a burst or the portal, and the way there. */
export interface BoxServer {
  readonly turns: Turns;
  readonly life: Steps<LifeState>;
  readonly flow: Steps<Conditions>;
}

/** A channel of a sender, as boxes of it see it. */
export interface BoxPlace {
  readonly broadcast: Broadcast;
  readonly bursts: BoxServer | undefined;
  readonly portal: BoxServer | undefined;
}

/** The requests that boxes make of a stage, and how many of them a second it has time for. */
export interface BoxLoad {
  readonly load: Load;
  readonly capacityPerS: number;
}

export interface BoxWorld {
  /** By sender, and in it by channel. */
  readonly places: readonly BoxPlace[];
  readonly loads: readonly BoxLoad[];
}

export interface BoxWorldOptions {
  readonly design: Design;
  readonly span: Span;
  readonly forces: Forces;
  readonly capacities: AgentChoices['capacities'];
  readonly outputOf: (way: PictureWay, channel: Channel) => readonly OutputSpan[];
  /** A picture of a channel that a decoder can begin with. */
  readonly phaseMs: (channel: Channel) => number;
}

/** From the playout to a transcoder. */
export interface PictureWay {
  readonly playout: PlayoutStage;
  readonly feed: Hop;
  readonly transcoder: TranscoderStage;
}

/** A burst goes back to the last picture to begin with: half of the way to the one before, in the mean. */
const BURST_MS = KEY_EVERY_MS / 2;
/** Datagrams that wait longer than this are dropped (pipeline/multicast/repair.ts). */
const BURST_WAIT_MS_MAX = 1_000;

/** The stages that boxes ask: the portal, and the senders that burst. */
export const listAsked = (design: Design): readonly Stage[] =>
  [
    ...(groupSenders(design).length > 0 ? [findPortal(design)] : []),
    ...groupSenders(design).map((sender) => findRepairer(design, sender)),
  ].filter((stage) => stage !== undefined);

export function buildBoxWorld(options: BoxWorldOptions): BoxWorld | undefined {
  const { design } = options;
  const senders = groupSenders(design);
  if (senders.length === 0) return undefined;
  const loads: BoxLoad[] = [];
  const keep = (turns: Turns): Turns => {
    loads.push({ load: turns.load, capacityPerS: 1000 / turns.eachMs });
    return turns;
  };
  const known = new Map<string, Turns>();
  const turnsOf = (stage: Stage, make: () => Turns): Turns => {
    const turns = known.get(stage.name) ?? keep(make());
    known.set(stage.name, turns);
    return turns;
  };
  const places = senders.flatMap((sender) =>
    listChannels(design).map((channel): BoxPlace => ({
      broadcast: broadcastOf(sender, channel, options),
      bursts: burstsOf(sender, channel, options, turnsOf),
      portal: portalOf(sender, channel, options, turnsOf),
    })),
  );
  return { places, loads };
}

/** The way of the picture to a sender, from its transcoder. */
export function findSenderWay(
  design: Design,
  stage: Stage,
): { readonly hops: readonly Hop[]; readonly transcoder: TranscoderStage | undefined } {
  const hop = findHops(design).find(({ to }) => to === stage);
  if (!hop) return { hops: [], transcoder: undefined };
  if (hasRole(hop.from, 'transcoder')) return { hops: [hop], transcoder: hop.from };
  const before = findSenderWay(design, hop.from);
  return { hops: [...before.hops, hop], transcoder: before.transcoder };
}

function broadcastOf(
  sender: MulticastStage,
  channel: Channel,
  { design, forces, outputOf, phaseMs }: BoxWorldOptions,
): Broadcast {
  const { hops, transcoder } = findSenderWay(design, sender);
  const feed = findHops(design).find(({ to }) => to === transcoder)!;
  const passes = ({ forward }: Conditions) => forward.cut === undefined;
  const lives = (stage: Stage): Interval[] =>
    findIntervals(forces.life(nameInstance(stage, channel)), (state) => state === 'works');
  const ways = hops.flatMap(({ link, to }) => [
    ...(link ? [findIntervals(forces.flow(nameFlow(design, link, channel)), passes)] : []),
    lives(to),
  ]);
  const playout = feed.from as PlayoutStage;
  const output = outputOf({ playout, feed, transcoder: transcoder! }, channel);
  return findBroadcast({ output, lives: lives(transcoder!), ways, phaseMs: phaseMs(channel) });
}

type TurnsOf = (stage: Stage, make: () => Turns) => Turns;

function burstsOf(
  sender: MulticastStage,
  channel: Channel,
  { design, forces, span, capacities }: BoxWorldOptions,
  turnsOf: TurnsOf,
): BoxServer | undefined {
  const server = findRepairer(design, sender) as MulticastStage | undefined;
  if (!server?.repair) return undefined;
  const { budgetKbps } = server.repair;
  const choice = capacities[server.name];
  const eachMs =
    choice === undefined
      ? (BURST_MS * design.media.contributionKbps) / budgetKbps
      : 1000 / readCapacityChoice(choice).perS;
  const link = findRepairLink(design, sender);
  return {
    turns: turnsOf(server, () => createTurns(server, span, eachMs, BURST_WAIT_MS_MAX)),
    life: forces.life(nameInstance(server, channel)),
    flow: link ? forces.flow(nameFlow(design, link, channel)) : HEALTHY_FLOW,
  };
}

function portalOf(
  sender: MulticastStage,
  channel: Channel,
  { design, forces, span, capacities }: BoxWorldOptions,
  turnsOf: TurnsOf,
): BoxServer | undefined {
  const stage = findPortal(design);
  if (!stage || !hasRole(stage, 'portal')) return undefined;
  const choice = capacities[stage.name];
  const perS = choice === undefined ? stage.perSecond : readCapacityChoice(choice).perS;
  const turn = groupSenders(design).indexOf(sender);
  const way = wayToAsk(design, stage, { channel, turn, isBox: true });
  const isDirect = way === nameInstance(stage, channel);
  return {
    turns: turnsOf(stage, () => createTurns(stage, span, 1000 / perS, Infinity)),
    life: forces.life(nameInstance(stage, channel)),
    flow: isDirect ? HEALTHY_FLOW : forces.flow(way),
  };
}

const createTurns = (stage: Stage, span: Span, eachMs: number, waitMsMax: number): Turns => ({
  load: createLoad(stage.name, span.fromMs, span.toMs),
  eachMs,
  waitMsMax,
  freeAtMs: -Infinity,
  cameMs: -Infinity,
  forgetsAtMs: Infinity,
});
