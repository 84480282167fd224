// Composes the availability of a design over a year: announced windows as they are announced, and
// failures at the rates that the design states.

import type { FailureRate } from '../../model/scenario.ts';
import type { Access, PathEvent, WorkTarget } from '../../model/access.ts';
import { routeAccess } from '../../routing/route.ts';
import { hasLength, listed, showLength, type CheckContext } from '../context.ts';
import type { Graph, GraphNode } from '../graph.ts';
import type { AnnouncedWindow } from '../input.ts';
import { lostShare, type Cause } from '../lostShare.ts';
import { graphFor, sayWatchers, listWatchers } from '../removals.ts';
import { sweepSpans } from '../spans.ts';
import type { Found, Rule } from '../rule.ts';

const YEAR_MS = 365 * 86_400_000;
const CAUSES_SHOWN = 5;

export const availability: Rule = {
  name: 'availability',
  find: (context) =>
    (context.design.failures ?? []).length === 0
      ? []
      : listWatchers(context).map((watchers) => {
          const graph = graphFor(context, watchers);
          return say(context, sayWatchers([watchers]), makeYear(context, graph));
        }),
};

export interface Year {
  readonly lostMs: number;
  /** The part that announced windows alone would take. */
  readonly announcedMs: number;
  /** The time that would not be lost without it, most first. */
  readonly byCause: readonly { readonly says: string; readonly lostMs: number }[];
}

/** A year from the first window on; targets are away for as long as is announced. */
export function makeYear(context: CheckContext, graph: Graph): Year {
  const dead = findNodes(graph, (node) => deadPaths(context.accesses).has(node.of.name));
  const rates = context.design.failures ?? [];
  const causes = rates.map((rate) => makeCause(rate, graph));
  const stretches = divideYear(context, graph);
  const lostWith = (some: readonly Cause[]): number => {
    const known = new Map<string, number>();
    return stretches.reduce((sum, { away, lengthMs }) => {
      const key = [...away].join();
      const share = known.get(key) ?? lostShare(graph, some, new Set([...dead, ...away]));
      known.set(key, share);
      return sum + share * lengthMs;
    }, 0);
  };
  const lostMs = lostWith(causes);
  const byCause = rates.map(({ kind, name }, i) => ({
    says: `${kind} ${name}`,
    lostMs: lostMs - lostWith(causes.filter((_, other) => other !== i)),
  }));
  return {
    lostMs,
    announcedMs: lostWith([]),
    byCause: byCause.toSorted((a, b) => b.lostMs - a.lostMs),
  };
}

function makeCause({ kind, name, everyMs, forMs }: FailureRate, graph: Graph): Cause {
  const nodes = findNodes(graph, ({ labels }) => (labels[kind] ?? []).includes(name));
  return { nodes: [...nodes], share: forMs / everyMs };
}

const findNodes = (graph: Graph, is: (node: GraphNode) => boolean): ReadonlySet<number> =>
  new Set(graph.nodes.flatMap((node, i) => (is(node) ? [i] : [])));

/** Paths that cannot carry the demand alone: with a filter, or too small. */
function deadPaths(accesses: readonly Access[]): ReadonlySet<string> {
  const dead = accesses.flatMap((access) =>
    access.paths.filter(({ name }) => !carriesAlone(access, name)).map(({ name }) => name),
  );
  return new Set(dead);
}

function carriesAlone(access: Access, path: string): boolean {
  const events = access.paths
    .filter(({ name }) => name !== path)
    .map(({ name }): PathEvent => ({ kind: 'down', atMs: -YEAR_MS, path: name, of: name }));
  return routeAccess(access, events, { fromMs: 0, toMs: 1 })[0]?.state === 'up';
}

function divideYear({ windows }: CheckContext, graph: Graph) {
  const real = windows.filter(hasLength);
  const fromEpochMs = real.reduce((least, one) => Math.min(least, one.fromEpochMs), Infinity);
  const end = fromEpochMs + YEAR_MS;
  const inYear = real
    .filter((one) => one.fromEpochMs < end)
    .map((one) => ({
      nodes: findNodes(graph, (node) => isHit(node, one)),
      fromEpochMs: one.fromEpochMs,
      toEpochMs: Math.min(one.toEpochMs, end),
    }));
  const worked = sweepSpans(inYear)
    .map(({ active, fromEpochMs: from, toEpochMs: to }) => ({
      away: new Set([...active].flatMap(({ nodes }) => [...nodes]).toSorted((a, b) => a - b)),
      lengthMs: to - from,
    }))
    .toArray();
  const workedMs = worked.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  return [...worked, { away: new Set<number>(), lengthMs: YEAR_MS - workedMs }];
}

const isHit = ({ of, labels }: GraphNode, { targets }: AnnouncedWindow): boolean =>
  targets.some(({ kind, name }: WorkTarget) =>
    kind === 'path' ? of.kind === 'path' && of.name === name : labels[kind]?.includes(name),
  );

function say({ design }: CheckContext, who: string, { lostMs, announcedMs, byCause }: Year): Found {
  const causes = byCause
    .filter((one) => one.lostMs > 0)
    .slice(0, CAUSES_SHOWN)
    .map((one) => `${one.says} ${showLength(one.lostMs)}`);
  const most =
    causes.length === 0 ? '' : `; without one of these it would be less by: ${listed(causes)}`;
  return {
    severity: 'note',
    targets: byCause.map(({ says }) => says),
    text: `${who}: ${percent(1 - lostMs / YEAR_MS)} of a year with the programme, ${showLength(lostMs)} without; announced windows alone ${showLength(announcedMs)}${most}`,
    hint: 'The rates are those of failures:; moments in which routing changes over are not counted.',
    source: `design ${design.name}`,
  };
}

/** Rounded down: `99.99%` is never less than that. */
const percent = (share: number): string => `${(Math.floor(share * 1e6) / 1e4).toFixed(4)}%`;
