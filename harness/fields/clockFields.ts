// Clock times as files write them. They become instants where the time zone is known: in a change
// plan (harness/check), or in a scenario before its shape is looked at (clockTimes.ts).

import { z } from 'zod';
import { DURATION_PATTERN } from '../kernel/duration.ts';
import { drawn, duration, offset, RANGE, text } from './fields.ts';

/** The keys for how long something lasts; exactly one of these. */
export const LENGTH_KEYS = ['for', 'end'] as const;

const CLOCK = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?`;
const CLOCK_PATTERN = new RegExp(`^${CLOCK}$`);
const RELATIVE = DURATION_PATTERN.source.slice(1, -1);
const EXAMPLE = '2025-09-12T22:00, or with its offset 2025-09-12T22:00+02:00';

export const isClockTime = (value: unknown): value is string =>
  typeof value === 'string' && CLOCK_PATTERN.test(value);

/** A time by the clock of a zone; with its offset it needs none. */
export const clockTime = (description: string) =>
  z
    .string({ error: 'expected a time such as 2025-09-12T22:00' })
    .regex(CLOCK_PATTERN, { error: `expected a time such as ${EXAMPLE}` })
    .describe(description);

export const zone = (description: string) =>
  text(`${description} An IANA name such as Europe/Paris.`);

/** A clock time, or a duration from the start of the disrupt phase. */
export const moment = (description: string) => orClock(duration(description), RELATIVE);

/** The same, or a negative duration: before the start of the disrupt phase. */
export const signedMoment = (description: string) =>
  orClock(offset(description), `-?(?:${RELATIVE})`);

/** A clock time or a duration from the start of the disrupt phase, or two that it is drawn between. */
export const drawnMoment = (description: string) =>
  orClock(drawn(description), `${RANGE}|${CLOCK}\\.\\.${CLOCK}`);

/** Describes both to editors; clock times have become durations when the field itself looks. */
const orClock = <T extends z.ZodType>(field: T, relative: string): T =>
  field.meta({ description: field.description, pattern: `^(?:${relative}|${CLOCK})$` });
