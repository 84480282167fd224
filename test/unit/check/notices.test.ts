// Notices of several versions, files and owners: what holds, what it takes, and what is said of the rest.

import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../../../harness/check/notices/formats/calendar.ts';
import {
  readNoticeWindows,
  type NoticeFileReading,
} from '../../../harness/check/notices/windowsOfNotices.ts';
import { accessOf, at, designOf, TWO_PATHS } from './builders.ts';

const options = { design: designOf(), accesses: [accessOf(TWO_PATHS)], owners: ['Carrier'] };
const handling = { drain: { style: 'none', leadMs: 0 }, overrunMs: 0 } as const;
type Lines = Readonly<Record<string, string>>;
const BASE: Lines = {
  UID: '1',
  DTSTAMP: '20261001T080000Z',
  'X-MAINTNOTE-PROVIDER': 'carrier',
  'X-MAINTNOTE-MAINTENANCE-ID': 'M-1',
  'X-MAINTNOTE-OBJECT-ID': 'a',
  DTSTART: '20261110T010000Z',
  DTEND: '20261110T030000Z',
};
const event = (lines: Lines, ...more: readonly string[]): readonly string[] => [
  'BEGIN:VEVENT',
  ...Object.entries({ ...BASE, ...lines }).flatMap(([name, value]) =>
    value === '' ? [] : [`${name}:${value}`],
  ),
  ...more,
  'END:VEVENT',
];
const fileOf = (name: string, ...events: (readonly string[])[]): NoticeFileReading => {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//EN', ...events.flat()];
  const text = [...lines, 'END:VCALENDAR', ''].join('\r\n');
  ICAL.parse(text); // Another parser takes what these tests are made of.
  return { ...readCalendar(text, name), ...handling };
};
const read = (...readings: readonly NoticeFileReading[]) => {
  const { windows, remarks } = readNoticeWindows(readings, options);
  return {
    windows,
    remarks,
    starts: windows.map(({ fromEpochMs }) => new Date(fromEpochMs).toISOString().slice(5, 13)),
    said: remarks.map(({ about, severity }) => `${severity} ${about}`),
  };
};
const inOne = (...events: (readonly string[])[]) => read(fileOf('one.ics', ...events));
const later = { DTSTART: '20261112T010000Z', DTEND: '20261112T030000Z' };

