// Paths that are worse than usual, windows that last longer than announced, and backups left alone.

import { describe, expect, it } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import type { AnnouncedWindow, CheckInput, WeakImpact } from '../../../harness/check/input.ts';
import type { CheckFinding } from '../../../harness/model/access.ts';
import { connection, FAST } from '../routing/builders.ts';
import { accessOf, at, HOUR, inputOf, TWO_PATHS, windowOf } from './builders.ts';

const findings = (windows: readonly AnnouncedWindow[], changes: Partial<CheckInput> = {}) =>
  check(inputOf({ ...changes, windows })).findings;
const of = (rule: string, ...args: Parameters<typeof findings>): readonly CheckFinding[] =>
  findings(...args).filter((finding) => finding.rule === rule);
const path = (name: string) => ({ kind: 'path', name }) as const;
const weak = (impact: WeakImpact, ...names: readonly string[]) => ({
  targets: [],
  weakened: names.map((name) => ({ target: path(name), impact })),
});

describe('weakened-path', () => {
  const severity = (...windows: readonly AnnouncedWindow[]) =>
    of('weakened-path', windows).map((finding) => finding.severity);

  it('is a note beside a sound path, and no outage', () => {
    const window = windowOf('w', weak('reduced-redundancy', 'a'));
    expect(severity(window)).toEqual(['note']);
    expect(of('no-path-left', [window])).toEqual([]);
    expect(of('unknown-target', [window])).toEqual([]);
    expect(check(inputOf({ windows: [window] })).verdict).toBe('go');
  });

  it('warns when all paths lose their redundancy, and stops when all are degraded', () => {
    expect(severity(windowOf('w', weak('reduced-redundancy', 'a', 'b')))).toEqual(['warning']);
    expect(severity(windowOf('w', weak('degraded', 'a', 'b')))).toEqual(['stop']);
  });

  it('counts what else is away at the time', () => {
    const away = windowOf('away', { targets: [path('b')] });
    expect(severity(windowOf('w', weak('reduced-redundancy', 'a')), away)).toEqual(['warning']);
    expect(severity(windowOf('w', weak('degraded', 'a')), away)).toEqual(['stop']);
  });

  it('warns when traffic stays on a degraded path', () => {
    const drain = { style: 'none', leadMs: 0 } as const;
    expect(severity(windowOf('w', { ...weak('degraded', 'a'), drain }))).toEqual(['warning']);
    expect(severity(windowOf('w', weak('degraded', 'a')))).toEqual(['note']);
  });

  it('drains a degraded path onto a backup that has to carry the demand', () => {
    const narrow = [
      connection('a', 200, { session: FAST }),
      connection('b', 100, { session: FAST, capacityMbps: 100 }),
    ];
    const accesses = [accessOf(narrow)];
    const window = windowOf('w', weak('degraded', 'a'));
    expect(of('capacity-below-demand', [window], { accesses })).toHaveLength(1);
  });

  it('does not count windows that follow each other as if they lay over each other', () => {
    const drain = { style: 'none', leadMs: 0 } as const;
    const [fromEpochMs, toEpochMs] = [at('2025-09-10T04:00:00Z'), at('2025-09-10T08:00:00Z')];
    const weakened = [
      { target: path('b'), impact: 'degraded' },
      { target: path('a'), impact: 'reduced-redundancy' },
    ] as const;
    const second = windowOf('second', { targets: [], weakened, fromEpochMs, toEpochMs });
    const found = of('weakened-path', [windowOf('w', { ...weak('degraded', 'a'), drain }), second]);
    expect(found.map((one) => [one.severity, one.targets[1]])).toEqual([
      ['warning', 'w'],
      ['warning', 'second'],
    ]);
  });

  it('warns of a stage, of which no route can tell what viewers will see', () => {
    const weakened = [{ target: { kind: 'stage', name: 'edge' }, impact: 'degraded' }] as const;
    expect(of('weakened-path', [windowOf('w', { targets: [], weakened })])).toMatchObject([
      { severity: 'warning', targets: ['w', 'edge'] },
    ]);
  });

  it('names a design that does not have it', () => {
    expect(of('unknown-target', [windowOf('w', weak('degraded', 'x'))])).toHaveLength(1);
  });
});

