// The chain of a plan for agents: what every channel publishes at its origin, and the classes of edges
// that viewers ask, in closed form.

import { listChannels, nameFlow, nameInstance, type Channel } from '../../design/flows.ts';
import { findEntries, findHops, type Hop } from '../../design/hops.ts';
import { stagesWithRole } from '../../design/roles.ts';
import type { Plan } from '../../model/plan.ts';
import type { Design, OriginStage, PlayoutStage, TranscoderStage } from '../../model/scenario.ts';
import { bytesIn } from '../chain.ts';
import { findArrivals } from './arrivals.ts';
import { newKept, type Entry, type Place } from './place.ts';
import { findForces, HEALTHY_FLOW, type Forces } from './forces.ts';
import { createLoad, type Load } from './loads.ts';
import { findOutput } from './output.ts';
import { makePublication, type Publication } from './publication.ts';
import { makeSegments, type Span } from './segments.ts';

export interface World {
  /** By entry, and in it by channel. */
  readonly places: readonly Place[];
  readonly entries: readonly Entry[];
  readonly loads: readonly Load[];
}

export interface WorldOptions {
  readonly plan: Plan;
  /** Since the start of the disrupt phase. */
  readonly span: Span;
  readonly epochMs: number;
  /** A boundary of a channel's segments. */
  readonly phaseMs: (channel: Channel) => number;
}

export function buildWorld(options: WorldOptions): World {
  const { plan, span, epochMs } = options;
  const { design } = plan.scenario;
  const forces = findForces(plan);
  const channels = listChannels(design);
  const entries = entriesIn(design, forces, span);
  const published = new Map<string, Publication>();
  const places = entries.flatMap((entry) =>
    channels.map((channel): Place => {
      const { stage } = entry.origin;
      const key = `${stage.name} ${channel.name}`;
      const publication = published.get(key) ?? publish(stage, channel, forces, options);
      published.set(key, publication);
      return {
        entry,
        channel: channel.name,
        publication,
        epochMs,
        segmentBytes: segmentBytes(design, 0),
        kept: { manifest: newKept(), playlist: newKept(), segment: newKept() },
        cachedTo: -1,
        versionAt: -1,
        countedToMs: -Infinity,
      };
    }),
  );
  const loads = [...new Set(entries.flatMap(({ load, origin }) => [load, origin.load]))];
  return { places, entries, loads };
}

const segmentBytes = (design: Design, rung: number): number =>
  bytesIn(`/one/v${rung}/1.ts`, { status: 200, body: '.' }, design);

function entriesIn(design: Design, forces: Forces, { fromMs, toMs }: Span): Entry[] {
  const origins = new Map<OriginStage, Load>();
  const loadOf = (origin: OriginStage): Load => {
    const load = origins.get(origin) ?? createLoad(origin.name, fromMs, toMs);
    origins.set(origin, load);
    return load;
  };
  const edges = stagesWithRole(design, 'edge');
  return findEntries(design).map((stage) => {
    const hop = findHops(design).find(({ client }) => client === stage);
    const edge = edges.find((one) => one === stage);
    const origin = (edge ? hop!.server : stage) as OriginStage;
    return {
      name: stage.name,
      edge: edge,
      life: forces.life(stage.name),
      wrong: forces.wrong(stage.name),
      flow: edge && hop?.link ? forces.flow(hop.link.name) : HEALTHY_FLOW,
      load: edge ? createLoad(edge.name, fromMs, toMs) : loadOf(origin),
      origin: {
        stage: origin,
        life: forces.life(origin.name),
        wrong: forces.wrong(origin.name),
        load: loadOf(origin),
      },
    };
  });
}

/** Lays out a channel at an origin; one playout and one transcoder are on its way (playable.ts). */
function publish(
  origin: OriginStage,
  channel: Channel,
  forces: Forces,
  { plan, span, epochMs, phaseMs }: WorldOptions,
): Publication {
  const { design } = plan.scenario;
  const { media } = design;
  const up = findHops(design).find(({ server }) => server === origin)!;
  const transcoder = up.client as TranscoderStage;
  const feed = findHops(design).find(({ server }) => server === transcoder)!;
  const playout = feed.client as PlayoutStage;
  const flow = ({ link }: Hop) =>
    link ? forces.flow(nameFlow(design, link, channel)) : HEALTHY_FLOW;
  const source = nameInstance(playout, channel);
  const instance = nameInstance(transcoder, channel);
  const arrivals = findArrivals({ playout, flow: flow(feed), life: forces.life(source), epochMs });
  const life = forces.life(instance);
  const output = findOutput({
    media,
    stage: transcoder,
    life,
    arrivals,
    picture: forces.picture(source),
  });
  const fromMs = span.fromMs - (media.playlistSegments + 4) * media.segmentMs;
  const cut = { segmentMs: media.segmentMs, phaseMs: phaseMs(channel) };
  const segments = makeSegments(output, { fromMs, toMs: span.toMs }, cut);
  const way = {
    flow: flow(up),
    origin: forces.life(origin.name),
    transcoder: life,
    wrong: forces.wrong(origin.name),
    channel: channel.name,
    segmentBytes: media.ladder.reduce((sum, _, rung) => sum + segmentBytes(design, rung), 0),
  };
  return makePublication({ segments, way, media, upload: transcoder.upload, untilMs: span.toMs });
}
