// The YAML shape of what goes wrong: faults on the timeline and maintenance windows.

import { z } from 'zod';
import { KEYS, keysOn } from '../faults/kinds.ts';
import { PATH_KEYS, pathFields } from '../faults/path.ts';
import { withdrawField } from '../faults/withdraw.ts';
import {
  clockTime,
  drawnMoment,
  LENGTH_KEYS,
  moment,
  signedMoment,
  zone,
} from '../fields/clockFields.ts';
import {
  after,
  choice,
  count,
  drawn,
  duration,
  humanTime,
  mapping,
  name,
  rateKbps,
  span,
  text,
} from '../fields/fields.ts';
import { oneOfEach } from '../fields/mapping.ts';
import { DRAIN_STYLES } from '../model/access.ts';

const names = (description: string, of: string) =>
  z
    .array(name(`Name of a ${of}.`), { error: `expected a list of ${of} names` })
    .min(1, { error: `expected at least one ${of}, or nothing at all` })
    .meta({ description, uniqueItems: true });

/** The keys for the place of a fault; exactly one of these. */
export const PLACE_KEYS = ['links', 'stages', 'paths', 'target'] as const;
/** The same of a fault, which may also say who withdraws instead. */
export const FAULT_PLACE_KEYS = [...PLACE_KEYS, 'withdraw'] as const;
/** The keys for the start of a fault; exactly one of these. */
export const START_KEYS = ['at', 'after'] as const;
/** The keys for what happens there; exactly one of these. */
export const KEYS_ON = {
  links: keysOn('links'),
  stages: keysOn('stages'),
  paths: PATH_KEYS,
  target: PATH_KEYS,
  withdraw: [],
} as const satisfies Record<(typeof FAULT_PLACE_KEYS)[number], readonly string[]>;

/** Says to editors what `checkFault` says to people: one place, and one of the kinds that go with it. */
const placed = (places: readonly (keyof typeof KEYS_ON)[]) => [
  ...oneOfEach(places).allOf,
  {
    oneOf: places.map((place) => ({
      required: [place],
      ...(place !== 'withdraw' && oneOfEach(KEYS_ON[place])),
    })),
  },
];

/** Kinds of things that stand for every path that has them. */
export const TARGET_KEYS = ['device', 'location', 'operator', 'country'] as const;

const placeFields = {
  links: names('The links it acts on.', 'link').optional(),
  channels: names('Channels whose flow it acts on; all when not said.', 'channel').optional(),
  direction: choice('One way only: forward runs from the from of the link to its to.', [
    'forward',
    'backward',
  ]).optional(),
  stages: names('The stages it acts on.', 'stage').optional(),
  paths: names('The paths of an access that it acts on.', 'path').optional(),
  target: mapping('Every path that has this: exactly one of device, location, operator, country.', {
    device: text('Every path on this device.').optional(),
    location: text('Every path at this location.').optional(),
    operator: text('Every path of this operator.').optional(),
    country: text('Every path in this country.').optional(),
  })
    .meta(oneOfEach(TARGET_KEYS))
    .optional(),
};

/** The keys of every kind in the catalogue; what they hold is known to the kind alone. */
const kindFields = Object.fromEntries(
  KEYS.map(({ key, writing }) => [key, writing.field.optional()]),
) as Readonly<Record<never, z.ZodType>>;

const faultFields = { ...placeFields, ...kindFields, ...pathFields };

const profileFields = {
  flap: mapping('On and off in turn for as long as it lasts.', {
    on: span('In force for this long,'),
    off: span('then not for this long.'),
  }).optional(),
  ramp: mapping('Grow to the full size in steps, then stay.', {
    over: span('Time to the full size.'),
    steps: count('Equal steps up to the full size.', 2, 100).default(5),
    from: rateKbps('Where a bandwidth starts to shrink from.').optional(),
  }).optional(),
  fall: mapping('Shrink in steps before it ends, instead of all at once.', {
    over: span('Time from the full size to the end.'),
    steps: count('Equal steps back to nothing.', 2, 100).default(5),
    to: rateKbps('Where a bandwidth grows back to.').optional(),
  }).optional(),
};

