// Calendars as other programs write them: letters that are folded, marks inside, names in quotes,
// values that are there twice. Nothing that is announced is taken away by the wrong one of two.

import { describe, expect, it } from 'vitest';
import { decode } from '../../../harness/check/notices/decode.ts';
import { calendar, eventOf, readIn, span, stops, usual } from './calendarBuilders.ts';

const event = eventOf(...usual, ...span);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const told = (text: string) => {
  const { windows, remarks } = readIn(text);
  return {
    starts: windows.map(({ fromEpochMs }) => new Date(fromEpochMs).toISOString()),
    said: remarks.map(({ severity, source, text: words }) => `${severity} ${source} ${words}`),
  };
};
const JUDGED = { starts: ['2025-09-12T20:00:00.000Z'], said: [] };

describe('a letter of several bytes that is folded', () => {
  const folded = (letter: string, at: number, fold: string): Uint8Array => {
    const [text, bytes] = [bytesOf(`A:Op${letter}rateur`), bytesOf(fold)];
    return Uint8Array.of(...text.subarray(0, 4 + at), ...bytes, ...text.subarray(4 + at));
  };

  it.each([
    ['é', 1, '\r\n '],
    ['é', 1, '\n\t'],
    ['€', 1, '\r\n '],
    ['€', 2, '\r\n '],
    ['📺', 3, '\r\n '],
  ])('%s after %i bytes is that letter', (letter, at, fold) => {
    expect(decode(folded(letter, at, fold))).toBe(`A:Op${letter}${fold}rateur`);
  });

  it('is none where the file is of an older program', () => {
    const western = Uint8Array.of(0x41, 0xe9, 0x0d, 0x0a, 0x20, 0xbf, 0xe9);
    expect(decode(western)).toBe('Aé\r\n ¿é');
  });
});

describe('an event is judged', () => {
  it.each([
    ['after a mark in the middle', `${calendar()}\uFEFF${event}`],
    ['with a mark before a property', event.replace('DTSTART', '\uFEFFDTSTART')],
    ['with signs in its id that nobody sees', event.replace('ff12', 'ff\u200C12\u2060')],
    ['after a line of blanks', `\r\n  \r\n${event}`],
  ])('%s', (_, text) => {
    expect(told(text)).toEqual(JUDGED);
  });

  it.each([
    ['"(UTC+02:00) Brussels, Paris"', '"(UTC+02:00) Brussels, Paris"'],
    ['"(UTC+02:00) Brussels, Paris"', String.raw`(UTC+02:00) Brussels\, Paris`],
    ['our clock', 'Our Clock'],
  ])('in the zone %s that the file defines as %s', (name, defined) => {
    const zone = [
      'BEGIN:VTIMEZONE',
      `TZID:${defined}`,
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
    ];
    const offsets = ['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0200', 'END:STANDARD', 'END:VTIMEZONE'];
    const times = [`DTSTART;TZID=${name}:20250912T220000`, 'DURATION:PT1H'];
    const text = calendar(...zone, ...offsets, 'BEGIN:VEVENT', ...usual, ...times, 'END:VEVENT');
    expect(told(text)).toEqual(JUDGED);
  });

  it.each([
    ['X-MAINTNOTE-STATUS', 'ABANDONED'],
    ['STATUS', 'Annulé'],
  ])('when its %s is %s, and that is said', (name, word) => {
    expect(told(eventOf(...usual, `${name}:${word}`, ...span))).toEqual({
      ...JUDGED,
      said: [
        `warning notices.ics:10 state ${word} is no known word: it is judged as if it were confirmed`,
      ],
    });
  });

  it.each(['confirmed', 'Re-Scheduled', 'IN PROCESS', 'RESCHEDULED'])('when it is %s', (word) => {
    expect(told(eventOf(...usual, `X-MAINTNOTE-STATUS:${word}`, ...span))).toEqual(JUDGED);
  });

  it('when its calendar has two methods, and that is said', () => {
    const text = event.replace('BEGIN:VEVENT', 'METHOD:CANCEL\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT');
    expect(told(text)).toEqual({
      ...JUDGED,
      said: ['warning notices.ics:4 METHOD of the calendar is there 2 times: CANCEL, REQUEST'],
    });
  });
});

describe('an event stops', () => {
  it.each([
    ['X-MAINTNOTE-IMPACT', 'NO-IMPACT', 'OUTAGE'],
    ['X-MAINTNOTE-STATUS', 'CANCELLED', 'CONFIRMED'],
    ['STATUS', 'CANCELLED', 'CONFIRMED'],
    ['STATUS', 'CONFIRMED', 'CANCELLED'],
  ])('when its %s is %s and %s', (name, first, second) => {
    const lines = usual.map((line) => line.replace(/;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE/, ''));
    const text = eventOf(...lines, `${name}:${first}`, `${name}:${second}`, ...span);
    expect(stops(text)).toEqual([
      `11: ${name} of order-31415 is there 2 times: ${first}, ${second}`,
    ]);
  });

  it('when it lasts for longer than there are years', () => {
    const text = eventOf(...usual, 'DTSTART:20250912T200000Z', 'DURATION:P999999W');
    expect(stops(text)).toEqual(['11: DURATION P999999W ends after the year 2199']);
  });
});

describe('prose around a calendar', () => {
  it('is one doubt before it and one behind it', () => {
    const { starts, said } = told(`Dear all,\r\nplease find\r\nit here:\r\n${event}-- \r\nNOC\r\n`);
    expect(starts).toEqual(JUDGED.starts);
    expect(said).toEqual([
      'warning notices.ics:1 lines 1 to 3 are no properties, and are left out',
      'warning notices.ics:17 lines 17 to 18 are no properties, and are left out',
    ]);
  });
});
