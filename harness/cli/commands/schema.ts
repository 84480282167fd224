// `schema`: the JSON Schemas that editors use for scenarios, designs and change plans.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';
import { print } from '../terminal.ts';
import { SCHEMA_KINDS, schemaFiles } from '../schemaFiles.ts';

export const options = (y: Argv) =>
  y
    .positional('kind', {
      choices: SCHEMA_KINDS,
      default: 'scenario' as const,
    })
    .example('$0 schema > scenario.schema.json', '');

export const act = ({ kind }: Chosen<typeof options>) => {
  print(schemaFiles()[kind].trimEnd());
};
