// Computed once and handed to every rule: who works on which paths when, and what routing makes of it.

import { countLeading } from '../kernel/countLeading.ts';
import type { Access, LinkState } from '../model/access.ts';
import { routeAccess } from '../routing/route.ts';
import { eventsOfWork, pathsAt } from '../routing/work.ts';
import { makeGraph, type Graph } from './graph.ts';
import {
  USUAL_OWNER_RULE,
  type AnnouncedWindow,
  type CheckInput,
  type OwnerRule,
  type WeakImpact,
} from './input.ts';
import { ownerKey } from './owners.ts';
import type { TimeSpan } from './spans.ts';
import { zoneClock, type ZoneClock } from '../kernel/zone.ts';

export interface CheckContext extends CheckInput {
  readonly clock: ZoneClock;
  readonly graph: Graph;
  /** One for each access, in the order of the design. */
  readonly groups: readonly AccessGroup[];
}

/** An access with what is announced on it. */
export interface AccessGroup {
  readonly access: Access;
  readonly works: readonly Work[];
  /** Windows that leave paths in place and make them worse. */
  readonly weak: readonly WeakWork[];
  /** Windows of both. */
  readonly windows: ReadonlySet<AnnouncedWindow>;
  /** The states when every window is on time, its targets away for all of it. Wall clock. */
  readonly states: readonly LinkState[];
  /** The time without a sound link from the first state to an instant. */
  readonly lossyMsUntil: (epochMs: number) => number;
}

/** A window narrowed to the paths of one access. */
export interface Work extends TimeSpan {
  readonly window: AnnouncedWindow;
  readonly paths: readonly string[];
}

