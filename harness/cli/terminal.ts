// The one place where the command line prints. What comes from files (titles, names, journals of
// others) may hold what a terminal obeys; only colours get through.

import { relative, resolve } from 'node:path';
import { EXIT } from '../model/errors.ts';
import { visible } from '../fields/visible.ts';

/** Tabs, and colours and weights as picocolors writes them; not those that hide text. */
const KEPT = /(\t|\u001b\[(?:[0-479]|2[1-9]|[349]\d|10[0-7])m)/;

/** The text with everything but colours made visible. */
export const forTerminal = (text: string): string =>
  text
    .split(KEPT)
    .map((part, i) => (i % 2 === 1 ? part : visible(part)))
    .join('');

/** The shorter of the absolute path and the one from here. */
export function near(file: string): string {
  const [absolute, path] = [resolve(file), relative(process.cwd(), file)];
  return path.length < absolute.length ? path : absolute;
}

/** Writes the answer of a command to standard output. */
export const print = (text: string): void => void process.stdout.write(forTerminal(`${text}\n`));

/** Writes the progress of a command to standard error. */
export const say = (text: string): void => void process.stderr.write(forTerminal(`${text}\n`));

/**
 * A reader that has gone (`| head`) ends nothing: a run heals, cleans up and writes its files, and its
 * exit code is the verdict. A full disk behind `>` is an error.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') return;
      process.exitCode = EXIT.cannotWrite;
      if (stream === process.stdout) say(`error CANNOT_WRITE standard output: ${message}`);
    });
}
