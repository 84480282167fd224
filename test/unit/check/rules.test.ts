// Each rule: what it finds, and that it keeps quiet when all is well.

import { describe, expect, it } from 'vitest';
import { check, exitCodeOf } from '../../../harness/check/check.ts';
import type { CheckInput } from '../../../harness/check/input.ts';
import { RULES } from '../../../harness/check/registry.ts';
import type { CheckFinding } from '../../../harness/model/access.ts';
import type { Stage } from '../../../harness/model/scenario.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { connection, FAST, lag, RESTART, SLOW, vpn } from '../routing/builders.ts';
import { accessOf, at, HOUR, inputOf, PARIS, TWO_PATHS, windowOf } from './builders.ts';

const findingsOf = (rule: string, changes: Partial<CheckInput> = {}): readonly CheckFinding[] =>
  check(inputOf(changes)).findings.filter((finding) => finding.rule === rule);
const one = (rule: string, changes: Partial<CheckInput> = {}): CheckFinding => {
  const found = findingsOf(rule, changes);
  expect(found).toHaveLength(1);
  return found[0] as CheckFinding;
};
const onB = { targets: [{ kind: 'path', name: 'b' }] } as const;
const notDrained = { drain: { style: 'none', leadMs: 0 } } as const;
const evening = {
  fromEpochMs: at('2025-09-12T20:00:00Z'), // 22:00 in Paris
  toEpochMs: at('2025-09-13T00:00:00Z'),
  clock: { zone: PARIS, text: '2025-09-12T22:00' },
};

describe('a drained window in the small hours on one of two tested paths', () => {
  it('is a go, with nothing but notes on the chain itself', () => {
    const result = check(inputOf());
    expect(result.verdict).toBe('go');
    expect(exitCodeOf(result)).toBe(0);
    for (const { rule, severity } of result.findings)
      expect([rule, severity]).toEqual(['single-point-of-failure', 'note']);
    expect(result).toMatchObject({ windows: 1, targets: 6 });
  });
});

describe('no-path-left', () => {
  it('stops any window on the only path, with its times on the clock of the audience', () => {
    const input = {
      accesses: [accessOf([connection('a', 100)])],
      windows: [windowOf('night', evening)],
    };
    const finding = one('no-path-left', input);
    expect(finding).toMatchObject({
      severity: 'stop',
      from: '2025-09-12T22:00+02:00',
      to: '2025-09-13T02:00+02:00',
      targets: ['connect', 'night'],
      source: 'windows.yaml:3',
    });
    expect(finding.text).toContain('no path left for 4 h');
    expect(exitCodeOf(check(inputOf(input)))).toBe(1);
  });

  it('stops the plan in which two owners take both legs, for the time they overlap', () => {
    const windows = [
      windowOf('cloud-work', { ...evening, owner: 'cloud provider' }),
      windowOf('carrier-work', {
        ...onB,
        fromEpochMs: at('2025-09-12T20:10:00Z'),
        toEpochMs: at('2025-09-12T21:10:00Z'),
      }),
    ];
    expect(one('no-path-left', { windows })).toMatchObject({
      severity: 'stop',
      from: '2025-09-12T22:10+02:00',
      to: '2025-09-12T23:10+02:00',
      targets: ['connect', 'cloud-work', 'carrier-work'],
    });
    expect(one('owners-overlap', { windows })).toMatchObject({ severity: 'stop' });
  });

  it('counts a filtered backup as no path', () => {
    const paths = [
      TWO_PATHS[0] ?? connection('a', 1),
      connection('b', 1, { filter: 'advertises-nothing' }),
    ];
    const finding = one('no-path-left', { accesses: [accessOf(paths)] });
    expect(finding.text).toContain('b advertises nothing');
    expect(finding.hint).toContain('filter');
  });

  it('warns when only an overrun would take the last path', () => {
    const windows = [
      windowOf('first', { overrunMs: 2 * HOUR }),
      windowOf('second', {
        ...onB,
        owner: 'second carrier',
        fromEpochMs: at('2025-09-10T05:00:00Z'),
        toEpochMs: at('2025-09-10T08:00:00Z'),
      }),
    ];
    expect(one('no-path-left', { windows })).toMatchObject({
      severity: 'warning',
      from: '2025-09-10T07:00+02:00',
      to: '2025-09-10T08:00+02:00',
    });
  });

  it('reaches every path of a device, a location, an operator', () => {
    for (const kind of ['device', 'location', 'operator', 'country'] as const) {
      const paths = TWO_PATHS.map((path) => ({ ...path, [kind]: 'shared' }));
      const windows = [windowOf('night', { targets: [{ kind, name: 'shared' }] })];
      expect(findingsOf('no-path-left', { accesses: [accessOf(paths)], windows })).toHaveLength(1);
    }
  });

  it('lets windows that only touch follow each other', () => {
    const windows = [
      windowOf('first'),
      windowOf('second', {
        ...onB,
        fromEpochMs: at('2025-09-10T04:00:00Z'),
        toEpochMs: at('2025-09-10T08:00:00Z'),
      }),
    ];
    expect(findingsOf('no-path-left', { windows })).toEqual([]);
  });
});

