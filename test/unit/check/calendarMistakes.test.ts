// Notices that cannot be understood: each is told, and none is made up.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIn, calendar, eventOf, usual, nameless, span, stops } from './calendarBuilders.ts';

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
    ['a year 0', ['DTSTART:00001112T220000Z', 'DURATION:PT4H'], 10, 'a year from 1970 to 2199'],
    ['a year 2206', ['DTSTART:22061112T220000Z', 'DURATION:PT4H'], 10, 'a year from 1970 to 2199'],
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
    ['a start that is there twice', [...span, 'DTSTART:20250919T200000Z'], 12, 'is there 2 times'],
    ['two versions', ['SEQUENCE:1', 'SEQUENCE:2', ...span], 11, 'SEQUENCE of order-31415 is there'],
    ['an end and another length', [...span, 'DURATION:PT1H'], 12, 'do not end at the same time'],
    [
      'a length of a million years',
      ['DTSTART:20250912T200000Z', 'DURATION:P999999999D'],
      11,
      'is no length',
    ],
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
