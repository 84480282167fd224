import { describe, expect, it } from 'vitest';
import { seededRandom, type Random } from '../../../harness/kernel/random.ts';
import { droppedBytes, heldBytes } from '../../../harness/toxiproxy/server/toxic.ts';
import { nextPiece } from '../../../harness/toxiproxy/server/toxics/slicer.ts';
import type { Attributes } from '../../../harness/toxiproxy/server/toxics/stage.ts';
import fc from 'fast-check';
import { testBench } from './bench.ts';

describe('latency', () => {
  it('delays each chunk by the latency, not the second by twice as much', () => {
    const bench = testBench();
    bench.add('latency', { latency: 100, jitter: 0 });
    bench.write('a');
    bench.clock.advance(40);
    bench.write('b');
    bench.clock.advance(200);
    expect(bench.arrivals).toEqual([
      { atMs: 100, text: 'a' },
      { atMs: 140, text: 'b' },
    ]);
  });

  it('keeps the order when jitter would let a later chunk overtake', () => {
    const bench = testBench();
    bench.add('latency', { latency: 100, jitter: 100 });
    const text = 'abcdefghijklmnopqrstuvwxyz';
    for (const letter of text) {
      bench.write(letter);
      bench.clock.advance(10);
    }
    bench.clock.advance(250);
    expect(bench.output()).toBe(text);
    expect(new Set(bench.arrivals.map(({ atMs }) => atMs)).size).toBeGreaterThan(1);
  });

  it('adds up when there are two', () => {
    const bench = testBench();
    bench.add('latency', { latency: 100 });
    bench.add('latency', { latency: 50 });
    bench.write('a');
    bench.clock.advance(300);
    expect(bench.arrivals).toEqual([{ atMs: 150, text: 'a' }]);
  });

  it('passes at once what it held when it is removed, before what comes later', () => {
    const bench = testBench();
    const latency = bench.add('latency', { latency: 1_000 });
    bench.write('first ');
    latency.remove();
    bench.write('second');
    expect(bench.output()).toBe('first second');
    expect(bench.clock.pending()).toBe(0);
  });

  it('lets a shorter latency act on what it already holds', () => {
    const bench = testBench();
    const latency = bench.add('latency', { latency: 1_000 });
    bench.write('a');
    bench.clock.advance(50);
    latency.update({ latency: 80 });
    bench.clock.advance(1_000);
    expect(bench.arrivals).toEqual([{ atMs: 80, text: 'a' }]);
  });

  it('passes the end of the stream after the last byte', () => {
    const bench = testBench();
    bench.add('latency', { latency: 100 });
    bench.write('a');
    bench.chain.end();
    expect(bench.events).toEqual([]);
    bench.clock.advance(100);
    expect(bench.output()).toBe('a');
    expect(bench.events).toEqual([{ atMs: 100, text: 'end' }]);
  });

  it('asks for a pause while 32 MB are in flight and for more when there is room', () => {
    const bench = testBench();
    bench.add('latency', { latency: 100 });
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let at = 0; at < 31; at++) expect(bench.write(megabyte)).toBe(true);
    expect(bench.write(megabyte)).toBe(false);
    bench.clock.advance(100);
    expect(bench.readyCount()).toBe(1);
  });
});

describe('limit_time', () => {
  it('passes everything until its time is over, and then closes', () => {
    const bench = testBench();
    bench.add('limit_time', { time: 100 });
    bench.write('a');
    bench.clock.advance(99);
    bench.write('b');
    expect(bench.events).toEqual([]);
    bench.clock.advance(1);
    expect(bench.events).toEqual([{ atMs: 100, text: 'close' }]);
    bench.write('c');
    expect(bench.output()).toBe('ab');
  });

  it('counts a changed time from when it was applied, and leaves no timer when it is removed', () => {
    const bench = testBench();
    const limit = bench.add('limit_time', { time: 1_000 });
    bench.clock.advance(50);
    limit.update({ time: 80 });
    bench.clock.advance(29);
    expect(bench.events).toEqual([]);
    bench.clock.advance(1);
    expect(bench.events).toEqual([{ atMs: 80, text: 'close' }]);
    const other = testBench();
    other.add('limit_time', { time: 10 }).remove();
    expect(other.clock.pending()).toBe(0);
  });
});