describe('owners-overlap', () => {
  const three = [...TWO_PATHS, connection('c', 50, { session: FAST })];

  it('warns when a third path is left', () => {
    const windows = [windowOf('first'), windowOf('second', { ...onB, owner: 'second carrier' })];
    const finding = one('owners-overlap', { accesses: [accessOf(three)], windows });
    expect(finding.severity).toBe('warning');
    expect(finding.text).toContain('left: c');
  });

  it('leaves one owner who works on both legs to no-path-left', () => {
    const windows = [windowOf('first'), windowOf('second', onB)];
    expect(findingsOf('owners-overlap', { windows })).toEqual([]);
    expect(findingsOf('no-path-left', { windows })).toHaveLength(1);
  });
});

describe('capacity-below-demand', () => {
  it('stops a window that leaves one vpn tunnel for the country', () => {
    const paths = [connection('a', 200, { session: FAST }), vpn('b', 100, { session: FAST })];
    const finding = one('capacity-below-demand', { accesses: [accessOf(paths)] });
    expect(finding.severity).toBe('stop');
    expect(finding.text).toContain('loses 34 % in and 38 % back');
    expect(finding.text).toContain('b carries 1250 of 1900 Mbit/s in');
    expect(finding.from).toBe('2025-09-10T01:50+02:00'); // from the drain on
  });

  it('is content with four of them', () => {
    const paths = [connection('a', 200), vpn('b', 100, { tunnels: 4 })];
    expect(findingsOf('capacity-below-demand', { accesses: [accessOf(paths)] })).toEqual([]);
  });
});

describe('switch-hole', () => {
  const slowPaths = TWO_PATHS.map((path) => ({ ...path, session: SLOW }));

  it('stops an undrained window that waits for BGP to notice', () => {
    const finding = one('switch-hole', {
      accesses: [accessOf(slowPaths)],
      windows: [windowOf('night', notDrained)],
    });
    expect(finding.severity).toBe('stop');
    expect(finding.text).toContain('for up to 91 s');
    expect(finding.hint).toContain('Drain');
  });

  it('is a note with BFD, and nothing when drained', () => {
    expect(one('switch-hole', { windows: [windowOf('night', notDrained)] }).severity).toBe('note');
    expect(findingsOf('switch-hole', { accesses: [accessOf(slowPaths)] })).toEqual([]);
  });
});

