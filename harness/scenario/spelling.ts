// Finds names of one thing that are spelled in two ways: they would be taken for two things, each of
// them independent of the other.

import type { DesignMistake } from '../design/mistakes.ts';
import type { Design } from '../model/scenario.ts';

interface Spelled extends Pick<DesignMistake, 'at'> {
  readonly name: string;
}

export function spellingMistakes(design: Design): DesignMistake[] {
  return [operatorsIn(design), pathsIn(design, 'device'), pathsIn(design, 'location')].flatMap(
    (named) => {
      const first = new Map<string, string>();
      return named.flatMap(({ at, name }) => {
        const key = plain(name);
        const other = first.get(key) ?? name;
        first.set(key, other);
        return other === name
          ? []
          : [{ at, message: `is spelled ${other} elsewhere: write it alike` }];
      });
    },
  );
}

const plain = (name: string): string =>
  name.normalize('NFKC').replaceAll(/\s+/g, ' ').toLowerCase();

const operatorsIn = ({ stages, accesses = [], services = [] }: Design): readonly Spelled[] => [
  ...stages.map(({ name, operator }) => ({ at: ['stages', name, 'operator'], name: operator })),
  ...accesses.flatMap((access) =>
    access.paths.map(({ name, operator }) => ({
      at: ['access', access.name, 'paths', name, 'operator'],
      name: operator,
    })),
  ),
  ...services.map(({ name, operator }) => ({ at: ['services', name, 'operator'], name: operator })),
];

const pathsIn = ({ accesses = [] }: Design, key: 'device' | 'location'): readonly Spelled[] =>
  accesses.flatMap((access) =>
    access.paths.map((path) => ({
      at: ['access', access.name, 'paths', path.name, key],
      name: path[key],
    })),
  );
