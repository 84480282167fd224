// Finds the end of one JSON value, and says what is wrong with it in the words of Go's encoding/json,
// which clients show and some match. Texts are bytes: each character (latin1) is one.

/** Containers inside one another that Go follows. */
const DEPTH_MAX = 10_000;

const CLOSES = { '{': '}', '[': ']' } as const;
const AFTER = { '{': 'after object key:value pair', '[': 'after array element' } as const;
type Container = keyof typeof CLOSES;

/** `EOF`, `unexpected EOF`, or an invalid character and where it stood. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** Finds the end of the value that begins at or after `from`; what follows is not looked at. */
export function endOfValue(text: string, from = 0): number {
  const open: Container[] = [];
  let at = skipSpace(text, from);
  if (at >= text.length) throw new JsonSyntaxError('EOF');
  for (;;) {
    const opened = text[at];
    if (opened === '{' || opened === '[') {
      if (open.push(opened) > DEPTH_MAX) throw wrong(text, at, 'exceeded max depth');
      at = skipSpace(text, at + 1);
      if (text[at] !== CLOSES[opened]) {
        if (opened === '{') at = passKey(text, at);
        continue;
      }
    } else at = endOfScalar(text, at);
    at = closeContainers(text, at, open);
    if (open.length === 0) return at;
    at = skipSpace(text, at + 1);
    if (open.at(-1) === '{') at = passKey(text, at);
  }
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at += 1;
  return at;
}

/** Closes the containers that end after a value; stops at the comma before the next, or at the end. */
function closeContainers(text: string, from: number, open: Container[]): number {
  let at = from;
  for (let container = open.at(-1); container; container = open.at(-1)) {
    at = skipSpace(text, at);
    if (text[at] === ',') return at;
    if (text[at] !== CLOSES[container]) throw wrong(text, at, AFTER[container]);
    open.pop();
    at += 1;
  }
  return at;
}

/** Passes a key and its colon; the place where the value begins. */
export function passKey(text: string, from: number): number {
  if (text[from] !== '"') throw wrong(text, from, 'looking for beginning of object key string');
  const at = skipSpace(text, endOfString(text, from));
  if (text[at] !== ':') throw wrong(text, at, 'after object key');
  return skipSpace(text, at + 1);
}

function endOfScalar(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  const word = WORDS.find(([first]) => first === text[at]);
  return word === undefined ? endOfNumber(text, at) : endOfWord(text, at, word);
}

const WORDS = ['true', 'false', 'null'] as const;

function endOfWord(text: string, from: number, word: string): number {
  for (let at = 1; at < word.length; at++) {
    if (text[from + at] === word[at]) continue;
    throw wrong(text, from + at, `in literal ${word} (expecting '${word[at]}')`);
  }
  return from + word.length;
}

export function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') {
    if (text[at] === '\\') at = endOfEscape(text, at + 1);
    else if (at < text.length && text.charCodeAt(at) >= 0x20) at += 1;
    else throw wrong(text, at, 'in string literal');
  }
  return at + 1;
}

function endOfEscape(text: string, at: number): number {
  if (text[at] !== 'u') {
    if (!/["\\/bfnrt]/.test(text[at] ?? '')) throw wrong(text, at, 'in string escape code');
    return at + 1;
  }
  for (let digit = at + 1; digit <= at + 4; digit++) {
    if (/[0-9a-fA-F]/.test(text[digit] ?? '')) continue;
    throw wrong(text, digit, 'in \\u hexadecimal character escape');
  }
  return at + 5;
}

function endOfNumber(text: string, from: number): number {
  const isNegative = text[from] === '-';
  let at = isNegative ? from + 1 : from;
  const expected = isNegative ? 'in numeric literal' : 'looking for beginning of value';
  at = text[at] === '0' ? at + 1 : passDigits(text, at, expected);
  if (text[at] === '.') at = passDigits(text, at + 1, 'after decimal point in numeric literal');
  if (text[at] !== 'e' && text[at] !== 'E') return at;
  const isSigned = text[at + 1] === '+' || text[at + 1] === '-';
  return passDigits(text, isSigned ? at + 2 : at + 1, 'in exponent of numeric literal');
}

/** Passes at least one digit; `expected` names it in the error where it is missing. */
function passDigits(text: string, from: number, expected: string): number {
  let at = from;
  while (/[0-9]/.test(text[at] ?? '')) at += 1;
  if (at === from) throw wrong(text, at, expected);
  return at;
}

function wrong(text: string, at: number, where: string): JsonSyntaxError {
  const character = text[at];
  if (character === undefined) return new JsonSyntaxError('unexpected EOF');
  return new JsonSyntaxError(`invalid character '${quoted(character)}' ${where}`);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

/** One byte as Go quotes it. */
function quoted(character: string): string {
  const code = character.charCodeAt(0);
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if ((code > 0x7f && code <= 0xa0) || code === 0xad)
    return `\\u${code.toString(16).padStart(4, '0')}`;
  return character;
}
