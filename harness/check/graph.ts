// The design as a graph of what can go away: stages and paths, each with what it shares with others.
//
//   source -> playout -> { connect-a, connect-b } -> transcoder -> { connect-a, connect-b } -> origin -> edge -> viewers

import { findHops, inOrder } from '../design/hops.ts';
import { findRole } from '../design/roles.ts';
import type { Access, AccessPath } from '../model/access.ts';
import { distinct, lawsOver, suppliersBehind } from '../design/supply.ts';
import type { Design, LabelKind, Place, Stage } from '../model/scenario.ts';
import { LABEL_KINDS } from '../model/scenario.ts';

export const PLURAL: Readonly<Record<LabelKind, string>> = {
  stage: 'stages',
  service: 'services',
  circuit: 'circuits',
  device: 'devices',
  location: 'locations',
  zone: 'zones',
  operator: 'operators',
  country: 'countries',
  law: 'laws',
  technology: 'technologies',
};

export interface GraphNode {
  readonly id: string;
  /** The path or stage it stands for: a path appears once for each link that runs over it. */
  readonly of: { readonly kind: 'stage' | 'path'; readonly name: string };
  readonly labels: Readonly<Partial<Record<LabelKind, readonly string[]>>>;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Index of a node to the indexes it leads to. */
  readonly next: readonly (readonly number[])[];
  readonly first: readonly number[];
  readonly last: ReadonlySet<number>;
}

/** The part of a design that the graph is made of. */
export type SuppliedGraph = Pick<
  Design,
  'stages' | 'links' | 'suppliers' | 'services' | 'failures'
>;

export function makeGraph(design: SuppliedGraph, accesses: readonly Access[]): Graph {
  const shared = sharedBy(design, accesses);
  const circuits = sharedCircuits(accesses);
  const nodes: GraphNode[] = design.stages.map((stage) => stageNode(stage, design, shared));
  const next: number[][] = nodes.map(() => []);
  const way = findHops(design).filter(({ to }) => findRole(to).carriesPicture);
  for (const { from, to, link } of way) {
    const access = accesses.find(({ links }) => links.some((over) => over.link === link?.name));
    const [fromIndex, toIndex] = [design.stages.indexOf(from), design.stages.indexOf(to)];
    if (!access) next[fromIndex]?.push(toIndex);
    for (const path of access?.paths ?? []) {
      const index = nodes.push(pathNode(path, { link: link?.name ?? '', shared, circuits })) - 1;
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
  away: (node: GraphNode, index: number) => boolean,
): readonly GraphNode[] | undefined {
  const cameFrom = new Map<number, number | undefined>();
  const queue: number[] = [];
  const visit = (index: number, from: number | undefined) => {
    const node = graph.nodes[index];
    if (!node || cameFrom.has(index) || away(node, index)) return;
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

type Labels = GraphNode['labels'];
/** The labels that a thing has by whoever is behind it. */
type Shared = (place: Omit<Place, 'zone'>) => Labels;

/** Laws are told apart where the design says any: else each would be its country once more. */
function sharedBy(design: SuppliedGraph, accesses: readonly Access[]): Shared {
  const { stages, services = [], suppliers = [], failures = [] } = design;
  const places = [...stages, ...services, ...accesses.flatMap(({ paths }) => paths), ...suppliers];
  const saysLaws =
    places.some(({ law }) => law !== undefined) || failures.some(({ kind }) => kind === 'law');
  return (place) => ({
    operator: suppliersBehind(design, place.operator),
    country: [place.country],
    law: saysLaws ? lawsOver(design, place) : [],
    technology: place.technology ? [place.technology.vendor] : [],
  });
}

/** A stage goes away with each service that it needs, so it has the labels of those too. */
function stageNode(stage: Stage, { services = [] }: SuppliedGraph, shared: Shared): GraphNode {
  const { name, zone } = stage;
  const needed = services.filter(({ neededBy }) => neededBy.includes(name));
  const own: Labels = {
    stage: [name],
    zone: [zone],
    service: needed.map((service) => service.name),
  };
  const all = [own, shared(stage), ...needed.map(shared)];
  return { id: name, of: { kind: 'stage', name }, labels: joined(all) };
}

interface PathPlace {
  readonly link: string;
  readonly shared: Shared;
  /** Those that several paths have: the others go away with their path. */
  readonly circuits: ReadonlySet<string>;
}

const pathNode = (path: AccessPath, { link, shared, circuits }: PathPlace): GraphNode => ({
  id: `${link}/${path.name}`,
  of: { kind: 'path', name: path.name },
  labels: {
    circuit: path.circuits.filter((circuit) => circuits.has(circuit)),
    device: [path.device],
    location: [path.location],
    ...shared(path),
  },
});

function sharedCircuits(accesses: readonly Access[]): ReadonlySet<string> {
  const all = accesses.flatMap(({ paths }) => paths.flatMap(({ circuits }) => distinct(circuits)));
  return new Set(all.filter((circuit, i) => all.indexOf(circuit) !== i));
}

const joined = (all: readonly Labels[]): Labels =>
  Object.fromEntries(
    LABEL_KINDS.map((kind) => [kind, distinct(all.flatMap((labels) => labels[kind] ?? []))]),
  );
