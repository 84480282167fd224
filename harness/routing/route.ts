// The routing model: what happens to paths, in; how the link as a whole behaves over time, out.
//
//   events -> condition (what is so) -> knowledge (what routers believe, later) -> choice -> route in force
//                                                                                  programming time
// Pure and without chance: `phase` says where timers stood, the worst case when it is not given.

import type {
  Access,
  AccessPath,
  ActiveProbe,
  Directions,
  LinkState,
  PathEvent,
} from '../model/access.ts';
import { carried } from './capacity.ts';
import { choose, type Candidate } from './choice.ts';
import { findConditions, type PathCondition } from './condition.ts';
import { learnState, WORST_PHASE, type Knowledge, type Phase } from './detection.ts';
import { describe, type Moment } from './describe.ts';
import { changeTimes, valueAt, type Timeline } from './timeline.ts';
import { assertRoutable } from './validate.ts';

export interface RouteOptions {
  /** The states cover [fromMs, toMs); before fromMs everything has settled. */
  readonly fromMs?: number;
  readonly toMs: number;
  readonly probe?: ActiveProbe | undefined;
  /** The time that a path that came back is left alone while another works; 0 = not at all. */
  readonly holdDownMs?: number;
  readonly phase?: Phase;
}

/**
 * Effective state of the link over time. The states are adjacent, cover [fromMs, toMs), and two
 * neighbours always differ. Throws SCENARIO_INVALID for paths, timers or events that cannot be.
 */
export function route(
  paths: readonly AccessPath[],
  demand: Directions,
  events: readonly PathEvent[],
  options: RouteOptions,
): readonly LinkState[] {
  const { fromMs = 0, toMs, probe, holdDownMs = 0, phase = WORST_PHASE } = options;
  assertRoutable({ paths, demand, events, probe, holdDownMs });
  const tracks = paths.map((path, index) => {
    const conditions = findConditions(path, events);
    return { index, path, conditions, ...learnState(path, conditions, { probe, demand, phase }) };
  });
  return sweep(tracks, { demand, fromMs, toMs, holdDownMs });
}

/** `route` over an access as a scenario describes it. */
export const routeAccess = (
  access: Access,
  events: readonly PathEvent[],
  span: Pick<RouteOptions, 'fromMs' | 'toMs' | 'phase'>,
): readonly LinkState[] =>
  route(access.paths, access.demandMbps, events, {
    ...span,
    probe: access.probe,
    holdDownMs: access.failBack.holdDownMs,
  });

interface PathTimelines extends Knowledge {
  readonly index: number;
  readonly path: AccessPath;
  readonly conditions: Timeline<PathCondition>;
}

interface Sweep {
  readonly demand: Directions;
  readonly fromMs: number;
  readonly toMs: number;
  readonly holdDownMs: number;
}

/** The route in force, and the one that is being programmed. */
interface Routers {
  installed: number | undefined;
  pending: { readonly index: number; readonly atMs: number } | undefined;
  /** For each path: trusted (believed and not demoted) when last looked at, and its hold-down. */
  readonly trusted: boolean[];
  readonly heldUntilMs: number[];
}

function sweep(tracks: readonly PathTimelines[], settings: Sweep): readonly LinkState[] {
  const { fromMs, toMs } = settings;
  const instants = listInstants(tracks);
  const routers: Routers = {
    installed: undefined,
    pending: undefined,
    trusted: [],
    heldUntilMs: tracks.map(() => -Infinity),
  };
  const states: LinkState[] = [];
  let next = 0;
  for (let atMs = fromMs; atMs < toMs;) {
    decide(tracks, routers, { ...settings, atMs });
    append(states, describe(routeMoment(tracks, routers, settings.demand, atMs)), atMs);
    while ((instants[next] ?? Infinity) <= atMs) next++;
    atMs = Math.min(instants[next] ?? toMs, nextOwn(routers, atMs), toMs);
    close(states, atMs);
  }
  return states;
}

