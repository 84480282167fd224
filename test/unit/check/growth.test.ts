// The work of a check grows with the windows, not with their pairs, counted by what is asked of them.

import { describe, expect, it, vi } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import type { AnnouncedWindow } from '../../../harness/check/input.ts';
import type { AccessPath } from '../../../harness/model/access.ts';
import { makeContext } from '../../../harness/check/context.ts';
import type { Rule } from '../../../harness/check/rule.ts';
import { capacityBelowDemand } from '../../../harness/check/rules/capacityBelowDemand.ts';
import { failoverTestInWindow } from '../../../harness/check/rules/failoverTestInWindow.ts';
import { stageAway } from '../../../harness/check/rules/stageAway.ts';
import { switchHole } from '../../../harness/check/rules/switchHole.ts';
import { overlapping } from '../../../harness/check/spans.ts';
import { findConditions } from '../../../harness/routing/condition.ts';
import { connection, minutes } from '../routing/builders.ts';
import { accessOf, HOUR, inputOf, windowOf } from './builders.ts';

const PATHS = Array.from({ length: 8 }, (_, index) => connection(`path-${index}`, 100 - index));

/** Counts how often a property of any of these is read. */
function counted<T extends object>(values: readonly T[], key: keyof T) {
  const reads = { count: 0 };
  const watched = values.map((value) =>
    Object.defineProperty({ ...value }, key, {
      enumerable: true,
      get: () => {
        reads.count++;
        return value[key];
      },
    }),
  );
  return { reads, watched };
}

/** Windows that begin one after the other and are all under way at the end of the first. */
const allUnderWay = (count: number): readonly AnnouncedWindow[] =>
  Array.from({ length: count }, (_, index) => {
    const window = windowOf(`window-${index}`, {
      owner: `owner-${index % 3}`,
      targets: [{ kind: 'path', name: `path-${index % PATHS.length}` }],
    });
    return {
      ...window,
      fromEpochMs: window.fromEpochMs + index,
      toEpochMs: window.toEpochMs + index,
    };
  });

function readsOfPathNames(windows: number): number {
  const { reads, watched } = counted<AccessPath>(PATHS, 'name');
  check(inputOf({ accesses: [accessOf(watched)], windows: allUnderWay(windows) }));
  return reads.count;
}

describe('windows that all overlap', () => {
  it('ask four times as much of paths when there are four times as many', () => {
    expect(readsOfPathNames(160) / readsOfPathNames(40)).toBeLessThan(4.5);
  });
});

/** Windows one after the other, each over before the next begins. */
const inTurn = (count: number): readonly AnnouncedWindow[] =>
  Array.from({ length: count }, (_, index) => {
    const window = windowOf(`window-${index}`, {
      kind: index % 2 === 0 ? 'failover-test' : 'planned',
      targets: [
        { kind: 'path', name: `path-${index % PATHS.length}` },
        { kind: 'stage', name: 'edge' },
      ],
    });
    const [fromEpochMs, toEpochMs] = [index * HOUR, index * HOUR + HOUR / 2];
    return { ...window, fromEpochMs, toEpochMs };
  });

describe('windows that follow each other', () => {
  const readsOfWorks = (rule: Rule, windows: number): number => {
    const context = makeContext(inputOf({ accesses: [accessOf(PATHS)], windows: inTurn(windows) }));
    const watched = context.groups.map((group) => counted(group.works, 'fromEpochMs'));
    const groups = context.groups.map((group, index) => ({
      ...group,
      works: watched[index]?.watched ?? [],
    }));
    rule.find({ ...context, groups });
    return watched.reduce((sum, { reads }) => sum + reads.count, 0);
  };

  it.each([stageAway, failoverTestInWindow, switchHole, capacityBelowDemand])(
    'are looked at by $name four times as often when there are four times as many',
    (rule) => {
      const [few, many] = [readsOfWorks(rule, 50), readsOfWorks(rule, 200)];
      // A sort adds a little to four times.
      expect(many).toBeLessThanOrEqual(6 * few);
    },
  );
});

describe('what overlaps', () => {
  it('is found without looking at what nobody asks for', () => {
    const readsOf = (count: number): number => {
      const spans = Array.from({ length: count }, (_, index) => ({
        fromEpochMs: index,
        toEpochMs: 2 * count,
      }));
      const asked = vi.spyOn(Map.prototype, 'has');
      overlapping([], spans);
      const { length } = asked.mock.calls;
      asked.mockRestore();
      return length;
    };
    expect(readsOf(400)).toBeLessThanOrEqual(5 * readsOf(100));
  });

  it('is told in the order of the others, touching ends left out', () => {
    const span = { fromEpochMs: 10, toEpochMs: 20 };
    const others = [
      { fromEpochMs: 15, toEpochMs: 30 },
      { fromEpochMs: 0, toEpochMs: 10 },
      { fromEpochMs: 0, toEpochMs: 11 },
      { fromEpochMs: 20, toEpochMs: 25 },
    ];
    expect(overlapping([span], others)(span)).toEqual([others[0], others[2]]);
  });
});

describe('works that are all under way on one path', () => {
  it('take it away until the last of them ends, and leave nothing behind', () => {
    const path = connection('a', 1);
    const times = Array.from({ length: 100 }, (_, index) => index);
    const conditions = findConditions(path, [
      ...times.map((index) => ({
        ...({ kind: 'degraded', lossShare: 0, capacityShare: 1 } as const),
        path: 'a',
        of: String(index),
        atMs: index,
      })),
      ...times.map((index) => ({
        kind: 'down' as const,
        path: 'a',
        of: String(index),
        atMs: minutes(1) + index,
      })),
      ...times.map((index) => ({
        kind: 'restored' as const,
        path: 'a',
        of: String(index),
        atMs: minutes(2) + index,
      })),
    ]);
    expect(conditions.filter(({ value }) => value.deadSilently)).toHaveLength(199);
    expect(conditions.at(-1)?.value).toEqual(conditions[0]?.value);
  });
});
