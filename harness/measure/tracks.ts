// The frames, reports and events of each viewer. While a journal is read they are packed, some three
// bytes a frame; one viewer at a time is unpacked into columns to be judged.

import {
  MARK,
  type FramesRecord,
  type ShownRecord,
  type ViewerDescription,
  type ViewerRecord,
} from '../model/history.ts';
import { packed } from './packed.ts';
import { growingSound, type Sound } from './heardSound.ts';

/** Presented frames of one viewer in order of time, one column a property. */
export interface Frames {
  readonly count: number;
  readonly atMs: Float64Array;
  readonly mark: Uint8Array;
  readonly counter: Int32Array;
  /** The mean; 0 for the programme, whose brightness decides nothing. */
  readonly luma: Float32Array;
  /** Pictures presented since the frame before that no code of the page saw … */
  readonly unseen: Uint16Array;
  /** … and how far the media went on meanwhile; 0 where there were none. */
  readonly mediaMs: Float32Array;
}

/** Reports of the page about the player in order of time, one column a property. */
export interface PlayerReports {
  readonly atMs: Float64Array;
  /** 1 where the player could. */
  readonly canPlay: Float64Array;
  readonly lateMs: Float64Array;
}

export interface ViewerTrack {
  readonly viewer: ViewerDescription;
  readonly frames: Frames;
  readonly reports: PlayerReports;
  readonly events: readonly ViewerRecord[];
  /** Spans that the record says were shown; then it has no frames but theirs. */
  readonly shown: readonly ShownRecord[];
  /** Absent where nobody listened. */
  readonly sound?: Sound | undefined;
}

/** A track as it is kept. */
export interface StoredTrack {
  readonly viewer: ViewerDescription;
  readonly events: readonly ViewerRecord[];
  readonly sound?: Sound | undefined;
  /** `find` says what was in media that was played unseen. */
  readonly unpack: (find?: FindContent) => ViewerTrack;
}

export type FindContent = (shown: readonly ShownRecord[]) => readonly ShownRecord[];

export interface GrowingTrack {
  readonly viewer: ViewerDescription;
  readonly record: (record: FramesRecord | ShownRecord | ViewerRecord) => void;
  readonly stored: () => StoredTrack;
}

export function growingTrack(viewer: ViewerDescription, fps: number): GrowingTrack {
  const frames = packedFrames();
  const reports = packedReports();
  const sound = growingSound();
  const events: ViewerRecord[] = [];
  const shown: ShownRecord[] = [];
  return {
    viewer,
    record: (record) => {
      if (record.type === 'viewer') events.push(withoutPixels(record));
      else if (record.type === 'shown') shown.push(record);
      else {
        for (const frame of record.frames) frames.push(frame);
        reports.push(record);
        sound.push(record);
      }
    },
    stored: () => {
      const inTime = { viewer, events: events.toSorted(byTime), sound: sound.stored() };
      const spans = shown.toSorted((a, b) => a.fromMs - b.fromMs);
      const unpack = (find: FindContent = (unseen) => unseen) => {
        const known = find(spans);
        return {
          ...inTime,
          shown: known,
          reports: reports.unpack(),
          frames: known.length > 0 ? framesIn(known, fps) : frames.unpack(),
        };
      };
      return { ...inTime, unpack };
    },
  };
}

/** Reports name pictures, and who writes them reads the journal again for those that are shown. */
const withoutPixels = (record: ViewerRecord): ViewerRecord =>
  record.evidence
    ? {
        ...record,
        evidence: {
          ...record.evidence,
          pictures: record.evidence.pictures.map(({ atMs }) => ({ atMs })),
        },
      }
    : record;

const byTime = (a: { readonly atMs: number }, b: { readonly atMs: number }): number =>
  a.atMs - b.atMs;

