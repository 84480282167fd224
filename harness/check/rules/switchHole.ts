// The hole between a path going away and traffic following: nothing when drained, timers when not.

import type { CheckSeverity, LinkState } from '../../model/access.ts';
import {
  pathsLeft,
  PLAYER_BUFFER_MS,
  showLength,
  UNSEEN_MS_MAX,
  type AccessGroup,
  type CheckContext,
  type Work,
} from '../context.ts';
import type { Found, Rule } from '../rule.ts';
import { overlapping, type TimeSpan } from '../spans.ts';

export const switchHole: Rule = {
  name: 'switch-hole',
  find: (context) =>
    context.groups.flatMap((group) => {
      const holes = findHoles(group);
      const worksDuring = overlapping(holes, group.works);
      return holes.flatMap((hole) => judgeHole(context, group, hole, worksDuring(hole)));
    }),
};

interface Hole extends TimeSpan {
  readonly first: LinkState;
}

/** Neighbouring states in which nothing passes, joined. */
function findHoles({ states }: AccessGroup): readonly Hole[] {
  const holes: Hole[] = [];
  for (const state of states) {
    if (state.lossShare.in < 1 || state.lossShare.back < 1) continue;
    const last = holes.at(-1);
    if (last?.toEpochMs === state.fromMs)
      holes[holes.length - 1] = { ...last, toEpochMs: state.toMs };
    else holes.push({ fromEpochMs: state.fromMs, toEpochMs: state.toMs, first: state });
  }
  return holes;
}

/** Where no path is left at all, another rule has said so. */
function judgeHole(
  context: CheckContext,
  group: AccessGroup,
  hole: Hole,
  works: readonly Work[],
): Found | [] {
  if (works.length === 0 || pathsLeft(group.access, works).length === 0) return [];
  const window =
    works.find(({ fromEpochMs }) => fromEpochMs === hole.fromEpochMs)?.window ?? works[0]?.window;
  if (!window) return [];
  const lengthMs = hole.toEpochMs - hole.fromEpochMs;
  const drain = window.drain.style;
  return {
    severity: judgeSeverity(lengthMs),
    fromEpochMs: hole.fromEpochMs,
    toEpochMs: hole.toEpochMs,
    targets: [group.access.name, window.name],
    text: `${group.access.name} passes nothing for up to ${showLength(lengthMs)} from ${context.clock.show(hole.fromEpochMs)}: ${hole.first.why}`,
    hint:
      drain === 'none'
        ? 'Drain the path before the work: graceful-shutdown moves traffic without loss.'
        : drain === 'prepend'
          ? 'Prepending does not move traffic here; use graceful-shutdown.'
          : 'Give the drain more lead than a route needs to be programmed.',
    source: window.source,
  };
}

const judgeSeverity = (lengthMs: number): CheckSeverity =>
  lengthMs <= UNSEEN_MS_MAX ? 'note' : lengthMs <= PLAYER_BUFFER_MS ? 'warning' : 'stop';