describe('versions of a notice', () => {
  it('of which none is newer are all judged, and said', () => {
    const { starts, said } = inOne(event({}), event(later));
    expect(starts).toEqual(['11-10T01', '11-12T01']);
    expect(said).toEqual(['warning doubtful']);
  });

  it('that say the same are judged once', () => {
    const { starts, said } = inOne(event({}), event({}));
    expect(starts).toEqual(['11-10T01']);
    expect(said).toEqual(['note superseded']);
  });

  it.each([
    ['SEQUENCE, with a blank', { SEQUENCE: '2 ' }],
    ['DTSTAMP', { DTSTAMP: '20261002T080000Z' }],
    ['LAST-MODIFIED', { 'LAST-MODIFIED': '20261003T080000Z' }],
  ])('are told apart by %s, in whatever order they stand', (_, newer) => {
    const old = event({ 'LAST-MODIFIED': '20261001T080000Z' });
    const moved = event({ 'LAST-MODIFIED': '20261001T080000Z', ...later, ...newer });
    for (const { starts, said } of [inOne(old, moved), inOne(moved, old)]) {
      expect(starts).toEqual(['11-12T01']);
      expect(said).toEqual(['note superseded']);
    }
  });

  it('call the work off although an older one of the same SEQUENCE comes after', () => {
    const off = event({ STATUS: 'CANCELLED', SEQUENCE: '3', DTSTAMP: '20261020T080000Z' });
    const { windows, said } = inOne(off, event({ SEQUENCE: '3' }));
    expect(windows).toEqual([]);
    expect(said).toEqual(['note superseded', 'note skipped']);
  });

  it('may lie in files of their own, and count as told when they came', () => {
    const moved = event({ ...later, SEQUENCE: '1', DTSTAMP: '20261108T080000Z' });
    const { windows, starts } = read(fileOf('1.ics', event({})), fileOf('2.ics', moved));
    expect(starts).toEqual(['11-12T01']);
    expect(windows[0]?.noticedAtEpochMs).toBe(at('2026-11-08T08:00:00Z'));
  });

  it('count as told by the first of them that had these times', () => {
    const again = event({ SEQUENCE: '1', DTSTAMP: '20261108T080000Z' });
    const { windows } = read(fileOf('1.ics', event({})), fileOf('2.ics', again));
    expect(windows[0]?.noticedAtEpochMs).toBe(at('2026-10-01T08:00:00Z'));
  });

  it('of an update alone are told by the update, whenever the work was first thought of', () => {
    const update = event({ SEQUENCE: '1', CREATED: '20260901T080000Z' });
    expect(inOne(update).windows[0]?.noticedAtEpochMs).toBe(at('2026-10-01T08:00:00Z'));
  });

  it('are of one owner: two of them may have the same number', () => {
    const other = event({ 'X-MAINTNOTE-PROVIDER': 'other', 'X-MAINTNOTE-OBJECT-ID': 'b' });
    const { windows } = inOne(event({}), other);
    expect(windows.map(({ name }) => name)).toEqual(['M-1 of carrier', 'M-1 of other']);
    expect(inOne(event({}), event({ 'X-MAINTNOTE-PROVIDER': ' CARRIER ' })).windows).toHaveLength(
      1,
    );
  });

  it('without a UID are versions by their work order', () => {
    const { starts } = inOne(event({ UID: '' }), event({ UID: '', SEQUENCE: '1', ...later }));
    expect(starts).toEqual(['11-12T01']);
  });

  it('under other UIDs are all judged: they may be several nights of one work', () => {
    const { starts, said } = inOne(event({}), event({ UID: '2', SEQUENCE: '1', ...later }));
    expect(starts).toEqual(['11-10T01', '11-12T01']);
    expect(said).toEqual(['warning doubtful']);
  });

  it('are of one work order: a UID that stands for two of them supersedes neither', () => {
    const other = { 'X-MAINTNOTE-MAINTENANCE-ID': 'M-2', DTSTAMP: '20261003T080000Z' };
    expect(inOne(event({}), event({ ...other, ...later })).starts).toEqual([
      '11-10T01',
      '11-12T01',
    ]);
    expect(inOne(event({}), event({ ...other, STATUS: 'CANCELLED' })).starts).toEqual(['11-10T01']);
    const nameless = event({ SEQUENCE: '1', 'X-MAINTNOTE-MAINTENANCE-ID': '', ...later });
    expect(inOne(event({}), nameless).starts).toEqual(['11-12T01']);
  });

  it.each(['STATUS:CANCELLED', 'X-MAINTNOTE-STATUS:COMPLETED'])(
    'of one time of a series leave the others as they are: %s',
    (off) => {
      const once = event({ SEQUENCE: '1' }, 'RECURRENCE-ID:20261117T010000Z', off);
      const series = event({}, 'RRULE:FREQ=WEEKLY');
      expect(inOne(series, once).said).toEqual(['stop unreadable', 'note skipped']);
      expect(inOne(event({}), once).starts).toEqual(['11-10T01']);
    },
  );

  it('one of which cannot be numbered stops, and the others are judged', () => {
    const { starts, said } = inOne(event({ SEQUENCE: '1' }), event({ SEQUENCE: 'v3', ...later }));
    expect(starts).toEqual(['11-10T01']);
    expect(said).toEqual(['stop unreadable']);
  });
});

