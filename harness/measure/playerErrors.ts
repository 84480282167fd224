// Errors that players told of -> kinds, counted over viewers: why players failed, and what they
// dealt with before. Segments of one folder are one target, whatever their number.

import {
  weightOf,
  type HistoryRecord,
  type PlayerError,
  type ViewerDescription,
  type ViewerRecord,
} from '../model/history.ts';
import type { PlayerErrorKind, PlayerErrors } from '../model/report.ts';
import { countHeads } from './statistics.ts';
import type { ViewerTrack } from './tracks.ts';

/** Stages by the port that viewers reach them at. */
export type StagesByPort = ReadonlyMap<string, string>;

/** Kinds that are listed, of one viewer and of all; the rest is counted. */
export const KINDS_MAX = { viewer: 5, audience: 10 } as const;

/** Empty for records that do not say where viewers reach their stages. */
export function stagesByPort(records: readonly HistoryRecord[]): StagesByPort {
  const found = new Map<string, string>();
  for (const record of records) {
    if (record.type !== 'stage' || record.viewersAt === undefined) continue;
    found.set(portIn(record.viewersAt), record.stage);
  }
  return found;
}

const portIn = (address: string): string => address.slice(address.lastIndexOf(':') + 1);

type Acts = Pick<ViewerTrack, 'viewer' | 'events'>;

/** Undefined when no player told of any. */
export function listPlayerErrors(
  tracks: readonly Acts[],
  stages: StagesByPort,
  kindsMax: number,
): PlayerErrors | undefined {
  const told = tracks.flatMap((track) => toldBy(track, stages));
  if (told.length === 0) return undefined;
  const kinds = groupByKind(told);
  const fatal = told.filter(({ kind }) => kind.fatal).length;
  return {
    fatal,
    nonFatal: told.length - fatal,
    kinds: kinds.slice(0, kindsMax),
    moreKinds: Math.max(0, kinds.length - kindsMax),
  };
}

type ErrorKind = Pick<PlayerErrorKind, 'fatal' | 'type' | 'details' | 'status' | 'target'>;

interface Told {
  readonly kind: ErrorKind;
  readonly viewer: ViewerDescription;
  readonly atMs: number;
  /** Errors that the player dealt with since it was made or made to go on. */
  readonly nonFatalBefore: number;
}

const NEW_START: ReadonlySet<ViewerRecord['event']> = new Set(['join', 'reload', 'startLoad']);

function toldBy({ viewer, events }: Acts, stages: StagesByPort): Told[] {
  const told: Told[] = [];
  let nonFatalBefore = 0;
  for (const record of events) {
    const { event, atMs } = record;
    if (NEW_START.has(event)) nonFatalBefore = 0;
    if (event !== 'error' && event !== 'fatal') continue;
    const fatal = event === 'fatal';
    const kind = { ...describeError(record, stages), fatal };
    told.push({ kind, viewer, atMs, nonFatalBefore });
    if (!fatal) nonFatalBefore += 1;
  }
  return told;
}

function describeError(record: ViewerRecord, stages: StagesByPort): Omit<ErrorKind, 'fatal'> {
  const { type, details, status, url } = record.error ?? errorInText(record.detail ?? '');
  const target = url === undefined ? undefined : nameTarget(url, stages);
  return {
    details,
    type,
    status,
    target,
  };
}

/** Older records have the text only: `fragLoadError 404 /one/v0/7.ts`. */
function errorInText(text: string): Omit<PlayerError, 'type'> & Partial<PlayerError> {
  const [, details, status, url] = /^(\S+?:?)(?: (\d{3}))?(?: (\/\S*))?$/.exec(text) ?? [];
  return {
    details: details ?? (text || 'unknown'),
    ...(status === undefined ? {} : { status: Number(status) }),
    url,
  };
}

/** `edge/…/index.m3u8`, `edge/…/*.ts`; the stage is left out where it is not known. */
function nameTarget(url: string, stages: StagesByPort): string {
  const [, address = '', path = url] = /^[a-z]+:\/\/([^/]*)(\/.*)?$/.exec(url) ?? [];
  const stage = stages.get(portIn(address)) ?? '';
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\d[\d-]*(?=\.\w+$)/, '*');
  return `${stage}/${path.lastIndexOf('/') > 0 ? '…/' : ''}${file}`;
}

function groupByKind(told: readonly Told[]): PlayerErrorKind[] {
  const groups = Map.groupBy(told, ({ kind: { fatal, type, details, status, target } }) =>
    JSON.stringify([fatal, type, details, status, target]),
  );
  return [...groups.values()].map(summed).toSorted(byWeight);
}

function summed(group: readonly Told[]): PlayerErrorKind {
  const { kind } = group[0]!;
  const times = group.map(({ atMs }) => Math.round(atMs));
  return {
    ...kind,
    count: group.length,
    viewers: countHeads([...new Set(group.map(({ viewer }) => viewer))].map(asHeads)),
    ...(kind.fatal && { nonFatalBefore: group.reduce((sum, one) => sum + one.nonFatalBefore, 0) }),
    firstAtMs: times.reduce((a, b) => Math.min(a, b)),
    lastAtMs: times.reduce((a, b) => Math.max(a, b)),
  };
}

const asHeads = (viewer: ViewerDescription) => ({ weight: weightOf(viewer) });

/** Orders by weight: why players gave up comes first, then what most viewers met. */
const byWeight = (a: PlayerErrorKind, b: PlayerErrorKind): number =>
  Number(b.fatal) - Number(a.fatal) ||
  b.viewers - a.viewers ||
  b.count - a.count ||
  a.firstAtMs - b.firstAtMs;
