// Writes the JSON Schemas into the scenarios folder:  node harness/cli/writeSchema.ts

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagedScenarios } from '../scenario/load.ts';
import { schemaFiles } from './schemaFiles.ts';

for (const [kind, text] of Object.entries(schemaFiles()))
  await writeFile(join(packagedScenarios(), `${kind}.schema.json`), text);