describe('stage-away', () => {
  it('stops work on the only transcoder, by name or by zone', () => {
    for (const target of [
      { kind: 'stage', name: 'transcoder' },
      { kind: 'zone', name: 'cloud' },
    ] as const) {
      const finding = one('stage-away', { windows: [windowOf('upgrade', { targets: [target] })] });
      expect(finding).toMatchObject({ severity: 'stop', from: '2025-09-10T02:00+02:00' });
    }
  });

  it('allows work on one of two edges, and stops work on both', () => {
    const { design } = inputOf();
    const stages = design.stages.flatMap((stage): readonly Stage[] =>
      stage.role === 'edge' ? [stage, { ...stage, name: 'edge-two' }] : [stage],
    );
    const work = (...names: readonly string[]) => ({
      design: { ...design, stages },
      windows: names.map((name) => windowOf(name, { targets: [{ kind: 'stage', name }] })),
    });
    expect(findingsOf('stage-away', work('edge'))).toEqual([]);
    expect(findingsOf('stage-away', work('edge', 'edge-two'))).toHaveLength(1);
  });
});

describe('over-event', () => {
  const final = {
    name: 'the final',
    fromEpochMs: at('2025-09-10T03:00:00Z'),
    toEpochMs: at('2025-09-10T05:00:00Z'),
    source: 'events.yaml:1',
  };

  it('stops a window over a declared event', () => {
    expect(one('over-event', { events: [final] })).toMatchObject({
      severity: 'stop',
      from: '2025-09-10T05:00+02:00',
      to: '2025-09-10T06:00+02:00',
      targets: ['night', 'the final'],
    });
  });

  it('warns when thirty minutes of overrun reach into the breakfast news', () => {
    const news = { ...final, name: 'breakfast news', fromEpochMs: at('2025-09-10T04:10:00Z') };
    const windows = [windowOf('night', { overrunMs: HOUR / 2 })];
    const finding = one('over-event', { events: [news], windows });
    expect(finding.severity).toBe('warning');
    expect(finding.text).toBe(
      'if night overruns: night lies over breakfast news for 20 min from Wed 10 Sep 2025 06:10',
    );
    expect(findingsOf('over-event', { events: [news] })).toEqual([]);
  });
});

describe('audience-peak', () => {
  it('warns of a drained window at 22:00, and says what the night would cost instead', () => {
    const finding = one('audience-peak', { windows: [windowOf('evening', evening)] });
    expect(finding.severity).toBe('warning');
    expect(finding.text).toContain("87 % of the day's peak");
    expect(finding.text).toContain('million set-minutes');
    expect(finding.hint).toMatch(/^Starting at 0[23]:00 Europe\/Paris/);
  });

  it('warns of one that is not drained while BFD hides the switch, and stops it when nothing does', () => {
    const windows = [windowOf('evening', { ...evening, ...notDrained })];
    expect(one('audience-peak', { windows }).severity).toBe('warning');
    const accesses = [accessOf(TWO_PATHS.map((path) => ({ ...path, session: SLOW })))];
    expect(one('audience-peak', { windows, accesses }).severity).toBe('stop');
  });

  it('says nothing about four in the morning', () => {
    expect(findingsOf('audience-peak')).toEqual([]);
  });
});

