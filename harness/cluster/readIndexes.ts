// Numbers in the short form of clusters.

/** `3`, `1-4`, `1,3-4%2`; no number in an empty one. */
export const readIndexes = (list = ''): number[] =>
  list
    .replace(/%.*$/, '')
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = NaN, last = first] = part.split('-').map(Number);
      return Number.isNaN(first)
        ? []
        : Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
