// A port on which a connect is never answered. A worker thread listens with the smallest backlog and
// then sleeps, so that nobody accepts; a few connections of our own fill the queue; from then on Linux
// drops every further SYN. Elsewhere the queue may answer otherwise, so a probe decides.

import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { withDeadline } from '../../kernel/deadline.ts';
import { parseAddress } from './address.ts';
import { ApiError } from './apiError.ts';
import type { Listener } from './listener.ts';
import { programAt } from '../../kernel/programAt.ts';

/** Queue of 1 holds two connections on Linux; the rest is margin. */
const FILLERS_MAX = 8;
/** A connect on this machine that takes longer than this is not being answered. */
const UNANSWERED_MS = 250;
const WORKER_MS_MAX = 5_000;

/** Rejects with status 501 where the system answers all the same. */
export async function startBlackhole(listen: string): Promise<Listener> {
  const wake = new Int32Array(new SharedArrayBuffer(4));
  const { host, port } = parseAddress(listen, 'listen tcp: ');
  const worker = new Worker(programAt(import.meta.url, './silentListener'), {
    workerData: { host, port, wake },
  });
  const fillers: Socket[] = [];
  const close = async () => {
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    Atomics.store(wake, 0, 1);
    Atomics.notify(wake, 0);
    for (const socket of fillers) socket.destroy();
    await withDeadline({ ms: WORKER_MS_MAX, what: 'the silent listener to end' }, () => gone);
  };
  await listening(worker);
  if (await fill(host, port, fillers)) return { listen, close };
  await close();
  throw new ApiError('blackhole: this system answers connects although the queue is full', 501);
}

const listening = (worker: Worker): Promise<void> =>
  withDeadline(
    { ms: WORKER_MS_MAX, what: 'the silent listener to listen' },
    () =>
      new Promise((resolve, reject) => {
        worker.once('message', (failure: string | undefined) =>
          failure === undefined ? resolve() : reject(new ApiError(failure, 500)),
        );
        worker.once('error', reject);
      }),
  );

/** True once a connect of ours is left unanswered. */
async function fill(host: string, port: number, fillers: Socket[]): Promise<boolean> {
  const target = host === '::' || host === '0.0.0.0' ? 'localhost' : host;
  for (let made = 0; made < FILLERS_MAX; made++) {
    const socket = connect({ host: target, port }).on('error', () => undefined);
    fillers.push(socket);
    if (!(await isAnswered(socket))) return true;
  }
  return false;
}

const isAnswered = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), UNANSWERED_MS);
    const answered = () => {
      clearTimeout(timer);
      resolve(true);
    };
    socket.once('connect', answered).once('error', answered);
  });