describe('shared_bandwidth', () => {
  /** Two links with one toxic on both. */
  const uplink = (rate: number) => {
    const first = testBench();
    const shared = first.add('shared_bandwidth', { rate });
    const second = testBench({ clock: first.clock });
    second.chain.attach(shared.toxic, [shared.toxic]);
    return { first, second, shared };
  };

  it('gives all links together its rate, in turns', () => {
    const { first, second } = uplink(16);
    first.write('a'.repeat(160 * 1024));
    second.write('b'.repeat(160 * 1024));
    first.clock.advance(10_240);
    const bytes = [first.output().length, second.output().length];
    expect((bytes[0] ?? 0) + (bytes[1] ?? 0)).toBeLessThanOrEqual(16 * 10_240 + 2 * 16 * 1024);
    expect((bytes[0] ?? 0) + (bytes[1] ?? 0)).toBeGreaterThanOrEqual(16 * 10_240);
    expect(Math.abs((bytes[0] ?? 0) - (bytes[1] ?? 0))).toBeLessThanOrEqual(16 * 1024);
  });

  it('leaves the whole rate to one link when the other goes, and loses nothing', () => {
    const { first, second } = uplink(16);
    first.write('a'.repeat(64 * 1024));
    second.write('b'.repeat(64 * 1024));
    second.chain.destroy();
    first.chain.end();
    first.clock.advance(3 * 1024 + 1);
    expect(first.output().length).toBe(64 * 1024);
    expect(first.events.map(({ text }) => text)).toEqual(['end']);
    expect(first.clock.pending()).toBe(0);
  });

  it('holds at rate 0 and goes on with the rate that it is given', () => {
    const { first, shared } = uplink(0);
    expect(first.write('a'.repeat(64 * 1024))).toBe(false);
    first.clock.advance(60_000);
    expect(first.output()).toBe('');
    shared.update({ rate: 1_000 });
    first.clock.advance(1_000);
    expect(first.output().length).toBe(64 * 1024);
    expect(first.readyCount()).toBe(1);
  });
});

describe('a queue that is late', () => {
  it('lets others have their turn after 250 pieces', () => {
    const bench = testBench();
    bench.add('slicer', { average_size: 1, size_variation: 0, delay: 0 });
    bench.write('x'.repeat(2_000));
    const counts: number[] = [];
    let before = bench.arrivals.length;
    bench.clock.jump(10_000, () => {
      counts.push(bench.arrivals.length - before);
      before = bench.arrivals.length;
    });
    expect(Math.max(...counts)).toBe(250);
    expect(bench.output().length).toBe(2_000);
  });
});

describe('bandwidth', () => {
  it('passes its rate in kilobytes of 1000 bytes a second', () => {
    const bench = testBench();
    bench.add('bandwidth', { rate: 10 });
    for (let at = 0; at < 100; at++) bench.write('x'.repeat(1_000));
    bench.clock.advance(5_000);
    expect(bench.output().length).toBe(50_000);
    bench.clock.advance(5_000);
    expect(bench.output().length).toBe(100_000);
  });

  it('splits a chunk into pieces of 100 ms', () => {
    const bench = testBench();
    bench.add('bandwidth', { rate: 1 });
    bench.write('x'.repeat(250));
    bench.clock.advance(1_000);
    expect(bench.arrivals.map(({ atMs, text }) => [atMs, text.length])).toEqual([
      [100, 100],
      [200, 100],
      [250, 50],
    ]);
  });

  it('holds everything at rate 0 and loses nothing when it is removed', () => {
    const bench = testBench();
    const bandwidth = bench.add('bandwidth', { rate: 0 });
    bench.write('held');
    bench.chain.end();
    bench.clock.advance(3_600_000);
    expect(bench.output()).toBe('');
    expect(heldBytes(bandwidth.toxic)).toBe(4);
    bandwidth.remove();
    expect(bench.output()).toBe('held');
    expect(bench.events.map(({ text }) => text)).toEqual(['end']);
  });

  it('makes up for the time lost to late timers while there is data', () => {
    const bench = testBench();
    bench.add('bandwidth', { rate: 100 });
    // A source that is paused and resumes 20 ms late each time, as on a busy machine.
    for (let at = 0; at < 50; at++) {
      bench.write('x'.repeat(64 * 1024));
      bench.clock.advance(680);
    }
    expect(bench.output().length / (50 * 680)).toBeGreaterThan(96);
  });

  it('does not save up the time in which there was nothing to send', () => {
    const bench = testBench();
    bench.add('bandwidth', { rate: 1 });
    bench.clock.advance(10_000);
    bench.write('x'.repeat(100));
    bench.clock.advance(99);
    expect(bench.output()).toBe('');
    bench.clock.advance(1);
    expect(bench.output().length).toBe(100);
  });

  it('asks for a pause early, so that memory stays bounded', () => {
    const bench = testBench();
    bench.add('bandwidth', { rate: 1 });
    expect(bench.write('x'.repeat(64 * 1024))).toBe(false);
  });

  it('drops datagrams that would wait longer than its queue, whole', () => {
    const bench = testBench({ datagrams: true });
    bench.add('bandwidth', { rate: 10 });
    for (let at = 0; at < 100; at++) bench.write('x'.repeat(1_000));
    bench.clock.advance(60_000);
    expect(bench.arrivals.every(({ text }) => text.length === 1_000)).toBe(true);
    expect(bench.arrivals.length).toBe(6);
  });
});

