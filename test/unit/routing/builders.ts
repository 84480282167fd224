// Paths and events with the numbers of docs/sources.md 1, for tests to vary.

import {
  ACCESS_DEFAULTS,
  type BfdTimers,
  type ConnectionPath,
  type LagPath,
  type LinkState,
  type PathEvent,
  type PathEventKind,
  type RoutingSession,
  type VpnPath,
} from '../../../harness/model/access.ts';

/** A national head-end through the link: docs/sources.md 1. */
export const NATIONAL = { in: 1_900, back: 2_000 } as const;

export const SLOW: RoutingSession = {
  bgp: {
    keepaliveMs: ACCESS_DEFAULTS.keepaliveMs,
    holdMs: ACCESS_DEFAULTS.holdMs,
    farHoldMs: undefined,
  },
  bfd: undefined,
  gracefulRestart: undefined,
  establishMs: ACCESS_DEFAULTS.establishMs,
  routeProgrammingMs: ACCESS_DEFAULTS.routeProgrammingMs,
};

export const BFD: BfdTimers = { intervalMs: 300, multiplier: 3, farIntervalMs: undefined };
export const FAST: RoutingSession = { ...SLOW, bfd: BFD };
export const RESTART = { restartMs: ACCESS_DEFAULTS.gracefulRestartMs, afterHoldExpiry: true };

export const connection = (
  name: string,
  preference: number,
  changes: Partial<ConnectionPath> = {},
): ConnectionPath => ({
  kind: 'connection',
  capacityMbps: 10_000,
  ...common(name, preference),
  ...changes,
});

function common(name: string, preference: number) {
  return {
    name,
    circuits: [],
    preference,
    latencyMs: 4,
    device: `device-${name}`,
    location: `location-${name}`,
    operator: 'carrier',
    country: 'FR',
    session: SLOW,
    filter: undefined,
    testedOn: '2025-09-01',
  };
}

export function lag(name: string, preference: number, changes: Partial<LagPath> = {}): LagPath {
  const base = common(name, preference);
  return { ...base, kind: 'lag', members: 4, memberMbps: 10_000, minimumLinks: 0, ...changes };
}

export function vpn(name: string, preference: number, changes: Partial<VpnPath> = {}): VpnPath {
  const base = common(name, preference);
  const tunnel = { tunnels: 1, tunnelMbps: 1_250, ecmp: true, limit: 'per-direction' } as const;
  return { ...base, kind: 'vpn', ...tunnel, ...changes };
}

export const event = (path: string, atMs: number, what: PathEventKind, of = 'work'): PathEvent => ({
  path,
  atMs,
  of,
  ...what,
});

export const seconds = (count: number): number => count * 1000;
export const minutes = (count: number): number => count * 60_000;

/** Total time in which not everything passes. */
export const lossyMs = (states: readonly LinkState[]): number =>
  states
    .filter(({ state }) => state !== 'up')
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** Total time in which nothing passes. */
export const cutMs = (states: readonly LinkState[]): number =>
  states
    .filter(({ lossShare }) => lossShare.in === 1 && lossShare.back === 1)
    .reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** `up a 0-60000, holding a 60000-…`: a story that reads well in a failure. */
export const story = (states: readonly LinkState[]): readonly string[] =>
  states.map(({ state, path, fromMs, toMs }) => `${state} ${path ?? '-'} ${fromMs}-${toMs}`);
