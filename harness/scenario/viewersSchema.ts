// The YAML shape of the audience: one group of viewers, or a list of groups with a name each.

import { z } from 'zod';
import type { DayCurve } from '../model/dayCurve.ts';
import { CURVES, type Curves } from '../people/curves.ts';
import { BEHAVIOURS, type Behaviours } from '../people/catalogue.ts';
import { DEFAULT_PLAYER, PLAYERS, type KnownPlayers } from '../../players/registry.ts';
import { drawnMoment, moment } from '../fields/clockFields.ts';
import { choice, duration, mapping, name, shareAboveZero, text } from '../fields/fields.ts';

/** The largest audiences that live television ever had at once. */
export const VIEWERS_MAX = 100_000_000;

/** A thousand viewers in the place of one: nobody models an audience finer than that. */
const WEIGHT_MIN = 0.001;

const policy = mapping('The policy of the application around the player on a fatal error.', {
  onFatal: choice('The thing the application does when the player gives up.', [
    'none',
    'startLoad',
    'reload',
    'fallback',
    'channel',
  ]).default('reload'),
  delay: duration('Wait before it does so.', '1d').prefault('5s'),
  jitter: duration('A random wait on top, up to this.', '1d').prefault('5s'),
}).prefault({});

/** The keys for the times that viewers come and go at, in their order. */
export const MOMENTS = ['joins', 'leaves', 'returns'] as const;

/** A time, or two that it is drawn between: `10s`, `10s..20s`, the same with keys, or by the clock. */
const presence = (description: string) => {
  const time = drawnMoment(description);
  const from = moment('The earliest …');
  const to = moment('… and the latest time.');
  const drawnBetween = mapping(description, { from, to })
    .refine((range) => range.from <= range.to, { error: 'expected the shorter duration first' })
    .transform((range) => ({ fromMs: range.from, toMs: range.to }));
  const keyed = mapping(description, { at: time }).transform(({ at }) => at);
  return z
    .union([time, keyed, drawnBetween], {
      error:
        'expected a time such as 10s, 10s..20s or 2025-09-12T22:05, { at: 10s } or { from: 10s, to: 20s }',
    })
    .describe(description)
    .optional();
};

/** Names of a registry, for a choice of at least one. */
const namesIn = (registry: object) => Object.keys(registry) as [string, ...string[]];

const ZIPF_MAX = 5;
const ZIPF = `expected an exponent from 0 to ${ZIPF_MAX}, such as 1.2`;

/** `20:00`, as minutes of the day. */
const HOUR = /^([01]\d|2[0-3]):([0-5]\d)$/;
const HOUR_EXPECTED = 'expected an hour of the day from 00:00 to 23:59';
const toMinute = (hour: string): number => {
  const [, hours, minutes] = HOUR.exec(hour) ?? [];
  return Number(hours) * 60 + Number(minutes);
};

const HOURS = Object.keys(CURVES).join(', ');
const CURVE = `expected ${HOURS}, or shares of at least 0 by two hours or more, such as { "20:00": 0.9, "21:15": 1 }`;

const SHARE = 'expected a share of at least 0, such as 0.9';

const drawnCurve = z
  .record(
    z.string().regex(HOUR, { error: HOUR_EXPECTED }),
    z.number({ error: SHARE }).min(0, { error: SHARE }),
  )
  .describe('The share of the audience at hours of the local day; straight lines between.')
  .refine((hours) => Object.keys(hours).length > 1, { error: CURVE })
  .refine((hours) => Object.values(hours).some((share) => share > 0), { error: CURVE })
  .transform((hours): DayCurve => ({
    anchors: Object.entries(hours)
      .map(([hour, share]) => ({ minuteOfDay: toMinute(hour), share }))
      .toSorted((a, b) => a.minuteOfDay - b.minuteOfDay),
  }));

const named = choice('A curve by its name.', namesIn(CURVES)).transform(
  (name): DayCurve => (CURVES as Curves)[name]!,
);

const curve = z
  .union([named, drawnCurve], { error: CURVE })
  .describe('Makes their number follow the hour of the zone; all are there where it is highest.');

const switching = mapping(
  'Some of them go to the way of another group while they see no programme.',
  {
    to: name('The group that they watch as from then on.'),
    share: shareAboveZero('The share of them who do so …'),
    within: duration('… within this time without the programme, evenly.', '1d'),
  },
).transform(({ to, share, within }) => ({ to, share, withinMs: within }));

const listCarriages = (players: KnownPlayers) =>
  [...new Set(Object.values(players).map(({ carriage }) => carriage))] as [string, ...string[]];

const fields = (players: KnownPlayers, behaviours: Behaviours) => ({
  count: z
    .int({ error: 'expected a whole number of at least 1' })
    .min(1, { error: 'expected at least 1 viewer: a run without viewers measures nothing' })
    .max(VIEWERS_MAX, { error: 'expected at most 100 million viewers' })
    .describe('Viewers on the wall, dealt over the channels in turn; the control is not counted.')
    .default(6),
  player: choice('The player.', namesIn(players)).default(DEFAULT_PLAYER),
  policy,
  config: z
    .record(z.string(), z.unknown(), { error: 'expected a mapping of player settings' })
    .describe(
      'Settings of the player, by its own keys: those that it declares, and no code or address.',
    )
    .prefault({}),
  weight: z
    .number({ error: 'expected a number above zero' })
    .positive({ error: 'expected a number above zero: who stands for nobody counts for nothing' })
    .min(WEIGHT_MIN, { error: `expected a number of at least ${WEIGHT_MIN}` })
    .max(VIEWERS_MAX, { error: 'expected at most 100 million' })
    .describe('Viewers of the audience that each of them stands for.')
    .optional(),
  channel: name('The channel that they all watch; all channels in turn when not said.').optional(),
  zipf: z
    .number({ error: ZIPF })
    .min(0, { error: ZIPF })
    .max(ZIPF_MAX, { error: ZIPF })
    .describe(
      "The exponent of Zipf's law by which they are dealt over the channels, the first the most watched; evenly when not said.",
    )
    .optional(),
  area: text('The area they live in: an alert may be for some areas only.').optional(),
  carriage: choice(
    "The way the picture gets to them; the player's own when not said.",
    listCarriages(players),
  ).optional(),
  behaviour: choice(
    'The things they do while they see no programme, drawn for each from the seed.',
    namesIn(behaviours),
  ).optional(),
  switches: switching.optional(),
  joins: presence('When they join: after the start of the disrupt phase, or by the clock.'),
  leaves: presence('When they leave: after the start of the disrupt phase, or by the clock.'),
  returns: presence('When they are back: after the start of the disrupt phase, or by the clock.'),
  curve: curve.optional(),
});

export const viewersSchema = (
  players: KnownPlayers = PLAYERS,
  behaviours: Behaviours = BEHAVIOURS,
) => {
  const group = mapping('Viewers who watch alike.', {
    name: name('Name of the group.'),
    ...fields(players, behaviours),
  });
  const one = mapping('Who watches.', fields(players, behaviours));
  const groups = z
    .array(group, { error: 'expected a list of groups' })
    .min(1, { error: 'expected at least one group: a run without viewers measures nothing' })
    .max(100, { error: 'expected at most 100 groups' })
    .describe('Groups of viewers, each with a name.');
  return z
    .union([one, groups], { error: 'expected a group of viewers, or a list of groups' })
    .describe('Who watches.');
};

export type ViewersFile = z.output<ReturnType<typeof viewersSchema>>;
