// Toxics at the ends of their ranges, when they change, and when they are taken out.

import { describe, expect, it } from 'vitest';
import { droppedBytes, heldBytes } from '../../../harness/toxiproxy/server/toxic.ts';
import { TOXIC_KINDS } from '../../../harness/toxiproxy/server/toxics/registry.ts';
import { nextPiece } from '../../../harness/toxiproxy/server/toxics/slicer.ts';
import { testBench, type TestBench } from './bench.ts';

const texts = ({ events }: TestBench) => events.map(({ text }) => text);
const KB = 1024;

describe('latency', () => {
  it('swings by its jitter to both sides, and never before the chunk itself', () => {
    const delays = (latency: number) => {
      const bench = testBench();
      bench.add('latency', { latency, jitter: 100 });
      return Array.from({ length: 200 }, () => {
        const atMs = bench.clock.nowMs();
        bench.write('x');
        bench.clock.advance(1_000);
        return (bench.arrivals.at(-1)?.atMs ?? NaN) + 1_000 - atMs;
      });
    };
    const wide = delays(500);
    expect(Math.min(...wide)).toBeGreaterThanOrEqual(400);
    expect(Math.min(...wide)).toBeLessThan(410);
    expect(Math.max(...wide)).toBeLessThanOrEqual(600);
    expect(Math.max(...wide)).toBeGreaterThan(590);
    expect(Math.min(...delays(0))).toBe(0);
  });

  it('of 0 passes at once, also its end, and a negative one is none', () => {
    const bench = testBench();
    bench.add('latency', { latency: -50 });
    bench.write('a');
    bench.chain.end();
    expect([bench.output(), texts(bench)]).toEqual(['a', ['end']]);
    expect(bench.clock.pending()).toBe(0);
  });

  it('passes the end once, and hands it over where it is taken out before', () => {
    const bench = testBench();
    const late = bench.add('latency', { latency: 100 });
    bench.write('a');
    bench.chain.end();
    late.remove();
    expect([bench.output(), texts(bench)]).toEqual(['a', ['end']]);
    const done = testBench();
    const gone = done.add('latency', { latency: 100 });
    done.write('a');
    done.chain.end();
    done.clock.advance(100);
    gone.update({ latency: 1 });
    gone.remove();
    expect(texts(done)).toEqual(['end']);
  });

  it('waits while nobody takes its bytes, and asks for a pause', () => {
    const bench = testBench();
    bench.add('latency', { latency: 0 });
    bench.block(true);
    expect(bench.write('a')).toBe(false);
    bench.write('b');
    bench.clock.advance(1_000);
    expect([bench.output(), bench.readyCount()]).toEqual(['a', 0]);
    bench.block(false);
    expect([bench.output(), bench.readyCount()]).toEqual(['ab', 1]);
  });
});

