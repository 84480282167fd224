import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findHandles,
  type Handles,
  type Request,
  type TcpHandle,
} from '../../../harness/toxiproxy/server/handles.ts';
import { readMemory } from '../../../harness/toxiproxy/server/readMemory.ts';
import { SystemSocket } from '../../../harness/toxiproxy/server/systemSocket.ts';

const EOF = -4095;
const ECONNREFUSED = -111;
const EPIPE = -32;
const POISON = 0xdd;

class FakeRequest implements Request {
  owner: unknown;
  kept: unknown;
  oncomplete = (_status: number): void => undefined;
}

/** A handle as Node makes them: the system takes what there is room for, and the rest waits. */
class FakeHandle implements TcpHandle {
  owner: unknown;
  readonly fd = 1;
  onread: TcpHandle['onread'] = () => undefined;
  readonly sent: Buffer[] = [];
  readonly shutdowns: Request[] = [];
  isReading = false;
  readOutcome = 0;
  isPending = false;
  isBroken = false;
  room = Infinity;
  closing: 'closed' | 'reset' | undefined;
  private memory: Buffer = Buffer.alloc(0);
  private waiting: { readonly request: Request; rest: readonly Buffer[] } | undefined;
  private onClosed: ((this: TcpHandle) => void) | undefined;

  useUserBuffer(memory: Buffer): void {
    this.memory = memory;
  }
  setNoDelay = (): number => 0;
  connect = (_: Request, __: string, port: number): number => (port === 1 ? ECONNREFUSED : 0);
  connect6 = this.connect;
  readStart = (): number => Number(!(this.isReading = true));
  readStop = (): number => Number((this.isReading = false));

  writeNow(chunk: Buffer): number {
    expect(this.waiting).toBeUndefined();
    if (this.isBroken) return -1;
    const bytes = Math.min(chunk.length, this.room);
    this.sent.push(Buffer.from(chunk.subarray(0, bytes)));
    this.room -= bytes;
    return bytes;
  }

  writev(request: Request, chunks: readonly Buffer[]): number {
    expect(this.waiting).toBeUndefined();
    if (this.isBroken) return EPIPE;
    // Their memory is read when there is room, not before.
    this.waiting = { request, rest: chunks };
    this.take();
    this.isPending = this.waiting !== undefined;
    return 0;
  }

  shutdown(request: Request): number {
    expect(this.waiting).toBeUndefined();
    this.shutdowns.push(request);
    return 0;
  }

  close(onClosed: (this: TcpHandle) => void): void {
    expect(this.closing).toBeUndefined();
    this.closing = 'closed';
    this.onClosed = onClosed;
  }

  reset(onClosed: (this: TcpHandle) => void): number {
    this.close(onClosed);
    this.closing = 'reset';
    return 0;
  }

  /** Bytes come, or an error below 0, at which the system stops reading by itself. */
  arrive(what: Buffer | number): void {
    expect(this.isReading).toBe(true);
    if (typeof what !== 'number') what.copy(this.memory);
    this.readOutcome = typeof what === 'number' ? what : what.length;
    if (this.readOutcome < 0) this.isReading = false;
    this.onread();
  }

  makeRoom(bytes: number): void {
    this.room += bytes;
    const { waiting } = this;
    this.take();
    if (waiting && !this.waiting) waiting.request.oncomplete(0);
  }

  endClosing(): void {
    this.onClosed?.call(this);
  }

  private take(): void {
    const { waiting } = this;
    if (!waiting) return;
    while (waiting.rest.length > 0 && this.room > 0) {
      const [head = Buffer.alloc(0), ...others] = waiting.rest;
      const taken = Buffer.from(head.subarray(0, this.room));
      this.sent.push(taken);
      this.room -= taken.length;
      waiting.rest = taken.length < head.length ? [head.subarray(taken.length), ...others] : others;
    }
    if (waiting.rest.length === 0) this.waiting = undefined;
  }
}

function start({ isWanted = true } = {}) {
  const handle = new FakeHandle();
  const handles: Handles = {
    createTcp: () => handle,
    isTcp: (_): _ is never => false,
    ConnectRequest: FakeRequest,
    WriteRequest: FakeRequest,
    ShutdownRequest: FakeRequest,
    readBytesOrError: () => handle.readOutcome,
    isLastWritePending: () => handle.isPending,
    writeNow: (_, chunk) => handle.writeNow(chunk),
  };
  const socket = new SystemSocket(handles, handle);
  const told: string[] = [];
  const got: Buffer[] = [];
  socket.events = {
    ended: () => told.push('ended'),
    drained: () => told.push('drained'),
    closed: () => told.push('closed'),
  };
  socket.taker = {
    take: (chunk) => got.push(Buffer.from(chunk)),
  };
  if (isWanted) socket.resume();
  const finish = () => handle.shutdowns[0]?.oncomplete(0);
  return { handle, handles, socket, told, finish, received: () => Buffer.concat(got).toString() };
}

