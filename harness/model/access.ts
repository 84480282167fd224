// Redundant access: the paths a link can run over, what happens to them, what routing makes of it,
// and what a check of announced maintenance windows found. Times are milliseconds since the start
// of the disrupt phase in routing, wall clock in findings.

import type { Supply } from './supply.ts';

/** `in` = towards the cloud (contribution), `back` = from the cloud (ladder, multicast). */
export type Direction = 'in' | 'back';
export type Directions = Readonly<Record<Direction, number>>;

/** A redundancy group: paths any of which can carry the links that run over them. */
export interface Access {
  readonly name: string;
  /** Links of the design that run over these paths. */
  readonly links: readonly { readonly link: string; readonly direction: Direction }[];
  /** The traffic of the real chain, not of a rehearsal. */
  readonly demandMbps: Directions;
  readonly paths: readonly AccessPath[];
  readonly probe: ActiveProbe | undefined;
  readonly failBack: FailBack;
}

export type AccessPath = ConnectionPath | LagPath | VpnPath | InternetPath;

interface PathBase extends Supply {
  /** Unique in its access. */
  readonly name: string;
  /** The names its operator uses in notices: circuit, connection and order numbers. */
  readonly circuits: readonly string[];
  readonly latencyMs: number;
  /** The router or port at the provider's end: what goes away when somebody works on it. */
  readonly device: string;
  readonly location: string;
  readonly operator: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** BGP local preference: the highest usable path carries everything; equal ones in written order. */
  readonly preference: number;
  readonly session: RoutingSession;
  /** A fault nobody has seen yet because the path was never used: what it does once it is needed. */
  readonly filter: PathFilter | undefined;
  /** When traffic last really ran over it (ISO 8601 date); undefined = never shown. */
  readonly testedOn: string | undefined;
}

/** A single port, not redundant by design (docs/sources.md 1, S22). */
export interface ConnectionPath extends PathBase {
  readonly kind: 'connection';
  /** Each direction. */
  readonly capacityMbps: number;
}

/** Parallel ports on ONE device (docs/sources.md 1, S34): more capacity, no more independence. */
export interface LagPath extends PathBase {
  readonly kind: 'lag';
  readonly members: number;
  readonly memberMbps: number;
  /** Fewer live members than this and the router takes the whole group down; 0 = up while one is up. */
  readonly minimumLinks: number;
}

export interface VpnPath extends PathBase {
  readonly kind: 'vpn';
  readonly tunnels: number;
  readonly tunnelMbps: number;
  /** All tunnels at once; without it one carries and the others wait. */
  readonly ecmp: boolean;
  /** The way a tunnel's limit counts, each direction or both together: not public (docs/sources.md 1). */
  readonly limit: 'per-direction' | 'sum';
}

export interface InternetPath extends PathBase {
  readonly kind: 'internet';
  readonly capacityMbps: number;
}

/** `advertises-nothing`: the session is up, no route comes. `drops-traffic`: routes come, packets do not pass. */
export type PathFilter = 'advertises-nothing' | 'drops-traffic';

/** The way a path's failure becomes known and the path comes back. */
export interface RoutingSession {
  readonly bgp: BgpTimers;
  /** Undefined = off (on the provider's side it only waits for the customer, docs/sources.md 1, S25). */
  readonly bfd: BfdTimers | undefined;
  readonly gracefulRestart: GracefulRestart | undefined;
  /** The time from a path that answers again to a route that may be used. */
  readonly establishMs: number;
  /** The time from the decision to packets following it. */
  readonly routeProgrammingMs: number;
}

export interface BgpTimers {
  readonly keepaliveMs: number;
  readonly holdMs: number;
  /** The other side's hold; the lower of both is in force. */
  readonly farHoldMs: number | undefined;
}

export interface BfdTimers {
  readonly intervalMs: number;
  readonly multiplier: number;
  /** The other side's interval; the slower of both is in force. */
  readonly farIntervalMs: number | undefined;
}

export interface GracefulRestart {
  /** Stale routes are kept, and used, for this long after the session is lost. */
  readonly restartMs: number;
  /** Also when the hold timer ran out (RFC 8538); false = only for a lost TCP session or BFD (RFC 4724). */
  readonly afterHoldExpiry: boolean;
}

/** Sends its own packets through every path, and lowers the preference of one that loses them. */
export interface ActiveProbe {
  readonly intervalMs: number;
  /** Bad samples in a row before the path is left. */
  readonly failures: number;
  /** Good samples in a row before it counts again. */
  readonly recoveries: number;
  /** A sample is bad from this share of lost packets, 0..1. */
  readonly lossShareMin: number;
}

/** The time that a path that came back is left alone while another one works. */
export interface FailBack {
  /** Infinity = by hand only. */
  readonly holdDownMs: number;
}

