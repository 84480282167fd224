// The connection to the upstream that a client asks for by connecting.

import { connect, type Socket } from 'node:net';
import { parseAddress } from './address.ts';

/** Connects on behalf of a client; rejects when it cannot, or when the client goes away. */
export function dial(client: Socket, upstream: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port } = parseAddress(upstream, 'dial tcp: ');
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
