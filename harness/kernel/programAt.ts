// Finds a program by its place: TypeScript in a checkout, JavaScript in a package.

import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `path` has no extension and begins at the module whose `import.meta.url` is given, which has its. */
export const programAt = (moduleUrl: string, path: string): string =>
  fileURLToPath(new URL(`${path}${extname(fileURLToPath(moduleUrl))}`, moduleUrl));
