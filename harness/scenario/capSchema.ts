// The shape of a CAP 1.2 message (OASIS Standard, 1 July 2010), element by element in its order.

import { z } from 'zod';
import { text } from '../fields/fields.ts';

const DATE = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-](?:0\d|1[0-4]):[0-5]\d$/;

const isDay = (year: number, month: number, day: number): boolean =>
  new Date(Date.UTC(year, month - 1, day))
    .toISOString()
    .startsWith(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

/** CAP wants the offset written out, as +02:00, and -00:00 for UTC. */
const date = z.string({ error: 'expected one date and time' }).refine(
  (value) => {
    const [, year, month, day] = DATE.exec(value) ?? [];
    return year !== undefined && isDay(Number(year), Number(month), Number(day));
  },
  { error: 'expected a date and time with its offset such as 2025-09-12T22:25:00+02:00' },
);

/** Longer than any message that is read to people. */
const LONG_MAX = 5_000;
const long = text('A text.').refine((value) => value.length <= LONG_MAX, {
  error: `expected a text of at most ${LONG_MAX} characters`,
});
const word = text('A text.');
const token = word.regex(/^[^\s,<&]+$/, {
  error: 'expected a name without spaces, commas, < and &',
});
const oneOf = (...words: [string, ...string[]]) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` });
const number = z
  .string({ error: 'expected a number' })
  .regex(/^[+-]?\d+(?:\.\d+)?$/, { error: 'expected a number' });
const pair = z.strictObject({ valueName: word, value: z.string() });

/** Text of all lists together may be a megabyte: their entries are looked at one by one. */
const list = <T extends z.ZodType>(one: T) => z.array(one).optional();

const area = z.strictObject({
  areaDesc: word,
  polygon: list(
    z
      .string()
      .regex(/^\s*(?:-?[\d.]+,-?[\d.]+\s*){4,}$/, { error: 'expected at least four points' }),
  ),
  circle: list(
    z
      .string()
      .regex(/^\s*-?[\d.]+,-?[\d.]+ [\d.]+\s*$/, { error: 'expected a point and a radius' }),
  ),
  geocode: list(pair),
  altitude: number.optional(),
  ceiling: number.optional(),
});

const resource = z.strictObject({
  resourceDesc: word,
  mimeType: word,
  size: number.optional(),
  uri: word.optional(),
  derefUri: z.string().optional(),
  digest: word.optional(),
});

const info = z.strictObject({
  language: word.optional(),
  category: z.array(
    oneOf(
      'Geo',
      'Met',
      'Safety',
      'Security',
      'Rescue',
      'Fire',
      'Health',
      'Env',
      'Transport',
      'Infra',
      'CBRNE',
      'Other',
    ),
    { error: 'expected a category' },
  ),
  event: word,
  responseType: list(
    oneOf(
      'Shelter',
      'Evacuate',
      'Prepare',
      'Execute',
      'Avoid',
      'Monitor',
      'Assess',
      'AllClear',
      'None',
    ),
  ),
  urgency: oneOf('Immediate', 'Expected', 'Future', 'Past', 'Unknown'),
  severity: oneOf('Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'),
  certainty: oneOf('Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'),
  audience: word.optional(),
  eventCode: list(pair),
  effective: date.optional(),
  onset: date.optional(),
  expires: date.optional(),
  senderName: word.optional(),
  headline: long.optional(),
  description: long.optional(),
  instruction: long.optional(),
  web: word.optional(),
  contact: word.optional(),
  parameter: list(pair),
  resource: list(resource),
  area: list(area),
});

export const capSchema = z.strictObject({
  identifier: token,
  sender: token,
  sent: date,
  status: oneOf('Actual', 'Exercise', 'System', 'Test', 'Draft'),
  msgType: oneOf('Alert', 'Update', 'Cancel', 'Ack', 'Error'),
  source: word.optional(),
  scope: oneOf('Public', 'Restricted', 'Private'),
  restriction: word.optional(),
  addresses: word.optional(),
  code: list(word),
  note: word.optional(),
  references: word.optional(),
  incidents: word.optional(),
  info: list(info),
});

export type CapMessage = z.output<typeof capSchema>;

/** The order of the elements inside each element that has some. */
export const CAP_ORDERS = {
  alert: Object.keys(capSchema.shape),
  info: Object.keys(info.shape),
  area: Object.keys(area.shape),
  resource: Object.keys(resource.shape),
};

/** Elements that may come more than once. */
export const CAP_LISTS: ReadonlySet<string> = new Set([
  ...['code', 'info', 'category', 'responseType', 'eventCode', 'parameter', 'resource', 'area'],
  ...['polygon', 'circle', 'geocode'],
]);
