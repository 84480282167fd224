// When everything of a scenario begins and ends, in the scenario's own time: windows with their
// overrun or rollback, faults at a time or after something else, once or again and again, with
// what is random drawn from the seed. Pure.

import type { Step } from '../faults/kind.ts';
import { findKind } from '../faults/kinds.ts';
import { sizedPath } from '../faults/path.ts';
import { seededRandom, type Random } from '../kernel/random.ts';
import { HarnessError } from '../model/errors.ts';
import { listParts } from '../model/scenario.ts';
import type {
  Disruption,
  Drawn,
  Fault,
  MaintenanceWindow,
  Profile,
  Scenario,
  TimedFault,
  TimelineEvent,
} from '../model/scenario.ts';
import { workMs } from './outages.ts';

/** One time that something is in force. */
export interface Occurrence {
  /** The name, with `#2` and so on from the second time on; names toxics and actions. */
  readonly id: string;
  /** Name of the fault or window. */
  readonly of: string;
  readonly window: MaintenanceWindow | undefined;
  readonly fault: Disruption;
  readonly fromMs: number;
  /** The ends in order: for all channels at once, or for some after others. */
  readonly ends: readonly { readonly atMs: number; readonly channels?: readonly string[] }[];
  /** The full size of what ends as a part of it: its end is proven by that. */
  readonly whole?: Disruption;
  /** False in the middle of a ramp or flap. */
  readonly prove: { readonly inject: boolean; readonly heal: boolean };
}

/** An occurrence on links, in played time. */
export interface PlayedOccurrence extends Occurrence {
  readonly fault: Fault;
  /** The reason, for what routing made of a path event. */
  readonly why?: string;
}

/** More than anybody reads in a plan. */
const OCCURRENCES_MAX = 500;
const PROVEN = { inject: true, heal: true } as const;

/** @throws HarnessError SCENARIO_INVALID for what waits for itself, or comes too often. */
export function drawTimeline(scenario: Scenario, seed: number): readonly Occurrence[] {
  const random = seededRandom(seed);
  const done = new Map<string, readonly Occurrence[]>(
    scenario.windows.map((window) => [window.name, [windowOccurrence(window, random)]]),
  );
  const faults = new Map(scenario.faults.map((fault) => [fault.name, fault]));
  for (const fault of scenario.faults)
    for (const next of waitingFor(fault, faults, done)) place(next, { random, done });
  return [...done.values()].flat();
}

/** Lists the faults to place before a fault, and the fault itself, in that order. */
function waitingFor(
  fault: TimedFault,
  faults: ReadonlyMap<string, TimedFault>,
  done: ReadonlyMap<string, unknown>,
): readonly TimedFault[] {
  const way = new Map<string, TimedFault>();
  for (let next = fault; !done.has(next.name);) {
    if (way.has(next.name)) throw waitsForItself([...way.keys(), next.name]);
    way.set(next.name, next);
    if (next.start.kind === 'at') break;
    const { of } = next.start.event;
    const before = faults.get(of);
    if (!before && !done.has(of))
      throw new HarnessError('SCENARIO_INVALID', `nothing is called ${of}`, { target: of });
    if (!before) break;
    next = before;
  }
  return [...way.values()].toReversed();
}

interface Placing {
  readonly random: Random;
  readonly done: Map<string, readonly Occurrence[]>;
}

/** Places a fault; those that it waits for have been placed. */
function place(fault: TimedFault, placing: Placing): void {
  const { random, done } = placing;
  const { start } = fault;
  const own = random.fork(fault.name);
  const fromMs =
    start.kind === 'at'
      ? draw(start.at, own)
      : eventMoment(start.event, placing) + draw(start.wait, own);
  const times = drawStarts(fault, fromMs, own);
  const parts = listParts(fault.fault);
  const occurrences = times.flatMap((atMs) => {
    const lengthMs = draw(fault.length, own);
    return parts.flatMap((part) => profiled({ ...fault, fault: part }, atMs, lengthMs));
  });
  if (occurrences.length > OCCURRENCES_MAX) throw tooOften(fault, occurrences.length);
  done.set(
    fault.name,
    occurrences.map((occurrence, i) => ({
      ...occurrence,
      id: i === 0 ? fault.name : `${fault.name}#${i + 1}`,
    })),
  );
}

function eventMoment({ of, what }: TimelineEvent, { done }: Placing): number {
  const occurrences = done.get(of) ?? [];
  const [first] = occurrences;
  if (what === 'start') return first?.fromMs ?? 0;
  const work = first?.window?.work;
  if (what === 'overrun' && work) return work.atMs + work.forMs;
  return Math.max(0, ...occurrences.map(occurrenceEnd));
}

export const occurrenceEnd = ({ ends, fromMs }: Occurrence): number => ends.at(-1)?.atMs ?? fromMs;

function drawStarts({ repeat }: TimedFault, fromMs: number, random: Random): number[] {
  const starts = [fromMs];
  if (!repeat) return starts;
  const { every, untilMs = Infinity, times = OCCURRENCES_MAX + 1 } = repeat;
  let nextMs = fromMs + draw(every, random);
  while (nextMs <= untilMs && starts.length < Math.min(times, OCCURRENCES_MAX + 1)) {
    starts.push(nextMs);
    nextMs += draw(every, random);
  }
  return starts;
}

const draw = ({ fromMs, toMs }: Drawn, random: Random): number =>
  fromMs === toMs ? fromMs : Math.round(fromMs + random.next() * (toMs - fromMs));

type Unnamed = Omit<Occurrence, 'id'>;

