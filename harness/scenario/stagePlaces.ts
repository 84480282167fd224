// Finds where the stages of a scenario are written, for errors that only show on a machine.

import { statSync } from 'node:fs';
import type { Scenario } from '../model/scenario.ts';
import { findDesigns } from './load.ts';
import { readText } from './readText.ts';
import { isMapping } from '../fields/mapping.ts';
import { readYaml, valueAt } from './sourceFile.ts';

/**
 * Gives the place of a stage by its name, as `file:line:column`; undefined for a scenario that was
 * built in TypeScript, or whose file is not there any more.
 */
export function findStagePlaces({
  file,
  design,
}: Pick<Scenario, 'file' | 'design'>): (stage: string) => string | undefined {
  // A pipe cannot be read twice.
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return () => undefined;
  const designs = findDesigns(file);
  return (stage) => {
    try {
      const own = readYaml(readText(file), file);
      const written = valueAt(own.data, ['design']);
      const isInline = isMapping(written) && written['name'] === design.name;
      const named = designs[design.name];
      const source = isInline || !named ? own : readYaml(named.text, named.file);
      const path = [...(isInline ? ['design'] : []), 'stages', stage];
      if (valueAt(source.data, path) === undefined) return undefined;
      const { file: at, line, column } = source.problemAt(path, '', 'key');
      return `${at}:${line}:${column}`;
    } catch {
      return undefined;
    }
  };
}
