// Bodies of the API as Toxiproxy reads them: keys in any case, unknown keys ignored, null means "not
// given", a wrong type is refused in the words clients know.

import {
  badRequestBody,
  invalidStream,
  invalidToxicType,
  missingField,
  toxicAlreadyExists,
} from './apiError.ts';
import { CUT_EFFECTS, type CutEffect, type Protocol } from './engine.ts';
import type { ProxyFields } from './managedProxy.ts';
import type { Stream, ToxicFields } from './toxic.ts';
import type { Attributes, AttributeType, ToxicKind } from './toxics/stage.ts';
import { TOXIC_KINDS } from './toxics/registry.ts';
import { messageOf } from '../../model/errors.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Whole numbers beyond this lose digits in JavaScript; the official server takes 64 bits. */
const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

export function parseJson(text: string): unknown {
  if (text.trim() === '') throw badRequestBody('EOF');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badRequestBody(syntaxFailure(text, error));
  }
}

/** JSON.parse tells where it stopped: at the end means that the rest is missing. */
function syntaxFailure(text: string, error: unknown): string {
  const message = messageOf(error);
  const place = /at position (\d+)/.exec(message)?.[1];
  if (/end of JSON|Unterminated/.test(message) || Number(place) >= text.length) {
    return 'unexpected EOF';
  }
  const character = /^Unexpected token '(.*?)'/s.exec(message)?.[1] ?? text[Number(place ?? 0)];
  return `invalid character '${character}' in JSON (${message})`;
}

/** What the body says of a proxy; fields that it does not name are undefined. */
export function readProxyChange(body: unknown): Partial<ProxyFields> {
  const object = readObject(body, 'toxiproxy.Proxy');
  const change = {
    name: readField(object, 'name', 'string', 'Proxy'),
    listen: readField(object, 'listen', 'string', 'Proxy'),
    upstream: readField(object, 'upstream', 'string', 'Proxy'),
    enabled: readField(object, 'enabled', 'bool', 'Proxy'),
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/**
 * A proxy with what is ours: its protocol, and toxics that it has from its first connection on.
 * `where` is added to the message of a missing field, as in " at proxy 2".
 */
export function readNewProxy(body: unknown, where = ''): ProxyFields {
  const { name = '', listen = '', upstream = '', enabled = true } = readProxyChange(body);
  if (name === '') throw missingField(`name${where}`);
  if (upstream === '') throw missingField(`upstream${where}`);
  const object = readObject(body, 'toxiproxy.Proxy');
  const protocol = readProtocol(object);
  return { name, listen, upstream, enabled, protocol, toxics: readToxics(object, protocol) };
}

function readProtocol(object: JsonObject): Protocol {
  const protocol = readField(object, 'protocol', 'string', 'Proxy') ?? 'tcp';
  if (protocol === 'tcp' || protocol === 'udp') return protocol;
  throw badRequestBody(`protocol "${protocol}" is neither tcp nor udp`);
}

function readToxics(object: JsonObject, protocol: Protocol): readonly ToxicFields[] {
  const given = field(object, 'toxics') ?? [];
  if (!Array.isArray(given)) throw mismatch(given, 'toxics', '[]ToxicWrapper', 'Proxy');
  const toxics = given.map((one) => readNewToxic(one, protocol));
  if (new Set(toxics.map(({ name }) => name)).size < toxics.length) throw toxicAlreadyExists();
  return toxics;
}

export function readProxies(body: unknown): ProxyFields[] {
  if (body === null) return [];
  if (!Array.isArray(body)) {
    throw badRequestBody(`json: cannot unmarshal ${jsonType(body)} into Go value of type []Proxy`);
  }
  return body.map((one, index) => readNewProxy(one, ` at proxy ${index + 1}`));
}

export function readNewToxic(body: unknown, protocol: Protocol): ToxicFields {
  const object = readObject(body, 'toxics.ToxicWrapper');
  const type = readField(object, 'type', 'string', 'ToxicWrapper') ?? '';
  const streamText = readField(object, 'stream', 'string', 'ToxicWrapper') ?? 'downstream';
  const toxicity = readField(object, 'toxicity', 'float32', 'ToxicWrapper') ?? 1;
  const name = readField(object, 'name', 'string', 'ToxicWrapper') ?? '';
  const stream = parseStream(streamText);
  const kind = TOXIC_KINDS.get(type);
  if (!kind?.protocols.includes(protocol)) throw invalidToxicType();
  const attributes = readAttributes(object, kind, {});
  return { name: name === '' ? `${type}_${stream}` : name, kind, stream, toxicity, attributes };
}

/** Attributes and toxicity of an existing toxic; what the body does not name stays as it is. */
export function readToxicChange(
  body: unknown,
  kind: ToxicKind,
  existing: { readonly toxicity: number; readonly attributes: Attributes },
): { toxicity: number; attributes: Attributes } {
  const object = readObject(body, 'toxics.ToxicWrapper');
  return {
    toxicity: readField(object, 'toxicity', 'float32', '') ?? existing.toxicity,
    attributes: readAttributes(object, kind, existing.attributes),
  };
}

export function readCutEffect(body: unknown): CutEffect {
  const effect = readField(readObject(body, 'Cut'), 'effect', 'string', 'Cut') ?? '';
  const known = CUT_EFFECTS.find((one) => one === effect);
  if (known) return known;
  throw badRequestBody(`effect "${effect}" is none of ${CUT_EFFECTS.join(', ')}`);
}

function readAttributes(object: JsonObject, kind: ToxicKind, existing: Attributes): Attributes {
  const given = field(object, 'attributes') ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw mismatch(given, 'attributes', `toxics.${kind.structName}`, '');
  }
  const read = Object.entries(kind.attributes).map(([name, type]) => {
    const value = readField(given as JsonObject, name, type, `${kind.structName}.attributes`);
    return [name, value ?? existing[name] ?? kind.defaults?.[name] ?? 0] as const;
  });
  const attributes = Object.fromEntries(read);
  const refusal = kind.refuse?.(attributes);
  if (refusal !== undefined) throw badRequestBody(refusal);
  return attributes;
}

function parseStream(text: string): Stream {
  const lower = text.toLowerCase();
  if (lower !== 'upstream' && lower !== 'downstream') throw invalidStream();
  return lower;
}

interface FieldTypes extends Record<AttributeType | 'float32', number> {
  readonly string: string;
  readonly bool: boolean;
}

const TYPE_TESTS: Readonly<Record<keyof FieldTypes, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int: isWhole,
  int64: isWhole,
  float32: Number.isFinite,
  float64: Number.isFinite,
};

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= WHOLE_MAX;
}

function readField<T extends keyof FieldTypes>(
  object: JsonObject,
  name: string,
  type: T,
  struct: string,
): FieldTypes[T] | undefined {
  const value = field(object, name);
  if (value === undefined || value === null) return undefined;
  if (!TYPE_TESTS[type](value)) throw mismatch(value, name, type, struct);
  return value as FieldTypes[T];
}

/** Exact key first, then one that differs in case only. */
function field(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : object[key];
}

function readObject(body: unknown, goType: string): JsonObject {
  if (body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as JsonObject;
  throw badRequestBody(`json: cannot unmarshal ${jsonType(body)} into Go value of type ${goType}`);
}

function mismatch(value: unknown, name: string, type: string, struct: string) {
  const shown = typeof value === 'number' ? `number ${value}` : jsonType(value);
  const where = struct === '' ? `.${name}` : `${struct}.${name}`;
  return badRequestBody(
    `json: cannot unmarshal ${shown} into Go struct field ${where} of type ${type}`,
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