export interface WeakWork extends Work {
  readonly impact: WeakImpact;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function makeContext(input: CheckInput): CheckContext {
  const windows = withOneSpelling(input);
  const sound = { windows: windows.filter(hasLength) };
  const times = [...sound.windows, ...input.events].flatMap((span) => [
    span.fromEpochMs,
    span.toEpochMs,
  ]);
  const fromEpochMs = times.reduce((a, b) => Math.min(a, b), input.nowEpochMs ?? Infinity);
  const toEpochMs = times.reduce((a, b) => Math.max(a, b), input.nowEpochMs ?? -Infinity);
  const known = Number.isFinite(fromEpochMs) && Number.isFinite(toEpochMs);
  const [first, last] = known ? [fromEpochMs - DAY_MS, toEpochMs + DAY_MS] : [0, 0];
  return {
    ...input,
    windows,
    clock: zoneClock(input.zone, first, last),
    graph: makeGraph(input.design, input.accesses),
    groups: input.accesses.map((access) => makeGroup(access, sound.windows)),
  };
}

/** An owner is one owner however it is spelt: as its rule spells it, else as it is first met. */
function withOneSpelling({ windows, ownerRules }: CheckInput): readonly AnnouncedWindow[] {
  const spelling = new Map<string, string>();
  for (const { owner } of [...ownerRules, ...windows])
    if (!spelling.has(ownerKey(owner))) spelling.set(ownerKey(owner), owner.trim());
  return windows.map((window) => ({
    ...window,
    owner: spelling.get(ownerKey(window.owner)) ?? window.owner,
  }));
}

/** Gives an owner's promise: by its own rule, by the plan's, or by what providers usually do. */
export function findRule({ ownerRules, usualRule }: CheckInput, owner: string): OwnerRule {
  const own = ownerRules.find((rule) => ownerKey(rule.owner) === ownerKey(owner));
  return own?.rule ?? usualRule ?? USUAL_OWNER_RULE;
}

/** Longer than this nobody works: a slip of the pen in a year or a month [C]. */
export const WINDOW_DAYS_MAX = 31;

/**
 * A window that ends before it starts, or lasts for months, is a finding of its own, and nothing
 * else is asked of it.
 */
export const hasLength = ({ fromEpochMs, toEpochMs }: TimeSpan): boolean =>
  fromEpochMs < toEpochMs && toEpochMs - fromEpochMs <= WINDOW_DAYS_MAX * DAY_MS;

function makeGroup(access: Access, windows: readonly AnnouncedWindow[]): AccessGroup {
  const works = windows.flatMap((window): readonly Work[] => {
    const paths = pathsAt(access, window.targets).map(({ name }) => name);
    const { fromEpochMs, toEpochMs } = window;
    return paths.length > 0 ? [{ window, paths, fromEpochMs, toEpochMs }] : [];
  });
  const weak = windows.flatMap((window) => findWeakWorks(access, window));
  const touching = new Set([...works, ...weak].map(({ window }) => window));
  const states = findStates(access, works, weak);
  return { access, works, weak, windows: touching, states, lossyMsUntil: lossyMsIn(states) };
}

function findWeakWorks(access: Access, window: AnnouncedWindow): readonly WeakWork[] {
  const { fromEpochMs, toEpochMs, weakened = [] } = window;
  if (weakened.length === 0) return [];
  return (['degraded', 'reduced-redundancy'] as const).flatMap((impact) => {
    const targets = weakened.filter((one) => one.impact === impact).map(({ target }) => target);
    const paths = pathsAt(access, targets).map(({ name }) => name);
    return paths.length > 0 ? [{ window, paths, impact, fromEpochMs, toEpochMs }] : [];
  });
}

/** A path that is degraded is drained as well where its window says so; one without its spare is not. */
function findStates(
  access: Access,
  works: readonly Work[],
  weak: readonly WeakWork[],
): readonly LinkState[] {
  const drained = weak.filter(({ impact }) => impact === 'degraded');
  const all = [...works, ...drained];
  if (all.length === 0) return [];
  const fromMs = all.reduce(
    (least, { window }) => Math.min(least, window.fromEpochMs - window.drain.leadMs - HOUR_MS),
    Infinity,
  );
  const toMs = all.reduce((most, work) => Math.max(most, work.toEpochMs + DAY_MS), -Infinity);
  const events = all.flatMap(({ window, paths }, index) =>
    eventsOfWork(
      {
        // Two windows of one name must not end each other; their name is a finding of its own.
        of: `${window.name}#${index}`,
        kind:
          index >= works.length
            ? 'drain'
            : window.kind === 'failover-test'
              ? 'failover-test'
              : 'work',
        targets: paths.map((name) => ({ kind: 'path', name })),
        fromMs: window.fromEpochMs,
        toMs: window.toEpochMs,
        drain: window.drain,
      },
      access,
    ),
  );
  return routeAccess(access, events, { fromMs, toMs });
}

/** States are sorted and without gaps, so that sums up to each of them answer for any span. */
function lossyMsIn(states: readonly LinkState[]): (epochMs: number) => number {
  const lossyMs = ({ state, fromMs }: LinkState, untilMs: number) =>
    state === 'up' ? 0 : Math.max(0, untilMs - fromMs);
  let sum = 0;
  const before = states.map((state) => {
    const here = sum;
    sum += lossyMs(state, state.toMs);
    return here;
  });
  return (epochMs) => {
    const over = countLeading(states.length, (i) => states[i]!.toMs <= epochMs);
    const state = states[over];
    return state ? (before[over] ?? 0) + lossyMs(state, epochMs) : sum;
  };
}

/** Paths of an access that carry nothing even when nobody works on them. */
export const deadPaths = ({ paths }: Access): readonly string[] =>
  paths.filter(({ filter }) => filter !== undefined).map(({ name }) => name);

/** Paths nobody works on in any of these works, and that are not dead anyway. */
export function pathsLeft(access: Access, works: readonly Work[]): readonly string[] {
  const away = new Set(deadPaths(access));
  for (const { paths } of works) {
    if (away.size === access.paths.length) return [];
    for (const path of paths) away.add(path);
  }
  return access.paths.map(({ name }) => name).filter((name) => !away.has(name));
}

/** The media an OTT player has buffered while it plays live: three segments of 6 s [C]. */
export const PLAYER_BUFFER_MS = 18_000;

/** Hidden by the retransmission buffer of a set-top box: docs/sources.md 2.4 [BG]. */
export const UNSEEN_MS_MAX = 2_000;

/** Something carries everything meanwhile, but for a moment that boxes and players hide. */
export function passesUnseen(context: CheckContext, window: AnnouncedWindow): boolean {
  const touched = context.groups.filter(({ windows }) => windows.has(window));
  const fromEpochMs = window.fromEpochMs - window.drain.leadMs;
  return (
    touched.length > 0 &&
    touched.every(
      ({ lossyMsUntil }) =>
        lossyMsUntil(window.toEpochMs) - lossyMsUntil(fromEpochMs) <= UNSEEN_MS_MAX,
    )
  );
}

export const listed = (names: readonly string[]): string =>
  names.length < 2
    ? (names[0] ?? 'nothing')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** For people: `5 days 12 h`, `4 h`, `1 h 31 min`, `90 s`, `0.9 s`. */
export function showLength(ms: number): string {
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 5 * 60_000) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  if (hours < 72) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  const [days, left] = [Math.floor(hours / 24), hours % 24];
  return left === 0 ? `${days} days` : `${days} days ${left} h`;
}
