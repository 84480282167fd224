// `schema`: the JSON Schemas that editors use for scenario and design files.

import type { CommandModule } from 'yargs';
import { schemaFiles } from '../../scenario/jsonSchema.ts';

interface SchemaArguments {
  readonly kind: 'scenario' | 'design';
}

export const schemaCommand: CommandModule<object, SchemaArguments> = {
  command: 'schema [kind]',
  describe: 'Print the JSON Schema of scenario or design files',
  builder: (y) =>
    y
      .positional('kind', {
        choices: ['scenario', 'design'] as const,
        default: 'scenario' as const,
      })
      .example('$0 schema > scenario.schema.json', ''),
  handler: ({ kind }) => {
    process.stdout.write(schemaFiles()[kind]);
  },
};
