// Drains that do not do what they are for.

import type { AccessPath } from '../../model/access.ts';
import { listed, pathsLeft, type AccessGroup, type Work } from '../context.ts';
import type { Found, Rule } from '../rule.ts';

export const drainMovesNothing: Rule = {
  name: 'drain-moves-nothing',
  find: ({ groups }) =>
    groups.flatMap((group) => group.works.flatMap((work) => judgeDrain(group, work))),
};

function judgeDrain({ access }: AccessGroup, work: Work): readonly Found[] {
  const { window } = work;
  const { style, leadMs } = window.drain;
  if (style === 'none') return [];
  const leftNames = new Set(pathsLeft(access, [work]));
  const left = access.paths.filter(({ name }) => leftNames.has(name));
  const drained = access.paths.filter(({ name }) => work.paths.includes(name));
  const needsMs = Math.max(0, ...left.map(({ session }) => session.routeProgrammingMs));
  const say = (text: string, hint: string): readonly Found[] => [
    {
      severity: 'warning',
      fromEpochMs: window.fromEpochMs - leadMs,
      toEpochMs: window.fromEpochMs,
      targets: [access.name, window.name],
      text,
      hint,
      source: window.source,
    },
  ];
  if (left.length === 0)
    return say(
      `${window.name} drains ${listed(work.paths)} with nowhere for traffic to go`,
      'Draining the last path is the outage itself: leave it until the work really starts.',
    );
  if (style === 'prepend' && !left.some((path) => isRival(path, drained)))
    return say(
      `${window.name} prepends on ${listed(work.paths)}, but no other path has the same preference: traffic stays`,
      'Use graceful-shutdown, or give the paths one local preference: path length is compared after it.',
    );
  if (leadMs < needsMs)
    return say(
      `${window.name} starts ${leadMs} ms after its drain, a route needs ${needsMs} ms`,
      'Drain some minutes before the work, and look at the counters before it starts.',
    );
  return [];
}

/** Prepending decides between equal preferences only. */
const isRival = (path: AccessPath, drained: readonly AccessPath[]): boolean =>
  drained.every(({ preference }) => path.preference >= preference);