describe('an overrun', () => {
  const first = windowOf('first', { overrunMs: 2 * HOUR });
  const after = (changes: Partial<AnnouncedWindow>) =>
    windowOf('second', {
      owner: 'second carrier',
      targets: [path('b')],
      fromEpochMs: first.toEpochMs + HOUR,
      toEpochMs: first.toEpochMs + 3 * HOUR,
      ...changes,
    });

  it.each([
    ['no-path-left', after({})],
    ['owners-overlap', after({})],
    ['failover-test-in-window', after({ kind: 'failover-test' })],
    ['contradictory-windows', after({ owner: 'carrier', targets: [path('a')] })],
  ] as const)('counts in %s, as a warning', (rule, second) => {
    const found = of(rule, [first, second]);
    expect(found).toMatchObject([{ severity: 'warning' }]);
    expect(found[0]?.text).toMatch(/^if first overruns: /);
    expect(of(rule, [{ ...first, overrunMs: 0 }, second])).toEqual([]);
  });

  it('counts in what the audience loses and in changing clocks', () => {
    const evening = windowOf('evening', {
      fromEpochMs: at('2025-10-25T09:00:00Z'),
      toEpochMs: at('2025-10-25T11:00:00Z'),
      overrunMs: 4 * HOUR,
    });
    expect(of('audience-peak', [evening])[0]?.text).toMatch(/^if evening overruns: /);
    const night = windowOf('night', {
      fromEpochMs: at('2025-10-25T22:00:00Z'),
      toEpochMs: at('2025-10-26T00:30:00Z'),
      overrunMs: HOUR,
    });
    const texts = of('clock-confusion', [night]).map(({ text }) => text);
    expect(texts.join('\n')).toContain('if night overruns: the clocks of Europe/Paris go back');
  });

  it('does not say twice what is found anyway', () => {
    const together = after({ fromEpochMs: first.fromEpochMs });
    expect(of('no-path-left', [first, together])).toHaveLength(1);
    expect(of('audience-peak', [first])).toEqual([]);
  });

  it('keeps a window from being over', () => {
    const nowEpochMs = first.toEpochMs + HOUR;
    expect(of('window-in-past', [first], { nowEpochMs })).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('backup-not-tested', () => {
  it('is found at the first moment at which two windows together leave a path alone', () => {
    const untested = connection('c', 50, { session: FAST, testedOn: undefined });
    const accesses = [accessOf([...TWO_PATHS, untested])];
    const windows = [
      windowOf('one'),
      windowOf('two', { targets: [path('b')], fromEpochMs: at('2025-09-10T02:00:00Z') }),
      windowOf('later', {
        targets: [path('a'), path('b')],
        fromEpochMs: at('2025-09-20T00:00:00Z'),
        toEpochMs: at('2025-09-20T01:00:00Z'),
      }),
    ];
    const found = of('backup-not-tested', windows, { accesses }).filter(({ targets }) =>
      targets.includes('c'),
    );
    expect(found).toMatchObject([{ from: '2025-09-10T04:00+02:00' }]);
    expect(found[0]?.targets).toEqual(['connect', 'c', 'one', 'two']);
  });
});

describe('a window of a hundred years', () => {
  it('is a slip of the pen, and nothing else is asked of it', () => {
    const window = windowOf('w', { toEpochMs: at('2125-09-10T04:00:00Z') });
    expect(of('contradictory-windows', [window])).toMatchObject([
      { severity: 'stop', text: expect.stringContaining('more than 31 days') as string },
    ]);
    expect(of('audience-peak', [window])).toEqual([]);
  });
});
