// Turns what happens to paths into what happens to links:
//
//   faults on paths, drains, windows -> path events -> routing -> states of the link -> faults on links
//
// Path events are compressed like everything of the scenario; the timers of routers are not, so
// routing is asked in played time.

import { countLeading } from '../kernel/countLeading.ts';
import type { Access, Direction, LinkState, PathEvent, PathEventKind } from '../model/access.ts';
import type { Design, PathHappening, Scenario } from '../model/scenario.ts';
import { routeAccess } from '../routing/route.ts';
import type { Occurrence, PlayedOccurrence } from './timeline.ts';
import { occurrenceEnd } from './timeline.ts';

/** The time that routing needs after the last event: the longest hold, restart, hold-down. */
const SETTLE_MS = 15 * 60_000;
/** The cost of a lost packet on a link whose latency the design does not say [C]. */
const GREY_ROUND_TRIP_MS = 10;

export function routedOccurrences(
  scenario: Scenario,
  timeline: readonly Occurrence[],
  compress: number,
): PlayedOccurrence[] {
  const { design } = scenario;
  // A withdrawal has parts on stages and links, too: those are the first of their name.
  const counts = new Map<string, number>();
  for (const { of, fault } of timeline)
    if (fault.kind !== 'path') counts.set(of, (counts.get(of) ?? 0) + 1);
  return (design.accesses ?? []).flatMap((access) => {
    const own = timeline.filter((occurrence) => touches(occurrence, access));
    const events = own.flatMap((occurrence) => pathEvents(occurrence, access, compress));
    if (events.length === 0) return [];
    const times = events.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
    const fromMs = Math.min(0, times[0] ?? 0);
    const lastMs = times.at(-1) ?? 0;
    const states = routeAccess(access, events, { fromMs, toMs: lastMs + SETTLE_MS });
    return linkFaults(access, states, {
      design,
      causes: listCauses(own, compress),
      endMs: lastMs,
      counts,
    });
  });
}

const touches = ({ fault }: Occurrence, access: Access): boolean =>
  fault.kind === 'path' && fault.paths.some((name) => hasPath(access, name));

const hasPath = (access: Access, name: string): boolean =>
  access.paths.some((path) => path.name === name);

function pathEvents(occurrence: Occurrence, access: Access, compress: number): PathEvent[] {
  const { fault, id, fromMs, window } = occurrence;
  if (fault.kind !== 'path') return [];
  const played = (ms: number) => Math.round(ms / compress);
  const beginMs = played(fromMs);
  const endMs = Math.max(played(occurrenceEnd(occurrence)), beginMs + 1);
  const { style, leadMs } = window?.drain ?? { style: 'none', leadMs: 0 };
  const drained = style === 'none' ? [] : [{ kind: 'drain', style } as const];
  return fault.paths
    .filter((path) => hasPath(access, path))
    .flatMap((path): PathEvent[] => {
      const on = { path, of: id };
      return [
        ...drained.map((kind) => ({ ...on, ...kind, atMs: beginMs - played(leadMs) })),
        { ...on, atMs: beginMs, ...pathEvent(fault.happens, endMs - beginMs) },
        { ...on, kind: 'restored', atMs: endMs },
      ];
    });
}

function pathEvent(happens: PathHappening, forMs: number): PathEventKind {
  switch (happens.kind) {
    case 'dark':
      return { kind: 'down', lossOfLight: true };
    case 'withdrawn':
      return { kind: 'withdrawn' };
    case 'tested':
      return { kind: 'failover-test', forMs };
    case 'down':
    case 'filtered':
    case 'degraded':
      return happens;
  }
}

/** When each fault or window began to matter, so that a state can be laid at somebody's door. */
interface Cause {
  readonly occurrence: Occurrence;
  readonly fromMs: number;
}

const listCauses = (own: readonly Occurrence[], compress: number): Cause[] =>
  own
    .map((occurrence) => ({
      occurrence,
      fromMs: Math.round((occurrence.fromMs - (occurrence.window?.drain.leadMs ?? 0)) / compress),
    }))
    .toSorted((a, b) => a.fromMs - b.fromMs);

interface Mapping {
  readonly design: Design;
  readonly causes: readonly Cause[];
  /** Last event: what has not ended by itself long after it is over with the scenario. */
  readonly endMs: number;
  /** Occurrences by name, so that each has an id of its own. */
  readonly counts: Map<string, number>;
}

function linkFaults(
  access: Access,
  states: readonly LinkState[],
  mapping: Mapping,
): PlayedOccurrence[] {
  const effects = (['in', 'back'] as const).flatMap((direction) => {
    const carried = access.links.filter((link) => link.direction === direction);
    const links = carried.map(({ link }) => link);
    const own = states.map((state) => routedEffect(state, direction, { access, ...mapping }));
    return merged(own).flatMap((effect) =>
      effect && links.length > 0 ? { links, ...effect } : [],
    );
  });
  const all = joined(effects).map((effect) => occurrenceFor(effect, mapping));
  return all.map((one) => (one.whole ? withWholeOnLinks(one, all) : one));
}

