// Rules on times and audiences: what each finds, and that it keeps quiet when all is well.

import { describe, expect, it } from 'vitest';
import { SLOW } from '../routing/builders.ts';
import { accessOf, at, HOUR, PARIS, TWO_PATHS, windowOf } from './builders.ts';
import { findingsOf, one, onB, notDrained, evening } from './findings.ts';

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
    expect(spring).toMatchObject({ severity: 'warning', targets: ['night', PARIS] });
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

  it('tells of a notice that came while the work was going on', () => {
    expect(noticed('2025-09-10T00:30:00Z')[0]?.text).toContain('announced 30 min after it starts');
  });

  it('says the day that was promised by the clock of that day', () => {
    const november = windowOf('night', {
      fromEpochMs: at('2025-11-01T01:00:00Z'), // 02:00 in Paris
      toEpochMs: at('2025-11-01T03:00:00Z'),
      noticedAtEpochMs: at('2025-10-31T00:00:00Z'),
    });
    const found = findingsOf('short-notice', {
      windows: [november],
      nowEpochMs: at('2025-10-31T12:00:00Z'),
    });
    expect(found[0]?.text).toContain('that is Sat 18 Oct 2025 02:00');
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
