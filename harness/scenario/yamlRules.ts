// Refuses YAML that a parser takes, where it would be misread in silence or end in a crash: aliases
// inside what they stand for, tags that change a value, keys that are there twice.

import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, Scalar, YAMLMap } from 'yaml';

export interface Mistake {
  /** The offset in the text, from 0. */
  readonly offset: number;
  readonly message: string;
  /** Nothing can be read of the file. */
  readonly fatal: boolean;
}

/** Nothing in a scenario is a tenth as deep. */
export const LEVELS_MAX = 100;

export const TOO_DEEP = `expected at most ${LEVELS_MAX} levels inside each other`;

/** Tags that say what a plain value is anyway. */
const PLAIN_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`),
);

export function mistakesIn(document: Document.Parsed): readonly Mistake[] {
  const walk: Walk = { anchors: new Map(), open: new Set(), mistakes: [] };
  const { yaml } = document.directives;
  if (yaml.explicit && yaml.version !== '1.2')
    walk.mistakes.push({
      offset: 0,
      fatal: false,
      message: `%YAML ${yaml.version}: expected YAML 1.2, in which yes, no and 10:30 are words`,
    });
  look(document.contents, 0, walk);
  return walk.mistakes;
}

interface Walk {
  readonly anchors: Map<string, unknown>;
  /** The objects that the walk is inside of. */
  readonly open: Set<unknown>;
  readonly mistakes: Mistake[];
}

function look(node: unknown, depth: number, walk: Walk): void {
  const offset = nodeStart(node) ?? 0;
  const report = (message: string, fatal = true) =>
    void walk.mistakes.push({ offset, message, fatal });
  if (isAlias(node)) return lookAtAlias(node, walk, report);
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return;
  if (depth > LEVELS_MAX) return report(TOO_DEEP);
  const { tag } = node;
  if (tag !== undefined && !PLAIN_TAGS.has(tag)) report(`${shortTag(tag)}: ${NO_TAGS}`, false);
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  walk.open.add(node);
  if (isSeq(node)) for (const item of node.items) look(item, depth + 1, walk);
  if (isMap(node)) lookAtMap(node, depth, walk);
  walk.open.delete(node);
}

const NO_TAGS = 'tags are not used here, write the value without it';

const shortTag = (tag: string): string => tag.replace('tag:yaml.org,2002:', '!!');

function lookAtAlias(
  { source }: Alias,
  { anchors, open }: Walk,
  report: (message: string) => void,
): void {
  const target = anchors.get(source);
  if (target === undefined) report(`*${source} stands for nothing: no &${source} comes before it`);
  else if (open.has(target)) report(`*${source} is inside what it stands for: it would never end`);
}

function lookAtMap(map: YAMLMap, depth: number, walk: Walk): void {
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    const message = keyMistake(key, value, { seen, anchors: walk.anchors });
    const offset = nodeStart(key) ?? nodeStart(map) ?? 0;
    if (message !== undefined)
      walk.mistakes.push({ offset, message, fatal: !isWord(key) || isMergeKey(key) });
    look(key, depth + 1, walk);
    look(value, depth + 1, walk);
  }
}

interface Seen {
  readonly seen: Set<string>;
  readonly anchors: ReadonlyMap<string, unknown>;
}

function keyMistake(key: unknown, value: unknown, { seen, anchors }: Seen): string | undefined {
  if (!isWord(key)) return 'expected a word as key';
  const word = isMergeKey(key) ? '<<' : String(key.value);
  if (word === '__proto__') return '__proto__ cannot be used as a key';
  if (seen.has(word)) return `${word} is there already: keys must be unique`;
  seen.add(word);
  if (word !== '<<' || mergeable(value, anchors)) return undefined;
  return 'expected an alias of a mapping after <<, or a list of them';
}

/** Bytes of a tag are none, nor is what is kept as another word: nothing, .inf, 0x10. */
const isWord = (key: unknown): key is Scalar =>
  isScalar(key) &&
  (['string', 'symbol'].includes(typeof key.value) || String(key.value) === key.source);

/** `<<: *base` puts the keys of another mapping in; the symbol is what the parser makes of it. */
const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

function mergeable(value: unknown, anchors: ReadonlyMap<string, unknown>): boolean {
  if (isSeq(value)) return value.items.every((item) => !isSeq(item) && mergeable(item, anchors));
  return isMap(isAlias(value) ? anchors.get(value.source) : value);
}

/** The mappings that a mapping takes keys from, the first before the others. */
export function mergedInto(map: YAMLMap): readonly Node[] {
  const { value } = map.items.find(({ key }) => isMergeKey(key)) ?? {};
  return (isSeq(value) ? value.items : [value]) as Node[];
}

export const nodeStart = (node: unknown): number | undefined =>
  (node as { range?: readonly number[] } | null)?.range?.[0];
