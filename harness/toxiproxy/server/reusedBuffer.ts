// Memory that a socket reads into again and again, instead of new memory for every read. It is only
// used again once nobody refers to the bytes in it: until then the socket reads into another one.
// Sockets that wait share one memory, because thousands may be idle; what they read is copied out of it.
// A socket that fills it gets memory of its own while it has more to read, and so do a few sockets
// until their first read: a short answer is not copied then.

const SHARED_BYTES = 64 * 1024;
const MIDDLE_BYTES = 64 * 1024;
/** With more, bytes are out of the fast caches of a processor before they are written. */
const LARGE_BYTES = 256 * 1024;
/** Reads that filled a memory of its own after which a socket may wait with it. */
const SUSTAINED_READS = 4;
/** Reads in a row that hardly used a memory after which it is given back. */
const SPARSE_READS = 8;
/** Sockets that wait with a memory of their own at once: 64 MB at most. */
const HOLDERS_MAX = 128;
/** Sockets that wait for their first bytes with a memory of their own at once. */
const FIRSTS_MAX = 16;
/** Memories that are kept for whoever needs one next, of each size: 18 MB at most. */
const FREE_MAX = 32;
/** Memories that a socket waits for to come back; more are left to the garbage collector. */
const LENT_MAX = 4;

/** The one that gets the bytes. */
export interface ByteTaker {
  /** `filled`: the read filled its memory, so that more may be there. */
  take(chunk: Buffer, filled: boolean): void;
  /** True while anybody refers to bytes that were taken. */
  keeps(): boolean;
  /** Largest chunk that it wants. */
  bytesMax(): number;
}

/** The memories that all sockets of a process share. */
export interface BufferPool {
  /** Nobody may keep bytes in it beyond the call that brings them: sockets that wait will read into it. */
  readonly shared: Buffer;
  take(bytes: number): Buffer;
  /** A memory to wait for the first bytes with; undefined where enough sockets have one. */
  takeFirst(): Buffer | undefined;
  /** Somebody who waited with one does not any more. */
  endFirst(): void;
  giveBack(buffer: Buffer): void;
  /** True: one more may wait with a memory of its own. */
  startHolding(): boolean;
  stopHolding(): void;
}

export function createBufferPool(): BufferPool {
  const free = new Map<number, Buffer[]>();
  let holders = 0;
  let firsts = 0;
  const take = (bytes: number) => free.get(bytes)?.pop() ?? Buffer.allocUnsafeSlow(bytes);
  return {
    shared: Buffer.allocUnsafeSlow(SHARED_BYTES),
    take,
    takeFirst: () => {
      if (firsts >= FIRSTS_MAX) return undefined;
      firsts += 1;
      return take(MIDDLE_BYTES);
    },
    endFirst: () => {
      firsts -= 1;
    },
    giveBack: (buffer) => {
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

const processPool = createBufferPool();
const NONE: readonly Buffer[] = [];

export class ReusedBuffer {
  private readonly pool: BufferPool;
  /** Undefined: it waits with the shared one. */
  private own: Buffer | undefined;
  /** The memories that hold bytes somebody refers to. */
  private lent = NONE;
  private filledReads = 0;
  private sparseReads = 0;
  private holds = false;
  /** It waits for its first bytes with a memory of its own. */
  private isFirst: boolean;

  /** `hasFirst`: its first bytes are an answer, which may fill a memory of its own. */
  constructor(pool: BufferPool = processPool, hasFirst = true) {
    this.pool = pool;
    this.own = hasFirst ? pool.takeFirst() : undefined;
    this.isFirst = this.own !== undefined;
  }

  /** The memory that the next read goes into. */
  get current(): Buffer {
    return this.own ?? this.pool.shared;
  }

  /** Takes note that so many bytes were read into it, and passes them on. */
  read(bytes: number, taker: ByteTaker): void {
    const { current, own, pool } = this;
    const isKept = taker.keeps();
    if (!isKept) this.takeBack();
    // A few bytes that somebody may keep for long must not keep a large memory with them.
    const isFew = bytes * 2 <= current.length && (isKept || !own || this.isFirst);
    this.endFirst();
    if (isFew) taker.take(Buffer.from(current.subarray(0, bytes)), false);
    else this.pass(own ?? this.copyOfShared(bytes), bytes, taker);
    const size = this.nextSize(bytes, current.length, taker.bytesMax());
    if (size === (this.own?.length ?? 0)) return;
    if (this.own) pool.giveBack(this.own);
    this.own = size === 0 ? undefined : pool.take(size);
  }

  /** The socket is closed. */
  release(): void {
    this.stopHolding();
    this.endFirst();
    if (this.own) this.pool.giveBack(this.own);
    this.own = undefined;
  }

  private endFirst(): void {
    if (this.isFirst) this.pool.endFirst();
    this.isFirst = false;
  }

  private stopHolding(): void {
    if (this.holds) this.pool.stopHolding();
    this.holds = false;
    this.filledReads = 0;
  }

  private copyOfShared(bytes: number): Buffer {
    const copy = this.pool.take(MIDDLE_BYTES);
    this.pool.shared.copy(copy, 0, 0, bytes);
    return copy;
  }

  /** Passes bytes of a memory on; it is free again at once where nobody keeps them. */
  private pass(memory: Buffer, bytes: number, taker: ByteTaker): void {
    taker.take(memory.subarray(0, bytes), bytes === memory.length);
    if (taker.keeps()) {
      if (this.lent.length < LENT_MAX) this.lent = [...this.lent, memory];
      this.own = undefined;
    } else if (memory !== this.own) this.pool.giveBack(memory);
  }

  /** The size of a memory of its own for the next read; 0: it waits with the shared one. */
  private nextSize(bytes: number, length: number, bytesMax: number): number {
    this.sparseReads = bytes * 16 < length ? this.sparseReads + 1 : 0;
    if (this.sparseReads >= SPARSE_READS) this.stopHolding();
    // A read that left room has emptied the socket: what comes next may come late.
    if (bytes < length) return this.mayHold() ? length : 0;
    if (this.own) this.filledReads += 1;
    return Math.min(LARGE_BYTES, Math.max(bytesMax, MIDDLE_BYTES));
  }

  private mayHold(): boolean {
    if (!this.holds && this.filledReads >= SUSTAINED_READS) this.holds = this.pool.startHolding();
    return this.holds;
  }

  private takeBack(): void {
    for (const buffer of this.lent) this.pool.giveBack(buffer);
    this.lent = NONE;
  }
}