describe('a socket on a handle of the system', () => {
  it('sends every byte in order, says when it has drained, and ends after the last byte', () => {
    const act = fc.oneof(
      fc.integer({ min: 1, max: 100_000 }).map((bytes) => ({ write: bytes, room: 0 })),
      fc.integer({ min: 1, max: 150_000 }).map((bytes) => ({ write: 0, room: bytes })),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { handle, socket, told } = start();
        handle.room = 0;
        const written: Buffer[] = [];
        let isOwed = false;
        for (const { write, room } of acts) {
          handle.makeRoom(room);
          expect(told.splice(0)).toEqual(isOwed && socket.writableLength === 0 ? ['drained'] : []);
          if (socket.writableLength === 0) isOwed = false;
          if (write === 0) continue;
          written.push(Buffer.alloc(write, written.length + 1));
          // It is lent for the call: the next read overwrites it.
          const lent = readMemory.subarray(0, write).fill(written.length);
          if (!socket.write(lent)) isOwed = true;
          lent.fill(POISON);
        }
        socket.end();
        expect(socket.write(Buffer.from('late'))).toBe(true);
        while (socket.writableLength > 0) {
          expect(handle.shutdowns).toHaveLength(0);
          handle.makeRoom(1e6);
        }
        expect(Buffer.concat(handle.sent).equals(Buffer.concat(written))).toBe(true);
        expect(handle.shutdowns).toHaveLength(1);
        expect(socket.bytesWritten).toBe(Buffer.concat(written).length);
      }),
    );
  });

  it('keeps what comes before anybody asks, and passes it on in order, with the end', () => {
    const { handle, socket, told, received } = start({ isWanted: false });
    socket.readEarly();
    handle.arrive(Buffer.from('one '));
    handle.arrive(Buffer.from('two'));
    handle.arrive(EOF);
    socket.pause();
    expect([received(), told]).toEqual(['', []]);
    socket.resume();
    expect([received(), told]).toEqual(['one two', ['ended']]);
    socket.resume();
    expect([received(), told, handle.isReading]).toEqual(['one two', ['ended'], false]);
  });

  it('reads a bounded number of bytes before anybody asks', () => {
    const { handle, socket, received } = start({ isWanted: false });
    socket.readEarly();
    while (handle.isReading) handle.arrive(Buffer.alloc(10_000, 'x'));
    expect(socket.bytesRead).toBe(70_000);
    socket.resume();
    expect(received()).toHaveLength(70_000);
    handle.arrive(Buffer.from('more'));
    expect(received()).toHaveLength(70_004);
  });

  it('passes on no more of what came early while it is paused', () => {
    const { handle, socket } = start({ isWanted: false });
    const got: string[] = [];
    socket.taker = {
      take: (chunk) => {
        got.push(chunk.toString());
        socket.pause();
      },
    };
    socket.readEarly();
    for (const word of ['one', 'two']) handle.arrive(Buffer.from(word));
    handle.arrive(EOF);
    socket.resume();
    expect([got, socket.readableEnded]).toEqual([['one'], false]);
    socket.resume();
    expect([got, socket.readableEnded]).toEqual([['one', 'two'], false]);
    socket.resume();
    expect(socket.readableEnded).toBe(true);
  });

  it('counts and drops what comes where nobody takes it', () => {
    const { handle, socket } = start();
    socket.taker = undefined;
    handle.arrive(Buffer.from('lost'));
    expect([socket.bytesRead, handle.isReading]).toEqual([4, true]);
  });

  it('is closed once both directions have ended, whichever was first', () => {
    const reader = start();
    reader.handle.arrive(EOF);
    reader.socket.end();
    expect(reader.handle.closing).toBeUndefined();
    reader.finish();
    expect(reader.handle.closing).toBe('closed');

    const writer = start();
    writer.socket.end();
    writer.finish();
    expect(writer.handle.closing).toBeUndefined();
    writer.handle.arrive(EOF);
    writer.handle.endClosing();
    expect(writer.told).toEqual(['ended', 'closed']);
  });

  it('is closed soon after its last byte, or at once when that is out', () => {
    const late = start();
    late.handle.room = 1;
    late.socket.write(Buffer.from('last'));
    late.socket.destroySoon();
    expect(late.handle.closing).toBeUndefined();
    late.handle.makeRoom(3);
    late.finish();
    expect(late.handle.closing).toBe('closed');

    const done = start();
    done.socket.end();
    done.finish();
    done.socket.destroySoon();
    expect(done.handle.closing).toBe('closed');
  });

  it('is reset at once, or as soon as the shutdown is over that the system is at', () => {
    const open = start();
    open.socket.resetAndDestroy();
    open.socket.destroy();
    expect(open.handle.closing).toBe('reset');

    const ending = start();
    ending.socket.end();
    ending.socket.resetAndDestroy();
    expect(ending.handle.closing).toBeUndefined();
    ending.finish();
    expect(ending.handle.closing).toBe('reset');
  });

  it('closes, and says nothing else, when a read or a write fails', () => {
    const reader = start();
    reader.handle.arrive(-104);
    reader.handle.endClosing();
    expect([reader.told, reader.socket.readableEnded]).toEqual([['closed'], false]);

    const writer = start();
    writer.handle.isBroken = true;
    writer.socket.write(Buffer.from('x'));
    expect(writer.socket.destroyed).toBe(true);
    expect(writer.socket.write(Buffer.from('y'))).toBe(true);
    writer.socket.end();
    expect(writer.handle.shutdowns).toHaveLength(0);
  });

  it('tells of a connect that fails in a later turn, also where the system says so at once', async () => {
    const { socket } = start();
    const outcomes: number[] = [];
    socket.connect({ host: '127.0.0.1', port: 1, family: 4 }, (error) => outcomes.push(error));
    expect(outcomes).toEqual([]);
    await nextTurn();
    expect(outcomes).toEqual([ECONNREFUSED]);
  });
});

describe('handles', () => {
  it('are those of this Node', () => {
    const { binding } = process as unknown as { binding: (name: string) => unknown };
    expect(findHandles(binding)).toBeDefined();
  });

  it('are not used where Node withholds them, or where they look different', () => {
    const denied = () => {
      throw new Error('denied');
    };
    const bindings = [undefined, denied, () => undefined, () => ({}), () => ({ TCP: class {} })];
    for (const binding of bindings) expect(findHandles(binding)).toBeUndefined();
  });
});
