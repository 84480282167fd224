// Notices as calendars: what is read of them.

import { describe, expect, it } from 'vitest';
import { at } from './builders.ts';
import { readIn, calendar, read, usual, nameless, span } from './calendarBuilders.ts';

describe('a notice', () => {
  it('becomes a window with owner, target, times, notice and its line', () => {
    const { windows, remarks } = read(...usual, ...span);
    expect(remarks).toEqual([]);
    expect(windows).toEqual([
      {
        name: 'order-31415',
        owner: 'carrier.example',
        kind: 'planned',
        targets: [{ kind: 'path', name: 'a' }],
        fromEpochMs: at('2025-09-12T20:00:00Z'),
        toEpochMs: at('2025-09-13T00:00:00Z'),
        overrunMs: 0,
        drain: { style: 'none', leadMs: 0 },
        noticedAtEpochMs: at('2025-08-20T08:00:00Z'),
        clock: { zone: 'UTC', text: '2025-09-12T20:00:00Z' },
        source: 'notices.ics:3',
        fromNotice: true,
      },
    ]);
  });

  it('may say its times in a zone, and its length instead of its end', () => {
    const { windows } = read(
      ...usual,
      'DTSTART;TZID=Europe/Paris:20250912T220000',
      'DURATION:PT4H',
    );
    expect(windows[0]).toMatchObject({
      fromEpochMs: at('2025-09-12T20:00:00Z'),
      toEpochMs: at('2025-09-13T00:00:00Z'),
      clock: { zone: 'Europe/Paris', text: '2025-09-12T22:00:00' },
    });
  });

  it('may bring a zone of its own, as some mail programs do', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Romance Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:16010101T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ];
    const inZone = (local: string) =>
      readIn(
        calendar(
          ...zone,
          'BEGIN:VEVENT',
          ...usual,
          `DTSTART;TZID=Romance Standard Time:${local}`,
          'DURATION:PT1H',
          'END:VEVENT',
        ),
      ).windows[0]?.fromEpochMs;
    expect(inZone('20250912T220000')).toBe(at('2025-09-12T20:00:00Z'));
    expect(inZone('20251212T220000')).toBe(at('2025-12-12T21:00:00Z'));
  });

  it('is understood when its lines are folded', () => {
    const { windows } = read(...usual, 'DTSTART:20250912T2', ' 00000Z', 'DTEND:20250913T000000Z');
    expect(windows[0]?.fromEpochMs).toBe(at('2025-09-12T20:00:00Z'));
  });

  it('without object ids is matched by the names in its text, as whole words', () => {
    const plain = (summary: string) =>
      read(`SUMMARY:${summary}`, 'ORGANIZER;CN="Carrier, NOC":mailto:noc@carrier.example', ...span);
    const { windows } = plain('Emergency work on device-a and location-b');
    expect(windows[0]).toMatchObject({
      owner: 'Carrier, NOC',
      kind: 'emergency',
      targets: [
        { kind: 'location', name: 'location-b' },
        { kind: 'device', name: 'device-a' },
      ],
      noticedAtEpochMs: undefined,
    });
    expect(plain('Work on device-abc').remarks).toHaveLength(1);
    expect(plain('Work on an edge router').remarks).toHaveLength(1);
    expect(plain('Failover test of device-a').windows[0]?.kind).toBe('failover-test');
  });

  it.each([
    ['is about somebody else', 'X-MAINTNOTE-OBJECT-ID:dxcon-other', 'names nothing of this design'],
    ['is called off', 'STATUS:CANCELLED', 'is called off'],
    ['is over', 'X-MAINTNOTE-STATUS:COMPLETED', 'is called off or over'],
    ['has no impact', 'X-MAINTNOTE-IMPACT:NO-IMPACT', 'no impact'],
    ['is called off, with a blank', 'X-MAINTNOTE-STATUS: CANCELLED', 'is called off'],
  ])('that %s is skipped, and said so', (_, line, why) => {
    const rest = line.startsWith('X-MAINTNOTE-OBJECT-ID')
      ? nameless
      : [...nameless, 'X-MAINTNOTE-OBJECT-ID:dxcon-ff12ab34'];
    const { windows, remarks } = read(...rest, line, ...span);
    expect(windows).toEqual([]);
    expect(remarks).toMatchObject([
      { about: 'skipped', source: 'notices.ics:3', text: expect.stringContaining(why) as string },
    ]);
  });

  it('is replaced by a newer version of itself, wherever that stands', () => {
    const version = (sequence: number, start: string) => [
      'BEGIN:VEVENT',
      ...usual,
      `SEQUENCE:${sequence}`,
      `DTSTART:${start}`,
      'DURATION:PT1H',
      'END:VEVENT',
    ];
    const newer = version(2, '20250914T010000Z');
    const older = version(1, '20250912T010000Z');
    for (const lines of [
      [...older, ...newer],
      [...newer, ...older],
    ]) {
      const { windows } = readIn(calendar(...lines));
      expect(windows.map(({ fromEpochMs }) => fromEpochMs)).toEqual([at('2025-09-14T01:00:00Z')]);
    }
  });
});
