// Writes the JSON Schemas into the scenarios folder:  node harness/scenario/writeSchema.ts

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaFiles } from './jsonSchema.ts';
import { packagedScenarios } from './load.ts';

for (const [kind, text] of Object.entries(schemaFiles()))
  await writeFile(join(packagedScenarios(), `${kind}.schema.json`), text);