/** Only its time is kept of a frame of plain programme whose counter is one more than the last. */
function packedFrames() {
  const atMs = packed();
  const odd = {
    index: packed(),
    counter: packed(),
    mark: packed(),
    luma: packed(),
    unseen: packed(),
    media: packed(),
  };
  let before = 0;
  return {
    push: ([at, mark, counter, luma, unseen = 0, mediaMs = 0]: FramesRecord['frames'][number]) => {
      if (counter !== before + 1 || mark !== MARK.programme || unseen !== 0 || mediaMs !== 0) {
        odd.index.push(atMs.length);
        odd.counter.push(counter);
        odd.mark.push(mark);
        odd.luma.push(luma);
        odd.unseen.push(unseen);
        odd.media.push(mediaMs);
      }
      atMs.push(at);
      before = counter;
    },
    unpack: (): Frames => {
      const frames = emptyFrames(atMs.unpack());
      const [index, counter, mark] = [odd.index.unpack(), odd.counter.unpack(), odd.mark.unpack()];
      const [luma, unseen, media] = [odd.luma.unpack(), odd.unseen.unpack(), odd.media.unpack()];
      for (let i = 0, n = 0; i < frames.count; i++) {
        frames.counter[i] = (frames.counter[i - 1] ?? 0) + 1;
        if (index[n] !== i) continue;
        frames.counter[i] = counter[n]!;
        frames.mark[i] = mark[n]!;
        frames.luma[i] = luma[n]!;
        frames.unseen[i] = unseen[n]!;
        frames.mediaMs[i] = media[n]!;
        n += 1;
      }
      return inOrder(frames);
    },
  };
}

function packedReports() {
  const [atMs, canPlay, lateMs] = [packed(), packed(), packed()];
  return {
    push: ({ atMs: at, player }: FramesRecord) => {
      atMs.push(at);
      canPlay.push(Number(player.canPlay));
      lateMs.push(player.lateMs);
    },
    unpack: (): PlayerReports => {
      const [times, plays, late] = [atMs.unpack(), canPlay.unpack(), lateMs.unpack()];
      const order = sortedOrder(times);
      if (!order) return { atMs: times, canPlay: plays, lateMs: late };
      const inTime = (values: Float64Array) => Float64Array.from(order, (i) => values[i]!);
      return { atMs: inTime(times), canPlay: inTime(plays), lateMs: inTime(late) };
    },
  };
}

/** The frames of the programme that a viewer was shown, one after the other. */
function framesIn(shown: readonly ShownRecord[], fps: number): Frames {
  const [times, counters]: [number[], number[]] = [[], []];
  for (const { look, fromMs, toMs, counter } of shown) {
    if (look !== 'programme' || counter === undefined) continue;
    const count = Math.ceil(((toMs - fromMs) * fps) / 1000);
    for (let i = 0; i < count; i++) {
      times.push(fromMs + (i * 1000) / fps);
      counters.push(counter + i);
    }
  }
  return { ...emptyFrames(Float64Array.from(times)), counter: Int32Array.from(counters) };
}

const emptyFrames = (atMs: Float64Array): Frames => ({
  count: atMs.length,
  atMs,
  counter: new Int32Array(atMs.length),
  mark: new Uint8Array(atMs.length),
  luma: new Float32Array(atMs.length),
  unseen: new Uint16Array(atMs.length),
  mediaMs: new Float32Array(atMs.length),
});

/** Pages report in order; a record written out of order is put right rather than believed. */
function inOrder(frames: Frames): Frames {
  const { atMs, mark, counter, luma, unseen, mediaMs } = frames;
  const order = sortedOrder(atMs);
  if (!order) return frames;
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

/** Undefined for times that are in order. */
const sortedOrder = (atMs: Float64Array): readonly number[] | undefined =>
  atMs.every((at, i) => i === 0 || at >= atMs[i - 1]!)
    ? undefined
    : Array.from(atMs.keys()).toSorted((a, b) => atMs[a]! - atMs[b]! || a - b);

/** A frame whose clock says that it is the programme of its channel. */
export const isProgramme = (frames: Frames, i: number): boolean =>
  frames.mark[i] === MARK.programme;

/** The same, or a picture of a stream without clocks, which may be its programme. */
export const mayBeProgramme = (frames: Frames, i: number): boolean =>
  isProgramme(frames, i) || frames.mark[i] === MARK.plain;
