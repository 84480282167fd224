// A MediaSource that keeps buffered ranges and knows the content of each piece.

import type { VirtualStream } from '../../harness/model/virtualWorld.ts';
import { Emitter } from './emitter.ts';
import { readSegments } from './segments.ts';

/** A segment in a buffer. Times are seconds of the media. */
export interface Piece {
  readonly startS: number;
  readonly endS: number;
  readonly content: number;
}

/** The time a browser takes to append a segment, and to remove a range. */
const APPEND_MS = 4;
const REMOVE_MS = 1;
/** From setting a source to its being open: longer than a small answer takes. */
const OPEN_MS = 10;
/** Ranges closer than this are one range. */
const SEAM_S = 0.05;
/**
 * The sound of a segment of transport stream ends so long before its picture, and playing with it: in
 * Chromium 156 hls.js said on 29 November 2026 that it stalled at 14.015 s of pictures up to 14.059 s.
 */
const SOUND_SHORT_S = 0.044;
/** Time stamps are rounded: pieces may overlap by so little. */
const ROUNDING_S = 0.002;

export class Ranges {
  readonly #ranges: readonly (readonly [number, number])[];

  constructor(ranges: readonly (readonly [number, number])[]) {
    this.#ranges = ranges;
  }

  get length(): number {
    return this.#ranges.length;
  }

  start(index: number): number {
    return this.#ranges[index]![0];
  }

  end(index: number): number {
    return this.#ranges[index]![1];
  }

  /** Media from a position on without a break, in seconds. */
  aheadOf(positionS: number): number {
    // Players ask for it all the time: a loop costs less than a call for each range.
    for (const range of this.#ranges)
      if (positionS >= range[0] - SEAM_S && positionS < range[1]) return range[1] - positionS;
    return 0;
  }
}

export const NO_RANGES = new Ranges([]);

export interface MediaElement {
  /** The buffer is not what it was. */
  readonly buffered: unknown;
  wake(): void;
  fail(error: 'network' | 'decode'): void;
}

export class VirtualSourceBuffer extends Emitter {
  updating = false;
  timestampOffset = 0;
  mode = 'segments';
  appendWindowStart = 0;
  appendWindowEnd = Infinity;
  pieces: readonly Piece[] = [];
  buffered = NO_RANGES;
  readonly #stream: VirtualStream;
  readonly #source: VirtualMediaSource;

  constructor(stream: VirtualStream, source: VirtualMediaSource) {
    super();
    this.#stream = stream;
    this.#source = source;
  }

  appendBuffer(data: ArrayBuffer | ArrayBufferView): void {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    const added = readSegments(bytes).map(({ content, startS }): Piece => {
      const from = startS + this.timestampOffset;
      const lengthS = this.#stream.content(content).frames / this.#stream.fps;
      return { content, startS: from, endS: from + lengthS };
    });
    this.#update(APPEND_MS, () => {
      for (const piece of added) this.#put(piece);
    });
  }

  remove(startS: number, endS: number): void {
    this.#update(REMOVE_MS, () => {
      this.pieces = this.pieces.filter(
        (piece) => piece.endS <= startS + ROUNDING_S || piece.startS >= endS - ROUNDING_S,
      );
    });
  }

  abort(): void {
    this.updating = false;
  }

  changeType(): void {
    // Every type is the same here.
  }

  #put(piece: Piece): void {
    const apart = this.pieces.filter(
      ({ startS, endS }) => endS <= piece.startS + ROUNDING_S || startS >= piece.endS - ROUNDING_S,
    );
    this.pieces = [...apart, piece].toSorted((a, b) => a.startS - b.startS);
  }

  #update(ms: number, change: () => void): void {
    this.updating = true;
    this.#stream.timers.after(ms, () => {
      if (!this.updating) return;
      change();
      this.buffered = mergeRanges(this.pieces);
      this.updating = false;
      this.tell('updatestart');
      this.tell('update');
      this.tell('updateend');
      this.#source.element?.wake();
    });
  }
}

export class VirtualMediaSource extends Emitter {
  static isTypeSupported(): boolean {
    return true;
  }

  readyState = 'closed';
  duration = NaN;
  element: MediaElement | undefined;
  readonly sourceBuffers: VirtualSourceBuffer[] = [];
  readonly #stream: VirtualStream;

  constructor(stream: VirtualStream) {
    super();
    this.#stream = stream;
  }

  addSourceBuffer(): VirtualSourceBuffer {
    const buffer = new VirtualSourceBuffer(this.#stream, this);
    this.sourceBuffers.push(buffer);
    return buffer;
  }

  removeSourceBuffer(buffer: VirtualSourceBuffer): void {
    const at = this.sourceBuffers.indexOf(buffer);
    if (at >= 0) this.sourceBuffers.splice(at, 1);
  }

  /** A player that gives up by the network ends its element so. */
  endOfStream(error?: 'network' | 'decode'): void {
    this.readyState = 'ended';
    if (error) this.element?.fail(error);
  }

  setLiveSeekableRange(): void {
    // Players seek within what is buffered.
  }

  clearLiveSeekableRange(): void {
    // The same.
  }

  /** The element took it as its source. */
  open(element: MediaElement): void {
    this.element = element;
    this.#stream.timers.after(OPEN_MS, () => {
      this.readyState = 'open';
      this.tell('sourceopen');
    });
  }
}

function mergeRanges(pieces: readonly Piece[]): Ranges {
  const ranges: [number, number][] = [];
  for (const { startS, endS } of pieces) {
    const last = ranges.at(-1);
    if (last && startS <= last[1] + SEAM_S) last[1] = Math.max(last[1], endS);
    else ranges.push([startS, endS]);
  }
  return new Ranges(ranges.map(([from, to]) => [from, Math.max(from, to - SOUND_SHORT_S)]));
}
