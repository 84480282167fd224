// Variants of a scenario: the same file with a few things said differently, such as work that is
// on time instead of late. A variant is laid over the data before it is checked, and problems in
// what it says point at the variant, not at what it replaces.

import { unknownName } from './suggest.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** Lists in the file whose entries a variant names; viewers may be one group and no list. */
const NAMED_LISTS = ['windows', 'faults', 'viewers', 'alerts'] as const;

export function variantNames(source: SourceFile): readonly string[] {
  const variants = valueAt(source.data, ['variants']);
  return isMapping(variants) ? Object.keys(variants) : [];
}

/** The file as it reads with the variant laid over it. */
export function withVariant(source: SourceFile, variant: string): SourceFile {
  const base = isMapping(source.data) ? source.data : {};
  const patch = valueAt(source.data, ['variants', variant]);
  const changes = isMapping(patch) ? patch : {};
  const rest = Object.fromEntries(Object.entries(base).filter(([key]) => key !== 'variants'));
  return {
    ...source,
    data: laidOver(rest, changes),
    problemAt: (path, message, part) =>
      source.problemAt(variantPlace(path, { source, base, variant }), message, part),
    writtenAt: (path) => source.writtenAt(variantPlace(path, { source, base, variant })),
  };
}

/** A variant that changes what is not there. */
export function checkVariants(source: SourceFile): Problem[] {
  return variantNames(source).flatMap((variant) =>
    NAMED_LISTS.flatMap((list) => {
      const path = ['variants', variant, list];
      const changed = valueAt(source.data, path);
      // One group of viewers has no name, also where it is not written.
      if (list === 'viewers' && !Array.isArray(valueAt(source.data, [list]))) return [];
      const known = namesInList(valueAt(source.data, [list])).filter((name) => name !== undefined);
      return Object.keys(isMapping(changed) ? changed : {})
        .filter((name) => !known.includes(name))
        .map((name) =>
          source.problemAt([...path, name], unknownName(list.slice(0, -1), name, known), 'key'),
        );
    }),
  );
}

function laidOver(base: Mapping, changes: Mapping): Mapping {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    const list = base[key];
    const isNamed = NAMED_LISTS.some((named) => named === key);
    // Told by checkVariants.
    if (isNamed && key !== 'viewers' && list === undefined) continue;
    merged[key] =
      isNamed && Array.isArray(list) && isMapping(change)
        ? list.map((entry: unknown) => {
            const name = nameIn(entry) ?? '';
            return Object.hasOwn(change, name) ? merge(entry, change[name]) : entry;
          })
        : merge(list, change);
  }
  return merged;
}

/** Mappings are merged key by key, everything else is replaced; null takes a key away. */
function merge(base: unknown, change: unknown): unknown {
  if (!isMapping(change)) return change;
  const merged: Record<string, unknown> = isMapping(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(change))
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  return merged;
}

interface Laid {
  readonly source: SourceFile;
  readonly base: Mapping;
  readonly variant: string;
}

/** Finds where the file says it: in the variant when it does, else where it always stood. */
function variantPlace(path: Path, { source, base, variant }: Laid): Path {
  const [key = '', index, ...rest] = path;
  const named = NAMED_LISTS.some((list) => list === key) && typeof index === 'number';
  const own = named ? [key, namesInList(base[key])[index] ?? '', ...rest] : path;
  const inVariant = ['variants', variant, ...own];
  const depth = (at: Path) =>
    at.filter((_, i) => valueAt(source.data, at.slice(0, i + 1)) !== undefined).length;
  return depth(inVariant) - 2 > depth(path) || valueAt(source.data, inVariant) !== undefined
    ? inVariant
    : path;
}

const namesInList = (list: unknown): (string | undefined)[] =>
  Array.isArray(list) ? list.map(nameIn) : [];

/** Alerts have an identifier in place of a name. */
function nameIn(entry: unknown): string | undefined {
  const name = isMapping(entry) ? (entry.name ?? entry.id) : undefined;
  return typeof name === 'string' ? name : undefined;
}
