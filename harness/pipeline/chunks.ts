// Cuts a stream of bytes into pieces: whole pictures from a pipe, so many bytes of sound.

import type { Readable } from 'node:stream';

/** Calls `onPiece` with every `bytes` bytes of the stream, each in a buffer of its own. */
export function cutStream(stream: Readable, bytes: number, onPiece: (piece: Buffer) => void): void {
  let piece = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  stream.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.copy(piece, filled, at);
      at += taken;
      filled += taken;
      if (filled < bytes) continue;
      onPiece(piece);
      piece = Buffer.allocUnsafeSlow(bytes);
      filled = 0;
    }
  });
}

/** First in, first out, with a limit: what does not fit pushes the oldest out. */
export interface ByteQueue {
  readonly length: number;
  readonly push: (chunk: Buffer) => void;
  /** Exactly `bytes` bytes, the end filled with zeroes when there are fewer. */
  readonly take: (bytes: number) => Buffer;
  /** Forgets the oldest until at most `bytes` are left. */
  readonly trim: (bytes: number) => void;
}

export function byteQueue(limitBytes: number): ByteQueue {
  const chunks: Buffer[] = [];
  let length = 0;
  const dropHead = (bytes: number) => {
    for (let left = Math.min(bytes, length); left > 0;) {
      const head = chunks[0] as Buffer;
      const cut = Math.min(left, head.length);
      if (cut === head.length) chunks.shift();
      else chunks[0] = head.subarray(cut);
      left -= cut;
      length -= cut;
    }
  };
  return {
    get length() {
      return length;
    },
    push: (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      // Whole samples only, or all that follows would be noise.
      if (length > limitBytes) dropHead((length - limitBytes + 1) & ~1);
    },
    take: (bytes) => {
      const taken = Buffer.alloc(bytes);
      let at = 0;
      for (const chunk of chunks) {
        if (at >= bytes) break;
        at += chunk.copy(taken, at, 0, bytes - at);
      }
      dropHead(at);
      return taken;
    },
    trim: (bytes) => dropHead(length > bytes ? (length - bytes) & ~1 : 0),
  };
}
