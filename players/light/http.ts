// The network of a light viewer: connections of its own, bodies that are counted and thrown away.

import { Agent, get, type IncomingMessage } from 'node:http';
import type { Answer, Send } from './load.ts';

/** A browser opens so many connections to one host. */
const CONNECTIONS_MAX = 6;

interface Network {
  readonly send: Send;
  /** Ends every connection. */
  readonly close: () => void;
}

/** `lengths`: asks for the first byte of a segment and takes the length from the answer. */
export function openNetwork({ lengths }: { readonly lengths: boolean }): Network {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  const send: Send = (url, { as, signal, onFirstByte }) =>
    new Promise((resolve, reject) => {
      const headers = lengths && as === 'length' ? { range: 'bytes=0-0' } : {};
      const request = get(url, { agent, signal, headers }, (response) => {
        onFirstByte();
        readBody(response, as, resolve, reject);
      });
      request.on('error', reject);
    });
  return { send, close: () => agent.destroy() };
}

function readBody(
  response: IncomingMessage,
  as: 'text' | 'length',
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): void {
  const { statusCode: status = 0, headers } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (as === 'text') chunks.push(chunk);
  });
  response.on('error', reject);
  response.on('end', () => {
    const whole = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
    const text = as === 'text' ? Buffer.concat(chunks).toString('utf8') : '';
    resolve({ status, text, bytes: whole === undefined ? bytes : Number(whole) });
  });
}
