// `import FORMAT FROM`: what other tools know of a chain, as a design on standard output.

import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TextFile } from '../../exchange/format.ts';
import { IMPORTERS } from '../../exchange/registry.ts';
import { badArgument } from '../../model/errors.ts';
import { readText } from '../../scenario/readText.ts';
import { designFile } from '../designFile.ts';
import { optionsFor } from '../formatOptions.ts';
import { print, say } from '../terminal.ts';
import type { ImportArguments } from '../commands/import.ts';

export function importDesign(argv: ImportArguments): void {
  const { format, from, design, name = format, country, over, bfd } = argv;
  const importer = IMPORTERS[format];
  const { text, remarks } = importer.read({
    files: filesAt(from),
    design: designFile(design),
    name,
    options: optionsFor({ country, over, bfd }, importer.takes),
  });
  print(text.trimEnd());
  for (const remark of remarks) say(`note: ${remark}`);
}

/** The file, or every .json in the folder and in those below. */
function filesAt(from: string): readonly TextFile[] {
  const isFolder = statSync(from, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const names = isFolder ? globSync('**/*.{json,JSON}', { cwd: from }) : [];
  if (isFolder && names.length === 0)
    throw badArgument(
      from,
      `no .json file is in ${from}`,
      'docs/suppliers.md says which exports are read',
    );
  const files = isFolder ? names.toSorted().map((name) => join(from, name)) : [from];
  return files.map((file) => ({ file, text: readText(file) }));
}
