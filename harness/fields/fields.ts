// The small things scenario files are written in: names, durations, bit rates, picture sizes.
// Each field says what it expects in one phrase; load.ts adds what it got and where.

import { z } from 'zod';
import { DURATION_PATTERN, parseDurationMs } from '../kernel/duration.ts';
import type { Drawn, TimelineEvent } from '../model/scenario.ts';
import { visible } from './visible.ts';

// Functions made at run time are no faster for files of our size, and are compiled anew at each start.
z.config({ jitless: true });

const DURATION_EXPECTED = 'expected a duration such as 40m, 900ms, 1h30m or PT40M';
const SIGNED_PATTERN = new RegExp(`^-?(?:${DURATION_PATTERN.source.slice(1, -1)})$`);
export const RANGE = `${DURATION_PATTERN.source.slice(1, -1)}(?:\\.\\.${DURATION_PATTERN.source.slice(1, -1)})?`;
const RANGE_PATTERN = new RegExp(`^${RANGE}$`);
/** The first of two, or the only one, has a digit that is no zero. */
const FROM_ABOVE_ZERO = /^(?!(?:[^1-9.]|\.(?!\.))*(?:\.\.|$))/;
const NAME = '[a-z0-9]+(?:-[a-z0-9]+)*';
const AFTER_PATTERN = new RegExp(`^${NAME}\\.(?:start|end|overrun)(?: *\\+ *${RANGE})?$`);
const RATE_PATTERN = /^(\d+(?:\.\d+)?)([kM])$/;
const SIZE = String.raw`(\d{2,4})x(\d{2,4})`;
/** The widest picture of television in use, 4096x2160: raw pictures pass through memory. */
const SIDE_MAX = 4096;
const EVEN_SIDES = /^\d+[02468]x\d+[02468](?:@|$)/;
const SIZE_PATTERN = new RegExp(`^${SIZE}$`);
const RUNG_PATTERN = new RegExp(`^${SIZE}@(\\d+(?:\\.\\d+)?[kM])$`);
/** A run of a month; what is longer is a slip of the pen. */
const LONGEST = '30d';
/** A hundred gigabits: what a rehearsal sends is a few megabits. */
const MEMORY_MB_MAX = 16 * 1024 * 1024;
const KBPS_MAX = 100_000_000;
/** Ten times the largest links that are sold, bundled by a hundred. */
const MBPS_MAX = 100_000_000;

/** A list; `what` is expected, as in `list of tags`. */
export const list = <T extends z.ZodType>(item: T, what: string, description: string) =>
  z.array(item, { error: `expected a ${what}` }).describe(description);

/** A mapping of these keys and no others. */
export const mapping = <T extends z.ZodRawShape>(description: string, keys: T) =>
  z.strictObject(keys).describe(description);

/** A text of a pattern, which is read no further when it is another one. */
const written = (pattern: RegExp, error: string) =>
  z.string({ error }).regex(pattern, { error, abort: true });

/** Name of a scenario, channel, stage, link, fault or window; also used in file names. */
export const name = (description: string) =>
  z
    .string({ error: 'expected a name' })
    .regex(new RegExp(`^${NAME}$`), {
      error: 'expected a name of small letters, digits and single dashes',
    })
    .max(60, { error: 'expected a name of at most 60 characters' })
    .describe(description);

/** A mapping by name of things of one kind, as in `a stage`. */
export const byName = <T extends z.ZodType>(kind: string, value: T, description: string) =>
  z
    .record(name(`Name of ${kind}.`), value, {
      error: `expected a mapping from name to ${kind.replace(/^an? /, '')}`,
    })
    .describe(description);

/** Ten times the longest message that cell broadcast carries (15 pages of 93 characters), and more. */
const TEXT_MAX = 16_000;

export const text = (description: string) =>
  z
    .string({ error: 'expected text' })
    .trim()
    .regex(/\S/, { error: 'expected text that is not empty' })
    .max(TEXT_MAX, { error: `expected a text of at most ${TEXT_MAX} characters` })
    .refine((value) => visible(value) === value.replaceAll('\t', '\\u0009'), {
      error: 'expected text without control characters',
    })
    .describe(description);

/** Whole milliseconds once read; `longest` is written as in a file. */
export const duration = (description: string, longest = LONGEST) =>
  durationField({ pattern: DURATION_PATTERN, expected: DURATION_EXPECTED, longest }, description);

const ABOVE_ZERO = 'expected a duration above zero';
const TOO_LONG = { error: `expected a duration of at most ${LONGEST}` };
const isWithinLongest = ({ toMs }: Drawn): boolean => toMs <= parseMs(LONGEST);

