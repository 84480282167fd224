// Notices that hold as announced windows of a design; what is no window is said, with the reason.

import type { Access, DrainStyle } from '../../model/access.ts';
import type { Design } from '../../model/scenario.ts';
import type { AnnouncedWindow, Remark } from '../input.ts';
import { ownerKey } from '../owners.ts';
import { knownTargets, matchTargets, type KnownTargets, type Matched } from './matchTargets.ts';
import { mergeVersions, type HeldNotice } from './mergeVersions.ts';
import { isCalledOff, type Notice, type NoticeProblem, type NoticeReading } from './notice.ts';

export interface NoticeFileReading extends NoticeReading {
  /** The drain done before each notice of this file; a calendar does not say. */
  readonly drain: { readonly style: DrainStyle; readonly leadMs: number };
  readonly overrunMs: number;
}

export interface NoticeOptions {
  readonly design: Pick<Design, 'stages'>;
  readonly accesses: readonly Pick<Access, 'paths'>[];
  /** Owners whose notices are expected to concern the design; undefined = everybody's. */
  readonly owners: readonly string[] | undefined;
  /** Undefined = not known, and nothing is said of what is over before it begins. */
  readonly nowEpochMs?: number | undefined;
}

/** Versions are merged over all files, because an update is a file of its own. */
export function readNoticeWindows(readings: readonly NoticeFileReading[], options: NoticeOptions) {
  const handling = new Map(
    readings.flatMap((reading) => reading.notices.map((notice) => [notice, reading] as const)),
  );
  const merged = mergeVersions([...handling.keys()]);
  const judging: Judging = {
    known: knownTargets(options.design, options.accesses),
    isOurs: ownersTest(options.owners),
    nowEpochMs: options.nowEpochMs,
  };
  const read = merged.held.map((held) => judge(held, handling.get(held.notice), judging));
  return {
    windows: distinctNames(read.flatMap(({ window }) => window ?? [])),
    remarks: [
      ...readings.flatMap(listRemarks),
      ...merged.remarks,
      ...read.flatMap(({ remarks }) => remarks),
    ],
    /** The owners of all notices, judged or not. */
    owners: [...new Set([...handling.keys()].map(({ owner }) => owner))],
  };
}

interface Judging {
  readonly known: KnownTargets;
  readonly isOurs: (owner: string) => boolean;
  readonly nowEpochMs: number | undefined;
}

/** Nobody's notice may be ours. */
function ownersTest(owners: readonly string[] | undefined): (owner: string) => boolean {
  const keys = owners && new Set(owners.map(ownerKey));
  return (owner) => keys === undefined || owner === '' || keys.has(ownerKey(owner));
}

const listRemarks = ({ problems, doubts, leftOut }: NoticeReading): readonly Remark[] => [
  ...problems.map((problem) => remark('unreadable', 'stop', problem)),
  ...doubts.map((problem) => remark('doubtful', 'warning', problem)),
  ...leftOut.map((problem) => remark('skipped', 'note', problem)),
];

const remark = (
  about: Remark['about'],
  severity: Remark['severity'],
  problem: NoticeProblem,
  targets: readonly string[] = [],
): Remark => ({ about, severity, targets, ...problem });

interface Judged {
  readonly window?: AnnouncedWindow;
  readonly remarks: readonly Remark[];
}

function judge(
  held: HeldNotice,
  handling: Pick<NoticeFileReading, 'drain' | 'overrunMs'> | undefined,
  judging: Judging,
): Judged {
  const { notice } = held;
  const matched = matchTargets(notice, judging.known);
  if (isCalledOff(notice.state)) return { remarks: [calledOff(notice, matched, judging)] };
  if (matched.targets.length === 0) return { remarks: nothingOfOurs(notice, matched, judging) };
  if (matched.targets.every(({ impact }) => impact === 'none'))
    return {
      remarks: [
        skipped(notice, 'note', 'is announced to have no impact'),
        ...listDoubts(notice, matched),
      ],
    };
  const problems = listProblems(notice);
  if (problems.length > 0 || notice.span === undefined)
    return {
      remarks: problems.map((problem) => remark('unreadable', 'stop', problem, [notice.name])),
    };
  const { fromEpochMs, toEpochMs, clock } = notice.span;
  const taken = matched.targets.filter(({ impact }) => impact === 'outage');
  const weakened = matched.targets.flatMap(({ target, impact }) =>
    impact === 'degraded' || impact === 'reduced-redundancy' ? [{ target, impact }] : [],
  );
  return {
    window: {
      name: notice.name,
      owner: notice.owner,
      kind: notice.kind,
      targets: taken.map(({ target }) => target),
      ...(weakened.length > 0 ? { weakened } : {}),
      fromEpochMs,
      toEpochMs,
      overrunMs: handling?.overrunMs ?? 0,
      drain: handling?.drain ?? { style: 'none', leadMs: 0 },
      noticedAtEpochMs: held.toldAtEpochMs,
      clock,
      source: notice.source,
      fromNotice: true,
    },
    remarks: listDoubts(notice, matched),
  };
}

