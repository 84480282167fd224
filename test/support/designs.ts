// The designs of the project, as tests take them.

import { readFileSync } from 'node:fs';
import type { Design } from '../../harness/model/scenario.ts';
import { parseDesign } from '../../harness/scenario/load.ts';

interface DesignText {
  readonly file: string;
  readonly text: string;
}

export function designText(name: string): DesignText {
  const file = `scenarios/designs/${name}.yaml`;
  return { file, text: readFileSync(file, 'utf8') };
}

/** Their texts by name, as a scenario is parsed with. */
export const designTexts = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, designText(name)])) as Record<Name, DesignText>;

export function readDesign(name: string): Design {
  const { text, file } = designText(name);
  return parseDesign(text, file);
}
