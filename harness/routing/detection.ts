// From what is the matter with a path to what the routers believe of it: their timers.

import type { AccessPath, ActiveProbe, Directions, RoutingSession } from '../model/access.ts';
import { ACCESS_LIMITS } from '../model/access.ts';
import { carried } from './capacity.ts';
import type { PathCondition } from './condition.ts';
import { memberCount } from './path.ts';
import { always, changeTimes, delayed, mapTimeline, valueAt, type Timeline } from './timeline.ts';

/**
 * Where in its interval the last hello fell when something happened, 0..1: 1 = just before it
 * (the timers run their full length, the worst case), 0 = a whole interval earlier.
 */
export type Phase = (label: string) => number;

export const WORST_PHASE: Phase = () => 1;

/** Hold in force: the lower of both sides; keepalives follow it (a third at most). */
function bgpInForce({ bgp }: RoutingSession): { holdMs: number; keepaliveMs: number } {
  const holdMs = Math.min(bgp.holdMs, bgp.farHoldMs ?? Infinity);
  const third = holdMs / ACCESS_LIMITS.keepalivesPerHoldMin;
  return { holdMs, keepaliveMs: Math.min(bgp.keepaliveMs, third) };
}

/** Shortest and longest time from a silent failure to a route that is given up. */
export function detectionBoundsMs(session: RoutingSession): { minMs: number; maxMs: number } {
  const { bfd, gracefulRestart: restart } = session;
  const { holdMs, keepaliveMs } = bgpInForce(session);
  const intervalMs = bfd ? Math.max(bfd.intervalMs, bfd.farIntervalMs ?? 0) : 0;
  const bfdMs = bfd ? intervalMs * bfd.multiplier : Infinity;
  const byBfd = bfdMs <= holdMs;
  const staleMs = restart && (byBfd || restart.afterHoldExpiry) ? restart.restartMs : 0;
  const maxMs = Math.min(bfdMs, holdMs) + staleMs;
  return { minMs: maxMs - (byBfd ? intervalMs : keepaliveMs), maxMs };
}

/** The knowledge about a path over time. */
export interface Knowledge {
  /** Its route may be used as far as the routers know. */
  readonly believed: Timeline<boolean>;
  /** Tunnels or members taken out of the spread. */
  readonly membersNoticed: Timeline<number>;
  /** An active probe has lowered its preference. */
  readonly demoted: Timeline<boolean>;
}

export interface Observers {
  readonly probe: ActiveProbe | undefined;
  readonly demand: Directions;
  readonly phase: Phase;
}

export function learnState(
  path: AccessPath,
  conditions: Timeline<PathCondition>,
  { probe, demand, phase }: Observers,
): Knowledge {
  const { minMs, maxMs } = detectionBoundsMs(path.session);
  const detectMs = (label: string) => (fromMs: number) =>
    minMs + (maxMs - minMs) * phase(`${path.name}:${label}:${fromMs}`);
  const fallMs = path.session.establishMs;
  const silent = mapTimeline(conditions, ({ deadSilently }) => deadSilently);
  const open = mapTimeline(conditions, ({ deadOpenly, testing }) => deadOpenly || testing);
  const noticed = delayed(silent, { riseMs: detectMs('down'), fallMs });
  const seen = delayed(open, { riseMs: () => 0, fallMs });
  const unannounced = mapTimeline(
    conditions,
    ({ withdrawn, filter }) => withdrawn || filter === 'advertises-nothing',
  );
  const membersNoticed = noticedMembers(path, conditions, detectMs);
  return {
    believed: noneTrue(noticed, seen, unannounced),
    membersNoticed,
    demoted: probe
      ? findDemotions(path, conditions, membersNoticed, { probe, demand, phase })
      : always(false),
  };
}

/** A lag sees its ports; the tunnels of a vpn are found dead one by one, by their timers. */
function noticedMembers(
  path: AccessPath,
  conditions: Timeline<PathCondition>,
  detectMs: (label: string) => (fromMs: number) => number,
): Timeline<number> {
  const down = mapTimeline(conditions, ({ membersDown }) => membersDown);
  if (path.kind !== 'vpn' || down.length === 1) return down;
  const each = Array.from({ length: memberCount(path) }, (_, index) =>
    delayed(
      mapTimeline(down, (count) => count > index),
      { riseMs: detectMs('tunnel'), fallMs: path.session.establishMs },
    ),
  );
  return merged(each, (atMs) => each.filter((known) => valueAt(known, atMs)).length);
}

/** A probe finds a path bad when it loses more than it does by itself, by the share it watches for. */
function findDemotions(
  path: AccessPath,
  conditions: Timeline<PathCondition>,
  membersNoticed: Timeline<number>,
  { probe, demand, phase }: Observers & { readonly probe: ActiveProbe },
): Timeline<boolean> {
  const loss = (atMs: number) => {
    const condition = valueAt(conditions, atMs);
    const now = carried({ path, condition, membersNoticed: valueAt(membersNoticed, atMs), demand });
    const sound = carried({ path, condition: undefined, membersNoticed: 0, demand });
    const more = (direction: 'in' | 'back') =>
      now.lossShare[direction] - sound.lossShare[direction];
    return Math.max(more('in'), more('back'));
  };
  const bad = merged([conditions, membersNoticed], (atMs) => loss(atMs) >= probe.lossShareMin);
  return delayed(bad, {
    riseMs: (fromMs) =>
      probe.intervalMs * (probe.failures - 1 + phase(`${path.name}:probe:${fromMs}`)),
    fallMs: probe.intervalMs * probe.recoveries,
  });
}

const noneTrue = (...timelines: readonly Timeline<boolean>[]): Timeline<boolean> =>
  merged(timelines, (atMs) => timelines.every((timeline) => !valueAt(timeline, atMs)));

/** A timeline computed anew at every change of any of these. */
function merged<T>(
  timelines: readonly Timeline<unknown>[],
  compute: (atMs: number) => T,
): Timeline<T> {
  const instants = [...new Set(timelines.flatMap(changeTimes))].sort((a, b) => a - b);
  const steps = [-Infinity, ...instants].map((fromMs) => ({ fromMs, value: compute(fromMs) }));
  return mapTimeline(steps, (value) => value);
}