/** Work of ours that is done at another time, and nobody has said at which, is warned of. */
function calledOff(notice: Notice, { targets }: Matched, { nowEpochMs }: Judging): Remark {
  const { state, span, source, name, owner } = notice;
  const isAhead = span !== undefined && nowEpochMs !== undefined && span.fromEpochMs > nowEpochMs;
  const isDoubtful = state === 'postponed' || (state === 'over' && isAhead);
  if (!isDoubtful || targets.every(({ impact }) => impact === 'none'))
    return skipped(notice, 'note', 'is called off or over');
  const text =
    state === 'postponed'
      ? `${name} is postponed: nobody knows until when`
      : `${name} is said to be over, and begins at ${span?.clock.text} ${span?.clock.zone}`;
  const hint = `Ask ${owner || 'its owner'} when the work is, and add the notice of that time.`;
  return { about: 'skipped', severity: 'warning', source, targets: [name], text, hint };
}

const skipped = (notice: Notice, severity: Remark['severity'], why: string): Remark => ({
  about: 'skipped',
  severity,
  source: notice.source,
  targets: [notice.name],
  text: `${notice.name} ${why}`,
  hint:
    severity === 'note'
      ? "If it does concern this design, add the owner's number to circuits: of the path."
      : `Ask ${notice.owner || 'its owner'} what it is about; add the owner's number to circuits: of the path.`,
});

/** More ids than this are the inventory of an owner, and not what somebody looks through. */
const IDS_MAX = 100;

const firstIds = (ids: readonly string[]): readonly string[] =>
  ids.length <= IDS_MAX ? ids : [...ids.slice(0, IDS_MAX), `${ids.length - IDS_MAX} more`];

/** An owner of the plan writes to us because we are meant. */
function nothingOfOurs(
  notice: Notice,
  { unknown }: Matched,
  { isOurs }: Judging,
): readonly Remark[] {
  const ours = isOurs(notice.owner) && notice.impact !== 'none';
  const ids = unknown.length > 0 ? ` (it names ${firstIds(unknown).join(', ')})` : '';
  const from = ours && notice.owner !== '' ? `, and is from ${notice.owner}` : '';
  return [
    skipped(notice, ours ? 'warning' : 'note', `names nothing of this design${ids}${from}`),
    ...(ours ? notice.doubts.map((doubt) => remark('doubtful', 'warning', doubt)) : []),
  ];
}

const listProblems = (notice: Notice): readonly NoticeProblem[] => [
  ...notice.problems,
  ...(notice.owner === ''
    ? [
        {
          source: notice.source,
          text: `${notice.name} does not say who works: no X-MAINTNOTE-PROVIDER and no ORGANIZER`,
          hint: 'Add ORGANIZER;CN="Carrier":mailto:noc@carrier.example to the event.',
        },
      ]
    : []),
];

function listDoubts(notice: Notice, { unknown }: Matched): readonly Remark[] {
  const { name, source, owner } = notice;
  const say = (severity: Remark['severity'], text: string, hint: string) =>
    remark('doubtful', severity, { source, text, hint }, [name]);
  return [
    ...notice.doubts.map((doubt) => remark('doubtful', 'warning', doubt, [name])),
    ...firstIds(unknown).map((id) =>
      say(
        'warning',
        `${name} names ${id} as well, which this design does not have`,
        `Ask ${owner} what it is; if it is a path, add it to its circuits:.`,
      ),
    ),
    ...(notice.state === 'tentative'
      ? [say('note', `${name} is tentative: it is judged as if it were confirmed`, `Ask ${owner}.`)]
      : []),
  ];
}

/** Owners number their works as they like: two of them may have a 42. */
function distinctNames(windows: readonly AnnouncedWindow[]): readonly AnnouncedWindow[] {
  const owners = new Map<string, Set<string>>();
  for (const { name, owner } of windows)
    owners.set(name, (owners.get(name) ?? new Set()).add(ownerKey(owner)));
  return windows.map((window) =>
    (owners.get(window.name)?.size ?? 0) > 1
      ? { ...window, name: `${window.name} of ${window.owner}` }
      : window,
  );
}
