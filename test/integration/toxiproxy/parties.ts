// Who talks through a proxy in these tests: servers and clients that say what they saw.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { startServer, type ServerOptions } from '../../../harness/toxiproxy/server/server.ts';

/** Longest wait for anything that should happen at once; generous, machines are busy. */
export const SOON_MS = 15_000;

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:port`, as an upstream. */
  readonly address: string;
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Listens on loopback; whatever is still open at the end is destroyed. */
export async function startTestServer(onSocket: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return { port, address: `127.0.0.1:${port}`, sockets, close, [Symbol.asyncDispose]: close };
}

/** A free port below those that systems hand out by themselves, so that nobody takes it in between. */
export async function quietPort(): Promise<number> {
  for (let port = 21_000 + (process.pid % 10_000); ; port++) {
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]).catch(() => false);
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

export const startEcho = (): Promise<TestServer> =>
  startTestServer((socket) => socket.pipe(socket));

export interface Talk {
  readonly socket: Socket;
  /** All bytes so far. */
  received(): Buffer;
  /** Resolves when this many bytes are there. */
  receive(bytes: number): Promise<Buffer>;
  /** `end`, the code of an error, or `closed`, whichever came first. */
  readonly outcome: Promise<string>;
}

/** Connects and resolves at once: the outcome says whether anybody answered. */
export function talk(port: number): Talk {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    bytes += chunk.length;
  });
  const outcome = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.once('close', () => resolve('closed'));
  });
  const received = () => Buffer.concat(chunks);
  return {
    socket,
    received,
    receive: async (wanted) => {
      await soon(`${wanted} bytes (there are ${bytes})`, () => bytes >= wanted);
      return received();
    },
    outcome,
  };
}

export const soon = (what: string, isTrue: () => boolean | Promise<boolean>): Promise<true> =>
  waitFor({ ms: SOON_MS, everyMs: 5, what }, async () => ((await isTrue()) ? true : undefined));

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** Undefined where the body is not JSON. */
  readonly json: unknown;
  readonly headers: Headers;
}

export interface TestApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  call(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** Creates a proxy; its port. */
  proxy(name: string, upstream: string, more?: object): Promise<number>;
  toxic(proxy: string, body: object): Promise<ApiAnswer>;
}

export async function startApi(options: ServerOptions = {}): Promise<TestApi> {
  const server = await startServer(options);
  const url = `http://127.0.0.1:${server.port}`;
  const api: TestApi = {
    url,
    port: server.port,
    call: (method, path, body) => callApi(url, method, path, body),
    proxy: async (name, upstream, more = {}) => {
      const body = { name, listen: '127.0.0.1:0', upstream, ...more };
      const { status, text, json } = await api.call('POST', '/proxies', body);
      if (status !== 201) throw new Error(text);
      return portOf((json as { listen: string }).listen);
    },
    toxic: (proxy, body) => api.call('POST', `/proxies/${proxy}/toxics`, body),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return api;
}

async function callApi(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    signal: AbortSignal.timeout(SOON_MS),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: parsed(text), headers: response.headers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export const portOf = (listen: string): number => Number(listen.split(':').at(-1));

/** Starts a server of the API and an echo for each test of a file; `take` is told of them. */
export function startForEach(
  options: ServerOptions,
  take: (api: TestApi, echo: TestServer) => void,
): void {
  let api: TestApi;
  let echo: TestServer;
  beforeEach(async () => {
    api = await startApi(options);
    echo = await startEcho();
    take(api, echo);
  });
  afterEach(async () => {
    await api[Symbol.asyncDispose]();
    await echo.close();
  });
}
