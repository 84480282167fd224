// The fewest devices, locations, operators or countries that black the screen when they go away.
//
// Things that share a label go away together, wherever they stand, so this is the minimum LABEL cut.
// Maximum flow does not give it (joining the nodes of one label joins ways that do not meet), but
// small cuts are what matters: any cut holds a label of every way through, so try those of one way,
// then of a way that is left, to a depth of some few. Exact, and short because ways are short.

import type { LabelKind } from '../model/scenario.ts';
import { findWay, type Graph, type GraphNode } from './graph.ts';

/** Deeper than this nobody asks: four independent suppliers are away at once. */
const CUT_SIZE_MAX = 3;

/** Smallest set of labels of a kind without which nothing arrives; undefined when it is larger than asked. */
export function minimumCut(
  graph: Graph,
  kind: LabelKind,
  sizeMax = CUT_SIZE_MAX,
): readonly string[] | undefined {
  for (let size = 0; size <= sizeMax; size++) {
    const cut = describeCut(graph, kind, [], size);
    if (cut) return cut;
  }
  return undefined;
}

/** Every label of a kind that blacks the screen alone. */
export function singlePoints(graph: Graph, kind: LabelKind): readonly string[] {
  const way = findWay(graph, () => false);
  return listLabels(way ?? [], kind).filter((label) => !findWay(graph, has(kind, [label])));
}

function describeCut(
  graph: Graph,
  kind: LabelKind,
  chosen: readonly string[],
  left: number,
): readonly string[] | undefined {
  const way = findWay(graph, has(kind, chosen));
  if (!way) return chosen;
  if (left === 0) return undefined;
  for (const label of listLabels(way, kind)) {
    const cut = describeCut(graph, kind, [...chosen, label], left - 1);
    if (cut) return cut;
  }
  return undefined;
}

const has = (kind: LabelKind, labels: readonly string[]) => (node: GraphNode) => {
  const own = node.labels[kind] ?? [];
  return own.some((label) => labels.includes(label));
};

const listLabels = (way: readonly GraphNode[], kind: LabelKind): readonly string[] => [
  ...new Set(way.flatMap(({ labels }) => labels[kind] ?? [])),
];