const listInstants = (tracks: readonly PathTimelines[]): readonly number[] =>
  [
    ...new Set(
      tracks.flatMap((track) => [
        ...changeTimes(track.conditions),
        ...changeTimes(track.believed),
        ...changeTimes(track.membersNoticed),
        ...changeTimes(track.demoted),
      ]),
    ),
  ].sort((a, b) => a - b);

/** Next instant the routers act by themselves: a route programmed, a hold-down over. */
const nextOwn = ({ pending, heldUntilMs }: Routers, atMs: number): number =>
  Math.min(pending?.atMs ?? Infinity, ...heldUntilMs.filter((untilMs) => untilMs > atMs));

/** A choice that replaces one that is being programmed takes its turn, and does not wait anew. */
function decide(
  tracks: readonly PathTimelines[],
  routers: Routers,
  { atMs, fromMs, holdDownMs }: Sweep & { readonly atMs: number },
): void {
  const candidates = tracks.map((track) => candidateAt(track, routers, atMs, holdDownMs));
  const chosen = choose(candidates, routers.installed, atMs);
  const path = chosen === undefined ? undefined : tracks[chosen]?.path;
  if (chosen === undefined || !path) {
    routers.installed = undefined;
    routers.pending = undefined;
  } else if (chosen === routers.installed || atMs === fromMs) {
    routers.installed = chosen;
    routers.pending = undefined;
  } else if (routers.pending?.index !== chosen) {
    const programmedMs = atMs + path.session.routeProgrammingMs;
    routers.pending = {
      index: chosen,
      atMs: Math.min(routers.pending?.atMs ?? Infinity, programmedMs),
    };
  }
  if (routers.pending && routers.pending.atMs <= atMs) {
    routers.installed = routers.pending.index;
    routers.pending = undefined;
  }
}

/** A path that was given up and is trusted again begins its hold-down here. */
function candidateAt(
  track: PathTimelines,
  routers: Routers,
  atMs: number,
  holdDownMs: number,
): Candidate {
  const believed = valueAt(track.believed, atMs);
  const demoted = valueAt(track.demoted, atMs);
  const trusted = believed && !demoted;
  if (trusted && routers.trusted[track.index] === false)
    routers.heldUntilMs[track.index] = atMs + holdDownMs;
  routers.trusted[track.index] = trusted;
  return {
    index: track.index,
    path: track.path,
    believed,
    demoted,
    condition: valueAt(track.conditions, atMs),
    heldUntilMs: routers.heldUntilMs[track.index] ?? -Infinity,
  };
}

function routeMoment(
  tracks: readonly PathTimelines[],
  { installed, pending }: Routers,
  demand: Directions,
  atMs: number,
): Moment {
  const track = installed === undefined ? undefined : tracks[installed];
  const next = pending ? tracks[pending.index]?.path : undefined;
  if (!track) return { inForce: undefined, next };
  const condition = valueAt(track.conditions, atMs);
  const membersNoticed = valueAt(track.membersNoticed, atMs);
  return {
    next,
    inForce: {
      path: track.path,
      condition,
      known: !valueAt(track.believed, atMs) || valueAt(track.demoted, atMs),
      carried: carried({ path: track.path, condition, membersNoticed, demand }),
      demand,
    },
  };
}

type Described = Omit<LinkState, 'fromMs' | 'toMs'>;

function append(states: LinkState[], state: Described, fromMs: number): void {
  const last = states.at(-1);
  if (last && same(last, state)) return;
  states.push({ fromMs, toMs: fromMs, ...state });
}

function close(states: LinkState[], toMs: number): void {
  const last = states.pop();
  if (last) states.push({ ...last, toMs });
}

const same = (a: Described, b: Described): boolean =>
  a.state === b.state &&
  a.path === b.path &&
  a.why === b.why &&
  a.capacityMbps.in === b.capacityMbps.in &&
  a.capacityMbps.back === b.capacityMbps.back &&
  a.lossShare.in === b.lossShare.in &&
  a.lossShare.back === b.lossShare.back;
