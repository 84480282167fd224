// The design as a graph of what can go away: stages and paths, each with what it shares with others.
//
//   source -> playout -> { connect-a, connect-b } -> transcoder -> { connect-a, connect-b } -> origin -> edge -> viewers

import { hopsOf, inOrder } from '../design/hops.ts';
import { roleOf } from '../design/roles.ts';
import type { Access, AccessPath } from '../model/access.ts';
import type { Design, Stage } from '../model/scenario.ts';

/** The kinds of things that nodes share, and go away by together. */
export const LABEL_KINDS = ['stage', 'device', 'location', 'zone', 'operator', 'country'] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

export interface GraphNode {
  readonly id: string;
  /** The path or stage it stands for: a path appears once for each link that runs over it. */
  readonly of: { readonly kind: 'stage' | 'path'; readonly name: string };
  readonly labels: Readonly<Partial<Record<LabelKind, string>>>;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Index of a node to the indexes it leads to. */
  readonly next: readonly (readonly number[])[];
  readonly first: readonly number[];
  readonly last: ReadonlySet<number>;
}

export function graphOf(
  design: Pick<Design, 'stages' | 'links'>,
  accesses: readonly Access[],
): Graph {
  const nodes: GraphNode[] = design.stages.map(stageNode);
  const next: number[][] = nodes.map(() => []);
  const way = hopsOf(design).filter(({ to }) => roleOf(to).carriesPicture);
  for (const { from, to, link } of way) {
    const access = accesses.find(({ links }) => links.some((over) => over.link === link?.name));
    const [fromIndex, toIndex] = [design.stages.indexOf(from), design.stages.indexOf(to)];
    if (!access) next[fromIndex]?.push(toIndex);
    for (const path of access?.paths ?? []) {
      const index = nodes.push(pathNode(path, link?.name ?? '')) - 1;
      next.push([toIndex]);
      next[fromIndex]?.push(index);
    }
  }
  const without = (end: 'from' | 'to') =>
    inOrder(design)
      .filter((stage) => !way.some((hop) => hop[end] === stage))
      .map((stage) => design.stages.indexOf(stage));
  return { nodes, next, first: without('to'), last: new Set(without('from')) };
}

/** Tells whether the picture still gets from a first to a last node when these are away. */
export function isConnected(graph: Graph, away: (node: GraphNode) => boolean): boolean {
  return findWay(graph, away) !== undefined;
}

/** Some way from first to last as nodes, shortest first; undefined when there is none. */
export function findWay(
  graph: Graph,
  away: (node: GraphNode) => boolean,
): readonly GraphNode[] | undefined {
  const cameFrom = new Map<number, number | undefined>();
  const queue: number[] = [];
  const visit = (index: number, from: number | undefined) => {
    const node = graph.nodes[index];
    if (!node || cameFrom.has(index) || away(node)) return;
    cameFrom.set(index, from);
    queue.push(index);
  };
  graph.first.forEach((index) => visit(index, undefined));
  for (let turn = 0; turn < queue.length; turn++) {
    const index = queue[turn] as number;
    if (graph.last.has(index)) return wayBack(graph, cameFrom, index);
    graph.next[index]?.forEach((to) => visit(to, index));
  }
  return undefined;
}

function wayBack(
  graph: Graph,
  cameFrom: ReadonlyMap<number, number | undefined>,
  last: number,
): readonly GraphNode[] {
  const way: GraphNode[] = [];
  for (let at: number | undefined = last; at !== undefined; at = cameFrom.get(at))
    way.unshift(graph.nodes[at] as GraphNode);
  return way;
}

const stageNode = ({ name, zone, operator, country }: Stage): GraphNode => ({
  id: name,
  of: { kind: 'stage', name },
  labels: { stage: name, zone, operator, country },
});

const pathNode = (
  { name, device, location, operator, country }: AccessPath,
  link: string,
): GraphNode => ({
  id: `${link}/${name}`,
  of: { kind: 'path', name },
  labels: { device, location, operator, country },
});