/** A duration above zero. */
export const span = (description: string, longest = LONGEST) =>
  durationField(
    { pattern: DURATION_PATTERN, expected: DURATION_EXPECTED, longest, above: /[1-9]/ },
    description,
  ).refine((ms) => ms > 0, { error: ABOVE_ZERO });

/** A duration, or two with `..` between them: drawn from the seed. */
export const drawn = (description: string, min: 'zero' | 'above zero' = 'zero') => {
  const text = written(RANGE_PATTERN, `${DURATION_EXPECTED}, or two as 5m..10m`);
  return (min === 'zero' ? text : text.regex(FROM_ABOVE_ZERO, { error: ABOVE_ZERO, abort: true }))
    .transform(toDrawn)
    .refine(({ fromMs, toMs }) => fromMs <= toMs, { error: 'expected the shorter duration first' })
    .refine(isWithinLongest, TOO_LONG)
    .refine(({ fromMs }) => min === 'zero' || fromMs > 0, { error: ABOVE_ZERO })
    .describe(description);
};

/** A time that people need: `5m`, `5m..10m`, or a median and the time in which nine of ten are done. */
export const humanTime = (description: string) =>
  z
    .union(
      [
        drawn(description),
        mapping(description, {
          p50: span('Half of the times it takes no longer.'),
          p90: span('Nine times of ten it takes no longer.'),
        })
          .refine(({ p50, p90 }) => p50 < p90, {
            error: 'expected a p90 above the p50: this is no distribution',
          })
          .transform(({ p50, p90 }) => ({ p50Ms: p50, p90Ms: p90 })),
      ],
      {
        error:
          'expected a duration such as 5m, 5m..10m or { p50: 5m, p90: 15m }, the p90 above the p50',
      },
    )
    .describe(description);

function toDrawn(text: string): Drawn {
  const [from = '', to = from] = text.split('..');
  return { fromMs: parseMs(from), toMs: parseMs(to) };
}

/** `NAME.end`, `NAME.end + 30s`: something else of the timeline, and a wait. */
export const after = (description: string) => {
  const error = 'expected an event such as NAME.start, NAME.end or NAME.end + 30s';
  return written(AFTER_PATTERN, error)
    .transform((text): { event: TimelineEvent; wait: Drawn } => {
      const [event = '', wait = '0'] = text.split(/ *\+ */);
      const [of = '', what = 'end'] = event.split('.');
      return { event: { of, what: what as TimelineEvent['what'] }, wait: toDrawn(wait) };
    })
    .refine(({ wait }) => isWithinLongest(wait), TOO_LONG)
    .describe(description);
};

/** 0..1 once read. */
export const share = (description: string) => percentage().describe(description);

/** A share of nothing would do nothing. */
export const shareAboveZero = (description: string) =>
  percentage(/[1-9]/)
    .refine((value) => value > 0, { error: ABOVE_ZERO_PERCENT })
    .describe(description);

const ABOVE_ZERO_PERCENT = 'expected a percentage above 0%';

const percentage = (above = /^/) =>
  written(/^\d+(?:\.\d+)?%$/, 'expected a percentage such as 5%')
    .regex(/^0*(?:\d{1,2}(?:\.\d+)?|100(?:\.0+)?)%$/, {
      error: 'expected a percentage up to 100%',
      abort: true,
    })
    .regex(above, { error: ABOVE_ZERO_PERCENT, abort: true })
    .transform((text) => Number(text.slice(0, -1)) / 100);

/** May be negative: before the start of the disrupt phase. */
export const offset = (description: string) =>
  durationField(
    {
      pattern: SIGNED_PATTERN,
      longest: LONGEST,
      expected: `${DURATION_EXPECTED}, or -15m for before`,
    },
    description,
  );

interface Durations {
  readonly pattern: RegExp;
  readonly expected: string;
  readonly longest: string;
  /** A pattern of those that are above zero, where others are refused. */
  readonly above?: RegExp;
}

function durationField({ pattern, expected, longest, above }: Durations, description: string) {
  const text = written(pattern, expected);
  return (above ? text.regex(above, { error: ABOVE_ZERO, abort: true }) : text)
    .refine((text) => Math.abs(parseMs(text)) <= parseMs(longest), {
      error: `expected a duration of at most ${longest}`,
      abort: true,
    })
    .transform((text) => signedMs(text) ?? 0)
    .describe(description);
}

