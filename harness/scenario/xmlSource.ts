// An XML text that remembers where everything stood, so that a problem in it has line and column as
// one in YAML has. Document types, entities and foreign elements are refused.

import { SaxesParser, type SaxesTagNS } from 'saxes';
import { shortened, visible } from '../fields/visible.ts';
import { LEVELS_MAX, TOO_DEEP } from './yamlRules.ts';
import { showPath, valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

export interface XmlRules {
  /** The namespace of every element. */
  readonly namespace: string;
  /** Elements of these namespaces are allowed and not read. */
  readonly ignored: readonly string[];
  readonly root: string;
  /** Elements that may come more than once: they are read as lists. */
  readonly lists: ReadonlySet<string>;
}

interface Element {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  text: string;
  readonly children: Map<string, Element[]>;
}

/** Reads the elements below the root as mappings, lists and texts; broken XML becomes problems. */
export function readXml(text: string, file: string, rules: XmlRules): SourceFile {
  const { root, problems } = parseXml(text, file, rules);
  const data = root && problems.length === 0 ? readValue(root, rules) : undefined;
  return {
    file,
    data,
    problems,
    problemAt: (path, message) => {
      const { line, column } = (root && find(root, path)) ?? { line: 1, column: 1 };
      return { file, line, column, path: showPath(path), message: visible(message) };
    },
    writtenAt: (path) => {
      const value = valueAt(data, path);
      return typeof value === 'string' ? shortened(value.trim()) : undefined;
    },
  };
}

function addTo(parent: Element | undefined, element: Element): void {
  const same = parent?.children.get(element.name);
  if (same) same.push(element);
  else parent?.children.set(element.name, [element]);
}

/** Ends the reading at the first thing that is wrong. */
class Refused extends Error {}

function parseXml(text: string, file: string, rules: XmlRules) {
  const problems: Problem[] = [];
  const parser = new SaxesParser({ xmlns: true });
  const open: Element[] = [];
  let root: Element | undefined;
  let ignoredDepth = 0;
  const refuse = (message: string): never => {
    const place = { line: parser.line, column: Math.max(1, parser.columnIndex) };
    problems.push({ file, ...place, path: '', message: visible(message) });
    throw new Refused(message);
  };
  parser.on('error', ({ message }) => refuse(`no well-formed XML: ${inOurWords(message)}`));
  parser.on('doctype', () =>
    refuse('document types and entities are refused: write the text itself'),
  );
  parser.on('opentag', (tag) => {
    if (ignoredDepth > 0 || rules.ignored.includes(tag.uri)) return void ignoredDepth++;
    const mistake = mistakeIn(tag, root === undefined, rules);
    if (mistake !== undefined) refuse(mistake);
    if (open.length >= LEVELS_MAX) refuse(TOO_DEEP);
    if (open.at(-1)?.children.has(tag.local) && !rules.lists.has(tag.local))
      refuse(`${shortened(tag.local)} is there already: expected one`);
    const { line, columnIndex } = parser;
    const column = Math.max(1, columnIndex - tag.name.length - 1);
    const element: Element = { name: tag.local, line, column, text: '', children: new Map() };
    addTo(open.at(-1), element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void (ignoredDepth > 0 ? ignoredDepth-- : open.pop()));
  const take = (part: string) => {
    const element = open.at(-1);
    if (element && ignoredDepth === 0) element.text += part;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  try {
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  return { root, problems };
}

const inOurWords = (message: string): string =>
  message.replace(/^.*?\d+:\d+: /, '').replace(/\.$/, '');

/** Undefined for an element that may stand there. */
function mistakeIn(tag: SaxesTagNS, isRoot: boolean, { namespace, root }: XmlRules) {
  if (tag.uri !== namespace)
    return `expected the namespace ${namespace}, got ${tag.uri === '' ? 'none' : shortened(tag.uri)}`;
  if (isRoot && tag.local !== root) return `expected ${root}, got ${shortened(tag.local)}`;
  if (tag.local === '__proto__') return '__proto__ cannot be used as an element';
  const own = Object.values(tag.attributes).find(({ uri }) => uri === '');
  return own && `unknown attribute ${shortened(own.name)}`;
}

/** A text, or a mapping of what is inside; text beside elements is kept under the key #text. */
function readValue(element: Element, rules: XmlRules): unknown {
  const { children, text } = element;
  if (children.size === 0) return text;
  const mapping: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, same] of children) {
    const values = same.map((child) => readValue(child, rules));
    mapping[name] = rules.lists.has(name) ? values : values[0];
  }
  return { ...mapping, ...(text.trim() === '' ? {} : { '#text': text }) };
}

/** The element at the path, or the nearest above it. */
function find(root: Element, path: Path): Element {
  let at = root;
  for (const [i, step] of path.entries()) {
    if (typeof step === 'number') continue;
    const index = path[i + 1];
    const next = at.children.get(step)?.[typeof index === 'number' ? index : 0];
    if (!next) return at;
    at = next;
  }
  return at;
}

/** Finds elements that stand after one that should follow them, at any depth. */
export function misplacedIn(
  source: SourceFile,
  orders: Readonly<Record<string, readonly string[]>>,
): Problem[] {
  const look = (value: unknown, name: string, path: Path): Problem[] => {
    if (Array.isArray(value)) return value.flatMap((one, i) => look(one, name, [...path, i]));
    if (typeof value !== 'object' || value === null) return [];
    const order = orders[name] ?? [];
    const keys = Object.keys(value);
    const late = keys.find((key, i) =>
      keys
        .slice(0, i)
        .some((before) => order.indexOf(before) > order.indexOf(key) && order.includes(key)),
    );
    const own =
      late === undefined
        ? []
        : [
            source.problemAt(
              [...path, late],
              `stands too late: the order of elements is ${order.join(', ')}`,
            ),
          ];
    return [...own, ...keys.flatMap((key) => look(valueAt(value, [key]), key, [...path, key]))];
  };
  return look(source.data, 'alert', []);
}
