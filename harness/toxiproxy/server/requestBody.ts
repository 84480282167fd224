// Bodies of the API as Toxiproxy reads them, and the fields that are ours. A body is its bytes, one a
// character.

import {
  ApiError,
  badRequestBody,
  invalidStream,
  invalidToxicType,
  missingField,
  toxicAlreadyExists,
} from './apiError.ts';
import { CUT_EFFECTS, type CutEffect, type Protocol } from './engine.ts';
import { readGoJson, type GoObject, type GoSlice, type GoStruct } from './goJson.ts';
import type { ProxyChange, ProxyFields } from './managedProxy.ts';
import type { Stream, ToxicFields } from './toxic.ts';
import { reckoned, type ExactAttributes, type ToxicKind } from './toxics/stage.ts';
import { TOXIC_KINDS } from './toxics/registry.ts';

const PROXY_CHANGE = {
  kind: 'struct',
  name: 'Proxy',
  type: 'toxiproxy.Proxy',
  fields: { name: 'string', listen: 'string', upstream: 'string', enabled: 'bool' },
} as const satisfies GoStruct;

const NEW_TOXIC = {
  kind: 'struct',
  name: 'ToxicWrapper',
  type: 'toxics.ToxicWrapper',
  fields: {
    name: 'string',
    type: 'string',
    stream: 'string',
    toxicity: 'float32',
    attributes: { kind: 'raw', type: 'toxics.NoopToxic' },
  },
} as const satisfies GoStruct;

const TOXIC_SLICE = {
  kind: 'slice',
  type: '[]toxics.ToxicWrapper',
  element: NEW_TOXIC,
} as const satisfies GoSlice;

const NEW_PROXY = {
  ...PROXY_CHANGE,
  fields: { ...PROXY_CHANGE.fields, protocol: 'string', toxics: TOXIC_SLICE },
} as const satisfies GoStruct;

/** The official server reads these into a struct that has no name. */
const POPULATED_PROXY = {
  ...NEW_PROXY,
  name: '',
  type: 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }',
} as const satisfies GoStruct;

const POPULATED = {
  kind: 'slice',
  type: `[]${POPULATED_PROXY.type}`,
  element: POPULATED_PROXY,
} as const satisfies GoSlice;

const CUT = {
  kind: 'struct',
  name: 'Cut',
  type: 'Cut',
  fields: { effect: 'string' },
} as const satisfies GoStruct;

interface RawToxic {
  readonly name?: string;
  readonly type?: string;
  readonly stream?: string;
  readonly toxicity?: number;
  /** The text of an object. */
  readonly attributes?: string;
}

type RawProxy = Partial<Omit<ProxyFields, 'protocol' | 'toxics'>> & {
  readonly protocol?: string;
  readonly toxics?: readonly (RawToxic | undefined)[];
};

/** Reads the fields that the body names of a proxy; others are not there. */
export const readProxyChange = (body: string): ProxyChange & { readonly name?: string } =>
  readGoJson(body, PROXY_CHANGE) ?? {};

/** A proxy with what is ours: its protocol, and toxics that it has from its first connection on. */
export const readNewProxy = (body: string): ProxyFields =>
  completeProxy(readGoJson(body, NEW_PROXY) ?? {});

export const readProxies = (body: string): ProxyFields[] =>
  ((readGoJson(body, POPULATED) ?? []) as readonly (RawProxy | undefined)[]).map((one, index) =>
    completeProxy(one ?? {}, ` at proxy ${index + 1}`),
  );

/** `where` is added to the message of a missing field, as in " at proxy 2". */
function completeProxy(raw: RawProxy, where = ''): ProxyFields {
  const { name = '', listen = '', upstream = '', enabled = true, toxics = [] } = raw;
  if (name === '') throw missingField(`name${where}`);
  if (upstream === '') throw missingField(`upstream${where}`);
  const protocol = protocolNamed(raw.protocol ?? 'tcp');
  const complete = toxics.map((one, index) =>
    addPlace(` at toxic ${index + 1}${where}`, () => completeToxic(one ?? {}, protocol)),
  );
  if (new Set(complete.map((toxic) => toxic.name)).size < complete.length)
    throw toxicAlreadyExists();
  return { name, listen, upstream, enabled, protocol, toxics: complete };
}

