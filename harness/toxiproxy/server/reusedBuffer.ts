// Memory that a socket reads into again and again, instead of new memory for every read. It is only
// used again once nobody refers to the bytes in it: until then the socket reads into another one.
// A socket waits with a small buffer, because thousands may be idle, and gets larger ones while it has
// more to read.

/** While nothing comes. */
const SMALL_BYTES = 1024;
const MIDDLE_BYTES = 64 * 1024;
const LARGE_BYTES = 256 * 1024;
/** Reads that filled a larger buffer after which a socket may wait with it. */
const SUSTAINED_READS = 4;
/** Reads in a row that hardly used a large buffer after which it is given back. */
const SPARSE_READS = 8;
/** Sockets that wait with a large buffer at once: 32 MB at most. */
const HOLDERS_MAX = 128;
/** Large buffers that are kept for whoever needs one next, of each size: 10 MB at most. */
const FREE_MAX = 32;
/** Buffers that a socket waits for to come back; more are left to the garbage collector. */
const LENT_MAX = 4;

/** The one that gets the bytes. */
export interface ByteTaker {
  readonly take: (chunk: Buffer) => void;
  /** True while anybody refers to bytes that were taken. */
  keeps(): boolean;
  /** Largest chunk that it wants. */
  bytesMax(): number;
}

export interface ReusedBuffer {
  /** Gives the buffer that the next read goes into. */
  readonly current: () => Buffer;
  /** Takes note that so many bytes were read into it. */
  readonly read: (bytes: number, taker: ByteTaker) => void;
  /** The socket is closed. */
  readonly release: () => void;
}

/** The buffers that all sockets of a process share. */
export interface BufferPool {
  take(bytes: number): Buffer;
  giveBack(buffer: Buffer): void;
  /** True: one more may wait with a large buffer. */
  startHolding(): boolean;
  stopHolding(): void;
}

export function createBufferPool(): BufferPool {
  const free = new Map<number, Buffer[]>();
  let holders = 0;
  return {
    take: (bytes) =>
      bytes === SMALL_BYTES
        ? Buffer.allocUnsafe(bytes)
        : (free.get(bytes)?.pop() ?? Buffer.allocUnsafeSlow(bytes)),
    giveBack: (buffer) => {
      if (buffer.length === SMALL_BYTES) return;
      const others = free.get(buffer.length) ?? [];
      if (others.length < FREE_MAX) others.push(buffer);
      free.set(buffer.length, others);
    },
    startHolding: () => {
      if (holders >= HOLDERS_MAX) return false;
      holders += 1;
      return true;
    },
    stopHolding: () => {
      holders -= 1;
    },
  };
}

const sharedPool = createBufferPool();

export function createReusedBuffer(pool: BufferPool = sharedPool): ReusedBuffer {
  let current = pool.take(SMALL_BYTES);
  /** The buffers that hold bytes somebody refers to. */
  let lent: Buffer[] = [];
  let filledReads = 0;
  let sparseReads = 0;
  let holds = false;

  const stopHolding = () => {
    if (holds) pool.stopHolding();
    holds = false;
    filledReads = 0;
  };

  /** A read that left room has emptied the socket: what comes next may come late. */
  const waitingSize = (): number => {
    if (!holds && filledReads >= SUSTAINED_READS) holds = pool.startHolding();
    return holds ? current.length : SMALL_BYTES;
  };

  const nextSize = (bytes: number, bytesMax: number): number => {
    sparseReads = bytes * 16 < current.length ? sparseReads + 1 : 0;
    if (sparseReads >= SPARSE_READS) stopHolding();
    if (bytes < current.length) return waitingSize();
    if (current.length > SMALL_BYTES) filledReads += 1;
    const larger = current.length === SMALL_BYTES ? MIDDLE_BYTES : LARGE_BYTES;
    return Math.min(larger, Math.max(bytesMax, MIDDLE_BYTES));
  };

  const takeBack = () => {
    for (const buffer of lent) pool.giveBack(buffer);
    lent = [];
  };

  return {
    current: () => current,
    read: (bytes, taker) => {
      const chunk = current.subarray(0, bytes);
      const isKept = taker.keeps();
      if (!isKept) takeBack();
      // A few bytes that somebody may keep for long must not keep a large buffer with them.
      const copies = isKept && bytes * 2 <= current.length;
      taker.take(copies ? Buffer.from(chunk) : chunk);
      const isFree = copies || !taker.keeps();
      const size = nextSize(bytes, taker.bytesMax());
      if (isFree && size === current.length) return;
      if (isFree) pool.giveBack(current);
      else if (lent.length < LENT_MAX) lent.push(current);
      current = pool.take(size);
    },
    release: stopHolding,
  };
}
