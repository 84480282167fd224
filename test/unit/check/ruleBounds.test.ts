// Tests rules of a check at the last value that is well, and the first that is not.

import { describe, expect, it } from 'vitest';
import type { AnnouncedWindow } from '../../../harness/check/input.ts';
import { connection, FAST } from '../routing/builders.ts';
import { accessOf, at, HOUR, TWO_PATHS, windowOf } from './builders.ts';
import { findingsOf, notDrained, onB, one } from './findings.ts';

const NIGHT = at('2025-09-10T00:00:00Z');
const [A, B] = [connection('a', 200, { session: FAST }), connection('b', 100, { session: FAST })];

describe('a backup', () => {
  const tested = (testedOn: string | undefined) =>
    findingsOf('backup-not-tested', { accesses: [accessOf([A, { ...B, testedOn }])] });

  it('is known for 180 days after its test', () => {
    expect(tested('2025-03-14')).toEqual([]);
    expect(tested('2025-03-13')).toMatchObject([
      { severity: 'warning', targets: ['connect', 'b', 'night'] },
    ]);
  });

  it('is the next by preference, in whatever order paths are written', () => {
    const accesses = [accessOf([{ ...B, testedOn: undefined }, A])];
    expect(one('backup-not-tested', { accesses }).targets).toContain('b');
  });
});

it('a window is past when its overrun is over, and runs until then', () => {
  const windows = [windowOf('night', { overrunMs: HOUR })];
  const severity = (nowEpochMs: number) =>
    findingsOf('window-in-past', { windows, nowEpochMs }).map((found) => found.severity);
  const end = NIGHT + 5 * HOUR;
  expect([NIGHT - 1, NIGHT, end - 1, end].map(severity)).toEqual([
    [],
    ['warning'],
    ['warning'],
    ['stop'],
  ]);
});

describe('a window contradicts itself', () => {
  const found = (changes: Partial<AnnouncedWindow>, nowEpochMs: number | undefined = NIGHT) =>
    findingsOf('contradictory-windows', { windows: [windowOf('night', changes)], nowEpochMs });

  it('when it ends at once', () => {
    expect(found({ toEpochMs: NIGHT })).toMatchObject([{ severity: 'stop', targets: ['night'] }]);
    expect(found({ toEpochMs: NIGHT + 1 })).toEqual([]);
  });

  it('when it was announced at its end or later', () => {
    const end = NIGHT + 4 * HOUR;
    expect(found({ noticedAtEpochMs: end - 1 }, end)).toEqual([]);
    expect(found({ noticedAtEpochMs: end }, end)).toMatchObject([{ severity: 'stop' }]);
    expect(found({ noticedAtEpochMs: undefined })).toEqual([]);
  });

  it('when its notice is still to come', () => {
    const now = NIGHT - HOUR;
    expect(found({ noticedAtEpochMs: now }, now)).toEqual([]);
    expect(found({ noticedAtEpochMs: now + 1 }, now)).toMatchObject([{ severity: 'warning' }]);
  });
});

it('a window of one owner is held against the one that began first', () => {
  const later = (hours: number, changes: Partial<AnnouncedWindow> = {}) => ({
    fromEpochMs: NIGHT + hours * HOUR,
    ...changes,
  });
  const both = [
    { kind: 'path', name: 'b' },
    { kind: 'path', name: 'a' },
  ] as const;
  const windows = [
    windowOf('on b', onB),
    windowOf('on a', later(1)),
    windowOf('on both', later(2, { targets: both })),
  ];
  expect(one('contradictory-windows', { windows }).targets).toEqual(['connect', 'on both', 'on b']);
});

it('a hole is laid to the window that began with it', () => {
  const accesses = [accessOf([A, B, connection('c', 50, { session: FAST })])];
  const windows = [
    windowOf('first', onB),
    windowOf('second', { ...notDrained, fromEpochMs: NIGHT + HOUR }),
  ];
  expect(one('switch-hole', { accesses, windows }).targets).toEqual(['connect', 'second']);
});

