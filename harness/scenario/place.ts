// A place in a scenario file, and what can be asked of it: works on what is written there, not on
// what could be read of it, so that one error hides no other.

import { isMapping, notOne } from '../fields/mapping.ts';
import type { Design } from '../model/scenario.ts';
import type { DesignNames } from './designNames.ts';
import { unknownName } from './suggest.ts';
import { repeated } from './resolveDesign.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** The design, as far as it could be read. */
export interface ReadDesign {
  /** Undefined when its shape is broken. */
  readonly design: Design | undefined;
  /** Its names, even then. */
  readonly names: DesignNames;
}

/** A mapping of the file; what is inside may still be anything. */
export interface Spot {
  readonly source: SourceFile;
  readonly path: Path;
}

export interface Place extends Spot, ReadDesign {}

export function entries(
  source: SourceFile,
  key: 'windows' | 'faults' | 'viewers' | 'alerts' | 'expect' | 'guardrails',
): Path[] {
  const list = valueAt(source.data, [key]);
  return Array.isArray(list) ? list.map((_, i) => [key, i]) : [];
}

/** The value of a key of it, or of one below that. */
export const said = ({ source, path }: Spot, ...keys: Path): unknown =>
  valueAt(source.data, [...path, ...keys]);

/** Gives the same place one key further in. */
export const inside = <S extends Spot>(spot: S, key: string | number): S => ({
  ...spot,
  path: [...spot.path, key],
});

export const has = (spot: Spot, key: string): boolean => said(spot, key) !== undefined;

/** One problem, at the value of a key of it. */
export const wrong = (
  { source, path }: Spot,
  keys: Path,
  message: string,
  part?: 'key',
): Problem[] => [source.problemAt([...path, ...keys], message, part)];

export function exactlyOne({ source, path }: Spot, keys: readonly string[]): Problem[] {
  const value = valueAt(source.data, path);
  const message = notOne(isMapping(value) ? value : {}, keys);
  return message === undefined ? [] : [source.problemAt(path, message)];
}

export interface Names {
  readonly key: string;
  readonly what: string;
  /** Undefined when they cannot be known. */
  readonly known: readonly string[] | undefined;
}

/** Names of a list that are unknown or there twice; what is no name has been reported already. */
export function checkList({ source, path }: Place, { key, what, known }: Names): Problem[] {
  const value = valueAt(source.data, [...path, key]);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const twice = new Set(repeated(list));
  return list.flatMap((name, i) => {
    const at = (message: string) => [source.problemAt([...path, key, i], message)];
    if (typeof name !== 'string') return [];
    if (known && !known.includes(name)) return at(unknownName(what, name, known));
    return twice.has(i) ? at(`${what} ${name} is there twice`) : [];
  });
}
