// The TypeScript files of the product, for tests that count who knows a kind.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProductFile {
  readonly file: string;
  readonly text: string;
}

/** Lists the files that git tracks, with their texts. */
export const productFiles = (): readonly ProductFile[] =>
  execFileSync('git', ['ls-files', 'harness', 'reports', 'players'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

/** Lists the files whose text has this in it. */
export const filesWith = (words: string): readonly string[] =>
  productFiles().flatMap(({ file, text }) => (text.includes(words) ? [file] : []));
