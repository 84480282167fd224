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

/** The places of what a list of the file holds; none where there is no list. */
export const entries = (source: SourceFile, ...path: Path): Path[] =>
  listSaid({ source, path }).map((_, i) => [...path, i]);

/** The value of a key of it, or of one below that. */
export const said = ({ source, path }: Spot, ...keys: Path): unknown =>
  valueAt(source.data, [...path, ...keys]);

/** The entries of a list; none where there is no list. */
export function listSaid(spot: Spot, ...keys: Path): readonly unknown[] {
  const value = said(spot, ...keys);
  return Array.isArray(value) ? value : [];
}

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

export function exactlyOne(spot: Spot, keys: readonly string[]): Problem[] {
  const value = said(spot);
  const message = notOne(isMapping(value) ? value : {}, keys);
  return message === undefined ? [] : wrong(spot, [], message);
}

export interface Names {
  readonly key: string;
  readonly what: string;
  /** Undefined when they cannot be known. */
  readonly known: readonly string[] | undefined;
}

/** Names of a list that are unknown or there twice; what is no name has been reported already. */
export function checkList(spot: Spot, { key, what, known }: Names): Problem[] {
  const list = listSaid(spot, key);
  const twice = new Set(repeated(list));
  return list.flatMap((name, i) => {
    const at = (message: string) => wrong(spot, [key, i], message);
    if (typeof name !== 'string') return [];
    if (known && !known.includes(name)) return at(unknownName(what, name, known));
    return twice.has(i) ? at(`${what} ${name} is there twice`) : [];
  });
}