export const faultSchema = mapping('A fault on the timeline: when, where, and what.', {
  name: name('Name of the fault; unique in the scenario.'),
  zone: zone('The clock its times are by; that of the scenario when not said.').optional(),
  at: drawnMoment(
    'When it starts: from the start of the disrupt phase, where 5m..10m draws it, or by the clock.',
  ).optional(),
  after: after('The moment that it starts after, such as NAME.end or NAME.start + 30s.').optional(),
  for: drawn('The time that it lasts; 30s..2m draws it.', 'above zero').optional(),
  end: clockTime('Its end by the clock, instead of for.').optional(),
  every: drawn('It comes again this long after it last started.', 'above zero').optional(),
  until: moment('It does not start any more later than this; or by the clock.').optional(),
  times: count('The number of times that it comes.', 1, 500).optional(),
  withdraw: withdrawField.optional(),
  ...profileFields,
  ...faultFields,
}).meta({ allOf: [...oneOfEach(START_KEYS, LENGTH_KEYS).allOf, ...placed(FAULT_PLACE_KEYS)] });

const restore = mapping('The order in which channels come back; all at once when not said.', {
  order: z
    .union(
      [
        z.literal('random').describe('Drawn from the seed.'),
        names('Channels in their order.', 'channel'),
      ],
      {
        error: 'expected random, or a list of channel names',
      },
    )
    .describe('Channels as they come back, those not named last, together; random draws it.')
    .optional(),
  pace: duration('Time between one channel and the next; 0 = all at once.').prefault('0s'),
});

export const drainField = mapping('Moving traffic away beforehand; not done when not said.', {
  style: choice('The way traffic is moved away before the work.', DRAIN_STYLES),
  lead: duration('The time before the work.').prefault('10m'),
});

export const windowSchema = mapping('A maintenance window: announced work that causes a fault.', {
  name: name('Name of the window; unique in the scenario.'),
  owner: text('Who does the work.'),
  zone: zone('The clock its times are by; that of the scenario when not said.').optional(),
  announced: mapping('The announced interval; the work as planned when not said.', {
    from: signedMoment(
      'Start of the announced interval: -15m is before the disrupt phase; or by the clock.',
    ),
    for: span('Length of the announced interval.').optional(),
    end: clockTime('Its end by the clock, instead of for.').optional(),
    on: clockTime('When those it concerns were told.').optional(),
  })
    .meta(oneOfEach(LENGTH_KEYS))
    .optional(),
  drain: drainField.optional(),
  work: mapping('The work, and the fault it causes.', {
    at: moment(
      'When the work takes its target away: from the start of the disrupt phase, or by the clock.',
    ),
    for: span('The time that it was meant to take.').optional(),
    end: clockTime('When it was meant to end by the clock, instead of for.').optional(),
    ...faultFields,
  }).meta({ allOf: [...oneOfEach(LENGTH_KEYS).allOf, ...placed(PLACE_KEYS)] }),
  overrun: duration('The time that the work takes longer than meant.').prefault('0s'),
  rollback: mapping('The work is given up and undone instead of finished.', {
    after: span('Decided this long after the work began.'),
    takes: duration('The time that it takes to undo.'),
  }).optional(),
  operator: mapping(
    'The people who end the work, instead of its planned length: drawn from the seed.',
    {
      detect: humanTime('From the start of the work until somebody knows.'),
      declare: humanTime('From then until it is decided to undo it.'),
      rollback: humanTime('From then until it is undone.'),
    },
  ).optional(),
  restore: restore.prefault({}),
});

export type FaultFile = z.output<typeof faultSchema>;
export type WindowFile = z.output<typeof windowSchema>;
