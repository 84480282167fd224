// The JSON Schemas that editors read, made from the definition that the harness checks with.

import { z } from 'zod';
import { designSchema } from './designSchema.ts';
import { scenarioSchema } from './schema.ts';

/** Text of the schema of each kind of file; `scenarios/<kind>.schema.json` holds the same. */
export const schemaFiles = (): Readonly<Record<'scenario' | 'design', string>> => ({
  scenario: textOf(scenarioSchema, 'Écran noir scenario'),
  design: textOf(designSchema, 'Écran noir design'),
});

/** The input side: what people write, before defaults and units. */
const textOf = (schema: z.ZodType, title: string): string =>
  `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`;
