// Listening on an address, with one error for a port that somebody else has.

import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { HarnessError } from '../model/errors.ts';
import type { Address } from '../model/world.ts';

/** Listens and gives the port; PORT_TAKEN when a fixed one is in use. */
export function listenOn(server: Server, { host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portTaken({ host, port }) : error);
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** A port of this address where nobody listens just now. */
export async function freePort(host: string): Promise<number> {
  const server = createServer();
  const port = await listenOn(server, { host, port: 0 });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ends all connections; resolves when the port is free. */
export async function stopListening(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export const portTaken = ({ host, port }: Address): HarnessError =>
  new HarnessError('PORT_TAKEN', `port ${port} on ${host} is taken`, {
    target: `${host}:${port}`,
    hint: 'End what listens there, or let the system choose the port.',
  });
