// Traffic for the Toxiproxy benchmark: a server that sends what it is asked for, and clients that count.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock } from '../../../harness/kernel/clock.ts';

const BLOCK = Buffer.alloc(256 * 1024, 'x');
/** Nobody looks at what was read: all clients read into the same. */
const MEMORY = Buffer.allocUnsafeSlow(256 * 1024);

export interface Origin extends AsyncDisposable {
  readonly port: number;
  /** Connections that it has now. */
  connections(): Promise<number>;
}

/** Answers a first line `<bytes>\n` with that many bytes and closes; `0\n` keeps silent. */
export async function startOrigin(): Promise<Origin> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (line) => {
      const bytes = Number(line.toString());
      if (bytes > 0) send(socket, bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => countOf(server),
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const countOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

/** Sends back what it gets. */
export async function startEcho(): Promise<Origin> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => countOf(server),
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(socket: Socket, bytes: number): void {
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const block = left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left);
      left -= block.length;
      if (!socket.write(block)) return;
    }
    socket.off('drain', more).end();
  };
  socket.on('drain', more);
  more();
}

export interface Fetched {
  readonly bytes: number;
  readonly ms: number;
  /** From the connect to the first byte. */
  readonly firstByteMs: number;
}

export function fetchBytes(port: number, bytes: number): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const startedAtMs = systemClock.epochMs();
    let firstByteMs = 0;
    let received = 0;
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: MEMORY,
        callback: (length) => {
          if (received === 0) firstByteMs = systemClock.epochMs() - startedAtMs;
          received += length;
          return true;
        },
      },
    });
    socket.once('connect', () => socket.write(`${bytes}\n`));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve({ bytes: received, ms: systemClock.epochMs() - startedAtMs, firstByteMs });
    });
  });
}

/** Bytes a second over `connections` at once, each fetching `bytes`. */
export async function throughput(
  port: number,
  connections: number,
  bytes: number,
): Promise<number> {
  const startedAtMs = systemClock.epochMs();
  const fetched = await Promise.all(
    Array.from({ length: connections }, () => fetchBytes(port, bytes)),
  );
  const total = fetched.reduce((sum, one) => sum + one.bytes, 0);
  if (total !== connections * bytes) throw new Error(`${total} of ${connections * bytes} bytes`);
  return (total / (systemClock.epochMs() - startedAtMs)) * 1000;
}
