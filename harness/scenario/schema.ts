// The YAML shape of a scenario. One definition gives the check, the types and the JSON Schema
// that editors read; resolve.ts turns what it lets through into a Scenario.

import { z } from 'zod';
import { clockTime, zone } from '../fields/clockFields.ts';
import { alertsSchema } from './alertSchema.ts';
import { designSchema } from './designSchema.ts';
import { faultSchema, windowSchema } from './faultSchema.ts';
import {
  byName,
  choice,
  count,
  list,
  mapping,
  name,
  sources,
  span,
  text,
} from '../fields/fields.ts';
import { searchSchema } from './searchSchema.ts';
import { viewersSchema } from './viewersSchema.ts';

const steady = z
  .strictObject({
    hold: span('Every viewer shows the programme without a break for this long …').prefault('3s'),
    within: span(
      '… within this long, or the run is inconclusive. Never compressed.',
      '1h',
    ).prefault('45s'),
  })
  .refine(({ hold, within }) => hold <= within, {
    error: 'expected a hold that fits in within: it could never be reached',
  })
  .describe('The state that must hold before the first fault.');

const change = (of: string) =>
  z
    .record(z.string(), z.unknown(), { error: 'expected a mapping of what is different' })
    .describe(`The keys that are different in this ${of}; null takes a key away.`);

const variant = mapping('The keys that are different in this variant.', {
  title: text('One line for people.').optional(),
  design: name('Another design.').optional(),
  viewers: change('group, or of groups by name').optional(),
  windows: z
    .record(z.string(), change('window'), { error: 'expected a mapping by name of a window' })
    .describe('Windows that are different, by name.')
    .optional(),
  faults: z
    .record(z.string(), change('fault'), { error: 'expected a mapping by name of a fault' })
    .describe('Faults that are different, by name.')
    .optional(),
  alerts: z
    .record(z.string(), change('alert'), { error: 'expected a mapping by id of an alert' })
    .describe('Alerts that are different, by id.')
    .optional(),
  recover: change('phase').optional(),
  expect: list(
    text('An expectation.'),
    'list of expectations',
    'The things that this variant must show instead.',
  ).optional(),
});

export const scenarioSchema = mapping(
  'A scenario: a design, viewers, what goes wrong, and what is expected.',
  {
    name: name('Short name, also the folder of its runs.'),
    title: text('One line for people.'),
    description: text('The story, and the question that it asks.').optional(),
    kind: choice('incident re-enacts, window rehearses what is planned, drill explores.', [
      'incident',
      'window',
      'drill',
    ]),
    tags: z
      .array(name('A word to choose it by.'), { error: 'expected a list of tags' })
      .max(100, { error: 'expected at most 100 tags' })
      .describe('Words to choose the scenario by: `test --tag`.')
      .optional(),
    sources: sources.prefault({}),
    assumptions: list(
      text('A number chosen without a source.'),
      'list of sentences',
      'The things assumed without a source, said as such.',
    ).prefault([]),
    design: z
      .union([name('Name of a design in scenarios/designs.'), designSchema], {
        error: 'expected the name of a design, or a design written inline',
      })
      .describe('The pipeline under test: the name of a design, or one written here.'),
    zone: zone(
      'Where the audience lives; the clock that times without an offset are by.',
    ).optional(),
    clock: clockTime(
      'Wall-clock time that the start of the disrupt phase stands for; when not said, the first work that is written by the clock.',
    ).optional(),
    seed: count('Seed of everything random.', 0, 0x7fffffff).default(1),
    viewers: viewersSchema().prefault({}),
    steady: steady.prefault({}),
    windows: list(windowSchema, 'list of maintenance windows', 'Maintenance windows.').prefault([]),
    faults: list(faultSchema, 'list of faults', 'Faults.').prefault([]),
    alerts: alertsSchema.prefault([]),
    variants: byName(
      'a variant',
      variant,
      'The same scenario with a few things said differently, by name.',
    ).prefault({}),
    recover: mapping('The recover phase. Never compressed: players keep their own timers.', {
      within: span('Everybody must see the programme again this long after the last heal.', '1d'),
    }).prefault({ within: '60s' }),
    compressAtMost: count(
      'The largest compression at which the expectations hold: beyond it, timers of components decide. `test` goes no further; another run that does is inconclusive.',
      1,
      10_000,
    ).optional(),
    expect: z
      .array(text('An expectation such as p95(blackScreen) <= 2s.'), {
        error: 'expected a list of expectations such as p95(blackScreen) <= 2s',
      })
      .min(1, { error: 'expected at least one expectation such as recovered == 100%' })
      .describe('The things that the run must show; docs/scenario.md has the grammar.'),
    search: searchSchema.optional(),
    guardrails: list(
      text('A condition such as p50(blackScreen) > 5m.'),
      'list of conditions such as p50(blackScreen) > 5m',
      'When one of these holds during the run, it heals and ends early.',
    ).prefault([]),
  },
);

export type ScenarioFile = z.output<typeof scenarioSchema>;
