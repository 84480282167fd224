// Numbers in the short form of clusters.

/** `3`, `1-4`, `1,3-4%2`. */
export const readIndexes = (list = ''): number[] =>
  list
    .replace(/%.*$/, '')
    .split(',')
    .flatMap((part) => {
      const [first = NaN, last = first] = part.split('-').map(Number);
      return Number.isNaN(first)
        ? []
        : Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
