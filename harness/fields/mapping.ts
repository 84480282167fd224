// A mapping of a file before its shape is known: anything may be in it.

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys of these that are there. */
export const keysThere = <K extends string>(mapping: Mapping, keys: readonly K[]): K[] =>
  keys.filter((key) => mapping[key] !== undefined);

/** Says it to editors, as metadata of a schema: of each of these lists exactly one key is there. */
export const oneOfEach = (...lists: readonly (readonly string[])[]) => ({
  allOf: lists.map((keys) => ({ oneOf: keys.map((key) => ({ required: [key] })) })),
});

/** Says what is wrong unless exactly one of the keys is there; undefined when it is. */
export function notOne(mapping: Mapping, keys: readonly string[]): string | undefined {
  const there = keysThere(mapping, keys);
  if (there.length === 1) return undefined;
  return `expected exactly one of ${keys.join(', ')}, got ${there.join(' and ') || 'none'}`;
}
