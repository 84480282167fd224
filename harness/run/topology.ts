// From a design to what is started: stage instances, and the connections that they open to each
// other. Who connects decides the order of starting: each needs the address of what it connects to.
//
//   origin <- connect-down.one <- transcoder.one <- connect-up.one <- playout.one     per channel
//   origin <- edge <- viewers                                                        once
//   edge-a, edge-b <- steering <- viewers                                            once
//   control-origin <- control-transcoder <- control-playout                          no proxy

import { HarnessError } from '../model/errors.ts';
import { carriesOneChannel, runsPerChannel } from '../scenario/flows.ts';
import type {
  Design,
  EdgeStage,
  Link,
  OriginStage,
  PlayoutStage,
  Stage,
  StageRole,
  TranscoderStage,
} from '../model/scenario.ts';

/** Frame-clock number of the control channel: the highest that six bits can say. */
export const CONTROL_CHANNEL = { name: 'control', number: 63 } as const;

export interface Channel {
  readonly name: string;
  readonly number: number;
}

/** The stages of a design by role; the first of a role where several stand beside each other. */
export interface Chain {
  readonly playout: PlayoutStage;
  readonly transcoder: TranscoderStage;
  readonly origin: OriginStage;
  readonly edge: EdgeStage;
}

/** One connection that a stage opens to another, directly or over a link. */
export interface Hop {
  /** The one that connects. */
  readonly client: Stage;
  readonly server: Stage;
  readonly link: Link | undefined;
}

/** Roles that stand next to each other, in the way of the picture, and which of them connects. */
const NEIGHBOURS: readonly (readonly [from: StageRole, to: StageRole, client: StageRole])[] = [
  ['playout', 'transcoder', 'playout'],
  ['transcoder', 'origin', 'transcoder'],
  ['origin', 'edge', 'edge'],
  ['edge', 'steering', 'steering'],
];

export function chainOf(design: Design): Chain {
  return {
    playout: stageOf(design, 'playout'),
    transcoder: stageOf(design, 'transcoder'),
    origin: stageOf(design, 'origin'),
    edge: stageOf(design, 'edge'),
  };
}

export const channelsOf = (design: Design): readonly Channel[] =>
  design.channels.map((name, index) => ({ name, number: index + 1 }));

/**
 * Every connection of a design, in the order of its links: links as written; stages of
 * neighbouring roles that no link joins are joined directly, each with each.
 */
export function hopsOf(design: Design): readonly Hop[] {
  const withRole = (role: StageRole) => design.stages.filter((stage) => stage.role === role);
  return NEIGHBOURS.flatMap(([fromRole, toRole, client]) => {
    const hop = (from: Stage, to: Stage, link: Link | undefined): Hop =>
      from.role === client
        ? { client: from, server: to, link }
        : { client: to, server: from, link };
    const pairs = withRole(fromRole).flatMap((from) =>
      withRole(toRole).map((to) => ({ from, to })),
    );
    const linked = design.links.flatMap((link) =>
      pairs
        .filter(({ from, to }) => link.from === from.name && link.to === to.name)
        .map(({ from, to }) => hop(from, to, link)),
    );
    return linked.length > 0 ? linked : pairs.map(({ from, to }) => hop(from, to, undefined));
  });
}

/** Where viewers go in: to what steers them, or to the edges themselves. */
export function entriesOf({ stages }: Design): readonly Stage[] {
  const steering = stages.filter(({ role }) => role === 'steering');
  return steering.length > 0 ? steering : stages.filter(({ role }) => role === 'edge');
}

/** `transcoder.one` for what runs per channel, `origin` for what runs once. */
export const instanceOf = (stage: Stage, channel: Channel | undefined): string =>
  channel && runsPerChannel(stage) ? `${stage.name}.${channel.name}` : stage.name;

/** Name of the proxy that carries a channel over a link. */
export const flowOf = (design: Design, link: Link, channel: Channel): string =>
  carriesOneChannel(design, link) ? `${link.name}.${channel.name}` : link.name;

/** Names of all flows of a design: one proxy each. */
export const flowsOf = (design: Design): readonly string[] => [
  ...new Set(
    design.links.flatMap((link) =>
      channelsOf(design).map((channel) => flowOf(design, link, channel)),
    ),
  ),
];

function stageOf<R extends StageRole>(design: Design, role: R): Extract<Stage, { role: R }> {
  const found = design.stages.find((stage) => stage.role === role);
  if (found) return found as Extract<Stage, { role: R }>;
  throw new HarnessError('SCENARIO_INVALID', `the design has no stage with role ${role}`, {
    target: design.name,
    hint: `add a stage with role: ${role}`,
  });
}
