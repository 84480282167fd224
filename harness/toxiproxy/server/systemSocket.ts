// A TCP socket straight on a handle of the system. It does what a link needs of a socket of Node, and
// nothing else, so that a connection takes less time and memory. No call but `resume` tells an owner
// anything: it is told in a later turn.

import type { Handles, Request, TcpHandle } from './handles.ts';
import { keepChunk, readMemory } from './readMemory.ts';
import type { ByteTaker, SocketEvents, TcpSocket } from './tcpSocket.ts';

/** Bytes that wait for the system before a writer is asked to wait, as for a socket of Node. */
const UNSENT_BYTES_MAX = 64 * 1024;
/** Bytes that are read before anybody takes them. */
const EARLY_BYTES_MAX = 64 * 1024;
const EOF = -4095;
const NONE: readonly Buffer[] = [];

export class SystemSocket implements TcpSocket {
  /** Gets the bytes; set before the socket is first resumed. */
  taker: ByteTaker | undefined;
  events: SocketEvents | undefined;
  bytesRead = 0;
  bytesWritten = 0;
  writableLength = 0;
  writableEnded = false;
  readableEnded = false;
  destroyed = false;
  private readonly handles: Handles;
  private readonly handle: TcpHandle;
  private isReading = false;
  private isPaused = false;
  /** Nobody has asked for bytes yet: those that come are kept. */
  private isEarly = true;
  private early = NONE;
  private earlyEnd = false;
  /** Chunks behind the one that the system takes. */
  private queue: Buffer[] = [];
  /** Bytes of the write that the system has begun and not ended. */
  private inFlight = 0;
  private needsDrain = false;
  private shutdown: 'none' | 'asked' | 'done' = 'none';
  private atFinish: 'nothing' | 'destroy' | 'reset' = 'nothing';

  constructor(handles: Handles, handle: TcpHandle) {
    this.handles = handles;
    this.handle = handle;
    handle.owner = this;
    handle.onread = onRead;
    handle.useUserBuffer(readMemory);
    handle.setNoDelay(true);
  }

  /** Reads before anybody asks, to know of a peer that goes away meanwhile. */
  readEarly(): void {
    this.startReading();
  }

  pause(): void {
    this.isPaused = true;
    this.stopReading();
  }

  resume(): void {
    this.isPaused = false;
    this.isEarly = false;
    this.passEarly();
    if (!this.isPaused) this.startReading();
  }

  write(chunk: Buffer): boolean {
    if (this.destroyed || this.writableEnded) return true;
    this.bytesWritten += chunk.length;
    if (this.writableLength > 0) this.enqueue(chunk);
    else this.send(chunk);
    if (this.writableLength < UNSENT_BYTES_MAX) return true;
    this.needsDrain = true;
    return false;
  }

  end(): void {
    if (this.writableEnded) return;
    this.writableEnded = true;
    if (this.writableLength === 0) this.shutDown();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.handle.close(onClosed);
  }

  destroySoon(): void {
    this.closeAtFinish('destroy');
    this.end();
  }

  resetAndDestroy(): void {
    if (this.destroyed) return;
    // The system cannot reset what it is shutting down.
    if (this.shutdown === 'asked') return this.closeAtFinish('reset');
    this.destroyed = true;
    this.handle.reset(onClosed);
  }

  /** Connects; calls back with an error below 0 where it cannot. */
  connect({ host, port, family }: SystemAddress, onConnected: (error: number) => void): void {
    const request = new this.handles.ConnectRequest();
    request.owner = onConnected;
    request.oncomplete = onConnectDone;
    const { handle } = this;
    const asked =
      family === 6 ? handle.connect6(request, host, port) : handle.connect(request, host, port);
    if (asked !== 0) setImmediate(onConnected, asked);
  }

  /** The handle has read. */
  arrived(): void {
    const bytes = this.handles.readBytesOrError();
    if (bytes < 0) this.readingEnded(bytes);
    if (bytes <= 0) return;
    this.bytesRead += bytes;
    const filled = bytes === readMemory.length;
    const chunk = filled ? readMemory : readMemory.subarray(0, bytes);
    if (this.isEarly) this.keepEarly(keepChunk(chunk));
    else this.taker?.take(chunk, filled);
  }