/** Values used when a scenario says nothing. Sources: docs/sources.md 1; [C] = chosen. */
export const ACCESS_DEFAULTS = {
  keepaliveMs: 30_000, // S25
  holdMs: 90_000, // S25
  bfdIntervalMs: 300, // S25, S26
  bfdMultiplier: 3, // S25, S26
  gracefulRestartMs: 120_000, // S25, S27
  establishMs: 5_000, // [C]
  routeProgrammingMs: 1_000, // 0.2-2 s, [C]
  latencyMs: 0,
  tunnels: 2, // S36
  tunnelMbps: 1_250, // S36
  holdDownMs: 0,
  probe: { intervalMs: 10_000, failures: 3, recoveries: 6, lossShareMin: 0.02 }, // [C]
} as const;

/** Lowest values a provider takes: docs/sources.md 1, S25. */
export const ACCESS_LIMITS = {
  keepaliveMsMin: 1_000,
  holdMsMin: 3_000,
  keepalivesPerHoldMin: 3,
  bfdIntervalMsMin: 300,
  bfdMultiplierMin: 3,
  /** Longest failover test a provider offers: docs/sources.md 1, S29. */
  failoverTestMsMax: 4_320 * 60_000,
} as const;

/**
 * Something that happens to a path. What a `down`, `degraded`, `drain`, `withdrawn`, `filtered`
 * does lasts until the `up` or `restored` with the same `of`, so that two works on one path do
 * not end each other.
 */
export type PathEvent = PathEventKind & {
  readonly atMs: number;
  readonly path: string;
  /** Fault or window it belongs to. */
  readonly of: string;
};

export type PathEventKind =
  | {
      readonly kind: 'down';
      /** Members of a lag or tunnels of a vpn; undefined = the whole path. */
      readonly members?: number;
      /** The customer's own interface sees it (loss of light), so no timer has to run out. */
      readonly lossOfLight?: boolean;
    }
  | { readonly kind: 'up' }
  /** Down and up in turn, starting with down. */
  | {
      readonly kind: 'flap';
      readonly downMs: number;
      readonly upMs: number;
      readonly forMs: number;
    }
  /** Grey: BGP and BFD stay up. `capacityShare` is what is left. */
  | { readonly kind: 'degraded'; readonly lossShare: number; readonly capacityShare: number }
  | { readonly kind: 'drain'; readonly style: DrainStyle }
  /** The far side takes its routes back; the path itself still works. */
  | { readonly kind: 'withdrawn' }
  /** Sessions are put down on purpose, and come back by themselves. */
  | { readonly kind: 'failover-test'; readonly forMs: number }
  | { readonly kind: 'filtered'; readonly filter: PathFilter }
  /** Ends everything `of` did to this path. */
  | { readonly kind: 'restored' };

export const DRAIN_STYLES = ['none', 'prepend', 'graceful-shutdown', 'withdraw'] as const;
export type DrainStyle = (typeof DRAIN_STYLES)[number];

/**
 * up: the route in force leads over a path that works.
 * holding: it leads into a path that does not, and nobody has noticed yet (TCP holds its bytes, datagrams are lost).
 * dropping: it is known, but no working route is in force (yet).
 * partitioned: no path is left.
 * degraded: packets pass, not all of them.
 */
export type LinkStateKind = 'up' | 'holding' | 'dropping' | 'partitioned' | 'degraded';

/** Half-open interval [fromMs, toMs) in which the access as a whole behaves the same. */
export interface LinkState {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: LinkStateKind;
  /** The path the route in force leads over. */
  readonly path: string | undefined;
  /** The traffic that can pass now, each direction; 0 when none does. */
  readonly capacityMbps: Directions;
  /** Share of the demand that is lost, each direction, 0..1. */
  readonly lossShare: Directions;
  readonly latencyMs: number;
  readonly why: string;
}

/** The target of some work. A device, location, operator or country stands for all its paths. */
export interface WorkTarget {
  readonly kind: 'path' | 'device' | 'location' | 'operator' | 'country' | 'stage' | 'zone';
  readonly name: string;
}

/** `stop` = no-go; `warning` = a person must accept it; `note` = worth knowing. */
export type CheckSeverity = 'stop' | 'warning' | 'note';

export interface CheckFinding {
  /** Name of the rule: docs/check.md has a paragraph on each. */
  readonly rule: string;
  readonly severity: CheckSeverity;
  /** ISO 8601 with the offset of the audience's time zone; undefined when it holds at all times. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Windows, paths, stages it is about. */
  readonly targets: readonly string[];
  readonly text: string;
  readonly hint: string;
  /** The place where it was said: `file:line`, a window's name, a design. */
  readonly source: string;
  /** The acceptance of somebody: the finding is told, and is in nobody's way. */
  readonly accepted?: AcceptedBy;
}

export interface AcceptedBy {
  readonly by: string;
  /** ISO 8601; from then on it is in the way again. */
  readonly until: string;
  readonly why: string;
}

export interface CheckResult {
  readonly verdict: 'go' | 'no-go';
  readonly findings: readonly CheckFinding[];
  /** The number of windows judged, for the head of the output. */
  readonly windows: number;
  readonly targets: number;
}
