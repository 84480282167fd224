// The chain of a plan for agents: what every channel publishes at its origin, and the classes of edges
// that viewers ask, in closed form.

import { listChannels, nameFlow, nameInstance, type Channel } from '../../design/flows.ts';
import { findEntries, findHops, steeredTo, type Hop } from '../../design/hops.ts';
import { hasRole, stagesWithRole } from '../../design/roles.ts';
import type { Plan } from '../../model/plan.ts';
import type {
  Design,
  OriginStage,
  PlayoutStage,
  Stage,
  TranscoderStage,
} from '../../model/scenario.ts';
import { readCapacityChoice, type AgentChoices } from '../../model/simulated.ts';
import { bytesOfSegment } from '../bytes.ts';
import { findArrivals } from './arrivals.ts';
import { buildBoxWorld, type BoxWorld, type PictureWay } from './boxes/boxWorld.ts';
import { makeGate } from './gate.ts';
import { makeTier, unasked, type Place, type Server, type Tier } from './place.ts';
import { findForces, HEALTHY_FLOW, type Forces } from './forces.ts';
import { createLoad } from './loads.ts';
import { findOutput, type OutputSpan } from './output.ts';
import { makePublication, type Publication } from './publication.ts';
import { makeSegments, type Span } from './segments.ts';
import type { Steering } from './steering.ts';

export interface World {
  /** By entry, and in it by channel. */
  readonly places: readonly Place[];
  /** Those that viewers ask. */
  readonly entries: readonly Server[];
  readonly origins: readonly Server[];
  /** All, from those that viewers ask. */
  readonly servers: readonly Server[];
  /** Undefined where viewers are not steered. */
  readonly steering: Steering | undefined;
  /** Undefined where no stage sends to groups. */
  readonly boxes: BoxWorld | undefined;
}

export interface WorldOptions {
  readonly plan: Plan;
  /** Since the start of the disrupt phase. */
  readonly span: Span;
  readonly epochMs: number;
  /** A boundary of a channel's segments. */
  readonly phaseMs: (channel: Channel) => number;
  /** A picture of a channel that a box can begin with. */
  readonly keyMs: (channel: Channel) => number;
  readonly capacities: AgentChoices['capacities'];
}

export function buildWorld(options: WorldOptions): World {
  const { plan, epochMs } = options;
  const { design } = plan.scenario;
  const forces = findForces(plan);
  const channels = listChannels(design);
  const ways = listDoors(design).map((entry) => findWay(design, entry));
  const serverOf = keep((stage: Stage) => makeServer(stage, forces, options));
  const publicationOf = keep((stage: OriginStage, channel: Channel) =>
    publish(stage, channel, forces, options),
  );
  const tierOf = keep((stage: Stage, channel: Channel): Tier => {
    const up = findHops(design).find(({ client }) => client === stage)?.server;
    return makeTier(serverOf(stage), hasRole(stage, 'edge') ? tierOf(up!, channel) : undefined);
  });
  const [stage] = stagesWithRole(design, 'steering');
  const steeringTier = stage && makeTier(serverOf(stage), undefined);
  const places = ways.flatMap((way) =>
    channels.map((channel): Place => {
      const [first, ...others] = way.map((stage) => tierOf(stage, channel));
      const origin = way.at(-1) as OriginStage;
      return {
        tiers: [first!, ...others],
        steering: steeringTier,
        origin,
        channel: channel.name,
        publication: publicationOf(origin, channel),
        epochMs,
        segmentBytes: bytesOfSegment(design.media, 0),
        ...unasked(),
      };
    }),
  );
  const entries = ways.map(([entry]) => serverOf(entry!));
  const steering = stage &&
    steeringTier && {
      tier: steeringTier,
      ttlMs: stage.ttlMs,
      checkEveryMs: stage.checkEveryMs,
      edges: ways.map((_, way) => places.slice(way * channels.length, (way + 1) * channels.length)),
      found: [],
      nextCheckMs: options.span.fromMs,
    };
  const servers = new Set([
    ...(steeringTier ? [steeringTier.server] : []),
    ...entries,
    ...ways.flat().map((stage) => serverOf(stage)),
  ]);
  const origins = [...servers].filter(
    (server) => server.edge === undefined && server !== steeringTier?.server,
  );
  const boxes = buildBoxWorld({
    design,
    span: options.span,
    forces,
    capacities: options.capacities,
    outputOf: (way, channel) => outputOf(way, channel, forces, options),
    phaseMs: options.keyMs,
  });
  return { places, entries, origins, servers: [...servers], steering, boxes };
}

