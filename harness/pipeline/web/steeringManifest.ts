// Writes the steering manifest for players, as text and addresses (RFC 8216bis, content steering).

import type { Address, Target } from '../../model/world.ts';

/** `order` are the names of pathways, the preferred first. */
export const steeringManifest = (ttlMs: number, order: readonly string[]): string =>
  JSON.stringify({
    VERSION: 1,
    TTL: Math.max(1, Math.round(ttlMs / 1000)),
    'PATHWAY-PRIORITY': order,
  });

/**
 * Gives this viewer's address of the rungs of a channel at an edge: under the host name it used
 * here, for every viewer has one of its own (players/viewerHost.ts), and on the port of that edge.
 */
export function viewersBase(edge: Target, askedHost: string | undefined, channel: string): string {
  const { host, port }: Address = edge.viewersAt ?? edge;
  const asked = /^(.*?)(:\d+)?$/.exec(askedHost ?? '')?.[1];
  return `http://${asked || host}:${port}/${channel}/`;
}

interface Edge {
  readonly stage: string;
}

interface Steered<E extends Edge> {
  readonly edges: readonly E[];
  readonly failing: ReadonlySet<E>;
  readonly shares: Readonly<Record<string, number>> | undefined;
}

/** The preferred first, those that fail last; `first` is the edge that this viewer was given. */
export function orderEdges<E extends Edge>(
  { edges, failing }: Pick<Steered<E>, 'edges' | 'failing'>,
  first?: string,
): readonly E[] {
  const rank = (edge: E) => (failing.has(edge) ? 2 : 0) + (edge.stage === first ? 0 : 1);
  return edges.toSorted((a, b) => rank(a) - rank(b));
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Gives the edge that comes first for the viewer who asks in this turn; undefined without shares. */
export function firstEdge<E extends Edge>(
  { edges, shares }: Pick<Steered<E>, 'edges' | 'shares'>,
  turn: number,
): string | undefined {
  if (!shares) return undefined;
  const at = (turn * GOLDEN) % 1;
  let sum = 0;
  return edges.find(({ stage }) => (sum += shares[stage] ?? 0) > at)?.stage ?? edges[0]?.stage;
}

/** Names the steering manifest of those whom an edge comes first for. */
export const steeringName = (first: string | undefined): string =>
  first === undefined ? 'steering.json' : `steering.${first}.json`;

/** Gives the edge that a name of a steering manifest holds; undefined where it is the name of none. */
export function readSteeringName(
  name: string | undefined,
): { readonly first?: string } | undefined {
  const found = /^steering(?:\.([^/]+))?\.json$/.exec(name ?? '');
  if (!found) return undefined;
  const [, first] = found;
  return first === undefined ? {} : { first };
}