describe('clock-confusion', () => {
  it('says what 02:00 UTC is to the audience', () => {
    const utc = {
      fromEpochMs: at('2025-09-10T02:00:00Z'),
      toEpochMs: at('2025-09-10T04:00:00Z'),
      clock: { zone: 'UTC', text: '2025-09-10T02:00:00Z' },
    };
    const finding = one('clock-confusion', { windows: [windowOf('mediaconnect', utc)] });
    expect(finding.severity).toBe('note');
    expect(finding.text).toContain('02:00 UTC, which is 04:00 in Europe/Paris');
  });

  it('warns when the hour meant holds far more people than the hour read', () => {
    const losAngeles = {
      fromEpochMs: at('2025-09-10T09:00:00Z'), // 02:00 in Los Angeles, 11:00 in Paris
      toEpochMs: at('2025-09-10T13:00:00Z'),
      clock: { zone: 'America/Los_Angeles', text: '2025-09-10T02:00' },
    };
    const finding = one('clock-confusion', { windows: [windowOf('work', losAngeles)] });
    expect(finding.severity).toBe('warning');
    expect(finding.text).toContain('11:00 in Europe/Paris, when many more watch');
  });

  it('says how long a window over the change of clocks really is, both times of the year', () => {
    const over = (from: string, to: string, text: string) =>
      one('clock-confusion', {
        nowEpochMs: at('2025-01-01T00:00:00Z'),
        windows: [
          windowOf('night', {
            fromEpochMs: at(from),
            toEpochMs: at(to),
            noticedAtEpochMs: at('2025-01-01T00:00:00Z'),
            clock: { zone: PARIS, text },
          }),
        ],
      });
    const spring = over('2025-03-30T00:00:00Z', '2025-03-30T03:00:00Z', '2025-03-30T01:00');
    expect(spring.text).toContain('go forward');
    expect(spring.text).toContain('4 h on the clock are 3 h');
    expect(spring).toMatchObject({ from: '2025-03-30T01:00+01:00', to: '2025-03-30T05:00+02:00' });
    const autumn = over('2025-10-25T23:00:00Z', '2025-10-26T04:00:00Z', '2025-10-26T01:00');
    expect(autumn.text).toContain('go back');
    expect(autumn.text).toContain('4 h on the clock are 5 h');
    expect(autumn).toMatchObject({ from: '2025-10-26T01:00+02:00', to: '2025-10-26T05:00+01:00' });
  });
});

describe('short-notice', () => {
  const noticed = (text: string | undefined, kind: 'planned' | 'emergency' = 'planned') =>
    findingsOf('short-notice', {
      windows: [
        windowOf('night', { kind, noticedAtEpochMs: text === undefined ? undefined : at(text) }),
      ],
    });

  it('accepts fourteen calendar days and warns of a minute less', () => {
    expect(noticed('2025-08-27T00:00:00Z')).toEqual([]);
    expect(noticed('2025-08-27T00:01:00Z')).toHaveLength(1);
  });

  it('counts the days on the calendar, across the change of clocks', () => {
    const april = {
      nowEpochMs: at('2025-03-01T00:00:00Z'),
      windows: [
        windowOf('april', {
          fromEpochMs: at('2025-04-05T00:00:00Z'), // 02:00 in Paris
          toEpochMs: at('2025-04-05T04:00:00Z'),
          noticedAtEpochMs: at('2025-03-22T01:00:00Z'), // 02:00 in Paris, fourteen days before
          clock: { zone: PARIS, text: '2025-04-05T02:00' },
        }),
      ],
    };
    expect(findingsOf('short-notice', april)).toEqual([]);
  });

  it('asks an hour of an emergency', () => {
    expect(noticed('2025-09-09T23:00:00Z', 'emergency')).toEqual([]);
    expect(noticed('2025-09-09T23:30:00Z', 'emergency')[0]?.text).toContain('30 min before');
  });

  it('says where to look when nobody was told', () => {
    const [finding] = noticed(undefined);
    expect(finding?.text).toContain('nobody has a notice');
    expect(finding?.hint).toContain('mailbox');
  });

  it("holds an owner to the owner's own rule", () => {
    const rule = { plannedDays: 30, reminderDays: [], emergencyMs: 0 };
    const ownerRules = [{ owner: ' Carrier', rule, source: 'plan.yaml:3' }];
    expect(findingsOf('short-notice', { ownerRules })).toHaveLength(1);
  });
});

describe('failover-test-in-window', () => {
  const test = windowOf('test', {
    ...onB,
    kind: 'failover-test',
    fromEpochMs: at('2025-09-10T01:00:00Z'),
    toEpochMs: at('2025-09-10T02:00:00Z'),
  });

  it('stops a test during work on the other leg', () => {
    expect(one('failover-test-in-window', { windows: [windowOf('night'), test] })).toMatchObject({
      severity: 'stop',
      targets: ['connect', 'test', 'night'],
    });
  });

  it('lets a test alone be', () => {
    expect(findingsOf('failover-test-in-window', { windows: [test] })).toEqual([]);
  });
});