/** Makes one thing for each stage, and for each of its channels. */
function keep<S extends Stage, R>(make: (stage: S, channel: Channel) => R) {
  const known = new Map<string, R>();
  return (stage: S, channel?: Channel): R => {
    const key = `${stage.name} ${channel?.name ?? ''}`;
    const one = known.get(key) ?? make(stage, channel!);
    known.set(key, one);
    return one;
  };
}

/** The stages that media comes to viewers from: the edges that they are steered to, or the entries. */
export function listDoors(design: Design): readonly Stage[] {
  const steered = steeredTo(design);
  return steered.length > 0 ? steered : findEntries(design);
}

/** The stages that a request passes, from where viewers ask to the origin. */
export function findWay(design: Design, entry: Stage): readonly Stage[] {
  if (!hasRole(entry, 'edge')) return [entry];
  const hop = findHops(design).find(({ client }) => client === entry)!;
  return [entry, ...findWay(design, hop.server)];
}

function makeServer(
  stage: Stage,
  forces: Forces,
  { plan: { scenario, seed }, span: { fromMs, toMs }, capacities }: WorldOptions,
): Server {
  const edge = hasRole(stage, 'edge') ? stage : undefined;
  const hop = edge && findHops(scenario.design).find(({ client }) => client === stage);
  const load = createLoad(stage.name, fromMs, toMs);
  const choice = capacities[stage.name];
  return {
    name: stage.name,
    life: forces.life(stage.name),
    wrong: forces.wrong(stage.name),
    load,
    gate: choice === undefined ? undefined : makeGate(readCapacityChoice(choice), load, seed),
    edge,
    flow: hop?.link ? forces.flow(hop.link.name) : HEALTHY_FLOW,
  };
}

const flowOf = ({ link }: Hop, channel: Channel, forces: Forces, { plan }: WorldOptions) =>
  link ? forces.flow(nameFlow(plan.scenario.design, link, channel)) : HEALTHY_FLOW;

/** Gives the pictures that a transcoder puts out. */
function outputOf(
  { playout, feed, transcoder }: PictureWay,
  channel: Channel,
  forces: Forces,
  options: WorldOptions,
): OutputSpan[] {
  const source = nameInstance(playout, channel);
  const flow = flowOf(feed, channel, forces, options);
  const { epochMs } = options;
  const arrivals = findArrivals({ playout, flow, life: forces.life(source), epochMs });
  return findOutput({
    media: options.plan.scenario.design.media,
    stage: transcoder,
    life: forces.life(nameInstance(transcoder, channel)),
    arrivals,
    picture: forces.picture(source),
  });
}

/** Lays out a channel at an origin; one playout and one transcoder are on its way (playable.ts). */
function publish(
  origin: OriginStage,
  channel: Channel,
  forces: Forces,
  options: WorldOptions,
): Publication {
  const { plan, span, phaseMs } = options;
  const { design } = plan.scenario;
  const { media } = design;
  const up = findHops(design).find(({ server }) => server === origin)!;
  const transcoder = up.client as TranscoderStage;
  const feed = findHops(design).find(({ server }) => server === transcoder)!;
  const playout = feed.client as PlayoutStage;
  const output = outputOf({ playout, feed, transcoder }, channel, forces, options);
  const fromMs = span.fromMs - (media.playlistSegments + 4) * media.segmentMs;
  const cut = { segmentMs: media.segmentMs, phaseMs: phaseMs(channel) };
  const segments = makeSegments(output, { fromMs, toMs: span.toMs }, cut);
  const way = {
    flow: flowOf(up, channel, forces, options),
    origin: forces.life(origin.name),
    transcoder: forces.life(nameInstance(transcoder, channel)),
    wrong: forces.wrong(origin.name),
    channel: channel.name,
    segmentBytes: media.ladder.reduce((sum, _, rung) => sum + bytesOfSegment(media, rung), 0),
  };
  return makePublication({ segments, way, media, upload: transcoder.upload, untilMs: span.toMs });
}
