// Opens a scenario file that is read again and again with other data in it, as a search does.

import { withCapFiles } from './cap.ts';
import {
  besideFile,
  findDesigns,
  loadScenario,
  onceEach,
  readNamedDesign,
  readScenario,
  readScenarioFile,
  readSource,
  type ReadScenario,
  type ScenarioChoice,
} from './load.ts';
import type { Mapping } from '../fields/mapping.ts';
import { readYaml, type SourceFile } from './sourceFile.ts';
import { withVariant } from './variant.ts';

export interface Opened {
  readonly file: string;
  readonly source: SourceFile;
  /** The same data with its design written in it, where it only names one. */
  readonly withDesign: (data: Mapping) => Mapping;
  readonly read: (data: Mapping) => ReadScenario;
}

/** Throws what `loadScenario` does for the file as it stands. */
export async function openScenario(
  file: string,
  { variant, design }: ScenarioChoice,
): Promise<Opened> {
  await loadScenario(file, { variant, design });
  const designs = findDesigns(file);
  const written = withCapFiles(readSource(readScenarioFile(file), file), besideFile(file));
  const source = variant === undefined ? written : withVariant(written, variant);
  const dataOf = onceEach((name: string) => {
    const found = Object.hasOwn(designs, name) ? designs[name] : undefined;
    return found && readYaml(found.text, found.file).data;
  });
  const base = { ...(source.data as Mapping), ...(design !== undefined && { design }) };
  return {
    file,
    source: { ...source, data: base },
    withDesign: (data) =>
      typeof data.design === 'string'
        ? { ...data, design: dataOf(data.design) ?? data.design }
        : data,
    read: (data) => readScenario({ ...source, data }, (name) => readNamedDesign(name, designs)),
  };
}