describe('drain-moves-nothing', () => {
  it.each([
    ['prepend', [...TWO_PATHS], 'traffic stays'],
    ['withdraw', [connection('a', 100)], 'nowhere for traffic to go'],
  ] as const)('warns of %s', (style, paths, text) => {
    const windows = [windowOf('night', { drain: { style, leadMs: 600_000 } })];
    expect(one('drain-moves-nothing', { accesses: [accessOf(paths)], windows }).text).toContain(
      text,
    );
  });

  it('accepts prepending between equals', () => {
    const paths = TWO_PATHS.map((path) => ({ ...path, preference: 100 }));
    const windows = [windowOf('night', { drain: { style: 'prepend', leadMs: 600_000 } })];
    expect(findingsOf('drain-moves-nothing', { accesses: [accessOf(paths)], windows })).toEqual([]);
  });

  it('warns of a drain that has no time to act', () => {
    const windows = [windowOf('night', { drain: { style: 'withdraw', leadMs: 100 } })];
    expect(one('drain-moves-nothing', { windows }).text).toContain('a route needs 1000 ms');
  });
});

describe('backup-not-tested', () => {
  it.each([
    [undefined, 'never been shown'],
    ['2024-09-01', 'last tested 374 days before'],
  ])('warns when the backup was tested on %s', (testedOn, text) => {
    const paths = [
      TWO_PATHS[0] ?? connection('a', 1),
      connection('b', 100, { testedOn, session: FAST }),
    ];
    expect(one('backup-not-tested', { accesses: [accessOf(paths)] }).text).toContain(text);
  });

  it('does not ask about the backup while the backup itself is worked on', () => {
    const paths = TWO_PATHS.map((path) => ({ ...path, testedOn: undefined }));
    const windows = [windowOf('night', onB)];
    expect(findingsOf('backup-not-tested', { accesses: [accessOf(paths)], windows })).toEqual([]);
  });
});

describe('fragile-timers', () => {
  const withSession = (session: typeof SLOW) => ({
    accesses: [accessOf(TWO_PATHS.map((path) => ({ ...path, session })))],
  });

  it('warns of BFD together with graceful restart, and of default BGP alone', () => {
    expect(
      findingsOf('fragile-timers', withSession({ ...FAST, gracefulRestart: RESTART })),
    ).toHaveLength(2);
    expect(findingsOf('fragile-timers', withSession(SLOW))[0]?.text).toContain('up to 90 s');
    expect(findingsOf('fragile-timers')).toEqual([]);
  });
});

describe('single-point-of-failure', () => {
  const points = (paths: Parameters<typeof accessOf>[0]) =>
    findingsOf('single-point-of-failure', { accesses: [accessOf(paths)] })
      .filter(({ severity }) => severity === 'warning')
      .flatMap(({ targets }) => targets);

  it('names the device, the location and the carrier of one connection, and of a lag', () => {
    expect(points([connection('a', 100)])).toEqual(['device-a', 'location-a', 'carrier']);
    expect(points([lag('a', 100)])).toEqual(['device-a', 'location-a', 'carrier']);
  });

  it('names the smallest set that takes the picture away when nothing does alone', () => {
    const notes = findingsOf('single-point-of-failure').map(({ text }) => text);
    expect(notes).toContain(
      'no device alone takes the picture away; the devices device-a and device-b together do',
    );
  });

  it('names the carrier two connections share, and nothing when they share nothing', () => {
    expect(points([connection('a', 200), connection('b', 100)])).toEqual(['carrier']);
    expect(points(TWO_PATHS)).toEqual([]);
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
    expect(one('contradictory-windows', { windows }).text).toContain('ends before it starts');
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
  it('have names of their own and a sentence each', () => {
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    for (const { about } of RULES) expect(about).toMatch(/^[A-Z].*\.$/);
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
