// Guesses the word that a mistyped one was meant to be, and tells of a name that nothing has.

import { closest, distance } from 'fastest-levenshtein';
import { shortened } from '../fields/visible.ts';

/** A third of the letters may be wrong, at least one, as in most spelling correctors. */
const WRONG_SHARE_MAX = 1 / 3;

/** The number of names above which no slip of the pen is looked for, because looking takes time. */
const KNOWN_MAX = 200;
const LETTERS_MAX = 100;
const LISTED_MAX = 40;

/** The nearest of all, or undefined when none is near. */
export function suggest(word: string, all: readonly string[]): string | undefined {
  const known = all.filter(({ length }) => length <= LETTERS_MAX);
  if (known.length === 0 || known.length > KNOWN_MAX || word.length > LETTERS_MAX) return undefined;
  const swapped = known.find((k) => sortedLetters(k) === sortedLetters(word));
  if (swapped !== undefined) return swapped;
  const best = closest(
    word.toLowerCase(),
    known.map((k) => k.toLowerCase()),
  );
  const wrong = distance(word.toLowerCase(), best);
  if (wrong > Math.max(1, Math.ceil(word.length * WRONG_SHARE_MAX))) return undefined;
  return known.find((k) => k.toLowerCase() === best);
}

const sortedLetters = (word: string): string => [...word.toLowerCase()].toSorted().join('');

/** `, did you mean x?`, or nothing; for the end of a message. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = suggest(word, known);
  return best === undefined || best === word ? '' : `; did you mean ${best}?`;
}

/** `a, b, c`, or the first of many. */
export const listed = (known: readonly string[]): string =>
  known.length > LISTED_MAX
    ? `${known.slice(0, LISTED_MAX).join(', ')} and ${known.length - LISTED_MAX} more`
    : known.join(', ');

export const unknownName = (what: string, name: string, known: readonly string[]): string =>
  `no ${what} is called ${shortened(name)}; there are ${listed(known) || 'none'}${didYouMean(name, known)}`;
