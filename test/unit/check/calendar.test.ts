import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../../../harness/check/notices/formats/calendar.ts';
import { windowsOfNotices } from '../../../harness/check/notices/windowsOfNotices.ts';
import { accessOf, at, designOf, TWO_PATHS } from './builders.ts';
import { connection } from '../routing/builders.ts';

const paths = [connection('a', 200, { circuits: ['dxcon-ff12ab34'] }), ...TWO_PATHS.slice(1)];
const options = { design: designOf(), accesses: [accessOf(paths)], owners: ['carrier.example'] };
const handling = { drain: { style: 'none', leadMs: 0 }, overrunMs: 0 } as const;
const readIn = (...texts: readonly string[]) => {
  const readings = texts.map((text) => ({ ...readCalendar(text, 'notices.ics'), ...handling }));
  return windowsOfNotices(readings, options);
};
const calendar = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
/** The event begins on line 3, so its first property stands on line 4. */
const eventOf = (...lines: readonly string[]): string =>
  calendar('BEGIN:VEVENT', ...lines, 'END:VEVENT');
const read = (...lines: readonly string[]) => readIn(eventOf(...lines));
const usual = [
  'UID:42',
  'SUMMARY:Planned work',
  'X-MAINTNOTE-PROVIDER:carrier.example',
  'X-MAINTNOTE-MAINTENANCE-ID:order-31415',
  'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:dxcon-ff12ab34',
  'DTSTAMP:20250820T080000Z',
];
const nameless = usual.filter((line) => !line.startsWith('X-MAINTNOTE-OBJECT-ID'));
const span = ['DTSTART:20250912T200000Z', 'DTEND:20250913T000000Z'];

/** Lists the findings that stop a go, as `line: text`. */
const stops = (text: string): readonly string[] =>
  readIn(text).remarks.flatMap(({ severity, source, text: said }) =>
    severity === 'stop' ? [`${source.replace('notices.ics:', '')}: ${said}`] : [],
  );

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
    ['an hour 24', ['DTSTART:20250912T240000Z', 'DURATION:PT4H'], 10, 'is no time'],
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
    ['a version that is no number', ['SEQUENCE:v3', ...span], 10, 'is no number'],
  ])('%s is a stop at its line', (_, lines, line, text) => {
    const [stop, ...others] = stops(eventOf(...usual, ...lines));
    expect(others).toEqual([]);
    expect(stop).toMatch(new RegExp(`^${line}: `));
    expect(stop).toContain(text);
  });

  it.each([['STATUS:CANCELLED'], ['X-MAINTNOTE-OBJECT-ID:of-somebody-else']])(
    'stops nobody when it is %s',
    (line) => {
      const rest = line.startsWith('STATUS') ? usual : nameless;
      expect(stops(eventOf(...rest, line, 'RRULE:FREQ=DAILY', ...span))).toEqual([]);
    },
  );

  it('an event of nobody is a stop', () => {
    expect(stops(eventOf('SUMMARY:device-a', ...span))[0]).toContain('does not say who works');
  });

  it.each([
    ['nothing', '', '1: no calendar in the file'],
    ['something else', 'hello\r\n', '1: no calendar in the file'],
    ['no event', calendar(), '1: no event in the calendar'],
    ['tasks only', calendar('BEGIN:VTODO', 'UID:1', 'END:VTODO'), 'only VTODO'],
    ['answers only', calendar('METHOD:REPLY', 'BEGIN:VEVENT', ...usual, 'END:VEVENT'), 'answers'],
    [
      'a file cut off',
      `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${usual.join('\r\n')}`,
      'the file ends inside order-31415',
    ],
  ])('%s is a stop', (_, text, said) => {
    expect(stops(text).join('\n')).toContain(said);
  });

  it('a badly folded line is said, and spoils nothing else', () => {
    const { windows, remarks } = readIn(
      calendar(
        ...['BEGIN:VEVENT', ...nameless, 'X-MAINTNOTE-OBJECT-ID:dxcon-ff', '12ab34'],
        ...[...span, 'DESCRIPTION:The work', 'Location: somewhere', 'END:VEVENT'],
        ...[
          'BEGIN:VEVENT',
          'UID:43',
          ...usual.slice(2, 3),
          usual[4] ?? '',
          'DTSTART:20250920T0',
          'END:VEVENT',
        ],
      ),
    );
    expect(windows).toMatchObject([{ targets: [{ kind: 'path', name: 'a' }] }]);
    expect(remarks.map(({ severity, source, text }) => `${severity} ${source} ${text}`)).toEqual([
      'warning notices.ics:10 12ab34 is no property: it is read as the rest of line 9',
      'warning notices.ics:14 Location: somewhere is no property: it is read as the rest of line 13',
      'stop notices.ics:20 DTSTART 20250920T0 is no time',
    ]);
  });

  it('everything wrong is said at once', () => {
    const found = stops(eventOf(...usual, 'SEQUENCE:x', 'RRULE:FREQ=DAILY', 'DTSTART:nonsense'));
    expect(found.map((line) => line.split(':')[0])).toEqual(['11', '10', '12']);
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

  it('it is read, or what is wrong has a line, and it never throws', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { windows, remarks } = readIn(lines.join('\n'));
        for (const { fromEpochMs, toEpochMs } of windows)
          expect(toEpochMs).toBeGreaterThanOrEqual(fromEpochMs);
        for (const { source } of remarks) expect(source).toMatch(/^notices\.ics:\d+/);
        expect(windows.length + remarks.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
