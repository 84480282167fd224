// A TCP socket as a link sees it: one of Node, or one of our own (systemSocket.ts).

import type { ByteTaker } from './reusedBuffer.ts';

export interface TcpSocket {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Bytes that were written and that the system has not taken yet. */
  readonly writableLength: number;
  readonly writableEnded: boolean;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  pause(): unknown;
  resume(): unknown;
  /** False: nothing more, please, until it has drained. */
  write(chunk: Buffer): boolean;
  end(): unknown;
  destroy(): unknown;
  /** Closes it once everything that was written is sent. */
  destroySoon(): unknown;
  resetAndDestroy(): unknown;
}

/** Whoever is told what happens to a socket, beside its bytes. */
export interface SocketEvents {
  ended(socket: TcpSocket): void;
  drained(socket: TcpSocket): void;
  closed(socket: TcpSocket): void;
}

/** A socket to an upstream. */
export interface Dialled {
  readonly socket: TcpSocket;
  /** Gets the bytes; set before the socket is first resumed. */
  taker: ByteTaker | undefined;
  /** The socket is closed: what it read into is free. */
  release(): void;
}
