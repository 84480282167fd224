// One client of a TCP proxy: its socket, the socket to the upstream, and the two links between them.
//
//   client ==upstream link==> upstream
//   client <==downstream link== upstream

import type { Socket } from 'node:net';
import type { Random } from '../../kernel/random.ts';
import type { DialledSocket } from './dial.ts';
import { startLink, type Gate, type Link, type LinkOptions } from './link.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { StageClock } from './toxics/stage.ts';

/** A peer that does not take its last bytes within this is cut off. */
const FAREWELL_MS_MAX = 10_000;

export interface ConnectionOptions {
  readonly client: Socket;
  readonly upstream: DialledSocket;
  readonly clock: StageClock;
  /** Chance of this connection; asked for when a toxic first needs some. */
  readonly random: () => Random;
  readonly toxics: Readonly<Record<Stream, readonly Toxic[]>>;
  /** Called once, when both sockets are closed. */
  readonly onClosed: () => void;
}

export interface Connection {
  readonly links: Readonly<Record<Stream, Link>>;
  setGate(gate: Gate): void;
  hasLostBytes(): boolean;
  /** Delivers what was sent, then closes both sides. */
  close(): void;
  /** Closes both sides with a TCP reset. */
  reset(): void;
  /** Closes both sides at once. */
  destroy(): void;
}

export function startConnection(options: ConnectionOptions): Connection {
  const { client, onClosed } = options;
  const { socket: upstream, readTo } = options.upstream;
  const sockets = [client, upstream];
  let farewell: NodeJS.Timeout | undefined;
  let open = sockets.length;

  const destroy = () => {
    for (const socket of sockets) socket.destroy();
  };
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const close = () => {
    for (const link of Object.values(links)) link.destinationLost();
    for (const socket of sockets) socket.destroySoon();
    farewell ??= setTimeout(destroy, FAREWELL_MS_MAX);
  };
  const startOne = (stream: Stream, ends: Pick<LinkOptions, 'source' | 'destination' | 'readTo'>) =>
    startLink(linkOptions(options, stream, { ...ends, onClose: close, onReset: reset }));

  const links = {
    upstream: startOne('upstream', {
      source: client,
      destination: upstream,
      readTo: ({ take }) => readAccepted(client, take),
    }),
    downstream: startOne('downstream', { source: upstream, destination: client, readTo }),
  };

  const watch = (socket: Socket, reads: Link, writes: Link) => {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      reads.sourceLost();
      writes.destinationLost();
      open -= 1;
      if (open > 0) return;
      clearTimeout(farewell);
      for (const link of Object.values(links)) link.destroy();
      onClosed();
    });
  };
  watch(client, links.upstream, links.downstream);
  watch(upstream, links.downstream, links.upstream);

  return {
    links,
    setGate: (gate) => {
      for (const link of Object.values(links)) link.setGate(gate);
    },
    hasLostBytes: () => Object.values(links).some((link) => link.hasLostBytes()),
    close,
    reset,
    destroy,
  };
}

/** Accepted sockets are paused, and stay so when somebody begins to listen. */
function readAccepted(client: Socket, take: (chunk: Buffer) => void): void {
  client.on('data', take).resume();
}

function linkOptions(
  { clock, random, toxics }: ConnectionOptions,
  stream: Stream,
  ends: Pick<LinkOptions, 'source' | 'destination' | 'readTo' | 'onClose' | 'onReset'>,
): LinkOptions {
  return {
    ...ends,
    clock,
    randomFor: (toxicName) => random().fork(`${stream} ${toxicName}`),
    toxics: toxics[stream],
  };
}
