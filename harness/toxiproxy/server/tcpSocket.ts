// A TCP socket as a link sees it: one of Node, or one of our own (systemSocket.ts).

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
  /** The chunk may be one that is lent for the call. False: nothing more, please, until it has drained. */
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

/** The one that gets the bytes. */
export interface ByteTaker {
  /** `chunk` is lent for the call; `filled`: the read filled its memory, so that more may be there. */
  take(chunk: Buffer, filled: boolean): void;
}
