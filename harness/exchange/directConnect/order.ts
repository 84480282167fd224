// The order in which a network in the cloud prefers ways back to its owner, by the documented rules
// of AWS: the longest prefix first, then local preference, then the AS path, then the MED.
//
// Direct Connect user guide, "Routing policies and BGP communities": the three communities set the
// local preference and are looked at before the AS path. Site-to-Site VPN user guide, "Route
// priority": Direct Connect before VPN; MEDs are compared where the first AS is the same.

import type { AdvertisedRoute } from './shapes.ts';

/** The communities as local preferences; a VPN is below all of them. */
const PREFERENCES: Readonly<Record<string, number>> = {
  '7224:7300': 300,
  '7224:7200': 200,
  '7224:7100': 150,
};
const NO_COMMUNITY = 200;
const VPN = 100;

export interface Way {
  readonly id: string;
  readonly isVpn: boolean;
  /** The routes that are known to be advertised over it; undefined when nothing is known. */
  readonly routes: readonly AdvertisedRoute[] | undefined;
}

export interface Ranked<W extends Way> {
  readonly way: W;
  /** Never rises along the order. */
  readonly preference: number;
}

export interface Order<W extends Way> {
  /** Best first; ways of equal preference in the order in which they are chosen. */
  readonly ranked: readonly Ranked<W>[];
  /** Ways without a route to the target. */
  readonly without: readonly W[];
  /** The most specific prefix that is advertised, which the order is for. */
  readonly target: string | undefined;
  /** Prefixes of which the order says nothing: the target is not in them. */
  readonly others: readonly string[];
}

export function orderWays<W extends Way>(ways: readonly W[]): Order<W> {
  const prefixes = [
    ...new Set(ways.flatMap(({ routes = [] }) => routes.map(({ prefix }) => prefix))),
  ];
  const target = prefixes.toSorted((a, b) => readPrefixLength(b) - readPrefixLength(a))[0];
  const rated = ways.flatMap((way) => rate(way, target) ?? []).toSorted(compare);
  const ranked: Ranked<W>[] = [];
  for (const { way, preference } of rated.toReversed())
    ranked.unshift({ way, preference: Math.max(preference, ranked[0]?.preference ?? 0) });
  return {
    ranked,
    without: ways.filter((way) => !rated.some((one) => one.way === way)),
    target,
    others: prefixes.filter((prefix) => target !== undefined && !contains(prefix, target)),
  };
}

interface Rated<W> {
  readonly way: W;
  readonly length: number;
  readonly preference: number;
  readonly asPath: readonly number[];
  readonly med: number;
}

/** Undefined when it has no route to the target. A way of which nothing is known has the target itself. */
function rate<W extends Way>(way: W, target: string | undefined): Rated<W> | undefined {
  const route = (way.routes ?? [])
    .filter(({ prefix }) => target !== undefined && contains(prefix, target))
    .toSorted((a, b) => readPrefixLength(b.prefix) - readPrefixLength(a.prefix))[0];
  if (way.routes && !route) return undefined;
  const { communities = [], asPath = [], med = 0, prefix = target ?? '0.0.0.0/0' } = route ?? {};
  const said = communities.flatMap((one) => PREFERENCES[one] ?? []);
  const preference = way.isVpn ? VPN : Math.max(...said, said.length > 0 ? 0 : NO_COMMUNITY);
  return { way, length: readPrefixLength(prefix), preference, asPath, med };
}

/** Negative when `a` is chosen. */
const compare = <W>(a: Rated<W>, b: Rated<W>): number =>
  b.length - a.length ||
  b.preference - a.preference ||
  a.asPath.length - b.asPath.length ||
  (a.asPath[0] === b.asPath[0] ? a.med - b.med : 0);

const readPrefixLength = (prefix: string): number => Number(prefix.split('/')[1]);

function contains(wide: string, narrow: string): boolean {
  const size = 2 ** (32 - readPrefixLength(wide));
  const block = (prefix: string) => Math.floor(parseAddress(prefix) / size);
  return readPrefixLength(wide) <= readPrefixLength(narrow) && block(wide) === block(narrow);
}

const parseAddress = (prefix: string): number =>
  (prefix.split('/')[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
