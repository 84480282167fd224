// Finds mistakes in the words of a command line, and guesses the words that were meant.

import { badArgument, HarnessError } from '../model/errors.ts';
import { didYouMean, unknownName } from '../scenario/suggest.ts';
import { COMMANDS } from './commands.ts';

interface Called {
  /** The words as they were written. */
  readonly words: readonly string[];
  /** Options of the command; absent where they do not matter, because the value of one is wrong. */
  readonly known?: readonly string[];
}

const nameOf = (usage: string): string => usage.split(' ')[0] ?? '';
const NAMES = [...COMMANDS.map(({ command }) => nameOf(command)), 'completion'];

/** Makes the error for bad arguments from the words of yargs. */
export function badArguments(message: string, { words, known = [] }: Called): HarnessError {
  const [command = ''] = words;
  if (!command.startsWith('-') && !NAMES.includes(command)) return unknownCommand(command);
  const mistake = known.length > 0 ? mistyped(words, known) : undefined;
  const options = unknownOptions(message, words, known) ?? mistake;
  return new HarnessError('ARGUMENT_INVALID', options ?? inOurWords(message, command), {
    hint: `see \`ecran-noir ${NAMES.includes(command) ? command : '<command>'} --help\``,
  });
}

const LISTS = new Set(['_', 'files', 'dirs', 'limit', 'capacity', 'expect']);

/** One of the two values would be dropped without a word; only lists may have several. */
export function refuseTwice(
  argv: Readonly<Record<string, unknown>>,
  words: readonly string[],
): void {
  const timesWritten = (name: string) =>
    words.filter((word) => word === `--${name}` || word.startsWith(`--${name}=`)).length;
  const twice = Object.keys(argv).find((name) => !LISTS.has(name) && timesWritten(name) > 1);
  if (twice === undefined) return;
  throw badArgument(`--${twice}`, `--${twice} is there twice`, 'say it once');
}

function unknownCommand(word: string): HarnessError {
  const isFile = /[/.]/.test(word);
  return new HarnessError('ARGUMENT_INVALID', unknownName('command', word, NAMES), {
    hint: isFile
      ? `to play a file: ecran-noir run ${word}; to see what it does: ecran-noir plan ${word}`
      : 'see `ecran-noir --help`',
  });
}

/** yargs names an option with a dash twice, as it was written and as code has it. */
function unknownOptions(
  message: string,
  words: readonly string[],
  known: readonly string[],
): string | undefined {
  const [, list] = /^Unknown arguments?: (.*)$/.exec(message) ?? [];
  if (list === undefined) return undefined;
  const names = list.split(', ');
  const written = names.filter(
    (name) => !names.some((other) => other !== name && camel(other) === name),
  );
  return written
    .map((name) =>
      words.includes(name) ? `${name} is a word too many` : unknownOption(name, known),
    )
    .join('; ');
}

/** Where something is missing nothing else has been looked at, and the mistake may be in an option. */
function mistyped(words: readonly string[], known: readonly string[]): string | undefined {
  const names = words.flatMap((word) => /^--(?:no-)?([\w-]+)/.exec(word)?.[1] ?? []);
  const name = names.find((one) => !known.includes(one));
  return name && unknownOption(name, known);
}

const unknownOption = (name: string, known: readonly string[]): string =>
  `unknown option --${name}${didYouMean(name, known).replace(/mean (.*)\?/, 'mean --$1?')}`;

const camel = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Choices, and what is missing, in our words. */
function inOurWords(message: string, command: string): string {
  const [, name = '', given = '', choices = ''] =
    /Argument: ([\w-]+), Given: "([^"]*)", Choices: (.*)/.exec(message) ?? [];
  const known = choices.replaceAll('"', '').split(', ');
  if (name !== '')
    return `${name} ${given}: expected one of ${known.join(', ')}${didYouMean(given, known)}`;
  const [, option] = /^Not enough arguments following: ([\w-]+)/.exec(message) ?? [];
  if (option !== undefined) return `--${option}: expected a value after it`;
  const [, lacks, needed] = /^Missing dependent arguments:\s+(\S+) -> (\S+)/.exec(message) ?? [];
  if (needed !== undefined) return `--${lacks} needs --${needed}`;
  const [, one, other] = /^Arguments (\S+) and (\S+) are mutually exclusive/.exec(message) ?? [];
  if (other !== undefined) return `--${one} and --${other} exclude each other: leave one out`;
  const [, required] = /^Missing required arguments?: (.*)$/.exec(message) ?? [];
  if (required !== undefined) return `missing ${required.replace(/(^|, )/g, '$1--')}`;
  const [, got] = /^Not enough non-option arguments: got (\d+)/.exec(message) ?? [];
  if (got !== undefined) return missingWords(command, Number(got));
  return message.replace(/\s*\n\s*/g, ' ');
}

/** Names the words that a command needs and that are not there. */
function missingWords(name: string, got: number): string {
  const usage = COMMANDS.find(({ command }) => nameOf(command) === name)?.command ?? '<command>';
  const needed = usage.split(' ').filter((word) => word.startsWith('<'));
  return `missing ${needed.slice(got).join(' ')}: ecran-noir ${usage}`;
}
