// Refuses events that cannot happen to a path.

import { ACCESS_LIMITS, type AccessPath, type PathEvent } from '../model/access.ts';
import { memberCount } from './path.ts';
import { problem, type AccessProblem } from './problem.ts';

/** Times a single flap event may go down. */
const MAX_FLAPS = 10_000;

export function eventProblems(
  event: PathEvent,
  index: number,
  paths: readonly AccessPath[],
): readonly AccessProblem[] {
  const at = `events.${index}`;
  const path = paths.find(({ name }) => name === event.path);
  if (!path) {
    const names = paths.map(({ name }) => name).join(', ') || 'none';
    return [
      problem(`${at}.path`, `there is no path '${event.path}'`, `Paths of this access: ${names}.`),
    ];
  }
  const wrong = Number.isFinite(event.atMs)
    ? wrongWith(event, path)
    : ([`an event at ${event.atMs} ms`, 'Give it a time.'] as const);
  return wrong ? [problem(at, ...wrong)] : [];
}

/** Text and hint, or undefined when it can happen. */
function wrongWith(event: PathEvent, path: AccessPath): readonly [string, string] | undefined {
  switch (event.kind) {
    case 'down':
      return membersFit(event.members, path)
        ? undefined
        : [
            `${event.members} members of ${path.name}, which has ${memberCount(path)}`,
            'Only a lag or a vpn has members; take 1 to all of them.',
          ];
    case 'flap':
      return event.downMs > 0 && event.upMs > 0 && event.forMs > 0 && timesDown(event) <= MAX_FLAPS
        ? undefined
        : [
            'a flap that never ends or never begins',
            `Give down, up and for more than 0, at most ${MAX_FLAPS} times down.`,
          ];
    case 'degraded':
      return isShare(event.lossShare) &&
        event.lossShare < 1 &&
        isShare(event.capacityShare) &&
        event.capacityShare > 0
        ? undefined
        : [
            `a loss of ${event.lossShare} with ${event.capacityShare} of the capacity left`,
            'Use shares between 0 and 1; for a path that passes nothing say down.',
          ];
    case 'failover-test':
      return event.forMs > 0 && event.forMs <= ACCESS_LIMITS.failoverTestMsMax
        ? undefined
        : [`a failover test of ${event.forMs} ms`, 'A test lasts from 1 to 4320 minutes.'];
    case 'up':
    case 'drain':
    case 'withdrawn':
    case 'filtered':
    case 'restored':
      return undefined;
  }
}

const membersFit = (members: number | undefined, path: AccessPath): boolean =>
  members === undefined ||
  (Number.isInteger(members) && members >= 1 && members <= memberCount(path));

const timesDown = (event: { downMs: number; upMs: number; forMs: number }): number =>
  event.forMs / (event.downMs + event.upMs);

const isShare = (value: number): boolean => value >= 0 && value <= 1;