/** Adds the place to what is wrong with one of many. */
function addPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ApiError) throw new ApiError(`${error.message}${place}`, error.status);
    throw error;
  }
}

function protocolNamed(protocol: string): Protocol {
  if (protocol === 'tcp' || protocol === 'udp') return protocol;
  throw badRequestBody(`protocol "${protocol}" is neither tcp nor udp`);
}

/** `requireFree` throws where the name is taken: the official server looks before it reads attributes. */
export const readNewToxic = (
  body: string,
  protocol: Protocol,
  requireFree?: (name: string) => void,
): ToxicFields => completeToxic(readGoJson(body, NEW_TOXIC) ?? {}, protocol, requireFree);

function completeToxic(
  raw: RawToxic,
  protocol: Protocol,
  requireFree: (name: string) => void = () => undefined,
): ToxicFields {
  const { name: given = '', type = '', stream: streamText = 'downstream', toxicity = 1 } = raw;
  const stream = parseStream(streamText);
  const name = given === '' ? `${type}_${streamText}` : given;
  const kind = TOXIC_KINDS.get(type);
  if (!kind?.protocols.includes(protocol)) throw invalidToxicType();
  requireFree(name);
  const attributes = completeAttributes(kind, readAttributes(kind, raw.attributes), {});
  return { name, kind, stream, streamText, toxicity, attributes };
}

const describeAttributes = ({ structName, attributes }: ToxicKind): GoStruct => ({
  kind: 'struct',
  name: structName,
  type: `toxics.${structName}`,
  fields: attributes,
});

const readAttributes = (kind: ToxicKind, text: string | undefined): GoObject =>
  text === undefined
    ? {}
    : (readGoJson(text, describeAttributes(kind), ['attributes']) as GoObject);

/** Attributes and toxicity of an existing toxic; what the body does not name stays as it is. */
export function readToxicChange(
  body: string,
  kind: ToxicKind,
  existing: { readonly toxicity: number; readonly attributes: ExactAttributes },
): { toxicity: number; attributes: ExactAttributes } {
  const { toxicity = existing.toxicity, attributes = {} } = (readGoJson(body, {
    kind: 'struct',
    name: '',
    type: CHANGE_TYPE,
    fields: { attributes: describeAttributes(kind), toxicity: 'float32' },
  }) ?? {}) as { readonly toxicity?: number; readonly attributes?: GoObject };
  return { toxicity, attributes: completeAttributes(kind, attributes, existing.attributes) };
}

const CHANGE_TYPE =
  'struct { Attributes interface {} "json:\\"attributes\\""; Toxicity float32 "json:\\"toxicity\\"" }';

export function readCutEffect(body: string): CutEffect {
  const { effect = '' } = (readGoJson(body, CUT) ?? {}) as { readonly effect?: string };
  const known = CUT_EFFECTS.find((one) => one === effect);
  if (known) return known;
  throw badRequestBody(`effect "${effect}" is none of ${CUT_EFFECTS.join(', ')}`);
}

function completeAttributes(
  kind: ToxicKind,
  given: GoObject,
  existing: ExactAttributes,
): ExactAttributes {
  const attributes = Object.fromEntries(
    Object.keys(kind.attributes).map((name) => [
      name,
      (given as ExactAttributes)[name] ?? existing[name] ?? kind.defaults?.[name] ?? 0,
    ]),
  );
  const refusal = kind.refuse?.(reckoned(attributes));
  if (refusal !== undefined) throw badRequestBody(refusal);
  return attributes;
}

function parseStream(text: string): Stream {
  const lower = text.toLowerCase();
  if (lower !== 'upstream' && lower !== 'downstream') throw invalidStream();
  return lower;
}
