// A TCP proxy: accepts clients, dials the upstream for each, and keeps the toxics of its links.

import { connect, type Socket } from 'node:net';
import type { Random } from '../../kernel/random.ts';
import { parseAddress } from './address.ts';
import { startConnection, type Connection } from './connection.ts';
import { listenTcp, type Listener } from './listener.ts';
import type { Log } from './log.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { StageClock } from './toxics/stage.ts';
import type { ToxicTarget } from './toxicList.ts';
import { streamTotals, type ProxyTotals } from './totals.ts';

export interface ProxySettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

export interface ProxyOptions extends ProxySettings {
  readonly clock: StageClock;
  readonly random: Random;
  readonly log: Log;
  /** Read at each new connection. */
  readonly toxics: Readonly<Record<Stream, readonly Toxic[]>>;
}

/** What proxies of every protocol can do. Start and stop are called one at a time. */
export interface ProxyEngine extends ToxicTarget {
  /** The address asked for, or the real one once started. */
  readonly listen: string;
  readonly isStarted: boolean;
  start(): Promise<void>;
  /** Closes the listener and all connections; resolves when the port is free. */
  stop(): Promise<void>;
  readdress(listen: string, upstream: string): void;
  readonly totals: ProxyTotals;
}

export function createTcpProxy(options: ProxyOptions): ProxyEngine {
  const { name, clock, random, log, toxics } = options;
  const totals: ProxyTotals = streamTotals();
  const connections = new Set<Connection>();
  const dialling = new Set<Socket>();
  let { listen, upstream } = options;
  let listener: Listener | undefined;
  let ordinal = 0;

  const link = (client: Socket, dialled: Socket) => {
    const connection = startConnection({
      client,
      upstream: dialled,
      clock,
      random: random.fork(`connection ${ordinal++}`),
      toxics,
      onClosed: () => {
        connections.delete(connection);
        totals.retire(connection.links);
      },
    });
    connections.add(connection);
    totals.adopt(connection.links);
  };

  const accept = (client: Socket) => {
    totals.acceptedConnections += 1;
    dialling.add(client);
    dial(client, upstream)
      .then(
        (dialled) => link(client, dialled),
        (error: unknown) => {
          totals.failedDials += 1;
          log('error', 'Unable to open connection to upstream', {
            name,
            upstream,
            err: String(error),
          });
          client.on('error', () => undefined).destroy();
        },
      )
      .finally(() => dialling.delete(client));
  };

  return {
    get listen() {
      return listen;
    },
    get isStarted() {
      return listener !== undefined;
    },
    totals,
    start: async () => {
      listener = await listenTcp(listen, accept);
      listen = listener.listen;
      log('info', 'Started proxy', { name, proxy: listen, upstream });
    },
    stop: async () => {
      const closing = listener?.close();
      listener = undefined;
      for (const socket of dialling) socket.destroy();
      for (const connection of connections) connection.destroy();
      await closing;
      log('info', 'Terminated proxy', { name, proxy: listen, upstream });
    },
    readdress: (nextListen, nextUpstream) => {
      listen = nextListen;
      upstream = nextUpstream;
    },
    chains: (stream) => connections.values().map((connection) => connection.links[stream].chain),
  };
}

/** Connects to the upstream on behalf of a client; gives up when the client goes away. */
function dial(client: Socket, upstream: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = parseAddress(upstream, 'dial tcp');
    const target = { host: host === '' ? 'localhost' : host, port };
    const dialled = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const settle = (outcome: () => void) => () => {
      for (const socket of [client, dialled]) socket.off('error', fail).off('close', fail);
      dialled.off('connect', succeed);
      outcome();
    };
    const succeed = settle(() => resolve(dialled));
    const fail = settle(() => {
      dialled.on('error', () => undefined).destroy();
      reject(dialled.errored ?? new Error('client went away'));
    });
    for (const socket of [client, dialled]) socket.once('error', fail).once('close', fail);
    dialled.once('connect', succeed);
  });
}
