// The YAML shape of an alert.

import { z } from 'zod';
import { CARRIAGES } from '../alerts/catalogue.ts';
import { moment } from '../fields/clockFields.ts';
import { choice, flag, mapping, text } from '../fields/fields.ts';
import { SEVERITIES } from '../model/alert.ts';
import { ALERTS_MAX, REVISIONS_MAX } from '../model/alertStrip.ts';

const update = mapping('An update.', {
  at: moment('The time of the update.'),
  text: text('The text from then on.'),
});

const oneOrList = <T extends z.ZodType>(one: T, error: string, most = 1_000) =>
  z
    .union(
      [
        one,
        z
          .array(one)
          .min(1, { error })
          .max(most, { error: `expected at most ${most}` })
          .describe('Several.'),
      ],
      { error },
    )
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);

const NAMES = CARRIAGES.map(({ name }) => name) as [string, ...string[]];

const carriage = oneOrList(
  choice('A way.', NAMES),
  `expected one of ${NAMES.join(', ')}, or a list of them`,
).describe(
  `The ways on which it goes to screens: ${CARRIAGES.map(({ name, about }) => `${name} (${about})`).join('; ')}.`,
);

const written = mapping('An emergency alert.', {
  id: text('Unique in the scenario.').regex(/^[^\s,<&]+$/, {
    error: 'expected a name without spaces, commas, < and &',
  }),
  at: moment('When it is issued: after the start of the disrupt phase, or by the clock.'),
  update: oneOrList(
    update,
    'expected an update with at and text, or a list of them',
    REVISIONS_MAX - 1,
  )
    .describe('When its text changes, and to which.')
    .optional(),
  end: moment('When it is over.'),
  area: oneOrList(text('An area.'), 'expected an area, or a list of areas')
    .describe('The areas it is for, as groups of viewers name theirs; everywhere when not said.')
    .optional(),
  severity: choice('The severity, in the words of CAP.', [...SEVERITIES]),
  text: text('The text that screens show.'),
  exercise: flag('It is an exercise, and every screen must say so.').default(false),
  carriage,
});

/** For editors: what stands there was made an alert before its shape is looked at (cap.ts). */
const byCap = mapping('An emergency alert by a CAP 1.2 file.', {
  cap: oneOrList(text('A file.'), 'expected the name of a file, or a list of names').describe(
    'CAP 1.2 files beside the scenario: the alert, then what updates and cancels it.',
  ),
  end: moment('When it is over, where the file does not say.').optional(),
  exercise: flag('Held against the status in the file.').optional(),
  carriage,
});

export const alertsSchema = z
  .array(
    z.union([written, byCap], { error: 'expected an alert' }).describe('An emergency alert.'),
    {
      error: 'expected a list of alerts',
    },
  )
  .max(ALERTS_MAX, { error: `expected at most ${ALERTS_MAX} alerts` })
  .describe('Emergency alerts.');

export type AlertFile = z.output<typeof written>;
