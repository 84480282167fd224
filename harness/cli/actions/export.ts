// `export FORMAT FILE`: a design or a scenario in the words of other tools, on standard output.

import type { ExportInput } from '../../exchange/format.ts';
import { EXPORTERS } from '../../exchange/registry.ts';
import { loadScenario, parseDesign } from '../../scenario/load.ts';
import { readYaml, valueAt } from '../../scenario/sourceFile.ts';
import { designFile, isDesignFile } from '../designFile.ts';
import { optionsFor } from '../formatOptions.ts';
import { print, say } from '../terminal.ts';
import type { ExportArguments } from '../commands/export.ts';

export async function exportDesign(argv: ExportArguments): Promise<void> {
  const { format, file, account, region, role } = argv;
  const exporter = EXPORTERS[format];
  const options = optionsFor({ account, region, role }, exporter.takes);
  const { text, remarks } = exporter.write({ file, options, ...(await read(argv)) });
  print(text.trimEnd());
  for (const remark of remarks) say(`note: ${remark}`);
}

/** A design says so by its stages; a scenario has a design of its own. */
async function read({
  file,
  variant,
}: ExportArguments): Promise<Pick<ExportInput, 'design' | 'scenario'>> {
  const { text, file: found } = designFile(file);
  const { data } = readYaml(text, found);
  const isDesign = valueAt(data, ['stages']) !== undefined;
  if (isDesign || !isDesignFile(file))
    return { design: parseDesign(text, found), scenario: undefined };
  const scenario = await loadScenario(file, variant === undefined ? {} : { variant });
  return { design: scenario.design, scenario };
}
