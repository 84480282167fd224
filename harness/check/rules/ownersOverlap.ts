// Several owners working on one redundancy group at the same time, each thinking the other leg carries.

import {
  listed,
  pathsLeft,
  showLength,
  type AccessGroup,
  type CheckContext,
  type Work,
} from '../context.ts';
import type { Found, Rule } from '../rule.ts';

export const ownersOverlap: Rule = {
  name: 'owners-overlap',
  about: 'Windows of different owners do not overlap on one redundancy group.',
  find: (context) =>
    context.groups.flatMap((group) => pairs(group).map((pair) => found(context, group, pair))),
};

type Pair = readonly [Work, Work];

/** Overlapping works of different owners on different paths. */
function pairs({ works }: AccessGroup): readonly Pair[] {
  const sorted = works.toSorted((a, b) => a.fromEpochMs - b.fromEpochMs);
  return sorted.flatMap((first, index) => {
    const met: Pair[] = [];
    for (let next = index + 1; next < sorted.length; next++) {
      const second = sorted[next] as Work;
      if (second.fromEpochMs >= first.toEpochMs) break;
      if (first.window.owner !== second.window.owner && !samePaths(first, second))
        met.push([first, second]);
    }
    return met;
  });
}

const samePaths = (a: Work, b: Work): boolean =>
  a.paths.length === b.paths.length && a.paths.every((path) => b.paths.includes(path));

function found(context: CheckContext, { access }: AccessGroup, pair: Pair): Found {
  const [first, second] = pair;
  const fromEpochMs = second.fromEpochMs;
  const toEpochMs = Math.min(first.toEpochMs, second.toEpochMs);
  const left = pathsLeft(access, pair);
  return {
    severity: left.length === 0 ? 'stop' : 'warning',
    fromEpochMs,
    toEpochMs,
    targets: [access.name, first.window.name, second.window.name],
    text: `${first.window.owner} works on ${listed(first.paths)} while ${second.window.owner} works on ${listed(second.paths)}, for ${showLength(toEpochMs - fromEpochMs)} from ${context.clock.show(fromEpochMs)}; left: ${listed(left)}`,
    hint: `Move ${second.window.name} to after ${context.clock.show(first.toEpochMs + first.window.overrunMs)}.`,
    source: `${first.window.source}, ${second.window.source}`,
  };
}
