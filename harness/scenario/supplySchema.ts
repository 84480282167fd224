// The YAML shape of who is behind a design: suppliers, services, and what stages and paths add.

import { z } from 'zod';
import { byName, choice, country, list, mapping, name, span, text } from '../fields/fields.ts';
import { notOne, oneOfEach } from '../fields/mapping.ts';
import { DATA_CLASSES, LABEL_KINDS, type LabelKind } from '../model/scenario.ts';

const several = <T extends z.ZodType>(one: T, of: string, description: string) =>
  z
    .array(one, { error: `expected a list of ${of}` })
    .min(1, { error: `expected at least one of ${of}, or nothing at all` })
    .describe(description);

const law = several(
  text('A jurisdiction such as FR or US.'),
  'jurisdictions such as [FR, US]',
  'Jurisdictions that its operator or a parent of it obeys; those of its supplier, else its country, when not said.',
);

const technology = mapping(
  'The technology that it runs on, where its updates come from somebody else.',
  { vendor: text('Who makes it.'), country: country('Country of the maker') },
);

const label = mapping('A label that somebody claims for it; nothing is computed from it.', {
  name: text('Such as SecNumCloud 3.2.'),
  source: text('Where the claim can be read.'),
  date: z.iso
    .date({ error: 'expected a date such as "2025-12-17"' })
    .describe('The date of the claim.'),
});

/** Keys of a stage, a path and a service. */
export const supplyFields = {
  law: law.optional(),
  technology: technology.optional(),
  adminFrom: several(
    country('A country'),
    'countries such as [FR]',
    'Countries from which people with full rights reach it.',
  ).optional(),
  keyHolder: text(
    'Who can decipher what it holds, such as an operator; its own when not said.',
  ).optional(),
  label: label.optional(),
};

export const suppliersSchema = z
  .record(
    text('Name of a supplier, as operators have it.'),
    mapping('A supplier.', {
      law: law.optional(),
      parent: text('The company that owns it.').optional(),
      reliesOn: several(
        text('Name of a supplier.'),
        'names of suppliers',
        'Other suppliers without whom it can do nothing.',
      ).optional(),
    }),
    { error: 'expected a mapping from name to supplier' },
  )
  .describe('Companies behind operators, by name.')
  .prefault({});

const stageNames = (description: string) => several(name('A stage.'), 'stage names', description);

const takes = z
  .partialRecord(
    choice('A class of data.', DATA_CLASSES),
    stageNames('The stages that send it such data.'),
    { error: `expected a mapping from one of ${DATA_CLASSES.join(', ')} to stage names` },
  )
  .describe('The data that it is sent, by class, and by which stages.')
  .prefault({});

export const servicesSchema = byName(
  'a service',
  mapping('A service that no stage plays: keys, licences, logs, metrics, name resolution.', {
    operator: text('Who runs it.'),
    country: country('Country it stands in'),
    neededBy: stageNames('Stages that stop without it.').default([]),
    takes,
    ...supplyFields,
  }),
  'Services that stages need, or send data to, by name.',
).prefault({});

export const residencySchema = byName(
  'a scope',
  mapping('A promise that data of some classes stays in some countries.', {
    classes: several(
      choice('A class of data.', DATA_CLASSES),
      `classes such as [${DATA_CLASSES.slice(0, 2).join(', ')}]`,
      'The data that stays there.',
    ),
    countries: several(
      country('A country'),
      'countries such as [FR]',
      'The countries in which it stays.',
    ),
  }),
  'Promises of where data stays, by name.',
).prefault({});

/** Longer than anybody has kept a record of one thing. */
const RATE_LONGEST = '36500d';

const failing = Object.fromEntries(
  LABEL_KINDS.map((kind) => [kind, text(`The ${kind} that fails.`).optional()]),
) as Record<LabelKind, z.ZodOptional<z.ZodString>>;

const failureRate = z
  .strictObject({
    ...failing,
    every: span('Mean time from one failure to the next.', RATE_LONGEST),
    for: span('Mean length of a failure.', RATE_LONGEST),
  })
  .superRefine((rate, context) => {
    const problem = notOne(rate, LABEL_KINDS);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    if (rate.for >= rate.every)
      context.addIssue({
        code: 'custom',
        path: ['for'],
        message: 'a failure lasts longer than the time from one to the next',
      });
  })
  .meta(oneOfEach(LABEL_KINDS))
  .describe('A rate of failures, of everything that shares one thing.');

export const failuresSchema = list(
  failureRate,
  'list of rates',
  'Stated rates of failures, for the availability over a year.',
).prefault([]);