function allPieces(length: number, attributes: Attributes, random: Random) {
  const parts = [length];
  const sizes: number[] = [];
  while (parts.length > 0) sizes.push(nextPiece(parts, attributes, random));
  return sizes;
}

describe('slicer', () => {
  it('asks the stage before it for a pause in time, however small the pieces that stage gets', () => {
    const bench = testBench();
    bench.add('slicer', { average_size: 1 });
    bench.add('latency', { latency: 1_000_000 });
    let chunks = 0;
    while (chunks < 1_000 && bench.write('x'.repeat(1_000))) {
      chunks += 1;
      bench.clock.advance(10);
    }
    expect(chunks).toBeGreaterThan(10);
    expect(chunks).toBeLessThan(150);
  });

  it('cuts to sizes around the average that sum to the whole', () => {
    fc.assert(
      fc.property(
        fc.record({
          length: fc.integer({ min: 0, max: 70_000 }),
          average: fc.integer({ min: 64, max: 2_000 }),
          variation: fc.integer({ min: 0, max: 63 }),
          seed: fc.nat(),
        }),
        ({ length, average, variation, seed }) => {
          const attributes = { average_size: average, size_variation: variation };
          const sizes = allPieces(length, attributes, seededRandom(seed));
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(average + variation);
        },
      ),
    );
  });

  it('ends and keeps every byte whatever the attributes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: -5, max: 50 }),
        fc.nat(300),
        (average, variation, length) => {
          const attributes = { average_size: average, size_variation: variation };
          const sizes = allPieces(length, attributes, seededRandom(1));
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length);
        },
      ),
    );
  });

  it('waits its delay, in microseconds, after each piece', () => {
    const bench = testBench();
    bench.add('slicer', { average_size: 1, size_variation: 0, delay: 10_000 });
    bench.write('abcd');
    bench.clock.advance(1_000);
    expect(bench.arrivals).toEqual([
      { atMs: 0, text: 'a' },
      { atMs: 10, text: 'b' },
      { atMs: 20, text: 'c' },
      { atMs: 30, text: 'd' },
    ]);
  });

  it('cuts a chunk when its turn has come, by the size that is in force then', () => {
    const bench = testBench();
    const slicer = bench.add('slicer', { average_size: 1, delay: 10_000 });
    bench.write('ab');
    bench.write('cdef');
    slicer.update({ average_size: 4, delay: 10_000 });
    bench.clock.advance(1_000);
    expect(bench.arrivals.map(({ text }) => text)).toEqual(['a', 'b', 'cdef']);
  });

  it('gives the rest back uncut when it is removed', () => {
    const bench = testBench();
    const slicer = bench.add('slicer', { average_size: 1, delay: 10_000 });
    bench.write('abcd');
    bench.clock.advance(10);
    slicer.remove();
    expect(bench.output()).toBe('abcd');
  });
});

describe('timeout', () => {
  it('drops all data and closes after its time, however much arrives', () => {
    const bench = testBench();
    const { toxic } = bench.add('timeout', { timeout: 100 });
    for (let at = 0; at < 10; at++) {
      bench.write('lost');
      bench.clock.advance(10);
    }
    expect(bench.output()).toBe('');
    expect(bench.events).toEqual([{ atMs: 100, text: 'close' }]);
    expect(droppedBytes(toxic)).toBe(40);
    expect(toxic.counters.closedConnections).toBe(1);
  });

  it('never closes by itself at 0, but when it is removed', () => {
    const bench = testBench();
    const timeout = bench.add('timeout', { timeout: 0 });
    bench.write('lost');
    bench.clock.advance(3_600_000);
    expect(bench.events).toEqual([]);
    timeout.remove();
    expect(bench.events.map(({ text }) => text)).toEqual(['close']);
  });

  it('starts its time anew when it is changed', () => {
    const bench = testBench();
    const timeout = bench.add('timeout', { timeout: 100 });
    bench.clock.advance(50);
    timeout.update({ timeout: 100 });
    bench.clock.advance(99);
    expect(bench.events).toEqual([]);
    bench.clock.advance(1);
    expect(bench.events).toEqual([{ atMs: 150, text: 'close' }]);
  });
});

