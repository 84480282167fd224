// Options by what they take: a text, a number, a length of time, names, threads.

import { availableParallelism } from 'node:os';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { parseDurationMs } from '../kernel/duration.ts';

export type { Argv };

/** The arguments of a command, as they follow from the options that it declares. */
export type Chosen<Options> = Options extends (y: Argv) => Argv<infer T>
  ? Readonly<ArgumentsCamelCase<T>>
  : never;

export const textOption = (describe: string) => ({ type: 'string', describe }) as const;

/** A text that is not left empty. */
export const wordOption = (describe: string) =>
  ({ ...textOption(describe), requiresArg: true }) as const;

/** False when it is not said. */
export const flagOption = (describe: string) =>
  ({ type: 'boolean', default: false as boolean, describe }) as const;

type Range = readonly [from: number, to: number];

/**
 * For `.option(name, {...numberOption(name, range, hint), describe})`: yargs itself takes any word for a
 * number, hands on NaN, and makes an error of the command line of what is thrown. `hint` tells what a
 * good value is for.
 */
export const numberOption = (name: string, range: Range, hint: string) =>
  optionOf(name, { range, hint, kind: 'a number', fits: Number.isFinite });

/** A `numberOption` without fractions. */
export const wholeOption = (name: string, range: Range, hint: string) =>
  optionOf(name, { range, hint, kind: 'a whole number', fits: Number.isInteger });

interface Wanted {
  readonly range: Range;
  readonly hint: string;
  readonly kind: string;
  readonly fits: (value: number) => boolean;
}

const optionOf = (name: string, { range: [from, to], hint, kind, fits }: Wanted) => ({
  requiresArg: true as const,
  // A number once it has been looked at; the type is for the help.
  string: true as const,
  coerce: (word: unknown): number => {
    const text = String([word].flat().at(-1));
    const value = Number(text);
    const isNumber = /^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(text.trim()) && fits(value);
    if (isNumber && value >= from && value <= to) return value;
    throw new Error(`--${name} ${text}: expected ${kind} from ${from} to ${to}; ${hint}`);
  },
});

/** Makes milliseconds of what was given. */
export const durationOption =
  (name: string) =>
  (given: unknown): number => {
    const text = String(given);
    const ms = parseDurationMs(text);
    if (ms === undefined || ms === 0)
      throw new Error(`--${name} ${text}: expected a duration such as 45m or 1h30m`);
    return ms;
  };

/** Names with commas between on the command line, a list in the file of settings. */
export const listOption = {
  requiresArg: true as const,
  string: true as const,
  coerce: (given: unknown): readonly string[] =>
    [given]
      .flat()
      .flatMap((word) => String(word).split(','))
      .map((word) => word.trim())
      .filter((word) => word !== ''),
};

/** The option of those commands that take threads. */
export const workersOption = {
  ...wholeOption('workers', [1, 256], 'leave it out to take every core; the answer is the same'),
  default: availableParallelism(),
} as const;
