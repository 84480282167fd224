/** The middle one, of an even number the upper one of the middle two; undefined of none. */
export const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
