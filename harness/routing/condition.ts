// Folds the events of a path into a timeline of its real condition, whoever may know it.

import type { AccessPath, DrainStyle, PathEvent, PathFilter } from '../model/access.ts';
import { memberCount, roundShare } from './path.ts';
import type { Step, Timeline } from './timeline.ts';

export interface PathCondition {
  /** No packet passes and nothing on the customer's side shows it. */
  readonly deadSilently: boolean;
  /** No packet passes and the customer's own interface shows it. */
  readonly deadOpenly: boolean;
  /** Members of a lag or tunnels of a vpn that are dead, 0 for other paths. */
  readonly membersDown: number;
  readonly lossShare: number;
  readonly capacityShare: number;
  readonly drains: ReadonlySet<DrainStyle>;
  readonly withdrawn: boolean;
  readonly testing: boolean;
  readonly filter: PathFilter | undefined;
}

/** The effect of one fault or window on one path at a moment. */
interface Doing {
  down: boolean;
  openly: boolean;
  members: number;
  lossShare: number;
  capacityShare: number;
  drain: DrainStyle;
  withdrawn: boolean;
  filter: PathFilter | undefined;
  /** Failover tests in force. */
  tests: number;
}

type Change =
  | Exclude<PathEvent, { readonly kind: 'flap' } | { readonly kind: 'failover-test' }>
  | {
      readonly kind: 'test-begins' | 'test-ends';
      readonly atMs: number;
      readonly path: string;
      readonly of: string;
    };

/**
 * Condition of one path over all time; `events` of other paths are ignored. Of steps at one instant
 * the last one counts.
 */
export function findConditions(
  path: AccessPath,
  events: readonly PathEvent[],
): Timeline<PathCondition> {
  const doings = new Map<string, Doing>();
  const sum = emptySum(path);
  const steps: Step<PathCondition>[] = [{ fromMs: -Infinity, value: pathCondition(path, sum) }];
  const changes = events.filter((event) => event.path === path.name).flatMap(expand);
  changes.sort((a, b) => a.atMs - b.atMs);
  for (const change of changes) {
    count(sum, doings.get(change.of), -1);
    apply(doings, change);
    count(sum, doings.get(change.of), 1);
    keepImpairment(sum, change.of, doings.get(change.of));
    steps.push({ fromMs: change.atMs, value: pathCondition(path, sum) });
  }
  return steps;
}

function expand(event: PathEvent): readonly Change[] {
  const { atMs, path, of } = event;
  if (event.kind === 'failover-test')
    return [
      { kind: 'test-begins', atMs, path, of },
      { kind: 'test-ends', atMs: atMs + event.forMs, path, of },
    ];
  if (event.kind !== 'flap') return [event];
  const changes: Change[] = [];
  const endMs = atMs + event.forMs;
  for (let downMs = atMs; downMs < endMs;) {
    const upMs = Math.min(downMs + event.downMs, endMs);
    changes.push({ kind: 'down', atMs: downMs, path, of }, { kind: 'up', atMs: upMs, path, of });
    downMs = upMs + event.upMs;
  }
  return changes;
}

const nothing = (): Doing => ({
  down: false,
  openly: false,
  members: 0,
  lossShare: 0,
  capacityShare: 1,
  drain: 'none',
  withdrawn: false,
  filter: undefined,
  tests: 0,
});

function apply(doings: Map<string, Doing>, change: Change): void {
  const doing = doings.get(change.of) ?? nothing();
  doings.set(change.of, doing);
  switch (change.kind) {
    case 'down':
      if (change.members === undefined) doing.down = true;
      else doing.members = change.members;
      doing.openly = change.lossOfLight ?? false;
      return;
    case 'up':
      Object.assign(doing, { down: false, members: 0 });
      return;
    case 'degraded':
      Object.assign(doing, { lossShare: change.lossShare, capacityShare: change.capacityShare });
      return;
    case 'drain':
      doing.drain = change.style;
      return;
    case 'withdrawn':
      doing.withdrawn = true;
      return;
    case 'filtered':
      doing.filter = change.filter;
      return;
    case 'test-begins':
      doing.tests++;
      return;
    case 'test-ends':
      doing.tests = Math.max(0, doing.tests - 1);
      return;
    case 'restored':
      doings.delete(change.of);
  }
}

/** All that is done to a path at a moment, counted as each of it comes and goes. */
interface Sum {
  members: number;
  silent: number;
  open: number;
  withdrawn: number;
  testing: number;
  readonly drains: Map<DrainStyle, number>;
  readonly filters: Map<PathFilter, number>;
  /** Products are not undone by dividing, so those that multiply are kept, by name. */
  readonly impaired: Map<string, Pick<Doing, 'lossShare' | 'capacityShare'>>;
}

const emptySum = ({ filter }: AccessPath): Sum => ({
  members: 0,
  silent: 0,
  open: 0,
  withdrawn: 0,
  testing: 0,
  drains: new Map(),
  filters: new Map(filter === undefined ? [] : [[filter, 1]]),
  impaired: new Map(),
});

function count(sum: Sum, doing: Doing | undefined, by: 1 | -1): void {
  if (!doing) return;
  sum.members += by * doing.members;
  if (doing.down) sum[doing.openly ? 'open' : 'silent'] += by;
  if (doing.withdrawn || doing.drain === 'withdraw') sum.withdrawn += by;
  if (doing.tests > 0) sum.testing += by;
  countIn(sum.drains, doing.drain, by);
  if (doing.filter !== undefined) countIn(sum.filters, doing.filter, by);
}

function countIn<K>(counts: Map<K, number>, key: K, by: 1 | -1): void {
  const now = (counts.get(key) ?? 0) + by;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}

function keepImpairment({ impaired }: Sum, of: string, doing: Doing | undefined): void {
  if (doing && (doing.lossShare > 0 || doing.capacityShare < 1)) impaired.set(of, doing);
  else impaired.delete(of);
}

/** Several works on one path add up: losses multiply, members sum, the worst filter wins. */
function pathCondition(path: AccessPath, sum: Sum): PathCondition {
  const membersDown = Math.min(sum.members, memberCount(path));
  const impaired = [...sum.impaired.values()];
  return {
    deadSilently: sum.silent > 0 || (path.kind === 'vpn' && membersDown === path.tunnels),
    deadOpenly:
      sum.open > 0 ||
      (path.kind === 'lag' && path.members - membersDown < Math.max(1, path.minimumLinks)),
    membersDown,
    lossShare: roundShare(
      1 - impaired.reduce((passing, doing) => passing * (1 - doing.lossShare), 1),
    ),
    capacityShare: impaired.reduce((share, doing) => share * doing.capacityShare, 1),
    drains: new Set(sum.drains.keys()),
    withdrawn: sum.withdrawn > 0,
    testing: sum.testing > 0,
    filter: sum.filters.has('advertises-nothing')
      ? 'advertises-nothing'
      : sum.filters.keys().next().value,
  };
}
