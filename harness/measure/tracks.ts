// Sorts a History by viewer, frames into columns: a forty-minute run of 24 viewers holds 1.4 million.

import {
  MARK,
  type FramesRecord,
  type History,
  type HistoryRecord,
  type ViewerDescription,
  type ViewerRecord,
} from '../model/history.ts';

/** Presented frames of one viewer in order of time, one column a property. */
export interface Frames {
  readonly count: number;
  readonly atMs: Float64Array;
  readonly mark: Uint8Array;
  readonly counter: Int32Array;
  readonly luma: Float32Array;
  /** Pictures presented since the frame before that no code of the page saw … */
  readonly unseen: Uint16Array;
  /** … and how far the media went on meanwhile; 0 where there were none. */
  readonly mediaMs: Float32Array;
}

/** A report of the page about the player, with its time. */
interface PlayerReport {
  readonly atMs: number;
  readonly canPlay: boolean;
  readonly lateMs: number;
}

export interface Track {
  readonly viewer: ViewerDescription;
  readonly frames: Frames;
  readonly reports: readonly PlayerReport[];
  readonly events: readonly ViewerRecord[];
}

/** One track a viewer of the run record, in its order. */
export function tracksOf({ run, records }: Pick<History, 'run' | 'records'>): Track[] {
  const frames = grouped(records, (record) => record.type === 'frames');
  const events = grouped(records, (record) => record.type === 'viewer');
  return run.viewers.map((viewer) => {
    const sent = frames.get(viewer.id) ?? [];
    return {
      viewer,
      frames: columns(sent),
      reports: sent.map(({ atMs, player }) => ({ atMs, ...player })).toSorted(byTime),
      events: (events.get(viewer.id) ?? []).toSorted(byTime),
    };
  });
}

const byTime = (a: { readonly atMs: number }, b: { readonly atMs: number }): number =>
  a.atMs - b.atMs;

function grouped<R extends FramesRecord | ViewerRecord>(
  records: readonly HistoryRecord[],
  belongs: (record: HistoryRecord) => record is R,
): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const record of records) {
    if (!belongs(record)) continue;
    const group = groups.get(record.viewer);
    if (group) group.push(record);
    else groups.set(record.viewer, [record]);
  }
  return groups;
}

function columns(sent: readonly FramesRecord[]): Frames {
  const count = sent.reduce((sum, { frames }) => sum + frames.length, 0);
  const atMs = new Float64Array(count);
  const mark = new Uint8Array(count);
  const counter = new Int32Array(count);
  const luma = new Float32Array(count);
  const unseen = new Uint16Array(count);
  const mediaMs = new Float32Array(count);
  let i = 0;
  for (const { frames } of sent) {
    for (const frame of frames) {
      [atMs[i], mark[i], counter[i], luma[i], unseen[i] = 0, mediaMs[i] = 0] = frame;
      i += 1;
    }
  }
  return inOrder({ count, atMs, mark, counter, luma, unseen, mediaMs });
}

/** Pages report in order; a record written out of order is put right rather than believed. */
function inOrder(frames: Frames): Frames {
  const { atMs, mark, counter, luma, unseen, mediaMs } = frames;
  if (atMs.every((at, i) => i === 0 || at >= atMs[i - 1]!)) return frames;
  const order = Array.from(atMs.keys()).toSorted((a, b) => atMs[a]! - atMs[b]! || a - b);
  return {
    count: frames.count,
    atMs: Float64Array.from(order, (i) => atMs[i]!),
    mark: Uint8Array.from(order, (i) => mark[i]!),
    counter: Int32Array.from(order, (i) => counter[i]!),
    luma: Float32Array.from(order, (i) => luma[i]!),
    unseen: Uint16Array.from(order, (i) => unseen[i]!),
    mediaMs: Float32Array.from(order, (i) => mediaMs[i]!),
  };
}

export const isProgramme = (frames: Frames, i: number): boolean =>
  frames.mark[i] === MARK.programme;