describe('bandwidth', () => {
  it('holds at a negative rate as at 0, and goes on with the rate that it is given', () => {
    const bench = testBench();
    const bandwidth = bench.add('bandwidth', { rate: -1 });
    bench.write('x'.repeat(100));
    bench.clock.advance(5_000);
    expect([bench.output(), bench.clock.pending()]).toEqual(['', 0]);
    bandwidth.update({ rate: 1 });
    bench.clock.advance(99);
    expect(bench.output()).toBe('');
    bench.clock.advance(1);
    expect(bench.output()).toHaveLength(100);
    bandwidth.update({});
    bench.write('y');
    bench.clock.advance(5_000);
    expect(bench.output()).toHaveLength(100);
  });

  it('drops every datagram at rate 0, and holds none', () => {
    const bench = testBench({ datagrams: true });
    const { toxic } = bench.add('bandwidth', { rate: 0 });
    expect(bench.write('lost')).toBe(true);
    expect([droppedBytes(toxic), heldBytes(toxic)]).toEqual([4, 0]);
  });

  it('makes up for 50 ms of a source that was silent, and for 250 ms after a pause', () => {
    const passedAt = (silentMs: number) => {
      const bench = testBench();
      bench.add('bandwidth', { rate: 1 });
      bench.write('x'.repeat(10));
      bench.clock.advance(10 + silentMs);
      bench.write('x'.repeat(60));
      bench.clock.advance(1_000);
      return (bench.arrivals.at(-1)?.atMs ?? NaN) - 10 - silentMs;
    };
    expect([passedAt(50), passedAt(51)]).toEqual([10, 60]);
    const afterPause = (lateMs: number) => {
      const bench = testBench();
      bench.add('bandwidth', { rate: 1_000 });
      expect(bench.write('x'.repeat(100_000))).toBe(false);
      bench.clock.advance(100 + lateMs);
      const before = bench.output().length;
      bench.write('x'.repeat(300_000));
      return bench.output().length > before;
    };
    expect([afterPause(250), afterPause(251)]).toEqual([true, false]);
  });

  it('asks for a pause at 64 KB, at 100 ms of its rate, or at 8 MB', () => {
    const takes = (rate: number, bytes: number) => {
      const bench = testBench();
      bench.add('bandwidth', { rate });
      bench.write('x');
      return bench.write('x'.repeat(bytes - 1));
    };
    expect([takes(1, 64 * KB - 1), takes(1, 64 * KB)]).toEqual([true, false]);
    expect([takes(1_000, 99_999), takes(1_000, 100_000)]).toEqual([true, false]);
    expect([takes(1e6, 8 * KB * KB - 1), takes(1e6, 8 * KB * KB)]).toEqual([true, false]);
  });
});

describe('shared_bandwidth', () => {
  it('asks for a pause at 64 KB, and for more once it has less', () => {
    const bench = testBench();
    bench.add('shared_bandwidth', { rate: 16 });
    expect(bench.write('x'.repeat(64 * KB - 1))).toBe(true);
    expect(bench.write('x')).toBe(false);
    bench.clock.advance(0);
    expect([bench.output().length, bench.readyCount()]).toEqual([16 * KB, 1]);
    bench.clock.advance(KB);
    expect([bench.output().length, bench.readyCount()]).toEqual([32 * KB, 1]);
  });

  it('waits for room, and then goes on', () => {
    const bench = testBench();
    bench.add('shared_bandwidth', { rate: 16 });
    bench.block(true);
    bench.write('x'.repeat(32 * KB));
    bench.clock.advance(10_000);
    expect([bench.output().length, bench.readyCount(), bench.clock.pending()]).toEqual([
      16 * KB,
      0,
      0,
    ]);
    expect(bench.write('y')).toBe(false);
    bench.block(false);
    expect(bench.readyCount()).toBe(1);
    bench.clock.advance(10_000);
    expect(bench.output()).toHaveLength(32 * KB + 1);
  });

  it('hands over what it held, with the end, and an end alone passes', () => {
    const bench = testBench();
    const shared = bench.add('shared_bandwidth', { rate: 0 });
    bench.write('held');
    bench.chain.end();
    expect([bench.output(), texts(bench), heldBytes(shared.toxic)]).toEqual(['', [], 4]);
    shared.remove();
    expect([bench.output(), texts(bench)]).toEqual(['held', ['end']]);
    const empty = testBench();
    const other = empty.add('shared_bandwidth', {});
    empty.chain.end();
    other.remove();
    expect(texts(empty)).toEqual(['end']);
  });
});

