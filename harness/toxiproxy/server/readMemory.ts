// The memory that all sockets read into: one for the process, so that it stays in the caches of a processor
// however many sockets there are. A chunk is lent for the call that brings it: whoever keeps it longer,
// because a destination takes no more or a toxic holds bytes, keeps a copy.

/** A segment of the loopback, which a smaller one would follow where a write is a little longer. */
const SEGMENT_BYTES = 65_483;
/** With more, bytes are out of the fast caches before they are written. */
const READ_SEGMENTS = 2;

export const readMemory: Buffer = Buffer.allocUnsafeSlow(READ_SEGMENTS * SEGMENT_BYTES);

/** Gives a chunk that nobody writes over. */
export const keepChunk = (chunk: Buffer): Buffer =>
  chunk.buffer === readMemory.buffer ? Buffer.from(chunk) : chunk;
