// `schema`: the JSON Schemas that editors use for scenarios, designs and change plans.

import type { Command } from '../command.ts';
import { print } from '../terminal.ts';
import { SCHEMA_KINDS, schemaFiles, type SchemaKind } from '../schemaFiles.ts';

interface SchemaArguments {
  readonly kind: SchemaKind;
}

export const schemaCommand: Command<SchemaArguments> = {
  builder: (y) =>
    y
      .positional('kind', {
        choices: SCHEMA_KINDS,
        default: 'scenario' as const,
      })
      .example('$0 schema > scenario.schema.json', ''),
  handler: ({ kind }) => {
    print(schemaFiles()[kind].trimEnd());
  },
};
