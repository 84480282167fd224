// A connection between two sockets that only note what they are told.

import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { seededRandom, type Random } from '../../../harness/kernel/random.ts';
import { Connection } from '../../../harness/toxiproxy/server/connection.ts';
import { readNewToxic } from '../../../harness/toxiproxy/server/requestBody.ts';
import type { TcpSocket } from '../../../harness/toxiproxy/server/tcpSocket.ts';
import { createToxic, type Stream, type Toxic } from '../../../harness/toxiproxy/server/toxic.ts';
import { virtualClock } from './bench.ts';

class FakeSocket extends EventEmitter implements TcpSocket {
  bytesRead = 0;
  bytesWritten = 0;
  writableLength = 0;
  writableEnded = false;
  readableEnded = false;
  destroyed = false;
  isReading = false;
  /** Bytes that stay in this process at the next writes. */
  stuckBytes = 0;
  readonly written: string[] = [];
  private readonly told: string[] = [];

  pause = () => (this.isReading = false);
  resume = () => (this.isReading = true);
  destroy = () => this.told.push('destroy');
  destroySoon = () => this.told.push('destroySoon');
  resetAndDestroy = () => this.told.push('reset');
  acts = () => this.told.splice(0);

  write(chunk: Buffer): boolean {
    this.written.push(chunk.toString());
    this.bytesWritten += chunk.length;
    this.writableLength = this.stuckBytes;
    return this.stuckBytes === 0;
  }

  end(): void {
    this.writableEnded = true;
    this.told.push('end');
  }

  endReading(): void {
    this.readableEnded = true;
    this.emit('end');
  }

