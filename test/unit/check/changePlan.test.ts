import { describe, expect, it } from 'vitest';
import { listCalendars, readChangePlan } from '../../../harness/check/changePlan/readChangePlan.ts';
import { check } from '../../../harness/check/check.ts';
import { readCalendar } from '../../../harness/check/notices/formats/calendar.ts';
import { at } from './builders.ts';
import { outcome, refusal } from '../../support/refusal.ts';

const DESIGN = `
name: two-legs
title: Two legs
channels: [one]
media: { picture: 320x180, fps: 25, segment: 2s, playlist: 6, ladder: [320x180@350k] }
stages:
  playout: { role: playout, zone: head-end, operator: broadcaster, country: FR }
  transcoder: { role: transcoder, zone: cloud, operator: cloud, country: FR }
  origin: { role: origin, zone: head-end, operator: broadcaster, country: FR }
  edge: { role: edge, zone: head-end, operator: broadcaster, country: FR }
links:
  connect-up: { from: playout, to: transcoder }
  connect-down: { from: transcoder, to: origin }
access:
  connect:
    links: { connect-up: in, connect-down: back }
    demand: { in: 1.9G, back: 2G }
    paths:
      leg-a: { kind: connection, capacity: 10G, device: router-a, location: north, operator: carrier, country: FR, preference: 200, tested: 2025-06-01, circuits: [dxcon-1], bfd: {} }
      leg-b: { kind: connection, capacity: 10G, device: router-b, location: south, operator: other carrier, country: FR, preference: 100, tested: 2025-06-01, bfd: {} }
`;
const designs = { 'two-legs': { text: DESIGN, file: 'designs/two-legs.yaml' } };
const HEAD = ['name: autumn', 'kind: change-plan', 'title: Autumn', 'design: two-legs'];
const read = (lines: readonly string[], texts: Readonly<Record<string, string>> = {}) =>
  readChangePlan({
    text: [...HEAD, ...lines].join('\n'),
    file: 'autumn.yaml',
    designs,
    calendars: Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, readCalendar(text, name)]),
    ),
    nowEpochMs: at('2025-09-01T00:00:00Z'),
  });
const refused = (lines: readonly string[]): string => refusal(() => read(lines)).message;
const work = (name: string, leg: string, ...more: readonly string[]) => [
  `  - name: ${name}`,
  `    owner: ${name} owner`,
  `    targets: [{ path: ${leg} }]`,
  ...more.map((line) => `    ${line}`),
];

