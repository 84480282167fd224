// Versions of one notice, wherever they lie: the newest holds, and what does not hold is said.

import { ownerKey } from '../owners.ts';
import type { Remark } from '../input.ts';
import { isCalledOff, type Notice } from './notice.ts';

export interface HeldNotice {
  readonly notice: Notice;
  /** When these times were first told, by whichever version. */
  readonly toldAtEpochMs: number | undefined;
}

export interface Merged {
  readonly held: readonly HeldNotice[];
  readonly remarks: readonly Remark[];
}

/**
 * Versions are of one owner, one UID and one MAINTENANCE-ID, where both are said, and of the same
 * RECURRENCE-ID. The highest SEQUENCE holds, then the latest DTSTAMP, then LAST-MODIFIED
 * (RFC 5545, 3.8.7.4). Versions of which none is newer are all kept.
 */
export function mergeVersions(notices: readonly Notice[]): Merged {
  const groups = groupNotices(notices).map(mergeGroup);
  const held = groups.flatMap((group) => group.held);
  return { held, remarks: [...groups.flatMap(({ remarks }) => remarks), ...sameWork(held)] };
}

/** Half of what names a notice stands for the other half where that is clear. */
function groupNotices(notices: readonly Notice[]): readonly (readonly Notice[])[] {
  const onlyUid = partners(notices, 'workId', 'uid');
  const onlyWork = partners(notices, 'uid', 'workId');
  const groups = Map.groupBy(notices, ({ owner, uid: said, workId, occurrence, source }) => {
    const uid = said ?? onlyUid(owner, workId);
    const work = workId ?? onlyWork(owner, uid);
    if (uid === undefined && work === undefined) return source;
    return [ownerKey(owner), uid, work, occurrence].map((part) => part?.trim() ?? '').join('\n');
  });
  return [...groups.values()];
}

/** Finds the only id of the second kind that stands with one of the first. */
function partners(notices: readonly Notice[], by: 'uid' | 'workId', wanted: 'uid' | 'workId') {
  const all = new Map<string, Set<string>>();
  for (const notice of notices) {
    const [id, other] = [notice[by], notice[wanted]];
    if (id === undefined || other === undefined) continue;
    const key = makeKey(notice.owner, id);
    all.set(key, (all.get(key) ?? new Set()).add(other.trim()));
  }
  return (owner: string, id: string | undefined): string | undefined => {
    const found = id === undefined ? undefined : all.get(makeKey(owner, id));
    return found?.size === 1 ? [...found][0] : undefined;
  };
}

const makeKey = (owner: string, id: string): string => `${ownerKey(owner)}\n${id.trim()}`;

function mergeGroup(all: readonly Notice[]): Merged {
  const broken = all.filter(({ sequence }) => sequence === undefined);
  const sorted = all.filter(({ sequence }) => sequence !== undefined).toSorted(byAge);
  const newest = sorted.at(-1);
  if (!newest) return { held: broken.map((notice) => makeHeld(notice, [])), remarks: [] };
  const rivals = sorted.filter((notice) => !isOlder(notice, newest));
  const said = Map.groupBy(rivals, saidBy);
  const kept = [...said.values()].flatMap(([first]) => first ?? []);
  const older = sorted.filter((notice) => isOlder(notice, newest));
  return {
    held: [...kept, ...broken].map((notice) => makeHeld(notice, sorted)),
    remarks: [
      ...older.map((notice) => superseded(notice, newest)),
      ...[...said.values()].flatMap(([first, ...others]) =>
        first ? others.map((notice) => repeated(notice, first)) : [],
      ),
      ...(kept.length > 1 ? [undecided(kept)] : []),
    ],
  };
}

const byAge = (a: Notice, b: Notice): number =>
  (a.sequence ?? 0) - (b.sequence ?? 0) ||
  order(a.stampedAtEpochMs, b.stampedAtEpochMs) ||
  order(a.modifiedAtEpochMs, b.modifiedAtEpochMs);

const order = (a = -Infinity, b = -Infinity): number => (a === b ? 0 : a - b);

