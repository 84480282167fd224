// Defines a target of `npm run fuzz`: something that reads what others wrote.

import type fc from 'fast-check';
import { EXIT, HarnessError, errorMessage } from '../../harness/model/errors.ts';

export interface Target {
  readonly name: string;
  /** Its part of all inputs, beside those of the others. */
  readonly share: number;
  /** Sound inputs to begin from. */
  readonly seeds: readonly string[];
  /** Inputs that are one of these but for a few changes. */
  readonly mutants: (seeds: readonly string[]) => fc.Arbitrary<string>;
  /**
   * Reads it, and answers all that a person would see. Throws HarnessError of exit code 64 where it
   * refuses it; whatever else it throws is a mistake.
   */
  readonly feed: (input: string) => Promise<string> | string;
}

/** An answer, or acceptance, of what cannot be. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}

/** Says what is wrong with how an input was read; undefined when nothing is. */
export async function mistakeOf({ feed }: Target, input: string): Promise<string | undefined> {
  try {
    return leakIn(await answerOf(feed, input), input);
  } catch (error) {
    return error instanceof Error ? String(error.stack).slice(0, 1_500) : String(error);
  }
}

async function answerOf(feed: Target['feed'], input: string): Promise<string> {
  try {
    return await feed(input);
  } catch (error) {
    if (error instanceof HarnessError && error.exitCode === EXIT.usage)
      return `${error.message} ${error.hint ?? ''}`;
    throw error;
  }
}

/** Traces of values that nobody wrote. */
const LEAKS = /\bNaN\b|\bundefined\b|Invalid Date|\[object |call stack|\bInfinity\b/;

/** Tells of a value that is in the answer and was not written. */
function leakIn(answer: string, written: string): string | undefined {
  const leak = /inf|nan|undefined|object|call stack/i.test(written) ? null : LEAKS.exec(answer);
  if (!leak) return undefined;
  return `nobody wrote what is in the answer: ${answer.slice(Math.max(0, leak.index - 100), leak.index + 100)}`;
}

/** Throws where a number in a value is none that JSON can hold. */
export function requireFinite(value: unknown, path = ''): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Mistake(`${path} is ${value}`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inside] of Object.entries(value)) requireFinite(inside, `${path}.${key}`);
}

/** Throws where the same thing, written in another way, is read as something else. */
export function requireSame(first: unknown, again: unknown, how: string): void {
  const [a, b] = [JSON.stringify(first), JSON.stringify(again)];
  if (a === b) return;
  const at = [...(a ?? '')].findIndex((letter, i) => letter !== b?.[i]);
  const part = (text: string | undefined) => text?.slice(Math.max(0, at - 60), at + 60);
  throw new Mistake(`${how} it is read as something else: ${part(a)} became ${part(b)}`);
}

/** Reads what was read once again, in another form; a refusal then is a mistake. */
export async function readAgain<A>(how: string, read: () => Promise<A> | A): Promise<A> {
  try {
    return await read();
  } catch (error) {
    throw new Mistake(`${how} it is refused: ${errorMessage(error)}`, { cause: error });
  }
}
