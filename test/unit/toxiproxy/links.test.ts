import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { Link } from '../../../harness/toxiproxy/server/link.ts';
import { keepChunk, readMemory } from '../../../harness/toxiproxy/server/readMemory.ts';
import { createToxic, type Stream } from '../../../harness/toxiproxy/server/toxic.ts';
import { createToxicList } from '../../../harness/toxiproxy/server/toxicList.ts';
import { strictKind, virtualClock, type VirtualClock } from './bench.ts';

const PERIOD_BYTES = 1_000_003;
const random = seededRandom(1);
const period = Buffer.from(
  Uint8Array.from({ length: PERIOD_BYTES }, () => Math.floor(random.next() * 256)),
);
const programme = Buffer.concat([period, period]);
const POISON = 0xdd;

const programmeAt = (place: number, length: number): Buffer => {
  const from = place % PERIOD_BYTES;
  return programme.subarray(from, from + length);
};

/** A socket as a link sees it: the system takes what there is room for, and the rest waits. */
class FakeSocket extends EventEmitter {
  isReading = false;
  bytesWritten = 0;
  writableLength = 0;
  writableEnded = false;
  readableEnded = false;
  destroyed = false;
  room = 0;
  private waiting: Buffer[] = [];
  private takenBytes = 0;

  pause(): this {
    this.isReading = false;
    return this;
  }

  resume(): this {
    this.isReading = true;
    return this;
  }

  write(chunk: Buffer): boolean {
    this.bytesWritten += chunk.length;
    this.writableLength += chunk.length;
    this.waiting.push(keepChunk(chunk));
    this.takeAll();
    return this.writableLength < 16 * 1024;
  }

  end(): this {
    this.writableEnded = true;
    return this;
  }

  /** The system has room for so many bytes more. */
  makeRoom(bytes: number): void {
    this.room += bytes;
    if (this.writableLength === 0) return;
    this.takeAll();
    if (this.writableLength === 0) this.emit('drain');
  }

  get sentBytes(): number {
    return this.takenBytes;
  }

  private takeAll(): void {
    for (let head = this.waiting[0]; head && this.room > 0; head = this.waiting[0]) {
      const part = head.subarray(0, this.room);
      expect(part.equals(programmeAt(this.takenBytes, part.length))).toBe(true);
      this.takenBytes += part.length;
      this.room -= part.length;
      this.writableLength -= part.length;
      if (part.length === head.length) this.waiting.shift();
      else this.waiting[0] = head.subarray(part.length);
    }
  }
}

/** Links of one proxy, with toxics that all of them share. */
function startLinks(count: number, clock: VirtualClock) {
  const links = Array.from({ length: count }, (_, lane) => {
    const source = new FakeSocket();
    const destination = new FakeSocket();
    const owner = {
      clock,
      randomFor: (_: Stream, purpose: string) => seededRandom(lane).fork(purpose),
      close: () => undefined,
      reset: () => undefined,
    };
    const link = new Link(owner, {
      stream: 'downstream',
      source: source as unknown as Socket,
      destination: destination as unknown as Socket,
      toxics: [],
    });
    destination.on('drain', () => link.drained());
    source.resume();
    let place = 0;
    const arrive = (share: number) => {
      if (!source.isReading) return;
      const bytes = Math.max(1, Math.floor(readMemory.length * share));
      programmeAt(place, bytes).copy(readMemory);
      place += bytes;
      link.take(readMemory.subarray(0, bytes), share === 1);
      // The next read may be of any socket: whoever still refers to the memory shows at once.
      readMemory.fill(POISON, 0, bytes);
    };
    return { link, source, destination, arrive, arrivedBytes: () => place };
  });
  const list = createToxicList(() => ({ chains: () => links.map(({ link }) => link.chain) }));
  return { links, list };
}

type Links = ReturnType<typeof startLinks>;
type Step = (state: Links & { clock: VirtualClock }) => Promise<void> | void;

/** Kilobytes a second: nothing, less than what arrives, and about as much. */
const rate = fc.oneof(fc.constant(0), fc.nat(5_000), fc.nat(50_000), fc.nat(500_000));
const attributes = {
  latency: fc.record({ latency: fc.nat(20), jitter: fc.nat(5) }),
  bandwidth: fc.record({ rate }),
  shared_bandwidth: fc.record({ rate }),
  slicer: fc.record({ average_size: fc.integer({ min: 500, max: 20_000 }), delay: fc.nat(100) }),
  slow_close: fc.record({ delay: fc.nat(10) }),
  noop: fc.record({}),
} satisfies Record<string, fc.Arbitrary<object>>;

const name = fc.nat(4).map((number) => `t${number}`);
const toxic = fc
  .constantFrom(...(Object.keys(attributes) as (keyof typeof attributes)[]))
  .chain((type) => fc.record({ name, type: fc.constant(type), attributes: attributes[type] }));

const LANES = 2;
const lane = fc.nat(LANES - 1);
const has = ({ list }: Links, wanted: string) => list.all().some((one) => one.name === wanted);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(lane, fc.constantFrom(0.1, 0.7, 1, 1, 1), fc.integer({ min: 1, max: 12 }))
      .map(([at, share, times]): Step => ({ links }) => {
        for (let time = 0; time < times; time++) links[at]?.arrive(share);
      }),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(lane, fc.constantFrom(5_000, 100_000, 1_000_000, 10_000_000)).map(
      ([at, bytes]): Step =>
        ({ links }) =>
          links[at]?.destination.makeRoom(bytes),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(15).map(
      (ms): Step =>
        ({ clock }) =>
          clock.advance(ms),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.nat(30).map(
      (ms): Step =>
        ({ clock }) =>
          clock.passUnseen(ms),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>(() => nextTurn()) },
  {
    weight: 3,
    arbitrary: toxic.map(({ name, type, attributes }): Step => (state) => {
      if (has(state, name)) return;
      const fields = {
        name,
        kind: strictKind(type),
        stream: 'downstream',
        streamText: 'downstream',
        toxicity: 1,
      } as const;
      state.list.add(createToxic({ ...fields, attributes: attributes }));
    }),
  },
  {
    weight: 2,
    arbitrary: name.map((name): Step => (state) => {
      if (has(state, name)) state.list.remove(name);
    }),
  },
);

/** Lets everything through that has arrived. */
async function settle({ links, list }: Links, clock: VirtualClock): Promise<void> {
  list.reset();
  for (const { destination } of links) destination.makeRoom(Infinity);
  clock.advance(1_000);
  await nextTurn();
  await nextTurn();
}

describe('links that share their toxics and their memory', () => {
  it('deliver every byte once, in order and unchanged, and are never left paused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 100, maxLength: 200, size: 'max' }),
        async (steps) => {
          const clock = virtualClock();
          const state = { ...startLinks(LANES, clock), clock };
          for (const one of steps) await one(state);
          await settle(state, clock);
          for (const { source, destination, arrivedBytes } of state.links) {
            expect(destination.sentBytes).toBe(arrivedBytes());
            expect(source.isReading).toBe(true);
          }
          expect(clock.pending()).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
