// A way to the engine's socket that can be shut and opened again: an engine that goes away, or is
// restarted, for one client only.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface EngineGate {
  /** The environment of those who go through it. */
  readonly env: { readonly DOCKER_HOST: string };
  /** Ends what goes through it, and refuses what comes. */
  readonly shut: () => Promise<void>;
  /** On the same port again. */
  readonly open: () => Promise<void>;
}

const SOCKET = '/var/run/docker.sock';

/** Open; shut it in the end. */
export async function openEngineGate(): Promise<EngineGate> {
  const sockets = new Set<Socket>();
  let server = createServer();
  const open = async (port: number) => {
    server = createServer((socket) => join(socket, connect(SOCKET), sockets));
    await listen(server, port);
  };
  await open(0);
  const { port } = server.address() as AddressInfo;
  return {
    env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` },
    shut: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: () => open(port),
  };
}

function join(outer: Socket, inner: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [outer, inner],
    [inner, outer],
  ] as const) {
    sockets.add(from);
    from.on('error', () => to.destroy()).on('close', () => (to.destroy(), sockets.delete(from)));
    from.pipe(to);
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
