// The YAML shape of a change plan: windows of many weeks by clock time, what they must not touch,
// and what owners promise. A scenario has one evening; this has a year.

import { z } from 'zod';
import { oneOfEach } from '../../fields/mapping.ts';
import { drainField } from '../../scenario/faultSchema.ts';
import { USUAL_OWNER_RULE as USUAL } from '../input.ts';
import { clockTime, LENGTH_KEYS, zone } from '../../fields/clockFields.ts';
import { choice, count, duration, list, mapping, name, span, text } from '../../fields/fields.ts';

/** The kinds of things that are worked on; a target has exactly one of these. */
export const TARGET_KINDS = [
  'path',
  'device',
  'location',
  'operator',
  'country',
  'stage',
  'zone',
] as const;

/** A name can be anything an owner calls things by. */
const target = mapping('Exactly one of these.', {
  path: text('Name of a path.').optional(),
  device: text('A device, and every path on it.').optional(),
  location: text('A location, and every path in it.').optional(),
  operator: text('An operator, and every path of it.').optional(),
  country: text('A country, and every path through it.').optional(),
  stage: text('Name of a stage.').optional(),
  zone: text('A zone, and every stage in it.').optional(),
}).meta(oneOfEach(TARGET_KINDS));

const window = mapping('An announced window.', {
  name: text('Name or order number; unique in the plan.'),
  owner: text('Who does the work.'),
  kind: choice('planned work, emergency work, or a failover test.', [
    'planned',
    'emergency',
    'failover-test',
  ]).default('planned'),
  targets: z
    .array(target, { error: 'expected a list such as [{ path: leg-a }]' })
    .min(1, { error: 'expected at least one target such as { path: leg-a }' })
    .describe('The things that are worked on.'),
  start: clockTime('Start of the announced interval, by the clock of zone.'),
  for: span('Its length in real time.').optional(),
  end: clockTime('Its end by the same clock, instead of for.').optional(),
  zone: zone("The clock it is written in; the audience's when not said.").optional(),
  noticed: clockTime('When those who must act were told.').optional(),
  reminded: list(
    clockTime('When they were told again.'),
    'list of times',
    'When they were told again; missing reminders are found only where this is said.',
  ).optional(),
  overrun: duration('The time that it may take longer.').prefault('0s'),
  drain: drainField.optional(),
}).meta(oneOfEach(LENGTH_KEYS));

const ends = {
  end: clockTime('Its end by the same clock, instead of for.').optional(),
  zone: zone("The clock it is written in; the audience's when not said.").optional(),
};

const event = mapping('A programme nobody wants to lose.', {
  name: text('The name of the event.'),
  start: clockTime('Its start, by the clock of zone.'),
  for: span('Its length.').optional(),
  ...ends,
}).meta(oneOfEach(LENGTH_KEYS));

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const clockDay = (description: string) =>
  z
    .string({ error: 'expected a day such as 2026-12-31' })
    .regex(/^\d{4}-\d\d-\d\d$/, { error: 'expected a day such as 2026-12-31' })
    .describe(description);

const timeOfDay = (description: string) =>
  z
    .string({ error: 'expected a time of day such as "19:00"' })
    .regex(TIME_OF_DAY, { error: 'expected a time of day such as "19:00"' })
    .describe(description);

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const freeze = mapping('A time in which nobody may work: once, or every week.', {
  name: text('Why nobody may work.'),
  start: clockTime('Its start, by the clock of zone; for a freeze that comes once.').optional(),
  for: span('Its length.').optional(),
  ...ends,
  days: z
    .array(choice('A day of the week.', WEEKDAYS), {
      error: 'expected a list such as [fri, sat]',
    })
    .min(1, { error: 'expected at least one day' })
    .describe('Days of every week on which it begins, instead of start.')
    .optional(),
  from: timeOfDay('Time of day at which it begins on these days.').optional(),
  to: timeOfDay(
    'Time of day at which it ends; on the next day when it is not after from.',
  ).optional(),
});

const acceptance = mapping(
  'A finding that somebody has accepted: it stays in the report and does not fail.',
  {
    rule: text('The rule of the finding.'),
    about: z
      .union([text('One name.'), z.array(text('A name.')).min(1).describe('Several names.')], {
        error: 'expected a name, or a list of names',
      })
      .describe('Every window the finding is about; a path or stage where it is about no window.'),
    start: clockTime('Only the finding that begins then.').optional(),
    by: text('Who accepts it.'),
    until: clockDay('The last day on which it is accepted.'),
    why: text('Why it is accepted.'),
  },
);

const owner = mapping('The promises that an owner makes of its notices.', {
  planned: count('Calendar days of notice for planned work.', 0, 365).default(USUAL.plannedDays),
  reminders: list(
    count('Days before the work.', 0, 365),
    'list of days such as [7, 1]',
    'Days before at which the notice is repeated.',
  ).prefault([...USUAL.reminderDays]),
  emergency: duration('Notice of emergency work.').prefault(`${USUAL.emergencyMs}ms`),
});

const calendar = mapping('Notices of a provider.', {
  file: text('A file of notices, beside this file: .ics, .eml, JSON, or .csv with a mapping.'),
  mapping: text('The file that says what the columns of a table mean.').optional(),
  drain: drainField.optional(),
  overrun: duration('The time that each of them may take longer.').prefault('0s'),
});

export const changePlanSchema = mapping(
  'A change plan: announced windows to be judged, without running anything.',
  {
    name: name('Short name.'),
    kind: z.literal('change-plan').describe('Tells it from a scenario.'),
    title: text('One line for people.'),
    design: name('Name of a design in scenarios/designs.'),
    zone: zone('Where the audience lives.').default('Europe/Paris'),
    setsAtPeak: count('Sets switched on at the peak of the evening.', 0, 1_000_000_000).optional(),
    notice: owner.describe('The notice rule of owners that have none of their own.').prefault({}),
    owners: z
      .record(z.string(), owner, { error: 'expected a mapping from owner to rule' })
      .describe('Notice rules by owner; what a rule does not say is what providers usually do.')
      .prefault({}),
    events: list(event, 'list of events', 'Programmes no window may touch.').prefault([]),
    freezes: list(freeze, 'list of freezes', 'Times in which nobody may work.').prefault([]),
    accepted: list(
      acceptance,
      'list of acceptances',
      'Findings that somebody has accepted.',
    ).prefault([]),
    windows: list(window, 'list of windows', 'Announced windows.').prefault([]),
    calendars: list(
      calendar,
      'list of calendars',
      'Windows that come as files of notices.',
    ).prefault([]),
  },
);

export type ChangePlanFile = z.output<typeof changePlanSchema>;
export type FreezeFile = z.output<typeof freeze>;
export type ChangeWindowFile = z.output<typeof window>;
