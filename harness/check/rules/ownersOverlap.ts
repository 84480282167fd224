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
import { sweepSpans } from '../spans.ts';

export const ownersOverlap: Rule = {
  name: 'owners-overlap',
  looksAtTime: true,
  find: (context) => context.groups.flatMap((group) => meetings(context, group)),
};

/** Works under way of one owner on the same paths: what is asked of one holds for all. */
interface Side {
  readonly owner: string;
  readonly paths: ReadonlySet<string>;
  /** By start, with their places in that order among all works of the access. */
  readonly works: Map<Work, number>;
  /** End of the last one that ends: one that is over ended before all that are under way. */
  lastEpochMs: number;
}

/** One finding for each work that begins while others are under way. */
function meetings(context: CheckContext, group: AccessGroup): readonly Found[] {
  const sides = new Map<string, Side>();
  const keyOf = ({ window, paths }: Work) => [window.owner, ...paths].join('\n');
  const findings: Found[] = [];
  let place = 0;
  for (const { begun, ended } of sweepSpans(group.works)) {
    for (const work of ended) sides.get(keyOf(work))?.works.delete(work);
    for (const work of begun) {
      const met = [...sides.values()].filter((side) => side.works.size > 0 && isOther(side, work));
      if (met.length > 0) findings.push(sayMeeting(context, group, work, met));
      sides.set(keyOf(work), joinedBy(sides.get(keyOf(work)), work, place++));
    }
  }
  return findings;
}

const isOther = ({ owner, paths }: Side, work: Work): boolean =>
  owner !== work.window.owner &&
  (paths.size !== work.paths.length || !work.paths.every((path) => paths.has(path)));

function joinedBy(side: Side | undefined, work: Work, place: number): Side {
  const { window, paths, toEpochMs } = work;
  const joined: Side = side ?? {
    owner: window.owner,
    paths: new Set(paths),
    works: new Map(),
    lastEpochMs: toEpochMs,
  };
  joined.works.set(work, place);
  joined.lastEpochMs = Math.max(joined.lastEpochMs, toEpochMs);
  return joined;
}

/** A year of windows that all overlap is still told in pages. */
const NAMED_MAX = 5;

/** A pair that leaves nothing comes before one that leaves something. */
function sayMeeting(
  context: CheckContext,
  { access }: AccessGroup,
  second: Work,
  met: readonly Side[],
): Found {
  const rest = pathsLeft(access, [second]);
  const fatal = met.filter(
    ({ paths }) => rest.length <= paths.size && rest.every((path) => paths.has(path)),
  );
  const sides = fatal.length > 0 ? fatal : met;
  const firsts = firstWorks(sides);
  const others = sides.reduce((sum, { works }) => sum + works.size, 0) - firsts.length;
  const more = others > 0 ? ` and ${others} more` : '';
  const left = pathsLeft(access, [...firsts, second]);
  const fromEpochMs = second.fromEpochMs;
  const lastEpochMs = sides.reduce((last, side) => Math.max(last, side.lastEpochMs), -Infinity);
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

const firstWorks = (sides: readonly Side[]): readonly Work[] =>
  sides
    .flatMap(({ works }) => works.entries().take(NAMED_MAX).toArray())
    .sort(([, a], [, b]) => a - b)
    .slice(0, NAMED_MAX)
    .map(([work]) => work);
