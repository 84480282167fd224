// Many viewers are played in parts, each on a chain of its own: how they are dealt depends on the plan
// alone, so that any number of threads gives the same journal.

import type { ViewerDescription } from '../model/history.ts';

/** An edge that so many ask has an answer of every moment in its cache, as one that more ask has. */
export const PART_VIEWERS_MAX = 50;

/** Gives the names of the viewers of every part, of parts that are as large as each other. */
export function dealParts(
  viewers: readonly Pick<ViewerDescription, 'id'>[],
): readonly (readonly string[])[] {
  const parts = Math.max(1, Math.ceil(viewers.length / PART_VIEWERS_MAX));
  const size = viewers.length / parts;
  return Array.from({ length: parts }, (_, part) =>
    viewers.slice(Math.round(part * size), Math.round((part + 1) * size)).map(({ id }) => id),
  );
}

/** Gives a sentence for every output where there are several parts. */
export const sayParts = (parts: readonly unknown[]): readonly string[] =>
  parts.length < 2
    ? []
    : [
        `Its viewers were played in ${parts.length} parts, each at edges that the others do not load.`,
      ];
