import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../../../harness/check/calendar/readCalendar.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import { accessOf, at, designOf, TWO_PATHS } from './builders.ts';
import { connection } from '../routing/builders.ts';

const paths = [connection('a', 200, { circuits: ['dxcon-ff12ab34'] }), ...TWO_PATHS.slice(1)];
const options = { file: 'notices.ics', design: designOf(), accesses: [accessOf(paths)] };
const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
/** The event begins on line 3, so its first property stands on line 4. */
const eventOf = (...lines: readonly string[]): string =>
  calendar('BEGIN:VEVENT', ...lines, 'END:VEVENT');
const read = (...lines: readonly string[]) => readCalendar(eventOf(...lines), options);
const usual = [
  'UID:42',
  'SUMMARY:Planned work',
  'X-MAINTNOTE-PROVIDER:carrier.example',
  'X-MAINTNOTE-MAINTENANCE-ID:order-31415',
  'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:dxcon-ff12ab34',
  'DTSTAMP:20250820T080000Z',
];
const span = ['DTSTART:20250912T200000Z', 'DTEND:20250913T000000Z'];

const refused = (text: string): HarnessError => {
  try {
    readCalendar(text, options);
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('a notice', () => {
  it('becomes a window with owner, target, times, notice and its line', () => {
    const { windows, skipped } = read(...usual, ...span);
    expect(skipped).toEqual([]);
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
      readCalendar(
        calendar(
          ...zone,
          'BEGIN:VEVENT',
          ...usual,
          `DTSTART;TZID=Romance Standard Time:${local}`,
          'DURATION:PT1H',
          'END:VEVENT',
        ),
        options,
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
    expect(plain('Work on device-abc').skipped).toHaveLength(1);
    expect(plain('Work on an edge router').skipped).toHaveLength(1);
    expect(plain('Failover test of device-a').windows[0]?.kind).toBe('failover-test');
  });

  it.each([
    ['is about somebody else', 'X-MAINTNOTE-OBJECT-ID:dxcon-other', 'names nothing of this design'],
    ['is called off', 'STATUS:CANCELLED', 'is called off'],
    ['is over', 'X-MAINTNOTE-STATUS:COMPLETED', 'is called off or over'],
    ['has no impact', 'X-MAINTNOTE-IMPACT:NO-IMPACT', 'no impact'],
  ])('that %s is skipped, and said so', (_, line, why) => {
    const rest = line.startsWith('X-MAINTNOTE-OBJECT-ID')
      ? usual.filter((other) => !other.startsWith('X-MAINTNOTE-OBJECT-ID'))
      : usual;
    const { windows, skipped } = read(...rest, line, ...span);
    expect(windows).toEqual([]);
    expect(skipped).toEqual([
      { source: 'notices.ics:3', text: expect.stringContaining(why) as string },
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
      const { windows } = readCalendar(calendar(...lines), options);
      expect(windows.map(({ fromEpochMs }) => fromEpochMs)).toEqual([at('2025-09-14T01:00:00Z')]);
    }
  });
});

describe('what cannot be understood', () => {
  it.each([
    ['a recurrence rule', ['RRULE:FREQ=WEEKLY', ...span], 10, 'RRULE: a repeating event'],
    ['a list of dates', ['RDATE:20250919T200000Z', ...span], 10, 'RDATE: a repeating event'],
    ['a whole day', ['DTSTART;VALUE=DATE:20250912', 'DURATION:P1D'], 10, 'a day without a time'],
    [
      'a time of no zone',
      ['DTSTART:20250912T220000', 'DURATION:PT4H'],
      10,
      'neither a time zone nor Z',
    ],
    [
      'an unknown zone',
      ['DTSTART;TZID=Paris:20250912T220000', 'DURATION:PT4H'],
      10,
      'time zone Paris',
    ],
    ['a month 13', ['DTSTART:20251312T220000Z', 'DURATION:PT4H'], 10, 'is no time'],
    ['a time cut short', ['DTSTART:20250912T2200', 'DURATION:PT4H'], 10, 'is no time'],
    [
      'a time the clocks jump over',
      ['DTSTART;TZID=Europe/Paris:20250330T023000', 'DURATION:PT4H'],
      10,
      'does not exist in Europe/Paris',
    ],
    [
      'a time that comes twice',
      ['DTSTART;TZID=Europe/Paris:20251026T023000', 'DURATION:PT4H'],
      10,
      'happens twice',
    ],
    ['no start', ['DTEND:20250913T000000Z'], 3, 'has no DTSTART'],
    ['no end', ['DTSTART:20250912T200000Z'], 3, 'has no DTEND or DURATION'],
    [
      'an end before the start',
      ['DTSTART:20250912T200000Z', 'DTEND:20250912T190000Z'],
      11,
      'not after',
    ],
    ['a length of nonsense', ['DTSTART:20250912T200000Z', 'DURATION:4 hours'], 11, 'is no length'],
    ['a broken line', ['this is no property', ...span], 10, 'is no property'],
  ])('%s is an error at its line', (_, lines, line, text) => {
    const error = refused(eventOf(...usual, ...lines));
    expect(error.code).toBe('SCENARIO_INVALID');
    expect(error.message).toContain(`notices.ics:${line}  `);
    expect(error.message).toContain(text);
    expect(error.target).toBe(`notices.ics:${line}`);
  });

  it('an event of nobody is an error', () => {
    expect(refused(eventOf('SUMMARY:device-a', ...span)).message).toContain(
      'does not say who works',
    );
  });

  it.each([
    ['nothing', '', 1, 'no calendar in it'],
    ['something else', 'hello\r\n', 1, 'outside of any component'],
    ['a file cut off', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n', 2, 'has no END'],
    [
      'crossed components',
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n',
      3,
      'does not fit BEGIN:VEVENT of line 2',
    ],
  ])('%s is an error at its line', (_, text, line, said) => {
    expect(refused(text).message).toContain(`notices.ics:${line}  `);
    expect(refused(text).message).toContain(said);
  });

  it('everything wrong is said at once, in order', () => {
    const error = refused(eventOf(...usual, 'nonsense', 'RRULE:FREQ=DAILY', ...span));
    expect(error.message).toMatch(
      /^2 problems in notices\.ics\n {2}notices\.ics:10 .*\n {2}notices\.ics:11 /,
    );
  });
});

describe('for any text', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'BEGIN:VEVENT',
      'END:VEVENT',
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
      ...usual,
      ...span,
    ),
    fc.string({ maxLength: 40 }),
    fc
      .tuple(
        fc.constantFrom('DTSTART', 'DTEND', 'DURATION', 'SEQUENCE', 'RRULE'),
        fc.string({ maxLength: 20 }),
      )
      .map(([name, value]) => `${name}:${value}`),
  );

  it('it is read or refused with a line, and never anything else', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        try {
          const { windows } = readCalendar(lines.join('\n'), options);
          for (const { fromEpochMs, toEpochMs } of windows)
            expect(toEpochMs).toBeGreaterThanOrEqual(fromEpochMs);
        } catch (error) {
          expect(error).toBeInstanceOf(HarnessError);
          expect((error as HarnessError).message).toMatch(/notices\.ics:\d+ {2}/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