describe('a notice of work that is not then', () => {
  const now = at('2026-11-01T00:00:00Z');
  const said = (lines: Lines, nowEpochMs: number | undefined = now) => {
    const readings = [fileOf('one.ics', event(lines))];
    const { windows, remarks } = readNoticeWindows(readings, { ...options, nowEpochMs });
    expect(windows).toEqual([]);
    return remarks.map(({ about, severity, text }) => `${severity} ${about}: ${text}`);
  };
  const status = (word: string): Lines => ({ 'X-MAINTNOTE-STATUS': word });

  it.each([
    ['POSTPONED', 'warning skipped: M-1 is postponed: nobody knows until when'],
    [
      'COMPLETED',
      'warning skipped: M-1 is said to be over, and begins at 2026-11-10T01:00:00Z UTC',
    ],
    ['CANCELLED', 'note skipped: M-1 is called off or over'],
  ])('%s is said as what it is', (word, text) => {
    expect(said(status(word))).toEqual([text]);
  });

  it.each([
    ['about nothing of ours', { ...status('POSTPONED'), 'X-MAINTNOTE-OBJECT-ID': 'z' }, now],
    ['without impact', { ...status('POSTPONED'), 'X-MAINTNOTE-IMPACT': 'NO-IMPACT' }, now],
    ['over after it began', status('COMPLETED'), at('2026-11-10T02:00:00Z')],
  ])('%s is a note', (_, lines, when) => {
    expect(said(lines, when)).toEqual(['note skipped: M-1 is called off or over']);
  });

  it('of a new time holds again', () => {
    const off = event({ ...status('POSTPONED'), SEQUENCE: '1' });
    expect(inOne(off, event({ ...later, SEQUENCE: '2' })).starts).toEqual(['11-12T01']);
  });
});

