// The JSON Schemas that editors read, made from the definitions that the harness checks with.

import { z } from 'zod';
import { mappingSchema } from '../check/notices/mapping.ts';
import { changePlanSchema } from '../check/changePlan/schema.ts';
import { designSchema } from '../scenario/designSchema.ts';
import { scenarioSchema } from '../scenario/schema.ts';

/** Kinds of files that people write. */
export const SCHEMA_KINDS = ['scenario', 'design', 'change-plan', 'notice-mapping'] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];

/** Text of the schema of each kind of file; `scenarios/<kind>.schema.json` holds the same. */
export const schemaFiles = (): Readonly<Record<SchemaKind, string>> => ({
  scenario: schemaText(scenarioSchema, 'Écran noir scenario'),
  design: schemaText(designSchema, 'Écran noir design'),
  'change-plan': schemaText(changePlanSchema, 'Écran noir change plan'),
  'notice-mapping': schemaText(mappingSchema, 'Écran noir mapping of a table of changes'),
});

/** The input side: what people write, before defaults and units. */
const schemaText = (schema: z.ZodType, title: string): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`;