/** The end of a slope of a path is proven by what its full size did to the links. */
function withWholeOnLinks(
  { whole: _, ...one }: PlayedOccurrence,
  all: readonly PlayedOccurrence[],
): PlayedOccurrence {
  const full = all.find(
    ({ of, fault, prove }) => of === one.of && prove.inject && fault.kind === one.fault.kind,
  );
  return full ? { ...one, whole: full.fault } : one;
}

/** The same thing at the same time on links of both directions is one fault. */
function joined(effects: readonly PlacedEffect[]): PlacedEffect[] {
  const byEffect = new Map<string, PlacedEffect>();
  for (const effect of effects) {
    const key = JSON.stringify([effect.fromMs, effect.toMs, effect.fault]);
    const links = [...(byEffect.get(key)?.links ?? []), ...effect.links];
    byEffect.set(key, { ...effect, links });
  }
  return [...byEffect.values()].toSorted((a, b) => a.fromMs - b.fromMs);
}

/** The effect of a state on the links of one direction; undefined = nothing. */
interface Effect {
  readonly fromMs: number;
  readonly toMs: number;
  readonly why: string;
  readonly fault: EffectFault;
}
interface PlacedEffect extends Effect {
  readonly links: readonly string[];
}
type EffectFault =
  | { readonly kind: 'cut'; readonly effect: 'hold' | 'drop' }
  | { readonly kind: 'bandwidth'; readonly rateKbps: number }
  | { readonly kind: 'loss'; readonly share: number; readonly roundTripMs: number };

function routedEffect(
  state: LinkState,
  direction: Direction,
  { access, design }: { access: Access; design: Design },
): Effect | undefined {
  const { fromMs, toMs, why } = state;
  const effect = (fault: EffectFault): Effect => ({ fromMs, toMs, why, fault });
  switch (state.state) {
    case 'up':
      return undefined;
    // Nothing tells a TCP connection that its packets go nowhere: its bytes wait.
    case 'holding':
    case 'dropping':
      return effect({ kind: 'cut', effect: 'hold' });
    case 'partitioned':
      return effect({ kind: 'cut', effect: 'drop' });
    case 'degraded': {
      const demand = access.demandMbps[direction];
      const capacity = state.capacityMbps[direction];
      const lost = state.lossShare[direction];
      if (capacity < demand)
        return effect({
          kind: 'bandwidth',
          rateKbps: scaledKbps(capacity / demand, direction, design),
        });
      if (lost === 0) return undefined;
      const roundTripMs = Math.max(2 * state.latencyMs, GREY_ROUND_TRIP_MS);
      return effect({ kind: 'loss', share: lost, roundTripMs });
    }
  }
}

/** The rehearsal sends far less than the real chain: the same share of it gets through. */
function scaledKbps(share: number, direction: Direction, { media }: Design): number {
  const { contributionKbps, ladder } = media;
  const nominal =
    direction === 'in'
      ? contributionKbps
      : ladder.reduce((sum, { videoKbps }) => sum + videoKbps, 0);
  return Math.max(8, Math.round(nominal * share));
}

/** Neighbours that cut become one cut: from the viewer's side it is one outage. */
function merged(effects: readonly (Effect | undefined)[]): (Effect | undefined)[] {
  const done: (Effect | undefined)[] = [];
  for (const effect of effects) {
    const last = done.at(-1);
    if (last?.fault.kind !== 'cut' || effect?.fault.kind !== 'cut') {
      done.push(effect);
      continue;
    }
    const drops = [last.fault.effect, effect.fault.effect].includes('drop');
    const fault = { kind: 'cut', effect: drops ? 'drop' : 'hold' } as const;
    const why = last.why === effect.why ? last.why : `${last.why}; then ${effect.why}`;
    done.splice(-1, 1, { fromMs: last.fromMs, toMs: effect.toMs, why, fault });
  }
  return done;
}

/** The steps of a slope are proven as those of any fault are; what routers do is proven each time. */
const asProven = (
  cause: Occurrence | undefined,
): Pick<PlayedOccurrence, 'prove'> & Partial<Pick<PlayedOccurrence, 'whole'>> =>
  cause?.fault.kind === 'path' && cause.fault.happens.kind === 'degraded'
    ? { prove: cause.prove, ...(cause.whole ? { whole: cause.whole } : {}) }
    : { prove: { inject: true, heal: true } };

/** The last that had begun by then; the first when none had. */
function causeAt(causes: readonly Cause[], atMs: number): Cause | undefined {
  const begun = countLeading(causes.length, (i) => causes[i]!.fromMs <= atMs);
  return causes[Math.max(0, begun - 1)];
}

function occurrenceFor(
  effect: PlacedEffect,
  { design, causes, endMs, counts }: Mapping,
): PlayedOccurrence {
  const cause = causeAt(causes, effect.fromMs);
  const of = cause?.occurrence.of ?? 'routing';
  const turn = (counts.get(of) ?? 0) + 1;
  counts.set(of, turn);
  const fromMs = Math.max(0, effect.fromMs);
  const forGood = effect.toMs >= endMs + SETTLE_MS;
  return {
    id: turn === 1 ? of : `${of}#${turn}`,
    of,
    window: cause?.occurrence.window,
    fault: { ...effect.fault, links: effect.links, channels: design.channels },
    fromMs,
    ends: [{ atMs: Math.max(forGood ? endMs : effect.toMs, fromMs + 1) }],
    ...asProven(cause?.occurrence),
    why: effect.why,
  };
}
