// JSON read as Go's encoding/json reads it into a struct: keys in any case, unknown ones ignored, null
// means "not given", whole numbers exact up to 64 bits, what follows the value ignored; the first value
// of a wrong kind is told in Go's words.

import { badRequestBody } from './apiError.ts';
import { endOfString, endOfValue, JsonSyntaxError, passKey, skipSpace } from './goScan.ts';

export type GoScalar = 'string' | 'bool' | 'int' | 'int64' | 'float32' | 'float64';

/** A struct; what is decoded has only the fields that the text gives. */
export interface GoStruct {
  readonly kind: 'struct';
  /** The name in "Go struct field Proxy.name": `Proxy`. Empty for a struct without a name. */
  readonly name: string;
  /** The type in "Go value of type toxiproxy.Proxy". */
  readonly type: string;
  readonly fields: Readonly<Record<string, GoType>>;
}

export interface GoSlice {
  readonly kind: 'slice';
  readonly type: string;
  readonly element: GoType;
}

/** An object whose text is kept for later, when its struct is known. */
export interface GoRawObject {
  readonly kind: 'raw';
  readonly type: string;
}

export type GoType = GoScalar | GoStruct | GoSlice | GoRawObject;

/** Whole numbers that a double would round are a bigint. */
export type GoNumber = number | bigint;
export type GoObject = Readonly<Record<string, unknown>>;

/** The place of a value, for the words of an error. */
interface Place {
  readonly struct: string;
  readonly path: readonly string[];
}

interface Reading {
  /** Bytes, one a character. */
  readonly text: string;
  at: number;
  /** Go reads on after a value of a wrong kind and tells of the first. */
  mismatch: string | undefined;
}

const NOWHERE: Place = { struct: '', path: [] };

/**
 * Reads the first value of `bytes` (one a character) as `type`. Undefined: it is null. Throws an ApiError
 * with status 400. `path` leads to a value that is part of a larger one.
 */
export function readGoJson(bytes: string, type: GoType, path: readonly string[] = []): unknown {
  const reading: Reading = { text: bytes, at: skipSpace(bytes, 0), mismatch: undefined };
  try {
    endOfValue(bytes);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badRequestBody(error.message);
    throw error;
  }
  const value = readValue(reading, type, path.length === 0 ? NOWHERE : { struct: '', path });
  if (reading.mismatch !== undefined) throw badRequestBody(reading.mismatch);
  return value;
}

function readValue(reading: Reading, type: GoType, place: Place): unknown {
  const { text, at } = reading;
  const first = text[at];
  if (typeof type === 'object' && type.kind === 'struct' && first === '{')
    return readStruct(reading, type, place);
  if (typeof type === 'object' && type.kind === 'slice' && first === '[')
    return readSlice(reading, type, place);
  reading.at = endOfValue(text, at);
  const source = text.slice(at, reading.at);
  if (first === 'n') return undefined;
  if (typeof type === 'object' && type.kind === 'raw' && first === '{') return source;
  const value = typeof type === 'object' ? MISMATCH : readScalar(source, type);
  if (value !== MISMATCH) return value;
  const shown = isNumber(first) && isNumeric(type) ? `number ${source}` : nameKind(first);
  reading.mismatch ??= mismatch(shown, typeof type === 'object' ? type.type : type, place);
  return undefined;
}

const MISMATCH = Symbol('mismatch');

function readScalar(source: string, type: GoScalar): unknown {
  const first = source[0];
  switch (type) {
    case 'string':
      return first === '"' ? unquote(source) : MISMATCH;
    case 'bool':
      return first === 't' || first === 'f' ? first === 't' : MISMATCH;
    case 'int':
    case 'int64':
      return isNumber(first) ? readWhole(source) : MISMATCH;
    case 'float32':
      return isNumber(first) ? finite(Math.fround(Number(source))) : MISMATCH;
    case 'float64':
      return isNumber(first) ? finite(Number(source)) : MISMATCH;
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : MISMATCH);

function readWhole(source: string): GoNumber | typeof MISMATCH {
  if (!/^-?\d+$/.test(source)) return MISMATCH;
  const value = BigInt(source);
  if (BigInt.asIntN(64, value) !== value) return MISMATCH;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readStruct(reading: Reading, type: GoStruct, place: Place): GoObject {
  const { text } = reading;
  const read: Record<string, unknown> = {};
  let at = skipSpace(text, reading.at + 1);
  while (text[at] !== '}') {
    const key = unquote(text.slice(at, endOfString(text, at)));
    const name = fieldNamed(key, type);
    reading.at = passKey(text, at);
    if (name === undefined) reading.at = endOfValue(text, reading.at);
    else {
      const inside = { struct: type.name, path: [...place.path, name] };
      const value = readValue(reading, type.fields[name] ?? 'string', inside);
      if (value !== undefined) read[name] = value;
    }
    at = skipSpace(text, reading.at);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  reading.at = at + 1;
  return read;
}

function readSlice(reading: Reading, type: GoSlice, place: Place): unknown[] {
  const { text } = reading;
  const read: unknown[] = [];
  let at = skipSpace(text, reading.at + 1);
  while (text[at] !== ']') {
    reading.at = at;
    read.push(readValue(reading, type.element, place));
    at = skipSpace(text, reading.at);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  reading.at = at + 1;
  return read;
}

/** The exact key first, then one that differs in case only. */
function fieldNamed(key: string, { fields }: GoStruct): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  const folded = foldCase(key);
  return Object.hasOwn(fields, folded) ? folded : undefined;
}

/** Two letters outside ASCII fold to one inside it: the long s and the Kelvin sign. */
const foldCase = (key: string): string => key.replaceAll('\u017F', 's').toLowerCase();

/** A JSON string whose characters are bytes of UTF-8. */
const unquote = (source: string): string =>
  (JSON.parse(Buffer.from(source, 'latin1').toString('utf8')) as string).toWellFormed();

const isNumber = (first: string | undefined): boolean => /[-0-9]/.test(first ?? '');
const isNumeric = (type: GoType): boolean => typeof type === 'string' && /^(int|float)/.test(type);

const KIND_OF_FIRST: Readonly<Record<string, string>> = {
  '{': 'object',
  '[': 'array',
  '"': 'string',
};

function nameKind(first: string | undefined): string {
  if (isNumber(first)) return 'number';
  return KIND_OF_FIRST[first ?? ''] ?? 'bool';
}

function mismatch(shown: string, type: string, { struct, path }: Place): string {
  const into = path.length === 0 ? 'value' : `struct field ${struct}.${path.join('.')}`;
  return `json: cannot unmarshal ${shown} into Go ${into} of type ${type}`;
}
