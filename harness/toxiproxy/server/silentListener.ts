// Worker thread: listens, says so, and then blocks its own event loop so that nothing is accepted.

import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

interface SilentListenerData {
  readonly host: string;
  readonly port: number;
  /** Becomes 1 when it is to end. */
  readonly wake: Int32Array<SharedArrayBuffer>;
}

/** Node takes 0 for "default". */
const BACKLOG_MIN = 1;

const { host, port, wake } = workerData as SilentListenerData;
const server = createServer();
server.once('error', (error) => parentPort?.postMessage(error.message));
server.listen({ port, host, backlog: BACKLOG_MIN }, () => {
  parentPort?.postMessage(undefined);
  Atomics.wait(wake, 0, 0);
  server.close();
});
