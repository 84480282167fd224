import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { droppedBytes } from '../../../harness/toxiproxy/server/toxic.ts';
import { testBench, type TestBench, type ToxicHandle } from './bench.ts';

/** Toxics that delay and cut but never lose a byte or end a connection. */
const lossless = fc.oneof(
  fc.record({
    type: fc.constant('latency'),
    attributes: fc.record({ latency: fc.nat(500), jitter: fc.nat(200) }),
  }),
  fc.record({ type: fc.constant('bandwidth'), attributes: fc.record({ rate: fc.nat(50) }) }),
  fc.record({
    type: fc.constant('slicer'),
    attributes: fc.record({
      average_size: fc.integer({ min: 1, max: 100 }),
      size_variation: fc.nat(20),
      delay: fc.nat(5_000),
    }),
  }),
  fc.record({ type: fc.constant('shared_bandwidth'), attributes: fc.record({ rate: fc.nat(50) }) }),
  fc.record({ type: fc.constant('noop'), attributes: fc.record({}) }),
  fc.record({ type: fc.constant('slow_close'), attributes: fc.record({ delay: fc.nat(300) }) }),
);

const TYPES = ['latency', 'bandwidth', 'slicer', 'shared_bandwidth', 'noop', 'slow_close'];

type Step = (state: { bench: TestBench; handles: ToxicHandle[]; sent: number }) => void;

/** Bytes that tell their place, so that a swap cannot go unseen. */
const text = (from: number, length: number) => PLACES.slice(from, from + length);
const PLACES = Array.from({ length: 60 * 3_000 }, (_, at) =>
  String.fromCharCode((at * 31) % 251),
).join('');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.integer({ min: 1, max: 3_000 }).map((length): Step => (state) => {
    state.bench.write(text(state.sent, length));
    state.sent += length;
  }),
  fc.nat(400).map(
    (ms): Step =>
      ({ bench }) =>
        bench.clock.advance(ms),
  ),
  fc.boolean().map(
    (on): Step =>
      ({ bench }) =>
        bench.block(on),
  ),
  lossless.map(({ type, attributes }): Step => ({ bench, handles }) => {
    handles.push(bench.add(type, attributes));
  }),
  fc.nat().map((index): Step => ({ handles }) => {
    const [handle] = handles.splice(index % Math.max(1, handles.length), 1);
    handle?.remove();
  }),
  fc.tuple(fc.nat(), fc.nat(500)).map(([index, value]): Step => ({ handles }) => {
    const handle = handles[index % Math.max(1, handles.length)];
    const changed = Object.entries(handle?.toxic.attributes ?? {}).map(([key]) => [key, value + 1]);
    handle?.update(Object.fromEntries(changed) as Record<string, number>);
  }),
  fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })).map(
    ([index, toxicity]): Step =>
      ({ handles }) =>
        handles[index % Math.max(1, handles.length)]?.setToxicity(toxicity),
  ),
);

