// The HTTP face: reads a body within bounds, writes the answer or the error form
// {"error": …, "status": …}. Whatever arrives, it answers and stays up.

import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApiError } from './apiError.ts';
import type { Log } from './log.ts';
import { findRoute, TEXT } from './router.ts';
import type { ApiAnswer, Route } from './routes.ts';
import { freshSeed } from '../../kernel/random.ts';
import { errorMessage } from '../../model/errors.ts';

/** An import would load all that the module can do, WebSockets and cryptography included: 16 MB. */
const { createServer } = process.getBuiltinModule('node:http');

/** Largest body taken; a populate of ten thousand proxies is about two. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** A request must arrive whole within this, as in the official server. */
const READ_MS_MAX = 15_000;
/** An idle connection is kept this long, as in the official server. */
const IDLE_MS_MAX = 60_000;
/** The time between two looks for a request that is late. */
const LATE_CHECK_MS = 1_000;

/** The answer to a caller who is not let in. */
export type Refusal = (headers: IncomingHttpHeaders) => ApiAnswer | undefined;

/** `readMsMax`: a request, and its headers by themselves, must arrive whole within it. */
export function createApi(
  routes: readonly Route[],
  log: Log,
  refusal: Refusal,
  readMsMax = READ_MS_MAX,
): Server {
  const connectionsCheckingInterval = Math.min(readMsMax, LATE_CHECK_MS);
  const server = createServer(
    { connectionsCheckingInterval, requestTimeout: readMsMax },
    (request, response) => {
      respond(routes, request, refusal)
        .catch((error: unknown) => errorAnswer(error, log))
        .then((answer) => {
          write(response, answer);
          logRequest(log, request, answer);
        })
        .catch(() => response.destroy());
    },
  );
  server.keepAliveTimeout = IDLE_MS_MAX;
  return server;
}

async function respond(
  routes: readonly Route[],
  request: IncomingMessage,
  refusal: Refusal,
): Promise<ApiAnswer> {
  const refused = refusal(request.headers);
  if (refused) return refused;
  const found = findRoute(routes, request.method ?? 'GET', request.url ?? '/');
  if (!('handler' in found)) return found;
  // A page in a browser must not reach the API of the machine it runs on.
  if (request.headers['user-agent']?.startsWith('Mozilla/')) {
    return { status: 403, body: 'User agent not allowed\n', contentType: TEXT };
  }
  return found.handler({ parts: found.parts, body: await readBody(request) });
}

function logRequest(log: Log, request: IncomingMessage, { status }: ApiAnswer): void {
  log('debug', '', {
    client: request.socket.remoteAddress,
    method: request.method,
    url: request.url,
    user_agent: request.headers['user-agent'],
    status,
  });
}

/** One character a byte. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left undestroyed, so that who sent too much can still be told.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) {
      throw new ApiError(`request body is larger than ${BODY_BYTES_MAX} bytes`, 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

function errorAnswer(error: unknown, log: Log): ApiAnswer {
  const known = error instanceof ApiError;
  const message = errorMessage(error);
  const status = known ? error.status : 500;
  if (status === 500) log('warn', 'Error did not include status code', { error: message });
  // The official server labels its error bodies as text, though they are JSON.
  return { status, body: `${JSON.stringify({ error: message, status })}\n`, contentType: TEXT };
}

function write(response: ServerResponse, { status, body, contentType, headers }: ApiAnswer): void {
  response.setHeader('X-Toxiproxy-Request-Id', freshSeed().toString(36));
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (status === 413) response.setHeader('Connection', 'close');
  if (body === undefined) {
    if (status !== 204) response.setHeader('Content-Length', 0);
    response.writeHead(status).end();
    return;
  }
  if (status >= 400 && contentType === TEXT)
    response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Type', contentType ?? 'application/json');
  response.writeHead(status).end(typeof body === 'string' ? body : toJson(body));
}

/** Node writes numbers from their text with this; TypeScript does not know it yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** Whole numbers beyond 2^53 with all their digits. */
const toJson = (body: unknown): string =>
  JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'bigint' ? rawJSON(String(value)) : value,
  );