describe('a change plan', () => {
  it('becomes windows, events and rules with instants and lines', () => {
    const input = read([
      'owners: { first owner: { planned: 30, reminders: [10], emergency: 2h } }',
      'events: [{ name: final, start: 2025-09-14T21:00, for: 2h30m }]',
      'windows:',
      ...work(
        'first',
        'leg-a',
        'start: 2025-09-10T02:00',
        'for: 4h',
        'noticed: 2025-08-20T09:00Z',
        'drain: { style: withdraw }',
      ),
      ...work(
        'second',
        'leg-b',
        'start: 2025-09-10T02:00',
        'zone: UTC',
        'end: 2025-09-10T03:00',
        'overrun: 30m',
      ),
    ]);
    expect(input.windows).toEqual([
      {
        name: 'first',
        owner: 'first owner',
        kind: 'planned',
        targets: [{ kind: 'path', name: 'leg-a' }],
        fromEpochMs: at('2025-09-10T00:00:00Z'),
        toEpochMs: at('2025-09-10T04:00:00Z'),
        overrunMs: 0,
        drain: { style: 'withdraw', leadMs: 600_000 },
        noticedAtEpochMs: at('2025-08-20T09:00:00Z'),
        clock: { zone: 'Europe/Paris', text: '2025-09-10T02:00' },
        source: 'autumn.yaml:8',
      },
      {
        name: 'second',
        owner: 'second owner',
        kind: 'planned',
        targets: [{ kind: 'path', name: 'leg-b' }],
        fromEpochMs: at('2025-09-10T02:00:00Z'),
        toEpochMs: at('2025-09-10T03:00:00Z'),
        overrunMs: 1_800_000,
        drain: { style: 'none', leadMs: 0 },
        noticedAtEpochMs: undefined,
        clock: { zone: 'UTC', text: '2025-09-10T02:00' },
        source: 'autumn.yaml:15',
      },
    ]);
    expect(input.events[0]).toMatchObject({
      fromEpochMs: at('2025-09-14T19:00:00Z'),
      source: 'autumn.yaml:6',
    });
    expect(input.ownerRules).toEqual([
      {
        owner: 'first owner',
        rule: { plannedDays: 30, reminderDays: [10], emergencyMs: 7_200_000 },
        source: 'autumn.yaml:5',
      },
    ]);
    const rules = check(input).findings.map(({ rule }) => rule);
    expect(rules).toContain('no-path-left'); // 04:00 to 05:00 in Paris both legs are away
    expect(rules).toContain('clock-confusion');
  });

  it('holds owners to their own notice rule, and all others to that of the plan', () => {
    const late = (...rules: readonly string[]) =>
      check(
        read([
          ...rules,
          'windows:',
          ...work('a', 'leg-a', 'start: 2025-09-20T02:00', 'for: 1h', 'noticed: 2025-09-12T02:00'),
          ...work('b', 'leg-b', 'start: 2025-09-21T02:00', 'for: 1h', 'noticed: 2025-09-12T02:00'),
        ]),
      )
        .findings.filter(({ rule }) => rule === 'short-notice')
        .map(({ targets }) => targets[0]);
    expect(late()).toEqual(['a', 'b']);
    expect(late('notice: { planned: 9 }')).toEqual(['a']);
    expect(late('notice: { planned: 9 }', 'owners: { a owner: { planned: 7 } }')).toEqual([]);
    expect(late('owners: { a owner: { planned: 7 } }')).toEqual(['b']);
  });

  it('reads the calendars it names', () => {
    const lines = [
      'calendars: [{ file: carrier.ics, drain: { style: graceful-shutdown, lead: 15m } }]',
    ];
    const ics = [
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'UID:1',
      'X-MAINTNOTE-PROVIDER:carrier',
      'X-MAINTNOTE-OBJECT-ID:dxcon-1',
      'SUMMARY:Router upgrade',
      'DTSTART:20250910T010000Z',
      'DURATION:PT2H',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:2',
      'X-MAINTNOTE-PROVIDER:carrier',
      'X-MAINTNOTE-OBJECT-ID:dxcon-2',
      'DTSTART:20250910T010000Z',
      'DURATION:PT2H',
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n');
    expect(listCalendars([...HEAD, ...lines].join('\n'), 'autumn.yaml')).toEqual([
      { file: 'carrier.ics', mapping: undefined, refuse: expect.any(Function) as unknown },
    ]);
    const input = read(lines, { 'carrier.ics': ics });
    expect(input.windows).toMatchObject([
      {
        name: 'Router upgrade',
        targets: [{ kind: 'path', name: 'leg-a' }],
        drain: { style: 'graceful-shutdown', leadMs: 900_000 },
        source: 'carrier.ics:2',
      },
    ]);
    expect(check(input).findings.map(({ rule }) => rule)).toContain('notice-skipped');
  });

  it.each([
    [
      'a time that does not exist',
      'start: 2025-03-30T02:30',
      'for: 1h',
      'does not exist in Europe/Paris',
    ],
    ['a time that comes twice', 'start: 2025-10-26T02:30', 'for: 1h', 'happens twice'],
    ['a year that is none', 'start: 0226-09-10T02:00', 'for: 1h', 'a year from 1970 to 2199'],
    ['a year far away', 'start: 9999-09-10T02:00', 'for: 1h', 'a year from 1970 to 2199'],
    ['no end', 'start: 2025-09-10T02:00', '# nothing', 'expected exactly one of for, end'],
    ['an unknown zone', 'start: 2025-09-10T02:00', 'zone: Paris', 'no time zone is called Paris'],
    ['words for a time', 'start: tomorrow night', 'for: 1h', 'expected a time such as'],
  ])('with %s is refused with its line', (_, start, more, message) => {
    const text = refused(['windows:', ...work('first', 'leg-a', start, more)]);
    expect(text).toMatch(/autumn\.yaml:(6|9|10):\d+ {2}windows\[0\]/);
    expect(text).toContain(message);
  });

  it('says every problem at once, and what was meant', () => {
    const text = refused([
      'windows:',
      ...work('first', 'leg-a', 'start: 2025-03-30T02:30', 'for: 1h'),
      ...work('second', 'leg-a, device: router-a', 'start: 2025-10-26T02:30', 'for: 1h'),
    ]);
    expect(text).toContain('3 problems');
    expect(text).toContain('expected exactly one of path, device');
  });

  it('refuses a design and a zone that are not there', () => {
    const text = (name: string, zone: string, announced = true) => {
      const lines = [
        'name: a',
        'kind: change-plan',
        'title: A',
        `design: ${name}`,
        `zone: ${zone}`,
        ...(announced
          ? ['windows:', ...work('w', 'leg-a', 'start: 2025-09-10T02:00', 'for: 1h')]
          : []),
      ];
      const input = {
        text: lines.join('\n'),
        file: 'a.yaml',
        designs,
        calendars: {},
        nowEpochMs: 0,
      };
      return outcome(() => readChangePlan(input));
    };
    expect(text('two-leg', 'UTC')).toContain(
      'no design is called two-leg; there are two-legs; did you mean two-legs?',
    );
    expect(text('two-legs', 'Paris')).toContain('no time zone is called Paris');
    expect(text('two-legs', 'UTC')).toBe('accepted');
    expect(text('two-legs', 'UTC', false)).toContain('nothing is announced');
  });
});
