// Reads files of processes, which may have ended.

import { readFileSync } from 'node:fs';

/** Gives the text of a file, empty where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
