// Finds the targets of a notice: object ids first, then names in its text.

import type { Access, AccessPath, WorkTarget } from '../../model/access.ts';
import type { Design } from '../../model/scenario.ts';
import type { Impact, Notice } from './notice.ts';

export interface KnownTargets {
  /** By the id without case, quotes and doubled blanks: all that is called so, of whatever kind. */
  readonly byId: ReadonlyMap<string, readonly WorkTarget[]>;
  /** Names that can stand in prose, compiled. */
  readonly inProse: readonly {
    readonly pattern: RegExp;
    readonly targets: readonly WorkTarget[];
  }[];
}

export interface MatchedTarget {
  readonly target: WorkTarget;
  readonly impact: Impact;
}

export interface Matched {
  /** The worst impact where one is named twice. */
  readonly targets: readonly MatchedTarget[];
  /** Ids that this design does not have. */
  readonly unknown: readonly string[];
}

/** Everything of the design that a notice can name, by the names owners use. */
export function knownTargets(
  design: Pick<Design, 'stages'>,
  accesses: readonly Pick<Access, 'paths'>[],
): KnownTargets {
  const paths = accesses.flatMap((access) => access.paths);
  const shared = (kind: 'device' | 'location') => (path: AccessPath) =>
    [path[kind], { kind, name: path[kind] }] as const;
  const byId = new Map<string, readonly WorkTarget[]>();
  for (const [id, target] of [
    ...design.stages.map(({ name }) => [name, { kind: 'stage', name }] as const),
    ...paths.map(shared('location')),
    ...paths.map(shared('device')),
    ...paths.flatMap(({ name, circuits }) =>
      [name, ...circuits].map((known) => [known, { kind: 'path', name }] as const),
    ),
  ]) {
    byId.set(idKey(id), unique([...(byId.get(idKey(id)) ?? []), target]));
  }
  return { byId, inProse: listProseNames(byId) };
}

/** Stages are left out of prose: `edge` and `origin` are words of every notice. */
const listProseNames = (byId: KnownTargets['byId']): KnownTargets['inProse'] =>
  [...byId]
    .map(([id, all]) => ({
      pattern: wholeWord(id),
      targets: all.filter(({ kind }) => kind !== 'stage'),
    }))
    .filter(({ targets }) => targets.length > 0);

/** `connect-a` is not in `connect-ab`. */
function wholeWord(id: string): RegExp {
  const literal = id.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_-])${literal}(?![\p{L}\p{N}_-])`, 'u');
}

/** The text is searched where there are no ids, and where one of them is not known. */
export function matchTargets(notice: Notice, known: KnownTargets): Matched {
  const found: MatchedTarget[] = [];
  const unknown: string[] = [];
  for (const { id, impact = notice.impact } of notice.objects)
    for (const part of idsIn(id, known)) {
      const { targets, isAll } = findIn(part, known);
      found.push(...targets.map((target) => ({ target, impact })));
      if (!isAll) unknown.push(part);
    }
  const searched = notice.objects.length === 0 || unknown.length > 0;
  const named = searched ? namedIn(notice.texts.map(idKey).join('\n'), known) : [];
  const silent = named.filter((target) => !found.some((one) => isSame(one.target, target)));
  return {
    targets: worst([...found, ...silent.map((target) => ({ target, impact: notice.impact }))]),
    unknown: [...new Set(unknown)],
  };
}

/** An id in brackets or between slashes is one all the same; what else stands beside it is not known. */
function findIn(part: string, { byId, inProse }: KnownTargets) {
  const text = idKey(part);
  const exact = byId.get(text);
  if (exact) return { targets: exact, isAll: true };
  const named = inProse.filter(({ pattern }) => pattern.test(text));
  const rest = named.reduce((left, { pattern }) => left.replace(pattern, ' '), text);
  return {
    targets: unique(named.flatMap(({ targets }) => targets)),
    isAll: !/[\p{L}\p{N}]/u.test(rest),
  };
}

/** One id, or a list of them in one property; blanks part a list only where they part known ids. */
function idsIn(text: string, { byId }: KnownTargets): readonly string[] {
  if (byId.has(idKey(text))) return [text.trim()];
  return text
    .split(/[,;|\n]/)
    .map((part) => withoutQuotes(part.trim()))
    .filter((part) => part !== '')
    .flatMap((part) => {
      const words = part.split(/\s+/);
      const parted = !byId.has(idKey(part)) && words.some((word) => byId.has(idKey(word)));
      return parted ? words : [part];
    });
}

const namedIn = (text: string, { inProse }: KnownTargets): readonly WorkTarget[] =>
  unique(inProse.filter(({ pattern }) => pattern.test(text)).flatMap(({ targets }) => targets));

/** Without case, quotes around it, doubled blanks, and with one kind of dash. */
const idKey = (id: string): string =>
  withoutQuotes(
    id
      .normalize('NFKC')
      .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
      .replaceAll(/\p{Cf}/gu, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
    .trim()
    .toLowerCase();

/** A pattern for both ends looks at a long row of quotes once for each of them. */
function withoutQuotes(text: string): string {
  const isQuote = (index: number) => /["'“”]/.test(text[index] ?? '');
  let [from, to] = [0, text.length];
  while (from < to && isQuote(from)) from++;
  while (from < to && isQuote(to - 1)) to--;
  return text.slice(from, to);
}

const isSame = (a: WorkTarget, b: WorkTarget): boolean => a.kind === b.kind && a.name === b.name;

const unique = (targets: readonly WorkTarget[]): readonly WorkTarget[] =>
  targets.filter((target, index) => targets.findIndex((one) => isSame(one, target)) === index);

const RANK: Readonly<Record<Impact, number>> = {
  none: 0,
  'reduced-redundancy': 1,
  degraded: 2,
  outage: 3,
};

function worst(found: readonly MatchedTarget[]): readonly MatchedTarget[] {
  const byTarget = new Map<string, MatchedTarget>();
  for (const one of found) {
    const key = `${one.target.kind} ${one.target.name}`;
    const before = byTarget.get(key);
    if (!before || RANK[one.impact] > RANK[before.impact]) byTarget.set(key, one);
  }
  return [...byTarget.values()];
}
