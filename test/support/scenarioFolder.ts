// A folder to call the command line in, with the scenarios of this checkout and no git.

import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Remove it in the end. */
export function makeScenarioFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ecran-noir-suite-'));
  symlinkSync(join(process.cwd(), 'scenarios'), join(dir, 'scenarios'));
  return dir;
}
