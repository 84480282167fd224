// The way comments begin: with a verb or a noun, so that each can be read without the code below it.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const START = /(?:^|\s)(?:\/\/|\/\*\*?)(?:\s+(\S.*)|\s*)$/;
const LINE_COMMENT = /^\s*\/\//;
/** Words of other trades that once stood for technical things. */
const METAPHOR = /\b(courts?|deeds?|sittings?|jury|alibi|culprit|testimony)\b/i;
/** A sentence in quotes, such as the description of a field; a title or a question is none. */
const UNCLEAR_SENTENCE = /['"`](What|Of|As|Whether|How|That|Which)\b[^'"`]*\.['"`]/;
const UNCLEAR = /^(What|Of|As|Whether|How|That|Which)\b/;

/** Lists the first line of every comment, with its number; a line that goes on is no first one. */
function openingsOf(source: string): readonly { readonly line: number; readonly text: string }[] {
  const lines = source.split('\n');
  return lines.flatMap((line, i) => {
    const found = START.exec(line);
    if (!found) return [];
    if (LINE_COMMENT.test(line) && LINE_COMMENT.test(lines[i - 1] ?? '')) return [];
    const next = (lines[i + 1] ?? '').replace(/^\s*\* ?/, '');
    return [{ line: i + 1, text: found[1] ?? next }];
  });
}

const unclearIn = (source: string): readonly number[] =>
  openingsOf(source)
    .filter(({ text }) => UNCLEAR.test(text))
    .map(({ line }) => line);

const linesWith = (pattern: RegExp, source: string): readonly number[] =>
  source.split('\n').flatMap((line, i) => (pattern.test(line) ? [i + 1] : []));

const sources = execFileSync('git', ['ls-files', ':!test/repo/comments.test.ts'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((file) => /\.[cm]?[jt]s$/.test(file));

/** Lists `file:line` for every line that is found in a source. */
const placesOf = (linesIn: (source: string) => readonly number[]): readonly string[] =>
  sources.flatMap((file) => linesIn(readFileSync(file, 'utf8')).map((line) => `${file}:${line}`));

describe('comments', () => {
  it('are told from the lines that go on with one', () => {
    const source = [
      '// Reads a file.',
      '// What it finds is sorted.',
      'const a = 1;',
      '// What it is.',
      '/** As it was. */',
      '/**',
      ' * How it goes.',
      ' * Of all, one.',
      ' */',
      'const b = 2; // Whether it is.',
      'const c = 3; // Of none.',
      "const d = 'http://What';",
      '/* Often. */',
      '// Whatever.',
      '/**',
      ' * Sorts.',
      ' * As before.',
      ' */',
    ].join('\n');
    expect(unclearIn(source)).toEqual([4, 5, 6, 10, 11]);
  });

  it('begin with no What, Of, As, Whether, How, That or Which', () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(placesOf(unclearIn)).toEqual([]);
  });

  it('call technical things by their own names', () => {
    expect(placesOf((source) => linesWith(METAPHOR, source))).toEqual([]);
  });
});

describe('sentences that users read', () => {
  it('begin with no What, Of, As, Whether, How, That or Which', () => {
    expect(linesWith(UNCLEAR_SENTENCE, "text('What it is.')\ntitle('How busy')")).toEqual([1]);
    expect(placesOf((source) => linesWith(UNCLEAR_SENTENCE, source))).toEqual([]);
  });
});
