// JSON as programs leave it: one value, a list, a value a line, or wrapped by a queue.

import { isMapping, type Mapping } from '../../../fields/mapping.ts';
import type { NoticeProblem } from '../notice.ts';

/** Undefined when the text is no JSON. What is no object is an empty one, which no reader knows. */
export function jsonEntries(text: string): readonly Mapping[] | undefined {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return undefined;
  const body = text.replace(/^\uFEFF/, '');
  const whole = parsed(body);
  const values =
    whole === undefined
      ? body
          .split(/\r?\n/)
          .filter((line) => line.trim() !== '')
          .map(parsed)
      : [whole];
  return values.includes(undefined) ? undefined : values.flatMap((value) => unwrapped(value));
}

/** Services hand on to services; nobody puts more envelopes around an event. */
const ENVELOPES_MAX = 20;
/** The places in which queues and notification services put what they carry, as it is or as a text. */
const CONTENTS = ['Records', 'Messages', 'Sns', 'Message', 'body', 'Body'];

function unwrapped(value: unknown, deep = 0): readonly Mapping[] {
  if (deep > ENVELOPES_MAX) return [isMapping(value) ? value : {}];
  if (Array.isArray(value)) return value.flatMap((one) => unwrapped(one, deep + 1));
  const inText = typeof value === 'string' ? readContent(value) : undefined;
  if (!isMapping(value)) return inText === undefined ? [{}] : unwrapped(inText, deep + 1);
  const inner = CONTENTS.map((key) => readContent(value[key])).find((one) => one !== undefined);
  return inner === undefined ? [value] : unwrapped(inner, deep + 1);
}

/** Undefined for what carries nothing. */
export function readContent(value: unknown): object | undefined {
  const inner = typeof value === 'string' ? parsed(value) : value;
  return inner !== null && typeof inner === 'object' ? inner : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Numbers of works and circuits come as numbers, too. */
export const readString = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';

/** The things of a list as objects: some write `"a"` for `{"id": "a"}`, and one alone without a list. */
export const listThings = (value: unknown, id: string): readonly Mapping[] =>
  [value ?? []].flat().map((one: unknown) => (isMapping(one) ? one : { [id]: one }));

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|\n/gs;

/** Readers take one or the other of a key that stands twice in one object. */
export function findTwice(text: string, file: string): readonly NoticeProblem[] {
  const open: (Set<string> | undefined)[] = [];
  let line = 1;
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line++;
      continue;
    }
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = String(parsed(last));
      if (open.at(-1)?.has(key)) return [saidTwice(key, `${file}:${line}`)];
      open.at(-1)?.add(key);
    }
    last = token;
  }
  return [];
}

const saidTwice = (key: string, source: string): NoticeProblem => ({
  source,
  text: `${key} is there twice in one object: nobody knows which of them holds`,
  hint: 'Export it again, or take the wrong one out.',
});
