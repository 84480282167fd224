// `schema`: the JSON Schemas that editors use for scenarios, designs and change plans.

import { print } from '../terminal.ts';
import { SCHEMA_KINDS, schemaFiles } from '../schemaFiles.ts';
import type { Argv, Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('kind', {
      choices: SCHEMA_KINDS,
      default: 'scenario' as const,
      describe: 'the kind of file',
    })
    .example('$0 schema > scenario.schema.json', '');

export const act = ({ kind }: Chosen<typeof options>) => {
  print(schemaFiles()[kind].trimEnd());
};