describe('a chain of toxics', () => {
  it('neither loses nor swaps a byte under any sequence of add, change and remove', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const state = { bench: testBench(), handles: [] as ToxicHandle[], sent: 0 };
        for (const one of steps) {
          one(state);
          const output = state.bench.output();
          expect(output).toBe(text(0, output.length));
        }
        state.bench.chain.end();
        state.bench.block(false);
        for (const handle of state.handles) handle.remove();
        expect(state.bench.output()).toBe(text(0, state.sent));
        expect(state.bench.events.map((event) => event.text)).toEqual(['end']);
        expect(state.bench.clock.pending()).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('asks for more after every pause once the sink takes data again', () => {
    let pauses = 0;
    fc.assert(
      fc.property(fc.array(lossless, { maxLength: 4 }), fc.nat(), (toxics, seed) => {
        const bench = testBench({ seed });
        const slow = toxics.filter(
          ({ attributes }) => !('rate' in attributes && attributes.rate === 0),
        );
        for (const { type, attributes } of slow) bench.add(type, attributes);
        bench.block(true);
        let paused = false;
        for (let at = 0; at < 200 && !paused; at++) paused = !bench.write('x'.repeat(16 * 1024));
        const before = bench.readyCount();
        bench.block(false);
        for (let at = 0; at < 100_000 && bench.chain.heldBytes() > 0; at++)
          bench.clock.advance(1_000);
        if (paused) pauses++;
        expect(paused ? bench.readyCount() > before : true).toBe(true);
        expect(bench.chain.heldBytes()).toBe(0);
      }),
      { numRuns: 15 },
    );
    expect(pauses).toBeGreaterThan(5);
  });

  it('passes what a removed stage held before anything newer, also to an uplink whose timer is late', () => {
    const bench = testBench();
    bench.add('latency', { latency: 0 });
    const middle = bench.add('latency', { latency: 5 });
    bench.add('shared_bandwidth', { rate: 10_000 });
    const letters = Array.from({ length: 40 }, (_, at) => String.fromCharCode(65 + at));
    const write = (some: readonly string[]) => {
      for (const letter of some) bench.write(letter.repeat(65_536));
    };
    write(letters.slice(0, 20));
    bench.clock.advance(6);
    write(letters.slice(20));
    bench.clock.passUnseen(100);
    middle.remove();
    bench.clock.advance(1_000);
    expect(bench.output().replace(/(.)\1*/gs, '$1')).toBe(letters.join(''));
    expect(bench.output()).toHaveLength(40 * 65_536);
  });

  it.each(TYPES.map((type) => ({ type })))(
    'hears of room behind $type that is put in behind a full stage',
    ({ type }) => {
      const bench = testBench();
      bench.add('latency', { latency: 0 });
      bench.block(true);
      while (bench.write('x'.repeat(65_536)));
      bench.add(type, { rate: 1_000_000, average_size: 10_000 });
      const before = bench.readyCount();
      bench.block(false);
      bench.clock.advance(1_000);
      expect(bench.readyCount()).toBeGreaterThan(before);
      expect(bench.chain.heldBytes()).toBe(0);
    },
  );

  it('passes data from toxic to toxic in the order they were added', () => {
    const bench = testBench();
    bench.add('limit_data', { bytes: 5 });
    bench.add('slicer', { average_size: 1 });
    bench.write('abcdefgh');
    bench.clock.advance(1);
    expect(bench.arrivals.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('draws toxicity once a link, so that raising it only adds links', () => {
    const applied = (toxicity: number) =>
      Array.from({ length: 200 }, (_, seed) => {
        const bench = testBench({ seed });
        bench.add('timeout', { timeout: 0 }, toxicity);
        bench.write('a');
        return bench.output() === '';
      });
    const few = applied(0.2);
    const many = applied(0.6);
    expect(few.filter(Boolean).length).toBeGreaterThan(20);
    expect(few.filter(Boolean).length).toBeLessThan(60);
    expect(few.every((on, link) => !on || many[link])).toBe(true);
    expect(applied(0)).not.toContain(true);
    expect(applied(1)).not.toContain(false);
  });

  it('takes the same decisions with the same seed, whatever else was added in between', () => {
    const survivors = (disturb: boolean) => {
      const bench = testBench({ seed: 42 });
      bench.add('packet_loss', { loss_rate: 0.5 });
      if (disturb) bench.add('latency', { latency: 0, jitter: 0 }).remove();
      for (const letter of 'abcdefghijklmnopqrstuvwxyz') bench.write(letter);
      return bench.output();
    };
    expect(survivors(true)).toBe(survivors(false));
  });

  it('counts what a toxic dropped, and nothing for one that only delays', () => {
    const bench = testBench();
    const loss = bench.add('packet_loss', { loss_rate: 1 });
    bench.write('abc');
    expect(droppedBytes(loss.toxic)).toBe(3);
    const other = testBench();
    const latency = other.add('latency', { latency: 10 });
    other.write('abc');
    expect(droppedBytes(latency.toxic)).toBe(0);
    other.clock.advance(10);
    expect(latency.toxic.counters).toMatchObject({ receivedBytes: 3, sentBytes: 3 });
  });

  it('leaves no timer behind when the link goes', () => {
    const bench = testBench();
    bench.add('latency', { latency: 100 });
    bench.add('timeout', { timeout: 100 });
    bench.add('slow_close', { delay: 100 });
    bench.write('a');
    bench.chain.destroy();
    expect(bench.clock.pending()).toBe(0);
    bench.clock.advance(1_000);
    expect(bench.events).toEqual([]);
    expect(bench.output()).toBe('');
  });
});
