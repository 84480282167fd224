// HTTP for toxiproxy-node-client with a deadline on every call: its own never gives up, and its
// errors leave out the server's answer.

import type { Toxiproxy } from 'toxiproxy-node-client';
import { tokenHeader } from '../kernel/token.ts';

type ClientHttp = Toxiproxy['api'];

/** Puts the deadline under every call that goes through this client and what it creates. */
export function boundCalls(client: Toxiproxy, deadlineMs: number, token?: string): Toxiproxy {
  client.api = boundedHttp(deadlineMs, tokenHeader(token));
  return client;
}

function boundedHttp(deadlineMs: number, own: Record<string, string>): ClientHttp {
  const call = async (method: string, url: string, body?: unknown): Promise<string> => {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(deadlineMs),
      headers: { ...own, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} ${url} answered ${response.status}: ${text.trim()}`);
    return text;
  };
  const json = async (method: string, url: string, body?: unknown) => {
    const text = await call(method, url, body);
    return { data: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const http = {
    get: (url: string) => json('GET', url),
    post: (url: string, body?: unknown) => json('POST', url, body),
    delete: (url: string) => call('DELETE', url),
    getText: (url: string) => call('GET', url),
  };
  // The class of the client has private members; these four are all that the client calls.
  return http as unknown as ClientHttp;
}
