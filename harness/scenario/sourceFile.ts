// A YAML text that remembers where everything stood, so that every problem has line and column.

import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';

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
  /** Plain data; undefined when `problems` says why. */
  readonly data: unknown;
  /** Broken YAML. */
  readonly problems: readonly Problem[];
  /** A problem at the value (or the key) that the path names, or as near as the file goes. */
  problemAt(path: Path, message: string, part?: 'key' | 'value'): Problem;
}

/** Reads a YAML text; broken YAML becomes problems, never an exception. */
export function readYaml(text: string, file: string): SourceFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number, path: string, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), path, message };
  };
  const problems = document.errors.map((error) => at(error.pos[0], '', error.message));
  const data = problems.length === 0 ? plainData(document) : undefined;
  if (data instanceof Error) problems.push(at(0, '', data.message));
  return {
    file,
    data: data instanceof Error ? undefined : data,
    problems,
    problemAt: (path, message, part = 'value') =>
      at(offsetOf(document, path, part), showPath(path), message),
  };
}

export type Mapping = Readonly<Record<string, unknown>>;

export const isMapping = (value: unknown): value is Mapping =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** What the path leads to; undefined when it leads nowhere. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, step) =>
      node !== null && typeof node === 'object' && Object.hasOwn(node, step)
        ? (node as Record<string | number, unknown>)[step]
        : undefined,
    data,
  );
}

/** Expanding aliases may fail: unknown ones, or too many of them. */
function plainData(document: Document.Parsed): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Where the named value starts; where the nearest thing above it starts when it is not there. */
function offsetOf(document: Document.Parsed, path: Path, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const child = childOf(resolved(document, node), step);
    if (!child) break;
    node = isPair(child) ? child.value : child;
    const wantsKey = isPair(child) && part === 'key' && depth === path.length - 1;
    const key = isPair(child) ? startOf(child.key) : undefined;
    offset = (wantsKey ? key : (startOf(node) ?? key)) ?? offset;
  }
  return offset;
}

const resolved = (document: Document.Parsed, node: unknown): unknown =>
  isAlias(node) ? node.resolve(document) : node;

function childOf(node: unknown, step: string | number): Pair | Node | undefined {
  if (isSeq(node)) return node.items[Number(step)] as Node | undefined;
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step));
}

const startOf = (node: unknown): number | undefined =>
  (node as { range?: readonly number[] } | null)?.range?.[0];

function showPath(path: Path): string {
  return path.reduce<string>(
    (shown, step) =>
      typeof step === 'number' ? `${shown}[${step}]` : shown === '' ? step : `${shown}.${step}`,
    '',
  );
}
