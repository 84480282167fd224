// A list of names on the command line, with commas between.

import { badArgument } from '../model/errors.ts';
import { unknownName } from '../scenario/suggest.ts';
import { findFleet, pagePlayers, PLAYERS } from '../../players/registry.ts';

/** Players that a wall can show. */
export const WALL_PLAYERS = Object.keys(pagePlayers(Object.keys(PLAYERS)));

/** Players that show pictures: those of a wall, and set-top boxes. */
export const PICTURE_PLAYERS = Object.keys(PLAYERS).filter((name) => findFleet(name) !== 'light');

/** The names, each once. Throws ARGUMENT_INVALID for one that is not known. */
export function namesIn<T extends string>(
  list: string,
  option: string,
  known: readonly T[],
): readonly T[] {
  const names = [...new Set(list.split(',').map((name) => name.trim()))];
  const strange = names.find((name) => !known.some((one) => one === name));
  if (strange === undefined) return names as T[];
  const message = `${option}: ${unknownName('name', strange, known)}`;
  throw badArgument(option, message, `write them with commas between: ${known.join(',')}`);
}
