// The names that a design gives, read from its file even where its shape is broken, so that what
// refers to them is checked all the same.

import type { Design } from '../model/scenario.ts';
import { unknownName } from './suggest.ts';
import { isMapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** Each undefined when it cannot be known. */
export interface DesignNames {
  readonly stages: readonly string[] | undefined;
  readonly links: readonly string[] | undefined;
  readonly paths: readonly string[] | undefined;
  readonly channels: readonly string[] | undefined;
}

export const NO_NAMES: DesignNames = {
  stages: undefined,
  links: undefined,
  paths: undefined,
  channels: undefined,
};

export const namesInDesign = ({ stages, links, accesses = [], channels }: Design): DesignNames => ({
  stages: stages.map(({ name }) => name),
  links: links.map(({ name }) => name),
  paths: accesses.flatMap(({ paths }) => paths.map(({ name }) => name)),
  channels,
});

/** The design stands at `base` of the file. */
export function namesWritten({ data }: Pick<SourceFile, 'data'>, base: Path): DesignNames {
  const at = (...path: Path) => valueAt(data, [...base, ...path]);
  return {
    stages: mappingKeys(at('stages')),
    links: mappingKeys(at('links')),
    paths: pathsWritten(at('access')),
    channels: namesIn(at('channels')),
  };
}

const mappingKeys = (value: unknown): readonly string[] | undefined =>
  isMapping(value) ? Object.keys(value) : undefined;

const namesIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((name) => typeof name === 'string') ? value : undefined;

/** Where the paths of one access are not known, a name may be one of them. */
function pathsWritten(access: unknown): readonly string[] | undefined {
  if (access === undefined) return [];
  if (!isMapping(access)) return undefined;
  const each = Object.values(access).map((one) => mappingKeys(valueAt(one, ['paths'])));
  return each.includes(undefined) ? undefined : each.flatMap((names) => names ?? []);
}

/** Ends of links that no stage has; what is no name has been reported already. */
export function checkEnds(source: SourceFile, base: Path): Problem[] {
  const { stages, links } = namesWritten(source, base);
  if (!stages || !links) return [];
  return links.flatMap((link) =>
    ['from', 'to'].flatMap((end) => {
      const path = [...base, 'links', link, end];
      const name = valueAt(source.data, path);
      if (typeof name !== 'string' || stages.includes(name)) return [];
      return [source.problemAt(path, unknownName('stage', name, stages))];
    }),
  );
}