/** Without a stamp on both sides nobody can tell. */
function isOlder(notice: Notice, newest: Notice): boolean {
  if (notice.sequence !== newest.sequence) return (notice.sequence ?? 0) < (newest.sequence ?? 0);
  const older = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined || a === b ? undefined : a < b;
  return (
    older(notice.stampedAtEpochMs, newest.stampedAtEpochMs) ??
    older(notice.modifiedAtEpochMs, newest.modifiedAtEpochMs) ??
    false
  );
}

const isSameSpan = (a: Notice, b: Notice): boolean =>
  a.span?.fromEpochMs === b.span?.fromEpochMs && a.span?.toEpochMs === b.span?.toEpochMs;

/** Two versions that say the same are one. */
const saidBy = ({ state, impact, objects, problems, texts, span }: Notice): string =>
  JSON.stringify([
    ...[span?.fromEpochMs, span?.toEpochMs, state, impact, objects],
    problems.map(({ text }) => text),
    objects.length === 0 ? texts : [],
  ]);

/** Told by the first of the versions without a gap that have these times. */
function makeHeld(notice: Notice, sorted: readonly Notice[]): HeldNotice {
  let told = notice.toldAtEpochMs;
  for (let index = sorted.indexOf(notice) - 1; index >= 0; index--) {
    const before = sorted[index] as Notice;
    if (isCalledOff(before.state) || !isSameSpan(before, notice)) break;
    if (before.toldAtEpochMs !== undefined) told = Math.min(told ?? Infinity, before.toldAtEpochMs);
  }
  return { notice, toldAtEpochMs: told };
}

function superseded(notice: Notice, by: Notice): Remark {
  const later =
    notice.stampedAtEpochMs !== undefined &&
    by.stampedAtEpochMs !== undefined &&
    notice.stampedAtEpochMs > by.stampedAtEpochMs;
  return {
    about: 'superseded',
    severity: later ? 'warning' : 'note',
    source: notice.source,
    targets: [notice.name],
    text: `${describe(notice)} is superseded by ${describe(by)} in ${by.source}${later ? ', which has the higher SEQUENCE and the older date' : ''}`,
    hint: later
      ? `Ask ${notice.owner || 'the owner'} which of them holds.`
      : 'Nothing, unless the older one still holds.',
  };
}

const repeated = (notice: Notice, kept: Notice): Remark => ({
  about: 'superseded',
  severity: 'note',
  source: notice.source,
  targets: [notice.name],
  text: `${notice.name} says the same as ${kept.source}`,
  hint: 'Nothing: it is judged once.',
});

const undecided = (kept: readonly Notice[]): Remark => ({
  about: 'doubtful',
  severity: 'warning',
  source: kept.map(({ source }) => source).join(', '),
  targets: [...new Set(kept.map(({ name }) => name))],
  text: `of ${kept.length} versions of ${kept[0]?.name ?? ''} none is newer (${kept.map(describe).join('; ')}): each of them is judged`,
  hint: `Ask ${kept[0]?.owner || 'the owner'} which of them holds, and keep that one.`,
});

/** One work under several UIDs may be several nights, or one that was moved. */
function sameWork(held: readonly HeldNotice[]): readonly Remark[] {
  const numbered = held
    .map(({ notice }) => notice)
    .filter(
      ({ workId, uid, state }) => workId !== undefined && uid !== undefined && !isCalledOff(state),
    );
  const works = Map.groupBy(numbered, ({ owner, workId = '' }) => makeKey(owner, workId));
  return [...works.values()]
    .filter((all) => new Set(all.map(({ uid }) => uid)).size > 1)
    .map((all) => ({
      about: 'doubtful',
      severity: 'warning',
      source: all.map(({ source }) => source).join(', '),
      targets: [all[0]?.name ?? ''],
      text: `${all[0]?.name ?? ''} is announced under ${all.length} UIDs (${all.map(describe).join('; ')}): each of them is judged`,
      hint: `Ask ${all[0]?.owner || 'the owner'} whether these are several windows of one work, or one that was moved.`,
    }));
}

function describe({ name, span, state }: Notice): string {
  const at = span === undefined ? 'at a time that cannot be read' : `at ${span.clock.text}`;
  return `${name} ${isCalledOff(state) ? 'called off' : at}`;
}