  close(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const toxicOf = (body: object): Toxic =>
  createToxic(readNewToxic(JSON.stringify({ toxicity: 1, ...body }), 'tcp'));

function connect(toxics: Partial<Record<Stream, readonly Toxic[]>> = {}) {
  const forks: string[] = [];
  const forking = (random: Random): Random => ({
    next: () => random.next(),
    fork: (label) => (forks.push(label), forking(random.fork(label))),
  });
  const [client, upstream] = [new FakeSocket(), new FakeSocket()];
  const closed: Connection[] = [];
  // A socket of Node that must not be half open listens to the end itself.
  client.on('end', () => client.destroy());
  const owner = {
    clock: virtualClock(),
    random: forking(seededRandom(1)),
    toxics: { upstream: [], downstream: [], ...toxics },
    onClosed: (connection: Connection) => closed.push(connection),
  };
  const connection = new Connection(owner, { client, server: upstream, ordinal: 7 });
  const send = (text: string | Buffer) => client.emit('data', Buffer.from(text));
  const answer = (text: string) => upstream.emit('data', Buffer.from(text));
  return { connection, client, upstream, closed, forks, send, answer };
}

describe('a connection', () => {
  afterEach(() => vi.useRealTimers());

  it('reads once its gate is open, passes bytes both ways, and counts them', () => {
    const { connection, client, upstream, send, answer } = connect();
    expect([client.isReading, upstream.isReading]).toEqual([false, false]);
    connection.setGate('open');
    expect([client.isReading, upstream.isReading]).toEqual([true, true]);
    send('asked');
    answer('an answer');
    expect([upstream.written, client.written]).toEqual([['asked'], ['an answer']]);
    client.writableLength = 2;
    const counted = [connection.upstream, connection.downstream].map((link) => [
      link.receivedBytes(),
      link.sentBytes(),
    ]);
    expect(counted).toEqual([
      [5, 5],
      [9, 7],
    ]);
    expect(connection.hasLostBytes()).toBe(false);
  });

  it('passes an end on, and closes the other side where one broke', () => {
    const { connection, client, upstream, closed } = connect();
    connection.setGate('open');
    client.endReading();
    expect([client.acts(), upstream.acts()]).toEqual([[], ['end']]);
    upstream.close();
    expect(client.acts()).toEqual(['destroySoon']);
    expect(closed).toEqual([]);
    client.close();
    expect([closed, upstream.acts()]).toEqual([[connection], []]);
  });

  it('closes the upstream of a client that broke, and drops what still comes', () => {
    const { connection, client, upstream, answer } = connect();
    connection.setGate('open');
    client.close();
    expect(upstream.acts()).toEqual(['destroySoon']);
    answer('late');
    expect([client.written, connection.downstream.receivedBytes()]).toEqual([[], 4]);
    expect(connection.hasLostBytes()).toBe(false);
  });

  it('writes nothing behind an end', () => {
    const { connection, upstream, send } = connect();
    connection.setGate('open');
    upstream.writableEnded = true;
    send('late');
    expect(upstream.written).toEqual([]);
  });

  it('pauses who sends while 64 KB wait for the other side, and not for less', () => {
    const { connection, client, upstream, send } = connect();
    connection.setGate('open');
    upstream.stuckBytes = 64 * 1024 - 1;
    send('a');
    expect(client.isReading).toBe(true);
    upstream.stuckBytes = 64 * 1024;
    send('b');
    expect(client.isReading).toBe(false);
    upstream.writableLength = 0;
    upstream.emit('drain');
    expect(client.isReading).toBe(true);
    client.isReading = false;
    upstream.emit('drain');
    expect(client.isReading).toBe(false);
  });

  it('leaves others their turn after 4 MB, and then reads on', async () => {
    const { connection, client, send } = connect();
    connection.setGate('open');
    send(Buffer.alloc(5e6));
    expect(client.isReading).toBe(false);
    await nextTurn();
    await nextTurn();
    expect(client.isReading).toBe(true);
  });

  it('does not read on after its turn where it was told to hold meanwhile', async () => {
    const { connection, client, send } = connect();
    connection.setGate('open');
    send(Buffer.alloc(5e6));
    connection.setGate('hold');
    await nextTurn();
    await nextTurn();
    expect(client.isReading).toBe(false);
    connection.setGate('open');
    expect(client.isReading).toBe(true);
  });

  it('holds by not reading, whatever drains', () => {
    const { connection, client, upstream } = connect();
    connection.setGate('open');
    connection.setGate('hold');
    upstream.emit('drain');
    client.emit('drain');
    expect([client.isReading, upstream.isReading]).toEqual([false, false]);
    connection.setGate('open');
    expect([client.isReading, upstream.isReading]).toEqual([true, true]);
    expect(connection.hasLostBytes()).toBe(false);
  });

  it.each(['bytes', 'an end'])(
    'remembers %s that came while it dropped, of either side',
    (what) => {
      for (const side of ['client', 'upstream'] as const) {
        const { connection, client, upstream, send, answer } = connect();
        connection.setGate('drop');
        expect([connection.hasLostBytes(), client.isReading]).toEqual([false, true]);
        if (what === 'an end') ({ client, upstream })[side].endReading();
        else if (side === 'client') send('lost');
        else answer('lost');
        connection.setGate('open');
        expect(connection.hasLostBytes()).toBe(true);
        expect([client.written, upstream.written]).toEqual([[], []]);
        expect([...client.acts(), ...upstream.acts()]).toEqual([]);
      }
    },
  );

  it('is reset, destroyed or closed on both sides', () => {
    const { connection, client, upstream } = connect();
    connection.reset();
    expect([client.acts(), upstream.acts()]).toEqual([['reset'], ['reset']]);
    connection.destroy();
    expect([client.acts(), upstream.acts()]).toEqual([['destroy'], ['destroy']]);
  });

  it('delivers what was sent before it closes, and is cut off after 10 s', () => {
    vi.useFakeTimers();
    const { connection, client, upstream } = connect();
    connection.close();
    connection.close();
    expect([client.acts(), upstream.acts()]).toEqual(
      Array.from({ length: 2 }, () => ['destroySoon', 'destroySoon']),
    );
    vi.advanceTimersByTime(9_999);
    expect(client.acts()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([client.acts(), upstream.acts()]).toEqual([['destroy'], ['destroy']]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for nobody once both sides are closed', () => {
    vi.useFakeTimers();
    const { connection, client, upstream, closed } = connect();
    connection.close();
    for (const socket of [client, upstream]) socket.close();
    expect([vi.getTimerCount(), closed]).toEqual([0, [connection]]);
  });
});

describe('toxics of a connection', () => {
  it('act from its first byte on, each on its stream, with a chance of its own', () => {
    const limit = toxicOf({ type: 'limit_data', name: 'l', attributes: { bytes: 3 } });
    const slicer = toxicOf({ type: 'slicer', name: 's', attributes: { average_size: 1 } });
    const { connection, client, upstream, forks, send, answer } = connect({
      upstream: [slicer],
      downstream: [limit],
    });
    expect(forks).toEqual(
      ['upstream s toxicity', 'upstream s', 'downstream l toxicity', 'downstream l'].flatMap(
        (purpose) => ['connection 7', purpose],
      ),
    );
    connection.setGate('open');
    answer('12345');
    expect([client.written, client.acts(), upstream.acts()]).toEqual([
      ['123'],
      ['destroySoon'],
      ['destroySoon'],
    ]);
    send('ab');
    expect(upstream.written).toEqual([]);
    for (const socket of [client, upstream]) socket.close();
    expect(slicer.counters.stages.size).toBe(0);
  });

  it('may reset it', () => {
    const reset = toxicOf({ type: 'reset_peer', name: 'r' });
    const { connection, client, upstream, send } = connect({ upstream: [reset] });
    connection.setGate('open');
    send('x');
    expect([client.acts(), upstream.acts()]).toEqual([['reset'], ['reset']]);
  });

  it('hold its bytes, and pass its end after them', () => {
    const held = toxicOf({ type: 'bandwidth', name: 'b', attributes: { rate: 0 } });
    const { connection, upstream, client, send } = connect({ upstream: [held] });
    connection.setGate('open');
    send('held');
    client.endReading();
    expect([upstream.written, upstream.acts()]).toEqual([[], []]);
    connection.upstream.chain.detach(held);
    expect([upstream.written, upstream.acts()]).toEqual([['held'], ['end']]);
  });

  it('pause who sends, and let it go on when there is room', async () => {
    // A turn carries 4 MB, of which others may have had theirs.
    await nextTurn();
    const held = toxicOf({ type: 'bandwidth', name: 'b', attributes: { rate: 0 } });
    const { connection, client, send } = connect({ upstream: [held] });
    connection.setGate('open');
    send(Buffer.alloc(64 * 1024));
    expect(client.isReading).toBe(false);
    connection.upstream.chain.detach(held);
    expect(client.isReading).toBe(true);
  });
});
