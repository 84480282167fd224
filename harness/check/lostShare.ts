// The probability that no way is left through a graph whose nodes fail by causes, each cause at a
// time of its own. A cause takes all of its nodes at once, so what several share counts once.

import { findWay, type Graph } from './graph.ts';

export interface Cause {
  readonly nodes: readonly number[];
  /** The share of time that it lasts, 0..1. */
  readonly share: number;
}

/**
 * Exact. Along a way that is left, either none of its causes has come, and nothing is lost, or a
 * first one has: these cases exclude each other, and each is asked again without that cause's nodes.
 * The work grows with how many ways stand in for each other, not with the number of causes.
 */
export function lostShare(
  graph: Graph,
  causes: readonly Cause[],
  away: ReadonlySet<number>,
): number {
  const causesAt = graph.nodes.map((_, node) => causes.filter(({ nodes }) => nodes.includes(node)));
  const lost = (gone: ReadonlySet<number>, ruledOut: ReadonlySet<Cause>): number => {
    const way = findWay(graph, (_, node) => gone.has(node));
    if (!way) return 1;
    const onWay = new Set(way.flatMap((node) => causesAt[graph.nodes.indexOf(node)] ?? []));
    const out = new Set(ruledOut);
    let [sum, none] = [0, 1];
    for (const cause of [...onWay].filter((one) => !ruledOut.has(one))) {
      if (cause.share > 0)
        sum += none * cause.share * lost(new Set([...gone, ...cause.nodes]), out);
      none *= 1 - cause.share;
      out.add(cause);
    }
    return sum;
  };
  return lost(away, new Set());
}
