// The one place where the command line prints. What comes from files (titles, names, journals of
// others) may hold what a terminal obeys; only colours get through.

import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import type { Terminal } from '../../reports/terminal.ts';
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

/** The terminal behind standard output; a pipe or a file takes `piped` columns. */
export const terminalHere = (piped = 100): Terminal => ({
  columns: process.stdout.columns || piped,
  colours: pc.isColorSupported,
});

/** The end of what a command prints: the files that it wrote. */
export const fileList = (files: readonly string[]): string =>
  `\nfiles\n${files.map((file) => `  ${near(file)}`).join('\n')}`;

const COLOURS = /\u001b\[[\d;]*m/g;
const cells = (text: string): number => text.replace(COLOURS, '').length;

/**
 * Breaks lines that are wider than the terminal between words. A line goes on below where its last
 * column began; tables stay. Text for a file or a pipe stays as it is.
 */
export const fit = (text: string, columns = process.stdout.columns ?? Infinity): string =>
  text
    .split('\n')
    .map((line) => (cells(line) <= columns || /^[┌│├└]/.test(line) ? line : broken(line, columns)))
    .join('\n');

function broken(line: string, columns: number): string {
  const under = ' '.repeat(findIndent(line.replace(COLOURS, ''), columns));
  const [first = '', ...words] = line.split(/(?<=\S +)(?=[^ ])/);
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)}${word}`;
    if (cells(longer.trimEnd()) <= columns) lines[lines.length - 1] = longer;
    else lines.push(under + word);
  }
  return lines.map((one) => one.trimEnd()).join('\n');
}

/** Where the last column of a line begins, unless little room is left for it there. */
function findIndent(line: string, columns: number): number {
  const starts = [...line.matchAll(/ {2,}(?=\S)/g)].map(({ 0: gap, index }) => index + gap.length);
  const own = /^ */.exec(line)?.[0].length ?? 0;
  return starts.findLast((start) => start <= columns / 2 && start > own) ?? own + 2;
}

/** A pipe or a file takes no colours, in a CI system neither, unless FORCE_COLOR asks for them. */
export function writeLine(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  text: string,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const shown = forTerminal(`${text}\n`);
  const inColours = stream.isTTY || Boolean(env['FORCE_COLOR']);
  stream.write(inColours ? shown : shown.replace(COLOURS, ''));
}

export const print = (text: string): void => writeLine(process.stdout, text);

export const say = (text: string): void => writeLine(process.stderr, text);

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
