// The rules as a whole, and input that no rule is asked about.

import { describe, expect, it } from 'vitest';
import { check, chooseExitCode } from '../../../harness/check/check.ts';
import { RULES } from '../../../harness/check/registry.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { connection, SLOW } from '../routing/builders.ts';
import { accessOf, at, inputOf, windowOf } from './builders.ts';
import { findingsOf, one, onB, notDrained, evening } from './findings.ts';

describe('a drained window in the small hours on one of two tested paths', () => {
  it('is a go, with nothing but notes on the chain itself', () => {
    const result = check(inputOf());
    expect(result.verdict).toBe('go');
    expect(chooseExitCode(result)).toBe(0);
    const ofTheChain = ['single-point-of-failure', 'lost-alone', 'lost-in-pairs'];
    for (const { rule, severity } of result.findings)
      expect([ofTheChain.includes(rule), severity]).toEqual([true, 'note']);
    expect(result).toMatchObject({ windows: 1, targets: 6 });
  });
});

describe('notice-skipped', () => {
  it('notes what a calendar had and nobody judged', () => {
    const remark = { severity: 'note', targets: ['order-1'], hint: 'Nothing.' } as const;
    const text = 'order-1 names nothing of this design';
    const remarks = [{ ...remark, about: 'skipped', source: 'notices.ics:3', text }] as const;
    expect(one('notice-skipped', { remarks })).toMatchObject({
      severity: 'note',
      source: 'notices.ics:3',
    });
  });
});

describe('what cannot be', () => {
  it('stops a window that ends before it starts, and still judges the others', () => {
    const windows = [
      windowOf('backwards', { toEpochMs: at('2025-09-09T00:00:00Z') }),
      windowOf('evening', { ...evening, ...notDrained }),
    ];
    expect(one('contradictory-windows', { windows })).toMatchObject({
      severity: 'stop',
      text: expect.stringContaining('ends before it starts') as string,
    });
    expect(findingsOf('audience-peak', { windows })).toHaveLength(1);
  });

  it('stops a notice from after the window, and two windows of one name', () => {
    const late = { noticedAtEpochMs: at('2025-09-11T00:00:00Z') };
    expect(one('contradictory-windows', { windows: [windowOf('night', late)] }).severity).toBe(
      'stop',
    );
    const twins = [windowOf('night'), windowOf('night', { ...onB, ...evening })];
    expect(one('contradictory-windows', { windows: twins }).text).toContain(
      'two windows are called',
    );
  });

  it('warns of one owner announcing the same path twice', () => {
    const windows = [
      windowOf('night'),
      windowOf('night-moved', { toEpochMs: at('2025-09-10T05:00:00Z') }),
    ];
    expect(one('contradictory-windows', { windows }).text).toContain('same path at the same time');
  });

  it('stops a window in the past, warns of one that runs, and asks neither of a re-enactment', () => {
    expect(one('window-in-past', { nowEpochMs: at('2025-10-01T00:00:00Z') }).severity).toBe('stop');
    expect(one('window-in-past', { nowEpochMs: at('2025-09-10T01:00:00Z') }).severity).toBe(
      'warning',
    );
    expect(findingsOf('window-in-past', { nowEpochMs: undefined })).toEqual([]);
  });

  it('stops an unknown target, and says what there is', () => {
    const windows = [windowOf('night', { targets: [{ kind: 'device', name: 'device-x' }] })];
    expect(one('unknown-target', { windows }).hint).toBe('There are device-a, device-b.');
    expect(
      findingsOf('unknown-target', { windows: [windowOf('empty', { targets: [] })] }),
    ).toHaveLength(1);
  });

  it.each([
    ['path', 'There are a, b.'],
    ['location', 'There are location-a, location-b.'],
    ['operator', 'There are carrier, second carrier.'],
    ['country', 'There are FR.'],
    ['stage', 'There are playout, transcoder, origin, edge.'],
    ['zone', 'There are head-end, cloud.'],
  ] as const)('tells which names of a %s there are', (kind, hint) => {
    const windows = [windowOf('night', { targets: [{ kind, name: 'x' }] })];
    expect(one('unknown-target', { windows }).hint).toBe(hint);
  });

  it('throws for timers no router takes', () => {
    const bgp = { keepaliveMs: 30_000, holdMs: 60_000, farHoldMs: undefined };
    const paths = [connection('a', 1, { session: { ...SLOW, bgp } })];
    expect(() => check(inputOf({ accesses: [accessOf(paths)] }))).toThrow(HarnessError);
  });

  it('has nothing to say about windows when there are none', () => {
    const result = check(inputOf({ windows: [], nowEpochMs: undefined }));
    expect(result.verdict).toBe('go');
  });
});

describe('the rules', () => {
  it('have names of their own', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });

  it('put what stops first, then what comes first', () => {
    const windows = [
      windowOf('later', { ...evening, ...notDrained }),
      windowOf('earlier', { ...onB, noticedAtEpochMs: undefined }),
    ];
    const order = check(inputOf({ windows })).findings.map(({ severity }) => severity);
    const rank = { stop: 0, warning: 1, note: 2 };
    expect(order).toEqual(order.toSorted((a, b) => rank[a] - rank[b]));
  });
});
