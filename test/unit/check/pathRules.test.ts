// Rules on paths, stages and routing: what each finds, and that it keeps quiet when all is well.

import { describe, expect, it } from 'vitest';
import { check, chooseExitCode } from '../../../harness/check/check.ts';
import type { Stage } from '../../../harness/model/scenario.ts';
import { connection, FAST, lag, RESTART, SLOW, vpn } from '../routing/builders.ts';
import { accessOf, at, HOUR, inputOf, TWO_PATHS, windowOf } from './builders.ts';
import { findingsOf, one, onB, notDrained, evening } from './findings.ts';

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
    expect(chooseExitCode(check(inputOf(input)))).toBe(1);
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
    expect(finding.targets).toEqual(['connect', 'b', 'night']);
    expect(finding.text).toContain('loses 34 % in and 38 % back');
    expect(finding.text).toContain('b carries 1250 of 1900 Mbit/s in');
    expect(finding.from).toBe('2025-09-10T01:50+02:00'); // from the drain on
  });

  it.each([
    ['2025-09-10T02:00:00Z', '2025-09-10T04:00:00Z'],
    ['2025-09-09T22:00:00Z', '2025-09-10T02:00:00Z'],
  ])('tells the worst of it where one follows the other: b away from %s', (from, to) => {
    const paths = [
      connection('a', 300, { session: FAST }),
      vpn('b', 200, { session: FAST }),
      vpn('c', 100, { session: FAST, tunnelMbps: 500 }),
    ];
    const windows = [
      windowOf('on a'),
      windowOf('on b', { ...onB, fromEpochMs: at(from), toEpochMs: at(to) }),
    ];
    const finding = one('capacity-below-demand', { accesses: [accessOf(paths)], windows });
    expect(finding.targets).toEqual(['connect', 'c', 'on a', 'on b']);
    expect(finding.text).toContain('loses 74 % in');
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
      expect(finding.targets).toEqual([target.name, 'upgrade']);
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
    ['2052-09-01', 'days after'],
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