  /** The system has taken what it was given last. */
  written(error: number): void {
    if (this.destroyed) return;
    if (error !== 0) return this.destroy();
    this.writableLength -= this.inFlight;
    this.inFlight = 0;
    if (this.queue.length > 0) this.sendQueue();
    if (this.writableLength > 0) return;
    if (this.writableEnded) this.shutDown();
    else if (this.needsDrain) this.drained();
  }

  /** Nothing is written any more; the handle is free to be closed. */
  finished(): void {
    if (this.destroyed) return;
    this.shutdown = 'done';
    if (this.atFinish === 'reset') this.resetAndDestroy();
    else if (this.atFinish === 'destroy' || this.readableEnded) this.destroy();
  }

  closed(): void {
    this.queue = [];
    this.early = NONE;
    this.events?.closed(this);
  }

  private startReading(): void {
    if (this.isReading || this.destroyed || this.earlyEnd || this.readableEnded) return;
    this.isReading = true;
    if (this.handle.readStart() !== 0) this.destroy();
  }

  private stopReading(): void {
    if (!this.isReading || this.destroyed) return;
    this.isReading = false;
    this.handle.readStop();
  }

  private keepEarly(chunk: Buffer): void {
    this.early = [...this.early, chunk];
    if (this.bytesRead >= EARLY_BYTES_MAX) this.stopReading();
  }

  private passEarly(): void {
    while (this.early.length > 0 && !this.isPaused) {
      const [first, ...others] = this.early;
      this.early = others;
      if (first) this.taker?.take(first, false);
    }
    if (this.earlyEnd && this.early.length === 0 && !this.isPaused) this.endReading();
  }

  private readingEnded(error: number): void {
    this.isReading = false;
    if (error !== EOF) this.destroy();
    else if (this.isEarly) this.earlyEnd = true;
    else this.endReading();
  }

  private endReading(): void {
    if (this.readableEnded) return;
    this.readableEnded = true;
    this.events?.ended(this);
    if (this.shutdown === 'done') this.destroy();
  }

  private drained(): void {
    this.needsDrain = false;
    this.events?.drained(this);
  }

  private enqueue(chunk: Buffer): void {
    this.queue.push(keepChunk(chunk));
    this.writableLength += chunk.length;
  }

  /** Gives the system what it takes at once, and keeps the rest for it. */
  private send(chunk: Buffer): void {
    const taken = this.handles.writeNow(this.handle, chunk);
    if (taken < 0) return this.destroy();
    if (taken === chunk.length) return;
    this.enqueue(taken === 0 ? chunk : chunk.subarray(taken));
    this.sendQueue();
  }

  /** Sends what waited behind the last write, which is done. */
  private sendQueue(): void {
    const chunks = this.queue;
    this.queue = [];
    const request = new this.handles.WriteRequest();
    request.owner = this;
    // The system reads their memory until it is done.
    request.kept = chunks;
    request.oncomplete = onWritten;
    if (this.handle.writev(request, chunks, true) !== 0) return this.destroy();
    this.inFlight = this.handles.isLastWritePending() ? this.writableLength : 0;
    if (this.inFlight === 0) this.writableLength = 0;
  }

  private shutDown(): void {
    if (this.destroyed) return;
    const request = new this.handles.ShutdownRequest();
    request.owner = this;
    request.oncomplete = onShutDown;
    this.shutdown = 'asked';
    // A peer that is gone already needs no shutdown.
    if (this.handle.shutdown(request) !== 0) this.finished();
  }

  private closeAtFinish(way: 'destroy' | 'reset'): void {
    this.atFinish = way;
    if (this.shutdown === 'done') this.finished();
  }
}

/** An address that needs no look-up; `family` is 4 or 6. */
interface SystemAddress {
  readonly host: string;
  readonly port: number;
  readonly family: number;
}

const socketAt = ({ owner }: Pick<TcpHandle, 'owner'>): SystemSocket => owner as SystemSocket;

function onRead(this: TcpHandle): void {
  socketAt(this).arrived();
}

function onClosed(this: TcpHandle): void {
  socketAt(this).closed();
}

function onWritten(this: Request, error: number): void {
  socketAt(this).written(error);
}

function onShutDown(this: Request): void {
  socketAt(this).finished();
}

function onConnectDone(this: Request, error: number): void {
  (this.owner as (error: number) => void)(error);
}