describe('what a notice works on', () => {
  const targets = (...lines: readonly string[]) => {
    const { windows, remarks } = inOne(event({ 'X-MAINTNOTE-OBJECT-ID': '' }, ...lines));
    return {
      taken: windows.flatMap((window) => window.targets.map(({ name }) => name)),
      weak: windows.flatMap((window) =>
        (window.weakened ?? []).map(({ target, impact }) => `${target.name} ${impact}`),
      ),
      said: remarks.map(({ severity, text }) => `${severity} ${text}`),
    };
  };
  const object = (id: string, impact?: string) =>
    `X-MAINTNOTE-OBJECT-ID${impact === undefined ? '' : `;X-MAINTNOTE-OBJECT-IMPACT=${impact}`}:${id}`;

  it.each([
    ['in another case', [object('DEVICE-A')], ['device-a']],
    ['in quotes', [object('"device-a"')], ['device-a']],
    ['with blanks of any kind', [object(' device-a\u00A0')], ['device-a']],
    ['with other dashes', [object('device\u2011a')], ['device-a']],
    ['as a list with commas', [object(String.raw`device-a\, device-b`)], ['device-a', 'device-b']],
    ['as a list with blanks', [object('a b')], ['a', 'b']],
    ['in two properties', [object('a'), object('b')], ['a', 'b']],
    ['in brackets', [object('(a)')], ['a']],
    ['between slashes', [object('device-a/device-b')], ['device-a', 'device-b']],
    ['before a full stop', [object('#device-a.')], ['device-a']],
    ['in the text alone', ['DESCRIPTION:Work on DEVICE-A and so on'], ['device-a']],
  ])('is found %s', (_, lines, found) => {
    expect(targets(...lines)).toMatchObject({ taken: found, said: [] });
  });

  it('is searched in the text as well when an id is unknown, and the id is named', () => {
    const { taken, said } = targets(object('a'), object('IC-9'), 'DESCRIPTION:also device-b');
    expect(taken).toEqual(['a', 'device-b']);
    expect(said).toEqual(['warning M-1 names IC-9 as well, which this design does not have']);
  });

  it('is all that is called by its name, whatever kind it is of', () => {
    const paths = TWO_PATHS.map((path, index) => ({
      ...path,
      location: 'lyon',
      device: index === 0 ? 'lyon' : 'lyon-2',
    }));
    const notice = event({ 'X-MAINTNOTE-OBJECT-ID': 'Lyon' });
    const ours = { ...options, accesses: [accessOf(paths)] };
    const { windows } = readNoticeWindows([fileOf('one.ics', notice)], ours);
    expect(windows[0]?.targets).toEqual([
      { kind: 'location', name: 'lyon' },
      { kind: 'device', name: 'lyon' },
    ]);
  });

  it('being nothing of ours is a warning for an owner of the plan, and a note for another', () => {
    expect(targets(object('IC-9')).said[0]).toMatch(/^warning M-1 names nothing .*IC-9/);
    const foreign = event({ 'X-MAINTNOTE-PROVIDER': 'x', 'X-MAINTNOTE-OBJECT-ID': 'IC-9' });
    expect(inOne(foreign).said).toEqual(['note skipped']);
  });

  it('is taken, weakened or left alone object by object', () => {
    const impact = (word: string) => `X-MAINTNOTE-IMPACT:${word}`;
    expect(targets(impact('OUTAGE'), object('a', 'NO-IMPACT'), object('b')).taken).toEqual(['b']);
    expect(targets(impact('NO-IMPACT'), object('a', 'OUTAGE'), object('b')).taken).toEqual(['a']);
    expect(targets(impact('DEGRADED'), object('a'), object('b', 'OUTAGE'))).toMatchObject({
      taken: ['b'],
      weak: ['a degraded'],
    });
    expect(targets(impact('reduced-redundancy '), object('a')).weak).toEqual([
      'a reduced-redundancy',
    ]);
    expect(targets(impact('BAD'), object('a'))).toMatchObject({
      taken: ['a'],
      said: ['warning impact BAD is no known word: it is judged as an outage'],
    });
  });

  it('has the work order that is marked as primary', () => {
    const ids = [
      'X-MAINTNOTE-MAINTENANCE-ID:second',
      'X-MAINTNOTE-MAINTENANCE-ID;X-MAINTNOTE-PRECEDENCE=PRIMARY:first',
    ];
    const notice = event({ 'X-MAINTNOTE-MAINTENANCE-ID': '' }, ...ids);
    expect(inOne(notice).windows[0]?.name).toBe('first');
  });

  it.each([
    ['URGENT Maintenance', 'emergency'],
    ['Emergency work', 'emergency'],
    ['Non-emergency planned work', 'planned'],
    ['Not an emergency', 'planned'],
    ['Insurgent Networks planned work', 'planned'],
  ])('called "%s" is %s', (summary, kind) => {
    expect(inOne(event({ SUMMARY: summary })).windows[0]?.kind).toBe(kind);
  });

  it('is judged when its owner says that it goes on and its calendar that it does not', () => {
    const both = { 'X-MAINTNOTE-STATUS': 'IN-PROCESS', STATUS: 'CANCELLED' };
    const { windows, said } = inOne(event(both));
    expect(windows).toHaveLength(1);
    expect(said).toEqual(['warning doubtful']);
    const off = inOne(event({ 'X-MAINTNOTE-STATUS': 'CANCELLED', STATUS: 'CONFIRMED' }));
    expect(off.windows).toHaveLength(0);
  });

  it.each(['<'.repeat(300_000), `${'"'.repeat(300_000)}x`])(
    'may have a long row of signs',
    (row) => {
      const { windows } = inOne(event({ DESCRIPTION: row, 'X-MAINTNOTE-OBJECT-ID': row }));
      expect(windows).toHaveLength(0);
    },
  );

  it('names what it names of others, of very many the first', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `other-${index}`);
    const { remarks } = inOne(event({ 'X-MAINTNOTE-OBJECT-ID': ids.join(',') }));
    expect(remarks.map(({ text }) => text).join()).toContain('other-99, 200 more)');
  });

  it('is judged when it is tentative, and said', () => {
    const { windows, said } = inOne(event({ 'X-MAINTNOTE-STATUS': 'TENTATIVE' }));
    expect(windows).toHaveLength(1);
    expect(said).toEqual(['note doubtful']);
  });

  it.each(['constructor', '__proto__', 'toString'])('may be of an owner called %s', (owner) => {
    const { windows } = inOne(event({ 'X-MAINTNOTE-PROVIDER': owner }));
    expect(windows[0]?.owner).toBe(owner);
  });
});
