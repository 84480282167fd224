// Calendars whose parts do not stand where they should: nothing that is announced is lost.

import { describe, expect, it } from 'vitest';
import { calendar, readIn, span, usual } from './calendarBuilders.ts';

const event = ['BEGIN:VEVENT', ...usual, ...span, 'END:VEVENT'];
const lines = (...all: readonly string[]): string => [...all, ''].join('\r\n');
const zone = (offset: string): readonly string[] => [
  'BEGIN:VTIMEZONE',
  'TZID:Ours',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  `TZOFFSETFROM:${offset}`,
  `TZOFFSETTO:${offset}`,
  'END:STANDARD',
];
const inZone = (name: string, uid: string): readonly string[] => [
  'BEGIN:VEVENT',
  ...usual.map((line) => line.replace('42', uid).replace('order-31415', `order-${uid}`)),
  `DTSTART;TZID=${name}:20250912T220000`,
  'DURATION:PT1H',
  'END:VEVENT',
];
const deep = (edge: string): readonly string[] =>
  Array.from({ length: 20_000 }, () => `${edge}:X-A`);
const starts = (text: string): readonly string[] =>
  readIn(text).windows.map(({ fromEpochMs }) => new Date(fromEpochMs).toISOString());
const said = (text: string): readonly string[] =>
  readIn(text).remarks.map(({ severity, text: words }) => `${severity} ${words}`);

describe('an event', () => {
  it.each([
    ['after the end of the calendar', lines('BEGIN:VCALENDAR', 'END:VCALENDAR', ...event)],
    ['before the calendar', lines(...event, 'BEGIN:VCALENDAR', 'END:VCALENDAR')],
    ['without a calendar', lines(...event)],
    ['inside a zone that never ends', calendar(...zone('+0200'), ...event)],
    ['inside a task', calendar('BEGIN:VTODO', 'UID:1', ...event, 'END:VTODO')],
    ['inside an alarm', calendar('BEGIN:VALARM', ...event, 'END:VALARM')],
    ['inside something unknown', calendar('BEGIN:X-GROUP', ...event, 'END:X-GROUP')],
    [
      'whose alarm never ends',
      calendar('BEGIN:VEVENT', 'BEGIN:VALARM', ...usual, ...span, 'END:VEVENT'),
    ],
    ['far inside', calendar(...deep('BEGIN'), ...event, ...deep('END'))],
  ])('%s is judged', (_, text) => {
    expect(starts(text)).toEqual(['2025-09-12T20:00:00.000Z']);
  });

  it('in no calendar is doubtful', () => {
    expect(said(lines(...event))).toEqual(['warning an event stands in no calendar: it is judged']);
  });

  it('is in the zone of its own calendar where two define one name', () => {
    const calendars = ['+0200', '-0500'].map((offset, index) =>
      calendar(...zone(offset), 'END:VTIMEZONE', ...inZone('Ours', `${index}`)),
    );
    expect(starts(calendars.join(''))).toEqual([
      '2025-09-12T20:00:00.000Z',
      '2025-09-13T03:00:00.000Z',
    ]);
  });

  it('in a zone that has the name of a place and another clock is read by the place, and said', () => {
    const file = (offset: string) =>
      calendar(...zone(offset), 'END:VTIMEZONE').replace('Ours', 'Europe/Paris');
    const text = (offset: string) => file(offset) + calendar(...inZone('Europe/Paris', '7'));
    expect(starts(text('-0500'))).toEqual(['2025-09-12T20:00:00.000Z']);
    expect(said(text('-0500'))).toEqual([
      'warning 2025-09-12T22:00:00 is 420 min later in Europe/Paris as the file defines it: it is read as the place has it',
    ]);
    expect(said(text('+0200'))).toEqual([]);
  });

  it('stands for no task beside it', () => {
    const task = ['BEGIN:VTODO', 'UID:9', 'SUMMARY:Swap the card', 'END:VTODO'];
    expect(said(calendar(...event, ...task))).toEqual([
      'warning VTODO Swap the card is no event, and is not judged',
    ]);
  });

  it.each([
    'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE;"x:dxcon-ff12ab34',
    'X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE;=:dxcon-ff12ab34',
  ])('keeps the impact of an object whose parameters are broken: %s', (object) => {
    const others = usual.filter((line) => !line.startsWith('X-MAINTNOTE-OBJECT-ID'));
    const text = calendar(
      ...['BEGIN:VEVENT', ...others, ...span, 'X-MAINTNOTE-IMPACT:NO-IMPACT', object, 'END:VEVENT'],
    );
    expect(starts(text)).toHaveLength(1);
  });
});
