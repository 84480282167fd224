// Reads a whole folder, to be compared with another.

import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder with its bytes as text. */
export const contentOf = (dir: string): (readonly [file: string, text: string])[] =>
  globSync('**/*', { cwd: dir })
    .filter((file) => statSync(join(dir, file)).isFile())
    .toSorted()
    .map((file) => [file, readFileSync(join(dir, file), 'utf8')] as const);
