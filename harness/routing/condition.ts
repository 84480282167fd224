// Folds the events of a path into a timeline of its real condition, whoever may know it.

import type { AccessPath, DrainStyle, PathEvent, PathFilter } from '../model/access.ts';
import { MAX_FLAPS, memberCount, roundShare } from './path.ts';
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

/** Condition of one path over all time; `events` of other paths are ignored. */
export function conditionsOf(
  path: AccessPath,
  events: readonly PathEvent[],
): Timeline<PathCondition> {
  const doings = new Map<string, Doing>();
  const steps: Step<PathCondition>[] = [{ fromMs: -Infinity, value: fold(path, doings) }];
  const changes = events.filter((event) => event.path === path.name).flatMap(expand);
  changes.sort((a, b) => a.atMs - b.atMs);
  for (const change of changes) {
    apply(doings, change);
    if (steps.at(-1)?.fromMs === change.atMs) steps.pop();
    steps.push({ fromMs: change.atMs, value: fold(path, doings) });
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
  for (let downMs = atMs; downMs < endMs && changes.length < 2 * MAX_FLAPS;) {
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
      Object.assign(doing, { down: false, openly: false, members: 0 });
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

/** Several works on one path add up: losses multiply, members sum, the worst filter wins. */
function fold(path: AccessPath, doings: ReadonlyMap<string, Doing>): PathCondition {
  const all = [...doings.values()];
  const members = all.reduce((sum, doing) => sum + doing.members, 0);
  const membersDown = Math.min(members, memberCount(path));
  const filters = [path.filter, ...all.map((doing) => doing.filter)];
  return {
    deadSilently:
      all.some((doing) => doing.down && !doing.openly) ||
      (path.kind === 'vpn' && membersDown === path.tunnels),
    deadOpenly:
      all.some((doing) => doing.down && doing.openly) ||
      (path.kind === 'lag' && path.members - membersDown < Math.max(1, path.minimumLinks)),
    membersDown,
    lossShare: roundShare(1 - all.reduce((passing, doing) => passing * (1 - doing.lossShare), 1)),
    capacityShare: all.reduce((share, doing) => share * doing.capacityShare, 1),
    drains: new Set(all.map((doing) => doing.drain)),
    withdrawn: all.some((doing) => doing.withdrawn || doing.drain === 'withdraw'),
    testing: all.some((doing) => doing.tests > 0),
    filter: filters.includes('advertises-nothing')
      ? 'advertises-nothing'
      : filters.find((filter) => filter !== undefined),
  };
}
