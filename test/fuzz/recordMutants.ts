// Changes of journals: of a field, a line, a bit, by themselves, or as if the journal had been written
// so, with seals that fit.

import fc from 'fast-check';
import { resealed, withoutSeal } from '../support/strip.ts';

const JUNK: readonly unknown[] = [
  ...[null, true, '', 'x', '__proto__', [], {}, [null], { kind: 'x' }],
  ...[0, -1, -0, 0.5, 7, 1e3, 1e9, 1e15, 1e23, 1e300, -1e300, 2 ** 53, '1e999'],
];

interface Change {
  readonly kind: 'remove' | 'put' | 'bend' | 'double' | 'swap' | 'drop' | 'bit' | 'cut';
  /** The first line is as likely as all others. */
  readonly line: number;
  readonly path: readonly number[];
  readonly put: unknown;
  readonly by: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(
    ...(['remove', 'put', 'put', 'bend', 'bend', 'double', 'swap', 'drop', 'bit', 'cut'] as const),
  ),
  line: fc.oneof(fc.constant(0), fc.nat()),
  path: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 7 }),
  put: fc.constantFrom(...JUNK),
  by: fc.double({ min: -3, max: 3, noNaN: true }),
});

/** Journals that were damaged after they had been written. */
export const damagedJournals = (seeds: readonly string[]): fc.Arbitrary<string> =>
  changedJournals(seeds, 2);

/** Journals of a program that writes nonsense, and seals it. */
export const forgedJournals = (seeds: readonly string[]): fc.Arbitrary<string> =>
  changedJournals(seeds, 4).map(forged);

const changedJournals = (seeds: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength }))
    .map(([seed, changes]) => changes.reduce(changed, seed));

/** Journals of version 1 have no seals. */
export function forged(journal: string): string {
  if (journal.startsWith('{"type":"run"') && journal.slice(0, 4_000).includes('"version":1'))
    return journal;
  try {
    return resealed(journal);
  } catch {
    return journal;
  }
}

function changed(journal: string, { kind, line, path, put, by }: Change): string {
  if (kind === 'bit') return withBit(journal, line, path[0] ?? 0);
  if (kind === 'cut') return journal.slice(0, 1 + (line % journal.length));
  const lines = journal.trimEnd().split('\n');
  const at = line % lines.length;
  const text = lines[at] ?? '';
  switch (kind) {
    case 'double':
      return ended(lines.toSpliced(at, 0, text));
    case 'drop':
      return ended(lines.toSpliced(at, 1));
    case 'swap':
      return ended(lines.with(at, lines.at(at - 1) ?? '').with(at - 1, text));
    case 'remove':
    case 'put':
    case 'bend':
      return ended(
        lines.with(
          at,
          inRecord(text, path, (was) => newValue(kind, was, put, by)),
        ),
      );
  }
}

const ended = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function withBit(journal: string, at: number, bit: number): string {
  const bytes = Buffer.from(journal);
  bytes[at % bytes.length]! ^= 1 << (bit % 8);
  return bytes.toString();
}

function newValue(kind: 'remove' | 'put' | 'bend', was: unknown, put: unknown, by: number) {
  if (kind === 'remove') return undefined;
  return kind === 'bend' && typeof was === 'number' ? was * by : put;
}

/** The line with something new at a place of its record; its seal stays as it is. */
function inRecord(line: string, path: readonly number[], by: (was: unknown) => unknown): string {
  try {
    const seal = line.slice(withoutSeal(line).length - 1);
    const json = JSON.stringify(replaced(JSON.parse(withoutSeal(line)), path, by)) ?? '';
    return seal === '}' ? json : `${json.slice(0, -1)}${seal}`;
  } catch {
    return line;
  }
}

/** A path is the number of a key at each level; what is no object is replaced whole. */
export function replaced(
  value: unknown,
  [step, ...path]: readonly number[],
  by: (was: unknown) => unknown,
): unknown {
  if (typeof value !== 'object' || value === null || step === undefined) return by(value);
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return by(value);
  const inside = replaced((value as Record<string, unknown>)[key], path, by);
  return Array.isArray(value) ? value.with(Number(key), inside) : { ...value, [key]: inside };
}

/** JSON objects, one of whose values is another one. */
export const changedObjects = (seeds: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([seed, changes]) =>
      changes.reduce(
        (line, { kind, path, put, by }) =>
          inRecord(line, path, (was) => newValue(kind === 'bend' ? kind : 'put', was, put, by)),
        seed,
      ),
    );