/** Infinite when it is longer than can be counted. */
const parseMs = (text: string): number => signedMs(text) ?? Infinity;

function signedMs(text: string): number | undefined {
  const ms = parseDurationMs(text.replace(/^-/, ''));
  return ms !== undefined && ms !== 0 && text.startsWith('-') ? -ms : ms;
}

/** Kilobits a second once read. */
export const rateKbps = (description: string) =>
  written(RATE_PATTERN, 'expected a bit rate such as 350k or 1.5M')
    .refine((text) => toKbps(text) >= 8, {
      error: 'expected a bit rate of at least 8k',
      abort: true,
    })
    .refine((text) => toKbps(text) <= KBPS_MAX, {
      error: 'expected a bit rate of at most 100000M',
      abort: true,
    })
    .transform(toKbps)
    .describe(description);

const isRate = (text: string): boolean => toKbps(text) >= 8 && toKbps(text) <= KBPS_MAX;

function toKbps(text: string): number {
  const [, amount, unit] = RATE_PATTERN.exec(text) ?? [];
  return Math.round(Number(amount) * (unit === 'M' ? 1000 : 1));
}

/** Megabits a second once read; real links, unlike the small ones of a rehearsal. */
export const rateMbps = (description: string) => {
  const error = 'expected a bit rate such as 800M or 1.25G';
  return written(/^\d+(?:\.\d+)?[MG]$/, error)
    .transform((text) => Number(text.slice(0, -1)) * (text.endsWith('G') ? 1000 : 1))
    .refine((mbps) => mbps > 0, { error: 'expected a bit rate above zero' })
    .refine((mbps) => mbps <= MBPS_MAX, { error: 'expected a bit rate of at most 100000G' })
    .describe(description);
};

/** Megabytes once read. */
export const memoryMb = (description: string) => {
  const error = 'expected an amount of memory such as 512MB or 1.5GB';
  return written(/^\d+(?:\.\d+)?[MG]B$/, error)
    .transform((text) => Math.round(parseFloat(text) * (text.endsWith('GB') ? 1024 : 1)))
    .refine((mb) => mb >= 16, { error: 'expected at least 16MB' })
    .refine((mb) => mb <= MEMORY_MB_MAX, { error: 'expected at most 16384GB' })
    .describe(description);
};

/** Half of a core is 0.5. */
export const cpus = (description: string) =>
  z
    .number({ error: 'expected a number of processor cores such as 0.5' })
    .min(0.01, { error: 'expected at least 0.01 of a core' })
    .max(1024, { error: 'expected at most 1024 cores' })
    .describe(description);

export const country = (description: string) =>
  written(/^[A-Z]{2}$/, 'expected a country code such as FR').describe(
    `${description}, ISO 3166-1 alpha-2.`,
  );

export const size = (description: string) =>
  written(SIZE_PATTERN, 'expected a picture size such as 320x180')
    .regex(EVEN_SIDES, { error: 'expected a picture size with even sides, such as 320x180' })
    .refine(isWithinSides, { error: `expected a picture size of at most ${SIDE_MAX} a side` })
    .transform((text) => sides(text))
    .describe(description);

export const rung = (description: string) =>
  written(RUNG_PATTERN, 'expected a rung such as 320x180@350k')
    .regex(EVEN_SIDES, { error: 'expected a rung with even sides, such as 320x180@350k' })
    .refine(isWithinSides, { error: `expected a rung of at most ${SIDE_MAX} a side` })
    .refine((text) => isRate(text.split('@')[1] ?? ''), {
      error: 'expected a bit rate from 8k to 100000M',
    })
    .transform((text) => ({ ...sides(text), videoKbps: toKbps(text.split('@')[1] ?? '') }))
    .describe(description);

function sides(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d+)x(\d+)/.exec(text) ?? [];
  return { width: Number(width), height: Number(height) };
}

function isWithinSides(text: string): boolean {
  return Math.max(...Object.values(sides(text))) <= SIDE_MAX;
}

export const count = (description: string, min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).describe(description);
};

export const flag = (description: string) =>
  z.boolean({ error: 'expected true or false' }).describe(description);

export const choice = <const T extends readonly [string, ...string[]]>(
  description: string,
  values: T,
) => z.enum(values, { error: `expected one of ${values.join(', ')}` }).describe(description);

export const sources = z
  .record(z.string(), text('The thing read: a fact and its mark, a page, a paper.'), {
    error: 'expected a mapping from mark to text',
  })
  .describe('Where the numbers come from: a mark, and what it stands for.');
