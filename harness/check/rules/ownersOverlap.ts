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
  looksAtTime: true,
  find: (context) => context.groups.flatMap((group) => meetings(context, group)),
};

/** One finding for each work that begins while others are under way. */
function meetings(context: CheckContext, group: AccessGroup): readonly Found[] {
  let running: Work[] = [];
  return group.works
    .toSorted((a, b) => a.fromEpochMs - b.fromEpochMs)
    .flatMap((work) => {
      running = running.filter(({ toEpochMs }) => toEpochMs > work.fromEpochMs);
      const met = running.filter(
        (other) => other.window.owner !== work.window.owner && !samePaths(other, work),
      );
      running.push(work);
      return met.length === 0 ? [] : [found(context, group, work, met)];
    });
}

/** A year of windows that all overlap is still told in pages. */
const NAMED_MAX = 5;

const samePaths = (a: Work, b: Work): boolean =>
  a.paths.length === b.paths.length && a.paths.every((path) => b.paths.includes(path));

/** A pair that leaves nothing comes before one that leaves something. */
function found(
  context: CheckContext,
  { access }: AccessGroup,
  second: Work,
  met: readonly Work[],
): Found {
  const fatal = met.filter((first) => pathsLeft(access, [first, second]).length === 0);
  const all = fatal.length > 0 ? fatal : met;
  const firsts = all.slice(0, NAMED_MAX);
  const more = all.length > firsts.length ? ` and ${all.length - firsts.length} more` : '';
  const left = pathsLeft(access, [...firsts, second]);
  const fromEpochMs = second.fromEpochMs;
  const lastEpochMs = all.reduce((most, { toEpochMs }) => Math.max(most, toEpochMs), 0);
  const toEpochMs = Math.min(lastEpochMs, second.toEpochMs);
  const works = firsts.map(({ window, paths }) => `${window.owner} works on ${listed(paths)}`);
  return {
    severity: left.length === 0 ? 'stop' : 'warning',
    fromEpochMs,
    toEpochMs,
    targets: [access.name, ...firsts.map(({ window }) => window.name), second.window.name],
    text: `${listed(works)}${more} while ${second.window.owner} works on ${listed(second.paths)}, for ${showLength(toEpochMs - fromEpochMs)} from ${context.clock.show(fromEpochMs)}; left: ${listed(left)}`,
    hint: `Move ${second.window.name} to after ${context.clock.show(lastEpochMs)}.`,
    source: [...firsts, second].map(({ window }) => window.source).join(', '),
    ...(more === '' ? {} : { shortened: true }),
  };
}
