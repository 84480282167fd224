// Lets the browsers of workers reach what this machine serves on loopback: the same port on another
// address of it is joined to the one on loopback, for machines that have joined and for nobody else.

import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { HarnessError } from '../../harness/model/errors.ts';

export interface Relays extends AsyncDisposable {
  /** Lets workers reach a URL of this machine. Throws PORT_TAKEN. */
  readonly open: (url: string) => Promise<void>;
}

export interface RelaysOptions {
  /** An address of this machine. */
  readonly host: string;
  /** Tells whether a worker is at this address. */
  readonly isWelcome: (address: string) => boolean;
}

/** The address that everything of a run listens on. */
const LOOPBACK = '127.0.0.1';

export function openRelays({ host, isWelcome }: RelaysOptions): Relays {
  const servers = new Map<number, Promise<Server>>();
  const open = new Set<Socket>();
  const joinBoth = (socket: Socket, port: number) => {
    if (!isWelcome(plainAddress(socket.remoteAddress))) return void socket.resetAndDestroy();
    const far = connect({ host: LOOPBACK, port, allowHalfOpen: true });
    for (const end of [socket, far]) {
      open.add(end);
      end.once('close', () => open.delete(end));
    }
    join(socket, far);
  };
  return {
    open: async (url) => {
      const { hostname, port: word } = new URL(url);
      const port = Number(word);
      // A worker of this machine reaches loopback by itself.
      if (host === LOOPBACK || hostname !== LOOPBACK) return;
      const server = servers.get(port) ?? listen(host, port, (socket) => joinBoth(socket, port));
      servers.set(port, server);
      await server;
    },
    [Symbol.asyncDispose]: async () => {
      const all = await Promise.allSettled(servers.values());
      for (const one of all) if (one.status === 'fulfilled') one.value.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** `::ffff:10.0.0.1` of a socket for both versions is `10.0.0.1`. */
export const plainAddress = (address = ''): string => {
  const plain = address.replace(/^::ffff:/i, '');
  return isIP(plain) === 4 ? plain : address;
};

/** An end, or a break, of one is the end or break of the other; what is under way arrives first. */
function join(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.setNoDelay(true);
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => to.destroySoon());
    from.pipe(to);
  }
}

function listen(host: string, port: number, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, onSocket);
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new HarnessError('PORT_TAKEN', `cannot listen on ${host}:${port}: ${cause.message}`, {
          target: `${host}:${port}`,
          hint: 'Workers reach the stages there: end what listens on it, or run again for other ports.',
          cause,
        }),
      ),
    );
    server.listen(port, host, () => resolve(server));
  });
}
