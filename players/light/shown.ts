// Writes what a light viewer showed when, in spans end to end. It cannot see: `programme` means that
// the media of that moment was played, and the judge finds out what was in it.

import type { ShownRecord } from '../../harness/model/history.ts';
import { counterInPath } from '../../harness/model/frameClock.ts';
import type { Piece } from './playback.ts';

type Look = ShownRecord['look'];
export type Shown = Omit<ShownRecord, 'atMs'>;

/** Media by what the playlist says of it. */
interface Media {
  readonly piece: Piece;
  readonly intoMs: number;
}

interface ShownOptions {
  readonly viewer: string;
  readonly startedAtEpochMs: number;
  readonly emit: (shown: Shown) => void;
}

/** A shorter lateness of the loop makes no viewer late: the browser's heartbeat has the same limit. */
export const LATE_MS_MAX = 200;
/** After such a lateness requests may come too late for the buffer, as long as that lasts. */
const LATE_REACH_MS = 10_000;

export class ShownSpans {
  readonly #options: ShownOptions;
  #look: Look | 'left' = 'left';
  #sinceEpochMs = 0;
  #media: Media | undefined;
  #doubtedUntilEpochMs = 0;

  constructor(options: ShownOptions) {
    this.#options = options;
  }

  get look(): Look | 'left' {
    return this.#look;
  }

  /** Begins a span; a stall that the machine may have caused is unmeasured. */
  show(look: Look | 'left', atEpochMs: number, media?: Media): void {
    this.tell(atEpochMs);
    const doubted = look === 'stalled' && atEpochMs < this.#doubtedUntilEpochMs;
    this.#look = doubted ? 'unmeasured' : look;
    this.#media = media;
    this.#sinceEpochMs = Math.max(this.#sinceEpochMs, atEpochMs);
  }

  /** Writes what has been shown so far. */
  tell(untilEpochMs: number): void {
    const fromEpochMs = this.#sinceEpochMs;
    if (untilEpochMs <= fromEpochMs) return;
    if (this.#look !== 'left') this.#emit(this.#look, fromEpochMs, untilEpochMs);
    if (this.#media) {
      const { piece, intoMs } = this.#media;
      this.#media = { piece, intoMs: intoMs + untilEpochMs - fromEpochMs };
    }
    this.#sinceEpochMs = untilEpochMs;
  }

  /** Nothing was done in that time; media that was in the buffer was played all the same. */
  wasLate(fromEpochMs: number, toEpochMs: number): void {
    this.#doubtedUntilEpochMs = toEpochMs + LATE_REACH_MS;
    const look = this.#look;
    if (look === 'programme' || look === 'left' || look === 'unmeasured') return;
    this.tell(fromEpochMs);
    this.#look = 'unmeasured';
    this.tell(toEpochMs);
    this.#look = look;
  }

  #emit(look: Look, fromEpochMs: number, toEpochMs: number): void {
    const { viewer, startedAtEpochMs, emit } = this.#options;
    emit({
      type: 'shown',
      viewer,
      look,
      fromMs: tenth(fromEpochMs - startedAtEpochMs),
      toMs: tenth(toEpochMs - startedAtEpochMs),
      ...(look === 'programme' && this.#media && describeMedia(this.#media, startedAtEpochMs)),
    });
  }
}

/** Undefined where the playlist has no dates: nobody can tell what was in it. */
function describeMedia({ piece, intoMs }: Media, startedAtEpochMs: number) {
  if (piece.dateEpochMs === undefined) return undefined;
  const newest = counterInPath(new URL(piece.url).pathname);
  return {
    media: {
      atMs: tenth(piece.dateEpochMs + intoMs - startedAtEpochMs),
      endMs: tenth(piece.dateEpochMs + piece.endMs - piece.startMs - startedAtEpochMs),
      ...(newest !== undefined && { newest }),
    },
  };
}

const tenth = (ms: number): number => Math.round(ms * 10) / 10;
