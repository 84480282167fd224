// Toxics of one proxy that come, change and go while its links live.

import { describe, expect, it } from 'vitest';
import { createToxicList } from '../../../harness/toxiproxy/server/toxicList.ts';
import { createToxic, heldBytes, type Stream } from '../../../harness/toxiproxy/server/toxic.ts';
import { readNewToxic } from '../../../harness/toxiproxy/server/requestBody.ts';
import { testBench } from './bench.ts';

/** One link each way. */
function startList() {
  const links = { upstream: testBench(), downstream: testBench() };
  const list = createToxicList(() => ({ chains: (stream) => [links[stream].chain] }));
  const add = (type: string, name: string, attributes: object, stream: Stream = 'upstream') => {
    const body = { type, name, stream, attributes };
    const toxic = createToxic(readNewToxic(JSON.stringify(body), 'tcp'));
    list.add(toxic);
    return toxic;
  };
  return { ...links, list, add };
}

describe('a list of toxics', () => {
  it('acts on the links of the stream, in the order the toxics came', () => {
    const { upstream, downstream, list, add } = startList();
    add('limit_data', 'first', { bytes: 3 });
    add('slicer', 'second', { average_size: 1 });
    for (const link of [upstream, downstream]) link.write('abcd');
    upstream.clock.advance(1);
    expect(upstream.arrivals.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(downstream.arrivals.map(({ text }) => text)).toEqual(['abcd']);
    add('noop', 'third', {}, 'downstream');
    add('noop', 'fourth', {});
    expect(list.all().map(({ name }) => name)).toEqual(['first', 'second', 'fourth', 'third']);
  });

  it('changes a toxic on living links', () => {
    const { upstream, list, add } = startList();
    const toxic = add('bandwidth', 'b', { rate: 0 });
    upstream.write('held');
    expect(list.update('b', { toxicity: 1, attributes: { rate: 1 } })).toBe(toxic);
    upstream.clock.advance(4);
    expect(upstream.output()).toBe('held');
    expect(list.get('b').attributes).toEqual({ rate: 1 });
  });

  it('takes a toxic out of links that its toxicity leaves, and puts it into those that it reaches', () => {
    const { upstream, list, add } = startList();
    const toxic = add('bandwidth', 'b', { rate: 0 });
    upstream.write('held');
    list.update('b', { toxicity: 0, attributes: { rate: 0 } });
    expect([upstream.output(), toxic.counters.stages.size]).toEqual(['held', 0]);
    upstream.write(' passed');
    expect(upstream.output()).toBe('held passed');
    list.update('b', { toxicity: 1, attributes: { rate: 0 } });
    upstream.write(' held again');
    expect([upstream.output(), heldBytes(toxic), toxic.counters.links]).toEqual([
      'held passed',
      ' held again'.length,
      2,
    ]);
  });

  it('puts a toxic in its place between others', () => {
    const { upstream, list, add } = startList();
    add('limit_data', 'first', { bytes: 2 });
    list.update('first', { toxicity: 0, attributes: { bytes: 2 } });
    add('slicer', 'second', { average_size: 1 });
    list.update('first', { toxicity: 1, attributes: { bytes: 2 } });
    upstream.write('abcd');
    upstream.clock.advance(1);
    expect(upstream.arrivals.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('removes a toxic with its timers, and closes links from which bytes are missing', () => {
    const { upstream, list, add } = startList();
    const timeout = add('timeout', 't', { timeout: 1_000 });
    upstream.write('lost');
    list.remove('t');
    expect(upstream.events.map(({ text }) => text)).toEqual(['close']);
    expect([upstream.clock.pending(), timeout.counters.stages.size]).toEqual([0, 0]);
    expect(timeout.counters.closedConnections).toBe(1);
    upstream.write('passed');
    expect(upstream.output()).toBe('passed');
    expect(timeout.counters.receivedBytes).toBe(4);
    expect(() => list.get('t')).toThrow(expect.objectContaining({ status: 404 }) as Error);
  });

  it('is empty after a reset, and so are its links', () => {
    const { upstream, downstream, list, add } = startList();
    for (const [name, stream] of [
      ['a', 'upstream'],
      ['b', 'upstream'],
      ['c', 'downstream'],
    ] as const)
      add('bandwidth', name, { rate: 0 }, stream);
    for (const link of [upstream, downstream]) link.write('held');
    list.reset();
    expect([upstream.output(), downstream.output(), list.all()]).toEqual(['held', 'held', []]);
  });

  it('hears of room behind a toxic that is taken out, unless what it held filled that', () => {
    const { upstream, list, add } = startList();
    add('bandwidth', 'b', { rate: 0 });
    expect(upstream.write('x'.repeat(64 * 1024))).toBe(false);
    list.remove('b');
    expect(upstream.readyCount()).toBe(1);
    add('bandwidth', 'b', { rate: 0 });
    upstream.write('x');
    upstream.block(true);
    list.remove('b');
    expect(upstream.readyCount()).toBe(1);
  });

  it('joins many small chunks that a toxic held to a few of at most 64 KB', () => {
    const { upstream, list, add } = startList();
    const toxic = add('latency', 'l', { latency: 1_000 });
    const KB = 1024;
    for (let at = 0; at < 130; at++) upstream.write('x'.repeat(KB));
    upstream.write('y'.repeat(100 * KB));
    upstream.write('z');
    list.remove('l');
    expect(upstream.arrivals.map(({ text }) => text.length)).toEqual([
      64 * KB,
      64 * KB,
      2 * KB,
      100 * KB,
      1,
    ]);
    expect(toxic.counters.sentBytes).toBe(230 * KB + 1);
  });

  it('joins no datagrams', () => {
    const bench = testBench({ datagrams: true });
    const latency = bench.add('latency', { latency: 1_000 });
    for (const text of ['a', 'b']) bench.write(text);
    latency.remove();
    expect(bench.arrivals.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('puts nothing into a link that is gone', () => {
    const { upstream, list, add } = startList();
    upstream.chain.destroy();
    const toxic = add('timeout', 't', { timeout: 10 });
    list.update('t', { toxicity: 1, attributes: { timeout: 20 } });
    expect([toxic.counters.links, upstream.clock.pending()]).toEqual([0, 0]);
  });
});
