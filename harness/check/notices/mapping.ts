// The YAML shape of a mapping: which column of a table of changes says what.

import { z } from 'zod';
import { zone } from '../../fields/clockFields.ts';
import { choice, mapping, text } from '../../fields/fields.ts';
import { IMPACTS } from './notice.ts';

const column = (description: string) => text(`Heading of the column with ${description}.`);

const words = <T extends z.ZodType>(of: T, description: string) =>
  z
    .record(z.string(), of, { error: 'expected a mapping from a value of the table to a word' })
    .describe(description)
    .prefault({} as never);

export const mappingSchema = mapping('The meaning of the columns in a table of changes.', {
  kind: z
    .literal('notice-mapping', { error: 'expected notice-mapping' })
    .describe('Tells it from a plan.'),
  zone: zone('The clock of times that say no other.').default('UTC'),
  dates: choice('Order of the parts of a date; iso is 2026-11-10 22:00.', [
    'iso',
    'day-first',
    'month-first',
  ]).default('iso'),
  owner: text('Who works, where no column says it.').optional(),
  columns: mapping('Columns by what they say.', {
    id: column('the number of the work'),
    start: column('its start'),
    end: column('its end'),
    objects: column('what is worked on: one id, or several with commas').optional(),
    owner: column('who works').optional(),
    summary: column('a title').optional(),
    description: column('prose that may name what is worked on').optional(),
    state: column('whether it still holds').optional(),
    impact: column('what it does').optional(),
    kind: column('whether it is planned or an emergency').optional(),
    told: column('when it was announced').optional(),
    updated: column('when it was changed last').optional(),
  }),
  states: words(
    choice('Its state.', ['confirmed', 'tentative', 'off']),
    'Values of the state column; words of the iCalendar standard are known.',
  ),
  impacts: words(
    choice('Its impact.', IMPACTS),
    'Values of the impact column; the words of the BCOP are known.',
  ),
  kinds: words(
    choice('Its kind.', ['planned', 'emergency', 'failover-test']),
    'Values of the kind column; emergency and urgent are known.',
  ),
});

export type NoticeMapping = z.output<typeof mappingSchema>;
