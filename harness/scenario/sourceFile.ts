// A YAML text that remembers where everything stood, so that every problem has line and column.

import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, Parser } from 'yaml';
import type { Document, Node, Pair, YAMLError, YAMLMap } from 'yaml';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import { shortened, visible } from '../fields/visible.ts';
import { mergedInto, mistakesIn, nodeStart, TOO_DEEP } from './yamlRules.ts';

export type Path = readonly (string | number)[];

/** One thing wrong in one place; what the user sees is made of these. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `windows[0].work.at`; empty for the file itself. */
  readonly path: string;
  readonly message: string;
}

export interface SourceFile {
  readonly file: string;
  /** Plain data; undefined when it could not be read, and `problems` says why. */
  readonly data: unknown;
  /** Broken YAML, and what is refused of it. */
  readonly problems: readonly Problem[];
  /** A problem at the value (or the key) that the path names, or as near as the file goes. */
  problemAt(path: Path, message: string, part?: 'key' | 'value'): Problem;
  /** The value that the path names as the file has it, not what was made of it; undefined when it is not there. */
  writtenAt(path: Path): string | undefined;
}

/** A file of a thousand faults may name its links by an alias each; what multiplies is refused. */
const ALIASES_MAX = 10_000;

let last: { readonly text: string; readonly source: SourceFile } | undefined;

/**
 * Reads a YAML text; broken YAML becomes problems, never an exception. The last text is kept: who
 * asks of which kind a file is reads it twice.
 */
export function readYaml(text: string, file: string): SourceFile {
  if (last?.text !== text || last.source.file !== file)
    last = { text, source: parseYaml(text, file) };
  return last.source;
}

function parseYaml(written: string, file: string): SourceFile {
  const text = readableHead(written);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const at = (offset: number, path: string, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    const place = { file, line: Math.max(1, line), column: Math.max(1, col) };
    return { ...place, path: visible(path), message: visible(message) };
  };
  // Behind a first slip in a line, the parser finds others in all that follows.
  const told = new Set<number>();
  const problems = document.errors.flatMap((error) => {
    const { line } = lines.linePos(error.pos[0]);
    return told.size < told.add(line).size ? at(error.pos[0], '', inOurWords(error, text)) : [];
  });
  const mistakes = problems.length === 0 ? mistakesIn(document) : [];
  for (const { offset, message } of mistakes) problems.push(at(offset, '', message));
  const readable = document.errors.length === 0 && !mistakes.some(({ fatal }) => fatal);
  const data = readable ? plainData(document) : undefined;
  if (data instanceof Error) problems.push(at(0, '', TOO_MANY_ALIASES));
  const find = finder(document);
  return {
    file,
    data: data instanceof Error ? undefined : data,
    problems,
    problemAt: (path, message, part = 'value') =>
      at(find(path, part).offset, showPath(path), message),
    writtenAt: (path) => {
      const { node, whole } = find(path, 'value');
      const [from = 0, to = 0] = nodeRange(resolved(document, node)) ?? [];
      return whole ? shortened(text.slice(from, to).trim().replace(/\s+/g, ' ')) : undefined;
    },
  };
}

/** More mistakes than these are of a text that is no YAML: its millions of them fill the memory. */
const MISTAKES_MAX = 1000;
/** Nothing that is shorter has so many that they would. */
const SHORT = 100_000;

function readableHead(text: string): string {
  if (text.length < SHORT) return text;
  let mistakes = 0;
  for (const token of new Parser().parse(text))
    if (token.type === 'error' && ++mistakes > MISTAKES_MAX) return text.slice(0, token.offset);
  return text;
}

const TOO_MANY_ALIASES = `its aliases stand for more than ${ALIASES_MAX} values: write them out`;

/** Messages of the parser that speak of its own parts, in words of the file. */
function inOurWords({ code, message, pos }: YAMLError, text: string): string {
  if (/call stack/i.test(message) || code === 'RESOURCE_EXHAUSTION') return TOO_DEEP;
  if (code === 'MULTIPLE_DOCS') return 'expected one document: another begins here (---)';
  if (code === 'TAG_RESOLVE_FAILED')
    return `${text.slice(...pos)}: tags are not used here, write the value without it`;
  return message.replace(/(["'])quote$/, '$1');
}

/** Gives the value that the path leads to; undefined when it leads nowhere. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, step) =>
      node !== null && typeof node === 'object' && Object.hasOwn(node, step)
        ? (node as Record<string | number, unknown>)[step]
        : undefined,
    data,
  );
}

/** The same data with another value where the path leads, in mappings that are made where there are none. */
export function withValue(data: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data))
    return data.map((one: unknown, i) => (i === key ? withValue(one, rest, value) : one));
  const own: Mapping = isMapping(data) ? data : {};
  return { ...own, [key]: withValue(own[key], rest, value) };
}

/** Expanding aliases fails when they are too many. */
function plainData(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Finds what a path names: the offset where it starts, and its value where it is `whole`; where it is not
 * there, the nearest thing above it. Mappings are looked through once, however many paths are asked for.
 */
function finder(document: Document.Parsed) {
  const known = new WeakMap<YAMLMap, Map<string, Pair>>();
  const keysOf = (map: YAMLMap): Map<string, Pair> => {
    const keys = known.get(map) ?? keysIn(map, (node) => resolved(document, node));
    known.set(map, keys);
    return keys;
  };
  const childOf = (node: unknown, step: string | number): Pair | Node | undefined => {
    if (isSeq(node)) return node.items[Number(step)] as Node | undefined;
    return isMap(node) ? keysOf(node).get(String(step)) : undefined;
  };
  return (path: Path, part: 'key' | 'value') => {
    let node: unknown = document.contents;
    let offset = nodeStart(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      const child = childOf(resolved(document, node), step);
      if (!child) return { offset, node, whole: false };
      node = isPair(child) ? child.value : child;
      const wantsKey = isPair(child) && part === 'key' && depth === path.length - 1;
      const key = isPair(child) ? nodeStart(child.key) : undefined;
      offset = (wantsKey ? key : (nodeStart(node) ?? key)) ?? offset;
    }
    return { offset, node, whole: true };
  };
}

/** Its own keys before those it takes in by `<<`. */
function keysIn(map: YAMLMap, resolve: (node: unknown) => unknown): Map<string, Pair> {
  const taken = mergedInto(map).toReversed().map(resolve).filter(isMap);
  return new Map(
    [...taken.flatMap(({ items }) => items), ...map.items].flatMap((pair) =>
      isScalar(pair.key) ? [[String(pair.key.value), pair]] : [],
    ),
  );
}

const resolved = (document: Document.Parsed, node: unknown): unknown =>
  isAlias(node) ? node.resolve(document) : node;

const nodeRange = (node: unknown): readonly number[] | undefined =>
  (node as { range?: readonly number[] } | null)?.range;

export function showPath(path: Path): string {
  return path.reduce<string>(
    (shown, step) =>
      typeof step === 'number' ? `${shown}[${step}]` : shown === '' ? step : `${shown}.${step}`,
    '',
  );
}