function profiled(
  { name, fault, profile }: TimedFault & { readonly fault: Disruption },
  fromMs: number,
  lengthMs: number,
): Unnamed[] {
  const toMs = fromMs + lengthMs;
  const one = { of: name, window: undefined, fault, prove: PROVEN };
  switch (profile.kind) {
    case 'steady':
      return [{ ...one, fromMs, ends: [{ atMs: toMs }] }];
    case 'flap':
      return flap(profile, fromMs, toMs).map((span, i, all) => ({
        ...one,
        ...span,
        prove: { inject: i === 0, heal: i === all.length - 1 },
      }));
    case 'ramp':
    case 'fall':
      return inSteps(profile, one, { fromMs, toMs });
  }
}

type OccurrenceSpan = Pick<Occurrence, 'fromMs' | 'ends'>;

function flap(
  { onMs, offMs }: { onMs: number; offMs: number },
  fromMs: number,
  toMs: number,
): OccurrenceSpan[] {
  const times = Math.min(Math.ceil((toMs - fromMs) / (onMs + offMs)), OCCURRENCES_MAX + 1);
  return Array.from({ length: times }, (_, i) => {
    const startMs = fromMs + i * (onMs + offMs);
    return { fromMs: startMs, ends: [{ atMs: Math.min(startMs + onMs, toMs) }] };
  });
}

type Sloping = Extract<Profile, { readonly kind: 'ramp' | 'fall' }>;

interface Level extends Step {
  readonly atMs: number;
}

/** Each step by itself. Only the full size is proven, and the end of the last step. */
function inSteps(
  profile: Sloping,
  one: Omit<Unnamed, 'fromMs' | 'ends'>,
  { fromMs, toMs }: Interval,
): Unnamed[] {
  const levels = slopeLevels(profile, { fromMs, toMs });
  const last = levels.at(-1);
  return levels.map((level, i) => ({
    ...one,
    fromMs: level.atMs,
    ends: [{ atMs: levels[i + 1]?.atMs ?? toMs }],
    fault: sized(one.fault, level),
    ...(level === last && level.share < 1 ? { whole: one.fault } : {}),
    prove: { inject: level.share === 1, heal: level === last },
  }));
}

interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The sizes of a fault from its beginning to its end; the way back mirrors the way there. */
function slopeLevels(profile: Sloping, { fromMs, toMs }: Interval): Level[] {
  const { overMs, steps, fromKbps } =
    profile.kind === 'ramp' ? profile : { overMs: 0, steps: 1, fromKbps: undefined };
  const up = Array.from({ length: steps }, (_, i) => ({
    atMs: Math.round(fromMs + (i * overMs) / steps),
    share: (i + 1) / steps,
    wideKbps: fromKbps,
  }));
  const { fall } = profile;
  if (!fall) return up;
  const down = Array.from({ length: fall.steps - 1 }, (_, i) => {
    const left = fall.steps - 1 - i;
    const atMs = Math.round(toMs - (left * fall.overMs) / fall.steps);
    return { atMs, share: left / fall.steps, wideKbps: fall.toKbps ?? fromKbps };
  });
  return [...up, ...down];
}

/** A share of the full size of a fault; the whole of one that has no size. */
function sized(fault: Disruption, step: Step): Disruption {
  if (fault.kind === 'path') return sizedPath(fault, step);
  return findKind(fault).sized?.(fault, step) ?? fault;
}

/** The work takes its target away at once; after it channels come back as the restore order says. */
function windowOccurrence(window: MaintenanceWindow, random: Random): Occurrence {
  const { name, work, restore } = window;
  const doneMs = work.atMs + workMs(window, random);
  const staged = work.fault.kind !== 'path' && restore.paceMs > 0;
  return {
    id: name,
    of: name,
    window,
    fault: work.fault,
    fromMs: work.atMs,
    ends: staged
      ? stagedEnds(work.fault, { restore, doneMs, random: random.fork(name) })
      : [{ atMs: doneMs }],
    prove: PROVEN,
  };
}

interface Restoring {
  readonly restore: MaintenanceWindow['restore'];
  readonly doneMs: number;
  readonly random: Random;
}

/** Channels that the order names come one by one, the others last, all at the same time. */
function stagedEnds(fault: Fault, { restore, doneMs, random }: Restoring): Occurrence['ends'] {
  const order = restore.shuffled ? shuffle(restore.order, random) : restore.order;
  const named = order.filter((channel) => fault.channels.includes(channel));
  const others = fault.channels.filter((channel) => !named.includes(channel));
  return [...named, ...others].map((channel, turn) => ({
    atMs: doneMs + Math.min(turn, named.length) * restore.paceMs,
    channels: [channel],
  }));
}

/** Fisher and Yates. */
function shuffle(names: readonly string[], random: Random): readonly string[] {
  const left = [...names];
  for (let last = left.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1));
    [left[last], left[other]] = [left[other] ?? '', left[last] ?? ''];
  }
  return left;
}

const waitsForItself = (circle: readonly string[]): HarnessError =>
  new HarnessError('SCENARIO_INVALID', `${circle.join(' waits for ')}: a circle`, {
    target: circle[0] ?? '',
    hint: 'let one of them start at a time instead',
  });

const tooOften = ({ name }: TimedFault, times: number): HarnessError =>
  new HarnessError(
    'SCENARIO_INVALID',
    `${name} comes ${times > OCCURRENCES_MAX ? `more than ${OCCURRENCES_MAX}` : times} times`,
    { target: name, hint: 'let it come less often, or end earlier (until, times)' },
  );
