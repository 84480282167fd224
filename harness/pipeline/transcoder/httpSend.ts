// Sends the requests of an uploader over one kept-alive HTTP connection. A cut connection is given up
// with its request; the next request opens a new one.

import { Agent, request } from 'node:http';
import { tokenHeader } from '../../kernel/token.ts';
import type { Address } from '../../model/world.ts';
import type { Send } from './uploader.ts';

/** The connection is closed when the signal is aborted. */
export function httpSend(
  { host, port }: Address,
  token: string | undefined,
  ending: AbortSignal,
): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  ending.addEventListener('abort', () => agent.destroy(), { once: true });
  return ({ method, path, body = '' }, signal) => {
    const headers = { ...tokenHeader(token), 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const call = request({ host, port, method, path, headers, agent, signal }, (response) => {
        response.on('error', reject).on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      });
      call.on('error', reject);
      call.end(body);
    });
  };
}
