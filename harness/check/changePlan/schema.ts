// The YAML shape of a change plan: windows of many weeks by clock time, what they must not touch,
// and what owners promise. A scenario has one evening; this has a year.

import { z } from 'zod';
import { DRAIN_STYLES } from '../../model/access.ts';
import { USUAL_OWNER_RULE as USUAL } from '../input.ts';
import { clockTime, zone } from '../../scenario/clockFields.ts';
import { choice, count, duration, name, span, text } from '../../scenario/fields.ts';

const drain = z
  .strictObject({
    style: choice('How traffic is moved away before the work.', DRAIN_STYLES),
    lead: duration('How long before the work.').prefault('10m'),
  })
  .describe('Moving traffic away beforehand; not done when not said.');

/** A name can be anything an owner calls things by. */
const target = z
  .strictObject({
    path: text('Name of a path.').optional(),
    device: text('A device, and every path on it.').optional(),
    location: text('A location, and every path in it.').optional(),
    operator: text('An operator, and every path of it.').optional(),
    country: text('A country, and every path through it.').optional(),
    stage: text('Name of a stage.').optional(),
    zone: text('A zone, and every stage in it.').optional(),
  })
  .describe('Exactly one of these.');

const window = z
  .strictObject({
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
      .describe('What is worked on.'),
    start: clockTime('Start of the announced interval, by the clock of zone.'),
    for: span('Its length in real time.').optional(),
    end: clockTime('Its end by the same clock, instead of for.').optional(),
    zone: zone("The clock it is written in; the audience's when not said.").optional(),
    noticed: clockTime('When those who must act were told.').optional(),
    overrun: duration('How much longer it may take.').prefault('0s'),
    drain: drain.optional(),
  })
  .describe('An announced window.');

const event = z
  .strictObject({
    name: text('What is on.'),
    start: clockTime('Its start, by the clock of the audience.'),
    for: span('Its length.'),
  })
  .describe('A programme nobody wants to lose.');

const owner = z
  .strictObject({
    planned: count('Calendar days of notice for planned work.', 0, 365).default(USUAL.plannedDays),
    reminders: z
      .array(count('Days before the work.', 0, 365), {
        error: 'expected a list of days such as [7, 1]',
      })
      .describe('Days before at which the notice is repeated.')
      .prefault([...USUAL.reminderDays]),
    emergency: duration('Notice of emergency work.').prefault(`${USUAL.emergencyMs}ms`),
  })
  .describe('What an owner promises of its notices.');

const calendar = z
  .strictObject({
    file: text('An iCalendar file of notices, beside this file.'),
    drain: drain.optional(),
    overrun: duration('How much longer each of them may take.').prefault('0s'),
  })
  .describe('Notices of a provider.');

export const changePlanSchema = z
  .strictObject({
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
    events: z
      .array(event, { error: 'expected a list of events' })
      .describe('Programmes no window may touch.')
      .prefault([]),
    windows: z
      .array(window, { error: 'expected a list of windows' })
      .describe('Announced windows.')
      .prefault([]),
    calendars: z
      .array(calendar, { error: 'expected a list of calendars' })
      .describe('Windows that come as calendar files.')
      .prefault([]),
  })
  .describe('A change plan: announced windows to be judged, without running anything.');

export type ChangePlanFile = z.output<typeof changePlanSchema>;
export type ChangeWindowFile = z.output<typeof window>;