describe('reset_peer', () => {
  it('resets on the first byte, which is lost', () => {
    const bench = testBench();
    bench.add('reset_peer', { timeout: 0 });
    bench.clock.advance(1_000);
    expect(bench.events).toEqual([]);
    bench.write('a');
    expect(bench.output()).toBe('');
    expect(bench.events).toEqual([{ atMs: 1_000, text: 'reset' }]);
  });

  it('resets its timeout after the first byte, not after the last', () => {
    const bench = testBench();
    bench.add('reset_peer', { timeout: 100 });
    bench.write('a');
    bench.clock.advance(60);
    bench.write('b');
    bench.clock.advance(60);
    expect(bench.events).toEqual([{ atMs: 100, text: 'reset' }]);
  });

  it('answers the end of the stream with a reset too', () => {
    const bench = testBench();
    bench.add('reset_peer', { timeout: 0 });
    bench.chain.end();
    expect(bench.events.map(({ text }) => text)).toEqual(['reset']);
  });
});

describe('limit_data', () => {
  it('passes exactly its bytes, then closes', () => {
    const bench = testBench();
    bench.add('limit_data', { bytes: 10 });
    bench.write('1234567');
    expect(bench.events).toEqual([]);
    bench.write('89abcdef');
    expect(bench.output()).toBe('123456789a');
    expect(bench.events.map(({ text }) => text)).toEqual(['close']);
  });

  it('closes without passing anything at 0', () => {
    const bench = testBench();
    bench.add('limit_data', { bytes: 0 });
    bench.write('a');
    expect(bench.output()).toBe('');
    expect(bench.events.map(({ text }) => text)).toEqual(['close']);
  });

  it('remembers what it passed when its limit is raised', () => {
    const bench = testBench();
    const limit = bench.add('limit_data', { bytes: 4 });
    bench.write('ab');
    limit.update({ bytes: 6 });
    bench.write('cdefgh');
    expect(bench.output()).toBe('abcdef');
  });
});

describe('slow_close', () => {
  it('holds back the end and nothing else', () => {
    const bench = testBench();
    bench.add('slow_close', { delay: 100 });
    bench.write('a');
    bench.chain.end();
    expect(bench.output()).toBe('a');
    bench.clock.advance(99);
    expect(bench.events).toEqual([]);
    bench.clock.advance(1);
    expect(bench.events).toEqual([{ atMs: 100, text: 'end' }]);
  });

  it('passes the end on when it is removed', () => {
    const bench = testBench();
    const slow = bench.add('slow_close', { delay: 100_000 });
    bench.chain.end();
    slow.remove();
    expect(bench.events.map(({ text }) => text)).toEqual(['end']);
    expect(bench.clock.pending()).toBe(0);
  });
});

describe('packet_loss', () => {
  const lost = (attributes: Record<string, number>) => {
    const bench = testBench({ seed: 7 });
    bench.add('packet_loss', attributes);
    const text = Array.from({ length: 4_000 }, (_, at) => String.fromCharCode(at % 256));
    for (const one of text) bench.write(one);
    return 1 - bench.arrivals.length / text.length;
  };

  it('loses about its rate of chunks', () => {
    expect(lost({ loss_rate: 0, correlation: 0 })).toBe(0);
    expect(lost({ loss_rate: 1, correlation: 0 })).toBe(1);
    expect(Math.abs(lost({ loss_rate: 0.1 }) - 0.1)).toBeLessThan(0.02);
  });

  it('loses more in bursts with correlation: rate / (1 - correlation)', () => {
    expect(Math.abs(lost({ loss_rate: 0.1, correlation: 0.5 }) - 0.2)).toBeLessThan(0.03);
  });

  it('decides over chunks of 32 KB', () => {
    const bench = testBench({ seed: 3 });
    bench.add('packet_loss', { loss_rate: 0.5 });
    bench.write('x'.repeat(64 * 32 * 1024));
    expect(bench.arrivals.every(({ text }) => text.length === 32 * 1024)).toBe(true);
    expect(bench.arrivals.length).toBeGreaterThan(16);
    expect(bench.arrivals.length).toBeLessThan(48);
  });
});

describe('reorder and duplicate', () => {
  it('lets one datagram overtake the one held back', () => {
    const bench = testBench({ seed: 2, datagrams: true });
    bench.add('reorder', { rate: 0.3, distance: 1, delay: 100 });
    for (const letter of 'abcdefghijklmnopqrst') bench.write(letter);
    bench.clock.advance(200);
    expect(bench.output()).not.toBe('abcdefghijklmnopqrst');
    expect([...bench.output()].sort().join('')).toBe('abcdefghijklmnopqrst');
  });

  it('lets a datagram go after its delay when none follows', () => {
    const bench = testBench({ datagrams: true });
    bench.add('reorder', { rate: 1, distance: 3, delay: 50 });
    bench.write('a');
    bench.clock.advance(49);
    expect(bench.output()).toBe('');
    bench.clock.advance(1);
    expect(bench.output()).toBe('a');
  });

  it('sends every datagram twice at rate 1', () => {
    const bench = testBench({ datagrams: true });
    bench.add('duplicate', { rate: 1 });
    bench.write('a');
    expect(bench.arrivals.map(({ text }) => text)).toEqual(['a', 'a']);
  });
});
