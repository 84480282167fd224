// Derives from a design what is started: stage instances, and the connections that they open to
// each other. Who connects decides the order of starting: each needs the address of what it
// connects to.
//
//   origin <- connect-down.one <- transcoder.one <- connect-up.one <- playout.one     per channel
//   origin <- edge <- viewers                                                        once
//   edge-a, edge-b <- steering <- viewers                                            once
//   control-origin <- control-transcoder <- control-playout                          no proxy

import { HarnessError } from '../model/errors.ts';
import type { Design, Link, PictureLink, Stage, StageRole } from '../model/scenario.ts';
import { mayFollow, findRole, ROLES, rolesBefore } from './roles.ts';

/** One connection between two stages, directly or over a link. */
export interface Hop {
  /** The picture goes from the one to the other, where it goes over the connection at all. */
  readonly from: Stage;
  readonly to: Stage;
  /** The one that connects. */
  readonly client: Stage;
  readonly server: Stage;
  readonly link: PictureLink | undefined;
}

type Graph = Pick<Design, 'stages' | 'links'>;

const known = new WeakMap<Graph, readonly Hop[]>();

/**
 * Every connection of a design, in the order of its roles and links: links as written; stages that
 * no link to any stage of their role says otherwise of are joined directly, each with each.
 */
export function findHops(design: Graph): readonly Hop[] {
  const hops = known.get(design) ?? deriveHops(design);
  known.set(design, hops);
  return hops;
}

function deriveHops({ stages, links }: Graph): readonly Hop[] {
  const withRole = (role: StageRole) => stages.filter((stage) => stage.role === role);
  const present = ROLES.filter(({ role }) => withRole(role).length > 0);
  return present.flatMap((role) => {
    const linked = links.filter(carriesPicture).flatMap((link) => {
      const [from, to] = [link.from, link.to].map((end) => stages.find((s) => s.name === end));
      const joins = from && to?.role === role.role && mayFollow(to, from);
      return joins ? [hopOver(from, to, link)] : [];
    });
    if (linked.length > 0) return linked;
    const isShield = ({ name, role: own }: Stage) =>
      links.some(({ from, to }) => from === name && withRole(own).some((one) => one.name === to));
    return rolesBefore(role, present)
      .flatMap((before) => withRole(before.role).filter((stage) => !isShield(stage)))
      .flatMap((from) => withRole(role.role).map((to) => hopOver(from, to, undefined)));
  });
}

/** False where viewers are sent something over a link, and the picture takes another. */
export const carriesPicture = (link: Link): link is PictureLink =>
  link.protocol === undefined || link.protocol === 'srt';

const hopOver = (from: Stage, to: Stage, link: PictureLink | undefined): Hop =>
  findRole(to).connects === 'itself'
    ? { from, to, client: to, server: from, link }
    : { from, to, client: from, server: to, link };

/** The stages that have their picture right from this one, or ask it. */
export const stagesBehind = (design: Graph, { name }: Pick<Stage, 'name'>): readonly Stage[] =>
  findHops(design).flatMap(({ from, to }) => (from.name === name ? [to] : []));

/** The stages that this one has its picture from, or asks. */
export const stagesBefore = (design: Graph, { name }: Pick<Stage, 'name'>): readonly Stage[] =>
  findHops(design).flatMap(({ from, to }) => (to.name === name ? [from] : []));

/** Finds the nearest of some stages on the way to or from a stage; itself where it is one. */
export function nearest(
  step: (design: Graph, stage: Stage) => readonly Stage[],
  { design, from, is }: { design: Graph; from: Stage; is: (stage: Stage) => boolean },
): Stage | undefined {
  const queue = [from];
  for (const stage of queue) {
    if (is(stage)) return stage;
    queue.push(...step(design, stage).filter((next) => !queue.includes(next)));
  }
  return undefined;
}

/** The links that lead to a stage, where each is an input of its own and there are several. */
export function inputLinks(design: Graph, stage: Stage): readonly string[] | undefined {
  if (findRole(stage).inputs !== 'each link') return undefined;
  const into = findHops(design).flatMap(({ to, link }) =>
    to === stage && link ? [link.name] : [],
  );
  return into.length > 1 ? into : undefined;
}

/** The links that a stage sends its stream over, where it sends several and hears back on each. */
export function outputLinks(design: Graph, stage: Stage): readonly string[] | undefined {
  const out = findHops(design).filter(
    ({ client, from, to }) => client === stage && from === stage && !findRole(to).servesViewers,
  );
  return out.length > 1 ? out.flatMap(({ link }) => (link ? [link.name] : [])) : undefined;
}

/** The stages that carry the picture, from the source to the viewers. */
export function inOrder(design: Graph): readonly Stage[] {
  const depths = new Map<Stage, number>();
  const depthOf = (stage: Stage): number => {
    const depth = depths.get(stage);
    if (depth !== undefined) return depth;
    depths.set(stage, 0); // It ends in a loop, too.
    const own = Math.max(-1, ...stagesBefore(design, stage).map(depthOf)) + 1;
    depths.set(stage, own);
    return own;
  };
  return design.stages
    .filter((stage) => findRole(stage).carriesPicture)
    .toSorted((a, b) => depthOf(a) - depthOf(b));
}

/** Gives the stages where viewers go in: nothing behind them serves viewers. */
export const findEntries = (design: Graph): readonly Stage[] =>
  design.stages.filter(
    (stage) =>
      findRole(stage).servesViewers &&
      !stagesBehind(design, stage).some((next) => findRole(next).servesViewers),
  );

/** Counts for each viewer those before it on the same channel: its turn at the entries. */
export function turnsAtEntries(
  viewers: readonly { readonly channel: string }[],
): readonly number[] {
  const before = new Map<string, number>();
  return viewers.map(({ channel }) => {
    const turn = before.get(channel) ?? 0;
    before.set(channel, turn + 1);
    return turn;
  });
}

/** Gives the stages that those who steer viewers send them to. */
export const steeredTo = (design: Graph): readonly Stage[] =>
  findEntries(design)
    .filter((stage) => !findRole(stage).carriesPicture)
    .flatMap((stage) => stagesBefore(design, stage));

const servesViewers = (stage: Stage): boolean => findRole(stage).servesViewers;

/** Gives one way of the picture, from its source to the first stage that viewers could ask. */
export function shortestChain(design: Graph): readonly Stage[] {
  const way: Stage[] = [];
  let [at] = inOrder(design);
  while (at && !way.includes(at)) {
    way.push(at);
    if (servesViewers(at)) return way;
    at = stagesBehind(design, at).find((from) =>
      nearest(stagesBehind, { design, from, is: servesViewers }),
    );
  }
  throw new HarnessError('SCENARIO_INVALID', 'no way leads from a source to the viewers', {
    hint: 'join the stages of the design',
  });
}
