// One client of a UDP proxy: a socket to the upstream and a chain of toxics each way.

import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Random } from '../../kernel/random.ts';
import type { HostPort } from './address.ts';
import { createChain, type Chain } from './chain.ts';
import type { StreamCounters } from './totals.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { StageClock } from './toxics/stage.ts';

/** A session in which nothing passes for this long has ended. */
const IDLE_MS_MAX = 60_000;
/** Datagrams kept while the name of the upstream is looked up. */
const PENDING_MAX = 1_000;

export interface UdpSessionOptions {
  readonly clock: StageClock;
  readonly random: Random;
  readonly toxics: Readonly<Record<Stream, readonly Toxic[]>>;
  readonly upstream: HostPort;
  /** Sends to the client; false when that is not possible now. */
  readonly answer: (datagram: Buffer) => boolean;
  readonly onDialFailed: (error: Error) => void;
  readonly onEnded: () => void;
}

export interface UdpSession {
  readonly chains: Readonly<Record<Stream, Chain>>;
  readonly counters: StreamCounters;
  /** A datagram of the client. */
  receive(datagram: Buffer): void;
  end(): void;
}

export function startUdpSession(options: UdpSessionOptions): UdpSession {
  const { clock, upstream, onEnded, onDialFailed } = options;
  const bytes = {
    upstream: { received: 0, sent: 0 },
    downstream: { received: 0, sent: 0 },
  };
  const host = upstream.host === '' ? '127.0.0.1' : upstream.host;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  let ended = false;
  let cancelIdle: (() => void) | undefined;

  const end = () => {
    if (ended) return;
    ended = true;
    cancelIdle?.();
    for (const chain of Object.values(chains)) chain.destroy();
    socket.close();
    onEnded();
  };
  const touch = () => {
    cancelIdle?.();
    if (!ended) cancelIdle = clock.after(IDLE_MS_MAX, end);
  };
  const sendUpstream = connected(socket, upstream.port, host, (error) => {
    onDialFailed(error);
    end();
  });
  const chainTo = (stream: Stream, deliver: (datagram: Buffer) => boolean) =>
    sessionChain(options, stream, end, (datagram) => {
      if (!ended && deliver(datagram)) bytes[stream].sent += datagram.length;
    });
  const chains = {
    upstream: chainTo('upstream', sendUpstream),
    downstream: chainTo('downstream', options.answer),
  };
  const arrive = (stream: Stream, datagram: Buffer) => {
    if (ended) return;
    touch();
    bytes[stream].received += datagram.length;
    chains[stream].write(datagram);
  };
  socket.on('message', (datagram) => arrive('downstream', datagram));
  touch();

  const counter = (stream: Stream) => ({
    receivedBytes: () => bytes[stream].received,
    sentBytes: () => bytes[stream].sent,
  });
  return {
    chains,
    counters: { upstream: counter('upstream'), downstream: counter('downstream') },
    receive: (datagram) => arrive('upstream', datagram),
    end,
  };
}

function sessionChain(
  { clock, random, toxics }: UdpSessionOptions,
  stream: Stream,
  end: () => void,
  deliver: (datagram: Buffer) => void,
): Chain {
  const chain = createChain({
    clock,
    randomFor: (purpose) => random.fork(`${stream} ${purpose}`),
    datagrams: true,
    sink: {
      send: (datagram) => {
        deliver(datagram);
        return true;
      },
      end: () => undefined,
      close: end,
      reset: end,
      ready: () => undefined,
    },
  });
  for (const toxic of toxics[stream]) chain.attach(toxic, toxics[stream]);
  return chain;
}

/** Connects the socket; the function sends, or keeps the datagram until it is connected. */
function connected(
  socket: Socket,
  port: number,
  host: string,
  onFailed: (error: Error) => void,
): (datagram: Buffer) => boolean {
  let pending: Buffer[] | undefined = [];
  socket.connect(port, host, (error?: Error) => {
    if (error) return onFailed(error);
    for (const datagram of pending ?? []) socket.send(datagram);
    pending = undefined;
  });
  // An upstream that is not there answers with ICMP: to the client that is a lost datagram.
  socket.on('error', () => undefined);
  return (datagram) => {
    if (!pending) socket.send(datagram, () => undefined);
    else if (pending.length < PENDING_MAX) pending.push(datagram);
    else return false;
    return true;
  };
}
