// Takes everything that a design depends on away, alone and in pairs, in the normal state and in
// every state that routing falls back to, and says who loses the programme.
//
// A cut of size two has a thing on the shortest way, and one on a way that is left without it. So
// trying the things of few short ways finds every such cut, and only these.

import { findRole } from '../design/roles.ts';
import { millions } from './audience.ts';
import { deadPaths, listed, type CheckContext } from './context.ts';
import { failedOverStates } from './failedOver.ts';
import { LABEL_KINDS, type LabelKind } from '../model/scenario.ts';
import { findWay, PLURAL, type Graph } from './graph.ts';
import type { Watchers } from './input.ts';

/** Labels of the same stages and paths: who loses one loses all of them. */
export interface Thing {
  readonly names: readonly { readonly kind: LabelKind; readonly name: string }[];
  readonly nodes: readonly number[];
}

export interface Removal {
  /** One thing, or two of which neither is enough alone. */
  readonly things: readonly Thing[];
  /** Those who lose the programme. */
  readonly watchers: readonly Watchers[];
}

export interface RemovalState {
  /** `connect runs over leg-b`; undefined in the normal state. */
  readonly says: string | undefined;
  readonly removals: readonly Removal[];
}

const known = new WeakMap<CheckContext, readonly RemovalState[]>();

/** The normal state first. */
export function listRemovals(context: CheckContext): readonly RemovalState[] {
  const removals = known.get(context) ?? findRemovals(context);
  known.set(context, removals);
  return removals;
}

function findRemovals(context: CheckContext): readonly RemovalState[] {
  const { graph, accesses } = context;
  const things = thingsAt(graph);
  const dead = accesses.flatMap(deadPaths);
  return failedOverStates(accesses).map(({ says, lost }) => {
    const away = new Set([...lost, ...dead]);
    const isLost = graph.nodes.map(({ of }) => of.kind === 'path' && away.has(of.name));
    const found = new Map<string, Removal>();
    for (const watchers of listWatchers(context)) {
      const cuts = findCuts({ graph: graphFor(context, watchers), things, isLost });
      for (const cut of cuts) {
        const key = cut
          .map(({ nodes }) => nodes.join())
          .toSorted()
          .join(' + ');
        const others = found.get(key)?.watchers ?? [];
        found.set(key, { things: cut, watchers: [...others, watchers] });
      }
    }
    return { says, removals: [...found.values()] };
  });
}

/** Gives the things that each node goes away by. */
function thingsAt({ nodes }: Graph): readonly (readonly Thing[])[] {
  const byLabel = new Map<string, { kind: LabelKind; name: string; nodes: number[] }>();
  for (const [i, { labels }] of nodes.entries())
    for (const kind of LABEL_KINDS)
      for (const name of labels[kind] ?? []) {
        const key = `${kind} ${name}`;
        const label = byLabel.get(key) ?? { kind, name, nodes: [] };
        byLabel.set(key, label);
        label.nodes.push(i);
      }
  const alike = Map.groupBy(byLabel.values(), (label) => label.nodes.join());
  const at: Thing[][] = nodes.map(() => []);
  for (const labels of alike.values()) {
    const thing = {
      names: labels.map(({ kind, name }) => ({ kind, name })),
      nodes: labels[0]?.nodes ?? [],
    };
    for (const node of thing.nodes) at[node]?.push(thing);
  }
  return at;
}

interface Search {
  readonly graph: Graph;
  readonly things: readonly (readonly Thing[])[];
  /** By node: routing has lost it already. */
  readonly isLost: readonly boolean[];
}

/** Every thing, and every pair of things, without which no way is left. */
function findCuts(search: Search): readonly (readonly Thing[])[] {
  const first = thingsOnWay(search, []);
  if (!first) return [];
  const without = new Map(first.map((thing) => [thing, thingsOnWay(search, [thing])]));
  const alone = first.filter((thing) => !without.get(thing));
  const pairs = [...without].flatMap(([thing, others = []], turn) =>
    others
      .filter((other) => !alone.includes(other) && !first.slice(0, turn).includes(other))
      .filter((other) => !thingsOnWay(search, [thing, other]))
      .map((other) => [thing, other]),
  );
  return [...alone.map((thing) => [thing]), ...pairs];
}

/** The things of the shortest way that is left; undefined when none is. */
function thingsOnWay(
  { graph, things, isLost }: Search,
  gone: readonly Thing[],
): readonly Thing[] | undefined {
  const away = isLost.slice();
  for (const { nodes } of gone) for (const node of nodes) away[node] = true;
  const way = findWay(graph, (_, index) => away[index] === true);
  return way && [...new Set(way.flatMap((node) => things[graph.nodes.indexOf(node)] ?? []))];
}

/** The same graph as these people see it: it ends where they go in. */
export function graphFor({ graph, design }: CheckContext, { carriage }: Watchers): Graph {
  const servesThem = (index: number): boolean => {
    const stage = design.stages[index];
    return stage !== undefined && findRole(stage).servesViewers === (carriage === 'ott');
  };
  return { ...graph, last: new Set([...graph.last].filter(servesThem)) };
}

/** Those that the input names, else everybody by the ways that the design ends in. */
export function listWatchers(context: CheckContext): readonly Watchers[] {
  if (context.watchers) return context.watchers;
  const { setsAtPeak } = context.audience;
  const ways = (['ott', 'iptv'] as const).filter(
    (carriage) => graphFor(context, { says: '', carriage }).last.size > 0,
  );
  const [only] = ways;
  return ways.length === 1 && only
    ? [{ says: 'all viewers', carriage: only, heads: setsAtPeak }]
    : ways.map((carriage) => ({ says: SAYS[carriage], carriage }));
}

const SAYS = { ott: 'everybody who watches by HTTP', iptv: 'everybody with a set-top box' };

/** `stages origin and edge; operator broadcaster`: everything by its kind. */
export function sayThings(things: readonly Thing[]): string {
  const names = things.flatMap((thing) => thing.names);
  const kinds = LABEL_KINDS.filter((kind) => names.some((one) => one.kind === kind));
  return kinds
    .map((kind) => {
      const those = names.filter((one) => one.kind === kind).map(({ name }) => name);
      return `${those.length > 1 ? PLURAL[kind] : kind} ${listed(those)}`;
    })
    .join('; ');
}

/** `all viewers (3.7 million)` */
export const sayWatchers = (watchers: readonly Watchers[]): string =>
  listed(
    watchers.map(({ says, heads }) =>
      heads === undefined ? says : `${says} (${millions(heads)})`,
    ),
  );
