// The YAML shape of `search:`: what must hold, and what may be changed for it at which cost.

import { z } from 'zod';
import { count, mapping, text } from '../fields/fields.ts';
import { KNOBS } from './knobs.ts';
import { VIEWERS_MAX } from './viewersSchema.ts';

const VALUES_MAX = 1000;
const WORTH = 'expected a cost from 0 to 1000000000000';
const COST_MAX = 1e12;
const word = z
  .union(
    [text('Text.'), z.number().describe('A number.'), z.boolean().describe('true or false.')],
    {
      error: 'expected a value such as 2s, 3 or true',
    },
  )
  .describe('A value.');

const values = (about: string) =>
  z
    .union(
      [
        z
          .array(word)
          .describe('Values that cost nothing.')
          .transform((words) => words.map((one) => ({ word: String(one), cost: 0 }))),
        z
          .record(
            z.string(),
            z
              .number({ error: WORTH })
              .min(0, { error: WORTH })
              .max(COST_MAX, { error: WORTH })
              .describe('Its cost.'),
          )
          .describe('Values, and what each costs.')
          .transform((costs) => Object.entries(costs).map(([key, cost]) => ({ word: key, cost }))),
      ],
      { error: 'expected values and what each costs, { 2s: 6, 4s: 0 }, or a list of values' },
    )
    .refine((all) => all.length > 0, { error: 'expected at least one value' })
    .refine((all) => all.length <= VALUES_MAX, { error: `expected at most ${VALUES_MAX} values` })
    .refine((all) => new Set(all.map((one) => one.word)).size === all.length, {
      error: 'a value is there twice',
    })
    .describe(about)
    .optional();

const knobs = Object.fromEntries(
  Object.entries(KNOBS).map(([name, { about }]) => [name, values(about)]),
);

export const searchSchema = mapping(
  'The search for a design that holds: `ecran-noir search FILE`.',
  {
    audience: count(
      'Viewers in all; those that the scenario stands for when not said.',
      1,
      VIEWERS_MAX,
    ).optional(),
    limits: z
      .array(text('A limit such as p99(blackScreen) < 5s.'), {
        error: 'expected a list of limits such as p99(blackScreen) < 5s',
      })
      .min(1, { error: 'expected at least one limit such as p99(blackScreen) < 5s' })
      .describe('The things that a design must keep under each fault and window by itself.'),
    knobs: mapping(
      'The things that may be changed, with the values each may have and their costs.',
      knobs,
    ).prefault({}),
  },
);