it('a path with a filter is told of by what the filter does', () => {
  const text = (filter: 'drops-traffic' | 'advertises-nothing') =>
    one('no-path-left', { accesses: [accessOf([A, { ...B, filter }])] }).text;
  expect(text('drops-traffic')).toMatch(/b drops traffic$/);
  expect(text('advertises-nothing')).toMatch(/b advertises nothing$/);
});

it('reminders are expected of an owner who promises them', () => {
  const hint = (reminderDays: readonly number[]) => {
    const rule = { plannedDays: 30, reminderDays, emergencyMs: 0 };
    return one('short-notice', { ownerRules: [{ owner: 'carrier', rule, source: 'p:1' }] }).hint;
  };
  expect(hint([])).toMatch(/^Drain now/);
  expect(hint([7, 1])).toContain('reminders 7 and 1 days before');
});

describe('a reminder', () => {
  const rule = { plannedDays: 14, reminderDays: [7], emergencyMs: 0 };
  const DAY = 24 * HOUR;
  const due = NIGHT - 7 * DAY;
  const missing = (
    remindedAtEpochMs: readonly number[] | undefined,
    nowEpochMs: number | undefined = NIGHT - HOUR,
    changes: Partial<AnnouncedWindow> = {},
  ) =>
    findingsOf('reminder-missing', {
      windows: [windowOf('night', { remindedAtEpochMs, ...changes })],
      ownerRules: [{ owner: 'carrier', rule, source: 'p:1' }],
      nowEpochMs,
    }).length;

  it('comes a day from when it is due at most', () => {
    const away = [due - DAY - 1, due - DAY, due + DAY, due + DAY + 1];
    expect(away.map((reminded) => missing([reminded]))).toEqual([1, 0, 0, 1]);
  });

  it('is missed a day after it was due, where a record is kept and somebody knows the day', () => {
    expect([due + DAY - 1, due + DAY].map((now) => missing([], now))).toEqual([0, 1]);
    expect(missing([], due + DAY, { noticedAtEpochMs: undefined })).toBe(1);
    expect(missing(undefined)).toBe(0);
    expect(missing([], NIGHT, { kind: 'emergency' })).toBe(0);
    expect(missing([], NIGHT - HOUR, { noticedAtEpochMs: due })).toBe(0);
  });
});

it('a rule of an owner that fits no window is a slip where a name is near', () => {
  const unused = (owner: string) => {
    const rule = { plannedDays: 14, reminderDays: [], emergencyMs: 0 };
    return one('owner-rule-unused', { ownerRules: [{ owner, rule, source: 'p:1' }] });
  };
  expect(unused('carier')).toMatchObject({
    severity: 'warning',
    text: 'the rule of carier fits no window; did you mean carrier?',
    hint: 'Write carrier: until then the usual rule holds for it.',
  });
  expect(unused('somebody else')).toMatchObject({
    severity: 'note',
    text: 'the rule of somebody else fits no window',
    hint: expect.stringMatching(/^Nothing, when/) as unknown,
  });
});

describe('what is announced to be weak', () => {
  const weak = (target: { kind: 'path' | 'zone' | 'stage' | 'device'; name: string }) => ({
    targets: [],
    weakened: [{ target, impact: 'degraded' as const }],
  });

  it('says nothing of a time at which it is not', () => {
    const [fromEpochMs, toEpochMs] = [NIGHT + 6 * HOUR, NIGHT + 8 * HOUR];
    const windows = [
      windowOf('weak', weak({ kind: 'path', name: 'a' })),
      windowOf('away', { fromEpochMs, toEpochMs }),
    ];
    expect(one('weakened-path', { windows }).targets).toEqual(['connect', 'weak']);
  });

  it.each(['stage', 'zone'] as const)('may be a %s', (kind) => {
    const windows = [windowOf('weak', weak({ kind, name: 'cloud' }))];
    expect(one('weakened-path', { windows }).targets).toEqual(['weak', 'cloud']);
  });
});

it('a target is known when it stands for a path of one access', () => {
  const other = accessOf([connection('x', 1, { device: 'd', location: 'l' })], {
    name: 'other',
    links: [],
  });
  expect(findingsOf('unknown-target', { accesses: [accessOf(TWO_PATHS), other] })).toEqual([]);
});
