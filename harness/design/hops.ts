// Derives from a design what is started: stage instances, and the connections that they open to
// each other. Who connects decides the order of starting: each needs the address of what it
// connects to.
//
//   origin <- connect-down.one <- transcoder.one <- connect-up.one <- playout.one     per channel
//   origin <- edge <- viewers                                                        once
//   edge-a, edge-b <- steering <- viewers                                            once
//   control-origin <- control-transcoder <- control-playout                          no proxy

import { HarnessError } from '../model/errors.ts';
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
import { ROLE_NAMES, ROLES } from './roles.ts';

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

export function chainOf(design: Design): Chain {
  return {
    playout: stageOf(design, 'playout'),
    transcoder: stageOf(design, 'transcoder'),
    origin: stageOf(design, 'origin'),
    edge: stageOf(design, 'edge'),
  };
}

/**
 * Every connection of a design, in the order of its links: links as written; stages of
 * neighbouring roles that no link joins are joined directly, each with each.
 */
export function hopsOf(design: Design): readonly Hop[] {
  const withRole = (role: StageRole) => design.stages.filter((stage) => stage.role === role);
  return ROLE_NAMES.flatMap((toRole) => {
    const { follows, connects } = ROLES[toRole];
    if (follows === undefined) return [];
    const hop = (from: Stage, to: Stage, link: Link | undefined): Hop =>
      connects === 'itself'
        ? { client: to, server: from, link }
        : { client: from, server: to, link };
    const pairs = withRole(follows).flatMap((from) => withRole(toRole).map((to) => ({ from, to })));
    const linked = design.links.flatMap((link) =>
      pairs
        .filter(({ from, to }) => link.from === from.name && link.to === to.name)
        .map(({ from, to }) => hop(from, to, link)),
    );
    return linked.length > 0 ? linked : pairs.map(({ from, to }) => hop(from, to, undefined));
  });
}

/** Gives the stages where viewers go in: those that steer them, or the edges themselves. */
export function entriesOf({ stages }: Design): readonly Stage[] {
  const steering = stages.filter(({ role }) => role === 'steering');
  return steering.length > 0 ? steering : stages.filter(({ role }) => role === 'edge');
}

function stageOf<R extends StageRole>(design: Design, role: R): Extract<Stage, { role: R }> {
  const found = design.stages.find((stage) => stage.role === role);
  if (found) return found as Extract<Stage, { role: R }>;
  throw new HarnessError('SCENARIO_INVALID', `the design has no stage with role ${role}`, {
    target: design.name,
    hint: `add a stage with role: ${role}`,
  });
}
