// The buffer of a viewer and its playhead: which media is played when, to the millisecond of the
// clock, however late the timers are that notice it.

import type { Later } from '../page/policy.ts';

/** Media in the buffer, on the time line of the playlist. */
export interface Piece {
  readonly startMs: number;
  readonly endMs: number;
  /** PROGRAM-DATE-TIME of its beginning, where the playlist has it. */
  readonly dateEpochMs?: number;
  /** The address it came from. */
  readonly url: string;
}

export interface PlaybackEvents {
  /** A piece is played from this moment on, from so far into it. */
  readonly plays: (piece: Piece, intoMs: number, atEpochMs: number) => void;
  /** The playhead stands since this moment. */
  readonly stalls: (atEpochMs: number) => void;
}

interface PlaybackOptions {
  readonly epochMs: () => number;
  readonly later: Later;
  /** Media ahead of the playhead that is needed to begin, and to go on after a stall. */
  readonly startMs: number;
  readonly resumeMs: number;
  readonly events: PlaybackEvents;
}

/** A hole that browsers and players go over without a stop (hls.js: maxBufferHole). */
const HOLE_MS_MAX = 100;

export class Playback {
  readonly #options: PlaybackOptions;
  #pieces: Piece[] = [];
  #playing: Piece | undefined;
  /** Where the playhead is, at `#sinceEpochMs` when it moves. */
  #positionMs: number | undefined;
  #sinceEpochMs = 0;
  #begun = false;
  #callOff: (() => void) | undefined;

  constructor(options: PlaybackOptions) {
    this.#options = options;
  }

  /** Undefined before a first position was set. */
  get positionMs(): number | undefined {
    if (this.#positionMs === undefined || !this.#playing) return this.#positionMs;
    const moved = this.#options.epochMs() - this.#sinceEpochMs;
    return Math.min(this.#positionMs + moved, this.#playing.endMs);
  }

  get begun(): boolean {
    return this.#begun;
  }

  get isPlaying(): boolean {
    return this.#playing !== undefined;
  }

  /** The end of what is buffered from the playhead on without a hole. */
  get bufferedToMs(): number {
    let endMs = this.positionMs ?? 0;
    for (const piece of this.#pieces)
      if (piece.startMs <= endMs + HOLE_MS_MAX) endMs = Math.max(endMs, piece.endMs);
    return endMs;
  }

  get aheadMs(): number {
    return this.bufferedToMs - (this.positionMs ?? 0);
  }

  /** The beginning of the first piece behind the playhead that it does not stand in. */
  get nextStartMs(): number | undefined {
    const atMs = this.positionMs ?? 0;
    return this.#pieces.find(({ startMs }) => startMs > atMs + HOLE_MS_MAX)?.startMs;
  }

  has(startMs: number): boolean {
    return this.#pieces.some((piece) => Math.abs(piece.startMs - startMs) < HOLE_MS_MAX);
  }

  /** Moves the playhead; what is not buffered there has to be loaded. */
  seek(positionMs: number): void {
    const atEpochMs = this.#options.epochMs();
    if (this.#playing) this.#stall(atEpochMs);
    this.#positionMs = positionMs;
    this.#goOn(atEpochMs);
  }

  append(piece: Piece): void {
    this.#pieces.push(piece);
    this.#pieces.sort((a, b) => a.startMs - b.startMs);
    if (!this.#playing) this.#goOn(this.#options.epochMs());
  }

  /** Nothing is told any more. */
  end(): void {
    this.#callOff?.();
    this.#pieces = [];
  }

  #goOn(atEpochMs: number): void {
    const neededMs = this.#begun ? this.#options.resumeMs : this.#options.startMs;
    const piece = this.#pieceAt(this.#positionMs ?? 0);
    if (!piece || this.#positionMs === undefined) return;
    if (this.aheadMs < neededMs) return;
    this.#play(piece, Math.max(this.#positionMs, piece.startMs), atEpochMs);
  }

  #play(piece: Piece, positionMs: number, atEpochMs: number): void {
    this.#begun = true;
    this.#playing = piece;
    this.#positionMs = positionMs;
    this.#sinceEpochMs = atEpochMs;
    this.#options.events.plays(piece, positionMs - piece.startMs, atEpochMs);
    const endsAtEpochMs = atEpochMs + piece.endMs - positionMs;
    this.#callOff?.();
    const waitMs = Math.max(0, endsAtEpochMs - this.#options.epochMs());
    this.#callOff = this.#options.later(waitMs, () => this.#pieceOver(piece, endsAtEpochMs));
  }

  #pieceOver(piece: Piece, atEpochMs: number): void {
    this.#positionMs = piece.endMs;
    this.#pieces = this.#pieces.filter(({ endMs }) => endMs > piece.endMs);
    const next = this.#pieceAt(piece.endMs);
    if (next) return this.#play(next, Math.max(piece.endMs, next.startMs), atEpochMs);
    this.#stall(atEpochMs);
  }

  #stall(atEpochMs: number): void {
    this.#callOff?.();
    this.#positionMs = this.positionMs;
    this.#playing = undefined;
    this.#options.events.stalls(atEpochMs);
  }

  /** The piece that is at a position, or begins right after it. */
  #pieceAt(positionMs: number): Piece | undefined {
    return this.#pieces.find(
      ({ startMs, endMs }) => startMs <= positionMs + HOLE_MS_MAX && endMs > positionMs,
    );
  }
}
