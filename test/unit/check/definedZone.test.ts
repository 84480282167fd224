// A zone that the calendar defines, held against the zone of that name that everybody else computes.

import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { readInDefinedZone } from '../../../harness/check/calendar/definedZone.ts';
import { readComponents } from '../../../harness/check/calendar/lines.ts';
import { readClock } from '../../../harness/kernel/zone.ts';

const ROMANCE = `BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16000101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`;

const zone = (text: string) => {
  const [component] = readComponents(text).components;
  if (!component) throw new Error('no zone');
  return component;
};

describe('a zone that a calendar defines', () => {
  it.each(['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25', '2027-07-01'])(
    'has the same half hours as Paris on %s, twice or never included',
    (day) => {
      const start = Temporal.PlainDateTime.from(`${day}T00:00`);
      const romance = zone(ROMANCE);
      for (let half = 0; half < 48; half++) {
        const text = start.add({ minutes: half * 30 }).toString({ smallestUnit: 'second' });
        const [ours, theirs] = [readInDefinedZone(text, romance), readClock(text, 'Europe/Paris')];
        expect([text, ours.epochMs]).toEqual([text, theirs.epochMs]);
        expect(/twice|not exist/.exec(ours.problem ?? '')?.[0]).toBe(
          /twice|not exist/.exec(theirs.problem ?? '')?.[0],
        );
      }
    },
  );

  it('may change its clocks on given dates, and only then', () => {
    const dated = zone(
      ROMANCE.replace(/RRULE:.*BYMONTH=10/, 'RDATE:20261101T030000').replace(
        /RRULE:.*BYMONTH=3/,
        'RDATE:20260405T020000',
      ),
    );
    const at = (text: string) =>
      new Date(readInDefinedZone(text, dated).epochMs ?? NaN).toISOString();
    expect(at('2026-04-01T12:00:00')).toBe('2026-04-01T11:00:00.000Z');
    expect(at('2026-10-28T12:00:00')).toBe('2026-10-28T10:00:00.000Z');
    expect(at('2026-11-02T12:00:00')).toBe('2026-11-02T11:00:00.000Z');
  });

  it.each(['TZOFFSETTO:+0100', 'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10'])(
    'is refused when %s is broken',
    (line) => {
      const broken = zone(ROMANCE.replace(line, `${line.split(':')[0]}:nonsense`));
      expect(readInDefinedZone('2026-11-02T12:00:00', broken).problem).toContain(
        'cannot be understood',
      );
    },
  );

  it('ends its rule at an instant of UTC, the last change included', () => {
    const ended = zone(
      ROMANCE.replace(/RRULE:.*BYMONTH=10/, '$&;UNTIL=20261025T010000Z').replace(
        /RRULE:.*BYMONTH=3/,
        '$&;UNTIL=20260329T010000Z',
      ),
    );
    const at = (text: string) =>
      new Date(readInDefinedZone(text, ended).epochMs ?? NaN).toISOString();
    expect(at('2026-07-01T12:00:00')).toBe('2026-07-01T10:00:00.000Z');
    expect(at('2026-12-01T12:00:00')).toBe('2026-12-01T11:00:00.000Z');
    expect(at('2027-07-01T12:00:00')).toBe('2027-07-01T11:00:00.000Z');
  });

  it.each([
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=HOURLY',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYHOUR=25',
    'FREQ=YEARLY;INTERVAL=0',
    'BYMONTH=10',
  ])('is refused at once when its clocks change by %s', (rule) => {
    const odd = zone(ROMANCE.replace(/RRULE:.*BYMONTH=10/, `RRULE:${rule}`));
    expect(readInDefinedZone('2026-11-02T12:00:00', odd).problem).toContain('cannot be understood');
  });
});
