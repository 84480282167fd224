// The thread of an origin or an echo: says its port first, then counts its connections when asked.

import { parentPort, workerData } from 'node:worker_threads';
import { listenAs, type Part } from './traffic.ts';

const part = await listenAs(workerData as Part);
parentPort?.postMessage(part.port);
parentPort?.on('message', () => {
  void part.connections().then((count) => parentPort?.postMessage(count));
});