describe('slicer', () => {
  it('halves until each piece is within the variation, and leaves one of a length that fits', () => {
    const pieces = (length: number, average: number, variation: number, chance = 0.5) => {
      const parts = [length];
      const sizes: number[] = [];
      const random = { next: () => chance, fork: () => random };
      const attributes = { average_size: average, size_variation: variation };
      while (parts.length > 0) sizes.push(nextPiece(parts, attributes, random));
      return sizes;
    };
    expect(pieces(10, 3, 0)).toEqual([2, 3, 2, 3]);
    expect(pieces(10, 3, 1)).toEqual([2, 3, 2, 3]);
    expect(pieces(4, 3, 1)).toEqual([4]);
    expect(pieces(5, 3, 1)).toEqual([2, 3]);
    expect(pieces(20, 10, 4, 0)).toEqual([6, 14]);
    expect(pieces(20, 10, 4, 0.99)).toEqual([13, 7]);
    expect(pieces(10, 0, 5)).toEqual([10]);
    expect(pieces(10, 1, -1)).toEqual([10]);
    expect(pieces(2, 1, 0)).toEqual([1, 1]);
  });

  it('waits 4 microseconds after each piece where it is told less', () => {
    const bench = testBench();
    bench.add('slicer', { average_size: 1, delay: 0 });
    bench.write('abc');
    bench.clock.advance(1);
    expect(bench.arrivals.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(bench.clock.pending()).toBe(0);
  });
});

describe('toxics that end connections', () => {
  it('timeout goes on reading, and waits for nothing once it is told 0', () => {
    const bench = testBench();
    const timeout = bench.add('timeout', { timeout: 100 });
    expect(bench.write('a')).toBe(true);
    timeout.update({ timeout: 0 });
    expect(bench.clock.pending()).toBe(0);
    timeout.update({ timeout: 10 });
    bench.clock.advance(10);
    expect(bench.events).toEqual([{ atMs: 10, text: 'close' }]);
  });

  it('reset_peer drops what comes, and resets at once where it is taken out before its time', () => {
    const bench = testBench();
    const reset = bench.add('reset_peer', { timeout: 100 });
    expect(bench.write('a')).toBe(true);
    reset.remove();
    expect([texts(bench), bench.clock.pending(), bench.output()]).toEqual([['reset'], 0, '']);
    const idle = testBench();
    idle.add('reset_peer', { timeout: 100 }).remove();
    expect(texts(idle)).toEqual([]);
  });

  it('reset_peer acts by the time that is in force at the first byte', () => {
    const bench = testBench();
    const reset = bench.add('reset_peer', { timeout: 0 });
    reset.update({ timeout: 50 });
    bench.write('a');
    bench.clock.advance(1_000);
    expect(bench.events).toEqual([{ atMs: 50, text: 'reset' }]);
  });

  it('limit_data passes nothing at a limit below what has passed, and asks for no pause', () => {
    const bench = testBench();
    const limit = bench.add('limit_data', { bytes: 10 });
    bench.write('abcd');
    limit.update({ bytes: 2 });
    expect(bench.write('e')).toBe(true);
    expect([bench.output(), texts(bench)]).toEqual(['abcd', ['close']]);
    const full = testBench();
    full.add('limit_data', { bytes: 10 });
    full.block(true);
    expect(full.write('a')).toBe(false);
    expect(full.write('b'.repeat(9))).toBe(false);
    expect(texts(full)).toEqual(['close']);
  });

  it('limit_data sends nothing at all where nothing is left', () => {
    const bench = testBench();
    bench.add('limit_data', { bytes: 0 });
    bench.write('a');
    expect(bench.arrivals).toEqual([]);
  });

  it('timeout ends no stream that its toxicity leaves', () => {
    const bench = testBench();
    const timeout = bench.add('timeout', { timeout: 100 });
    timeout.setToxicity(0);
    bench.write('a');
    expect([bench.output(), texts(bench), bench.clock.pending()]).toEqual(['a', [], 0]);
  });

  it('limit_time refuses a time below 0, and stays over when it is given more', () => {
    expect(TOXIC_KINDS.get('limit_time')?.refuse?.({ time: -1 })).toMatch(/negative/);
    expect(TOXIC_KINDS.get('limit_time')?.refuse?.({ time: 0 })).toBeUndefined();
    const bench = testBench();
    const limit = bench.add('limit_time', { time: 10 });
    bench.clock.advance(20);
    limit.update({ time: 1_000 });
    expect(bench.clock.pending()).toBe(0);
    expect(bench.write('a')).toBe(true);
    expect([bench.output(), texts(bench)]).toEqual(['', ['close']]);
  });

  it('slow_close starts its delay anew when it changes, and not before the end or after it', () => {
    const bench = testBench();
    const slow = bench.add('slow_close', { delay: 100 });
    slow.update({ delay: 50 });
    expect(bench.clock.pending()).toBe(0);
    bench.chain.end();
    bench.clock.advance(40);
    slow.update({ delay: 80 });
    bench.clock.advance(79);
    expect(texts(bench)).toEqual([]);
    bench.clock.advance(1);
    slow.update({ delay: 10 });
    slow.remove();
    bench.clock.advance(1_000);
    expect(bench.events).toEqual([{ atMs: 120, text: 'end' }]);
  });
});

describe('toxics of datagrams', () => {
  it('reorder lets as many overtake as its distance, and then goes on at once', () => {
    const bench = testBench({ datagrams: true });
    const reorder = bench.add('reorder', { rate: 1, distance: 2, delay: 1_000 });
    bench.write('a');
    reorder.update({ rate: 0, distance: 2, delay: 1_000 });
    bench.write('b');
    expect([bench.output(), heldBytes(reorder.toxic)]).toEqual(['b', 1]);
    bench.write('c');
    expect([bench.output(), heldBytes(reorder.toxic)]).toEqual(['bca', 0]);
    expect(bench.clock.pending()).toBe(0);
  });

  it('reorder hands over what it held, and refuses a distance below 1', () => {
    const bench = testBench({ datagrams: true });
    const reorder = bench.add('reorder', { rate: 1, distance: 1, delay: 1_000 });
    bench.write('a');
    bench.write('b');
    bench.clock.advance(999);
    expect(bench.output()).toBe('');
    reorder.remove();
    expect([bench.output(), bench.clock.pending()]).toEqual(['ab', 0]);
    expect(TOXIC_KINDS.get('reorder')?.refuse?.({ distance: 0 })).toMatch(/at least 1/);
    expect(TOXIC_KINDS.get('reorder')?.refuse?.({ distance: 1 })).toBeUndefined();
  });

  it('duplicate sends twice as often as its rate says, and at 0 never', () => {
    const bench = testBench({ datagrams: true, seed: 5 });
    const duplicate = bench.add('duplicate', { rate: 0.5 });
    for (let at = 0; at < 400; at++) bench.write('x');
    expect(bench.arrivals.length).toBeGreaterThan(550);
    expect(bench.arrivals.length).toBeLessThan(650);
    const before = bench.arrivals.length;
    duplicate.update({ rate: 0 });
    for (let at = 0; at < 100; at++) bench.write('x');
    expect(bench.arrivals.length).toBe(before + 100);
  });

  it('packet_loss with correlation alone loses nothing, since nothing was lost before', () => {
    const bench = testBench();
    bench.add('packet_loss', { loss_rate: 0, correlation: 1 });
    bench.write('a');
    expect(bench.output()).toBe('a');
  });

  it('packet_loss decides once for a chunk of 32 KB or for a datagram of any size, also of none', () => {
    const stream = testBench();
    stream.add('packet_loss', { loss_rate: 0 });
    stream.write('x'.repeat(32 * KB));
    stream.write('x'.repeat(32 * KB + 1));
    expect(stream.arrivals.map(({ text }) => text.length)).toEqual([32 * KB, 32 * KB, 1]);
    const datagrams = testBench({ datagrams: true });
    const loss = datagrams.add('packet_loss', { loss_rate: -1 });
    for (const bytes of [0, 1, 40 * KB]) datagrams.write('x'.repeat(bytes));
    expect(datagrams.arrivals.map(({ text }) => text.length)).toEqual([0, 1, 40 * KB]);
    loss.update({ loss_rate: 2 });
    expect(datagrams.write('x')).toBe(true);
    expect(datagrams.arrivals).toHaveLength(3);
  });
});
