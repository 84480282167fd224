import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createBufferPool,
  ReusedBuffer,
  type BufferPool,
  type ByteTaker,
} from '../../../harness/toxiproxy/server/reusedBuffer.ts';

const NONE_BYTES_MAX = 256 * 1024;

/** Somebody who keeps what it takes while told to, and never more than that. */
function keeper(bytesMax = NONE_BYTES_MAX) {
  const kept: { readonly chunk: Buffer; readonly value: number }[] = [];
  const state = { keeping: false };
  const taker: ByteTaker = {
    take: (chunk) => {
      if (state.keeping) kept.push({ chunk, value: chunk[0] ?? 0 });
    },
    keeps: () => kept.length > 0,
    bytesMax: () => bytesMax,
  };
  return { kept, state, taker };
}

/** Fills a part of the current memory like a socket, and says so. */
function socket(taker: ByteTaker, pool: BufferPool = createBufferPool()) {
  const buffer = new ReusedBuffer(pool);
  return {
    current: () => buffer.current,
    release: () => buffer.release(),
    arrive: (share: number, value: number) => {
      const memory = buffer.current;
      const bytes = Math.max(1, Math.floor(memory.length * share));
      memory.fill(value, 0, bytes);
      buffer.read(bytes, taker);
    },
  };
}

describe('memory that a socket reads into again', () => {
  it('never changes under somebody who keeps bytes of it', () => {
    const step = fc.record({
      who: fc.nat(2),
      share: fc.constantFrom(0.01, 0.3, 0.7, 1),
      keeping: fc.boolean(),
      lets: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const pool = createBufferPool();
        const all = [0, 1, 2].map(() => {
          const owner = keeper();
          return { owner, reads: socket(owner.taker, pool) };
        });
        steps.forEach(({ who, share, keeping, lets }, at) => {
          const { owner, reads } = all[who] ?? all[0]!;
          owner.state.keeping = keeping;
          if (lets) owner.kept.length = 0;
          reads.arrive(share, at % 251);
          for (const { owner: each } of all)
            for (const { chunk, value } of each.kept)
              expect(chunk.every((byte) => byte === value)).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is the same memory for as long as nobody keeps it', () => {
    const { taker } = keeper();
    const reads = socket(taker);
    for (let read = 0; read < 4; read++) reads.arrive(1, read);
    const memory = reads.current();
    for (let read = 0; read < 100; read++) reads.arrive(1, read);
    expect(reads.current()).toBe(memory);
  });

  it('grows while reads fill it, to 64 KB for toxics that hold and 256 KB without', () => {
    const sizes = (bytesMax: number) => {
      const reads = socket(keeper(bytesMax).taker);
      return [0, 1, 2, 3].map((read) => {
        const { length } = reads.current();
        reads.arrive(1, read);
        return length;
      });
    };
    expect(sizes(NONE_BYTES_MAX)).toEqual([65_536, 262_144, 262_144, 262_144]);
    expect(sizes(65_536)).toEqual([65_536, 65_536, 65_536, 65_536]);
  });

  it('is the shared one again when a short burst is over, and for all but 128 when a long one is', () => {
    const pool = createBufferPool();
    const sockets = Array.from({ length: 140 }, () => socket(keeper().taker, pool));
    for (const reads of sockets) {
      reads.arrive(1, 1);
      reads.arrive(0.5, 1);
      expect(reads.current()).toBe(pool.shared);
      for (let read = 0; read < 40; read++) reads.arrive(1, 1);
      reads.arrive(0.5, 1);
    }
    const large = () => sockets.filter((reads) => reads.current() !== pool.shared).length;
    expect(large()).toBe(128);
    sockets[0]?.release();
    const late = sockets.at(-1);
    for (let read = 0; read < 40; read++) late?.arrive(1, 1);
    late?.arrive(0.5, 1);
    expect(late?.current()).not.toBe(pool.shared);
  });

  it('takes memory back that nobody keeps any more, instead of new memory', () => {
    const { kept, state, taker } = keeper();
    const reads = socket(taker);
    for (let read = 0; read < 20; read++) reads.arrive(1, read);
    const seen = new Set<ArrayBufferLike>();
    for (let read = 0; read < 100; read++) {
      kept.length = 0;
      state.keeping = true;
      seen.add(reads.current().buffer);
      reads.arrive(1, read);
    }
    expect(seen.size).toBeLessThanOrEqual(3);
  });

  it('is given back when the socket closes, for whoever reads next', () => {
    const pool = createBufferPool();
    const { taker } = keeper();
    const closed = socket(taker, pool);
    closed.arrive(1, 1);
    const memory = closed.current();
    closed.release();
    const next = socket(taker, pool);
    next.arrive(1, 1);
    expect(memory.length).toBe(262_144);
    expect(next.current() === memory).toBe(true);
  });

  it('is copied out of where all wait with it', () => {
    const pool = createBufferPool();
    const { kept, state, taker } = keeper();
    const reads = socket(taker, pool);
    state.keeping = true;
    for (const share of [0.1, 0.9, 1]) {
      reads.arrive(share, 1);
      expect(kept.at(-1)?.chunk.buffer).not.toBe(pool.shared.buffer);
      reads.arrive(0.01, 2);
    }
    expect(kept.every(({ chunk, value }) => chunk.every((byte) => byte === value))).toBe(true);
  });

  it('is their own for 16 sockets until they read, and is not copied out of unless few bytes came', () => {
    const pool = createBufferPool();
    const { kept, state, taker } = keeper();
    state.keeping = true;
    const sockets = Array.from({ length: 20 }, () => socket(taker, pool));
    const waiting = () => sockets.filter((reads) => reads.current() !== pool.shared).length;
    expect(waiting()).toBe(16);
    const [first, second] = sockets.map((reads) => reads.current().buffer);
    sockets[0]?.arrive(0.6, 1);
    expect(kept.at(-1)?.chunk.buffer).toBe(first);
    kept.length = 0;
    sockets[1]?.arrive(0.1, 1);
    expect(kept.at(-1)?.chunk.buffer).not.toBe(second);
    sockets[2]?.release();
    expect(waiting()).toBe(13);
    const next = [0, 1, 2, 3].map(() => socket(taker, pool));
    expect(next.filter((reads) => reads.current() !== pool.shared).length).toBe(3);
  });

  it('does not keep a large memory for a few bytes', () => {
    const { kept, state, taker } = keeper();
    const reads = socket(taker);
    for (let read = 0; read < 20; read++) reads.arrive(1, read);
    state.keeping = true;
    reads.arrive(1, 1);
    reads.arrive(0.01, 2);
    expect(kept.at(-1)?.chunk.buffer.byteLength).toBeLessThan(262_144);
  });
});
