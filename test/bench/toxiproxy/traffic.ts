// Traffic for the Toxiproxy benchmark: a server that sends what it is asked for, and clients that count.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../../harness/kernel/clock.ts';

const BLOCK = Buffer.alloc(256 * 1024, 'x');
/** Nobody looks at what was read: all clients read into the same. */
const MEMORY = Buffer.allocUnsafeSlow(256 * 1024);

export interface Listening {
  readonly port: number;
  /** Connections that it has now. */
  connections(): Promise<number>;
}

export interface Origin extends Listening, AsyncDisposable {}

/** Each in a thread of its own: whoever measures must not have to serve as well, nor wait for it. */
export type Part = 'origin' | 'echo';

export async function startPart(part: Part): Promise<Origin> {
  const worker = new Worker(new URL('./partThread.ts', import.meta.url), { workerData: part });
  const answer = async () => ((await once(worker, 'message')) as [number])[0];
  const port = await answer();
  return {
    port,
    connections: () => {
      worker.postMessage('connections');
      return answer();
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}

/** The origin answers a first line `<bytes>\n` with that many bytes and closes; `0\n` keeps silent. */
const SERVE: Readonly<Record<Part, (socket: Socket) => void>> = {
  origin: (socket) =>
    socket.once('data', (line) => {
      const bytes = Number(line.toString());
      if (bytes > 0) send(socket, bytes);
    }),
  echo: (socket) => socket.pipe(socket),
};

export async function listenAs(part: Part): Promise<Listening> {
  const server = createServer({ noDelay: true }, (socket) => {
    SERVE[part](socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, connections: () => countOf(server) };
}

const countOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

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
}

export function fetchBytes(port: number, bytes: number): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const startedAtMs = systemClock.epochMs();
    let received = 0;
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: MEMORY,
        callback: (length) => {
          received += length;
          return true;
        },
      },
    });
    socket.once('connect', () => socket.write(`${bytes}\n`));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve({ bytes: received, ms: systemClock.epochMs() - startedAtMs });
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
