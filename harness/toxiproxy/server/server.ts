// The embedded Toxiproxy server: the API and its proxies in this process.

import type { AddressInfo } from 'node:net';
import { freshSeed, seededRandom } from '../../kernel/random.ts';
import { createApi } from './api.ts';
import { createCollection, type Collection } from './collection.ts';
import { guardedCollection, refusal } from './guard.ts';
import { listenFailure, resolveHost } from './listener.ts';
import { noLog, type Log } from './log.ts';
import { METRICS_CONTENT_TYPE, metricsPage, type MetricsOptions } from './metrics.ts';
import { apiRoutes, type Route } from './routes.ts';
import { stageClock } from './stageClock.ts';

export interface ServerOptions extends Partial<MetricsOptions> {
  /** Default 127.0.0.1: the API can open ports, so it stays on this machine unless told otherwise. */
  readonly host?: string;
  /** 0: chosen by the system. */
  readonly port?: number;
  /** Same seed, same connections: same random decisions. */
  readonly seed?: number;
  readonly log?: Log;
  /** Every call must carry it then, and proxies to link-local and metadata addresses are refused. */
  readonly token?: string | undefined;
  /** The time for a request to the API to arrive, 15 s when not said. */
  readonly readMsMax?: number;
}

export interface StartedServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  readonly collection: Collection;
}

export async function startServer(options: ServerOptions = {}): Promise<StartedServer> {
  const { host = '127.0.0.1', port = 0, seed = freshSeed(), log = noLog } = options;
  const { token, readMsMax } = options;
  const collection = createCollection({ clock: stageClock, random: seededRandom(seed), log });
  const offered = token === undefined ? collection : guardedCollection(collection);
  const routes = [...apiRoutes(offered), ...metricsRoutes(options, collection)];
  const api = createApi(routes, log, (headers) => refusal({ host, token }, headers), readMsMax);
  const address = await resolveHost(host, 'listen tcp: ');
  await new Promise<void>((resolve, reject) => {
    api.once('error', (error) =>
      reject(new Error(`listen tcp ${host}:${port}: ${listenFailure(error)}`)),
    );
    api.listen(address === '' ? { port } : { host: address, port }, resolve);
  });
  const { port: realPort } = api.address() as AddressInfo;
  log('info', 'Starting Toxiproxy HTTP server', { address: `${host}:${realPort}` });
  return {
    host,
    port: realPort,
    seed,
    collection,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => api.close(resolve));
      await collection.close();
      api.closeAllConnections();
      await closed;
    },
  };
}

/** Gives the metrics routes; none without one of the flags, like in the official server. */
function metricsRoutes(options: ServerOptions, collection: Collection): readonly Route[] {
  const { proxyMetrics = false, runtimeMetrics = false } = options;
  if (!proxyMetrics && !runtimeMetrics) return [];
  const page = metricsPage({ proxyMetrics, runtimeMetrics }, () => collection.list());
  return [
    {
      path: '/metrics',
      methods: {
        GET: () => ({ status: 200, body: page(), contentType: METRICS_CONTENT_TYPE }),
      },
    },
  ];
}
