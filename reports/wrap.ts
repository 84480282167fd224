// Text broken into lines that fit a terminal, and lines cut to fit it.

import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

/** Plain text in lines of at most `columns` cells; a word that is longer is cut into pieces. */
export function wrapped(text: string, columns: number): string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/).flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (stringWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const parts: string[] = [];
  for (let rest = word; rest !== '';) {
    const part = stringWidth(rest) <= width ? rest : sliceAnsi(rest, 0, width);
    if (part === '') return [...parts, rest];
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

/** A line, colours and all, of exactly `columns` cells. */
export function fitted(line: string, columns: number): string {
  const width = stringWidth(line);
  if (width <= columns) return line + ' '.repeat(columns - width);
  return columns < 2 ? sliceAnsi(line, 0, columns) : `${sliceAnsi(line, 0, columns - 1)}…`;
}
