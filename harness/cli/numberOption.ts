// Options that are numbers: yargs itself takes any word for one, and hands on NaN.

interface Range {
  readonly from: number;
  readonly to: number;
  /** Fractions are taken where it is not said. */
  readonly whole?: boolean;
  /** Tells the user what a good value is for. */
  readonly hint: string;
}

/** For `.option(name, {...numberOption(name, range), describe})`; yargs makes an error of the command line of what is thrown. */
export const numberOption = (name: string, range: Range) => ({
  requiresArg: true as const,
  // A number once it has been looked at; the type is for the help.
  string: true as const,
  coerce: (word: unknown): number => numberFrom(name, word, range),
});

/** A `numberOption` without fractions; `hint` tells what a good value is for. */
export const wholeOption = (
  name: string,
  [from, to]: readonly [from: number, to: number],
  hint: string,
) => numberOption(name, { from, to, whole: true, hint });

function numberFrom(name: string, word: unknown, { from, to, whole, hint }: Range): number {
  const words = Array.isArray(word) ? word : [word];
  const value = Number(words.at(-1));
  const text = String(words.at(-1));
  const right = /^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(text.trim()) && value >= from && value <= to;
  if (right && (whole !== true || Number.isInteger(value))) return value;
  const kind = whole === true ? 'a whole number' : 'a number';
  throw new Error(`--${name} ${text}: expected ${kind} from ${from} to ${to}; ${hint}`);
}
