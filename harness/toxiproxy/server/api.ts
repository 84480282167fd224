// The HTTP face: finds the route, reads the body within bounds, writes the answer or the error form
// {"error": …, "status": …}. Whatever arrives, it answers and stays up.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { ApiError } from './apiError.ts';
import type { Log } from './log.ts';
import type { ApiAnswer, Handler, Route } from './routes.ts';
import { messageOf } from '../../model/errors.ts';

/** Largest body taken; a populate of ten thousand proxies is about two. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** A request must arrive whole within this, as in the official server. */
const READ_MS_MAX = 15_000;
/** An idle connection is kept this long, as in the official server. */
const IDLE_MS_MAX = 60_000;

export function createApi(routes: readonly Route[], log: Log): Server {
  const server = createServer((request, response) => {
    respond(routes, request)
      .catch((error: unknown) => errorAnswer(error, log))
      .then((answer) => {
        write(response, answer);
        log('debug', '', {
          client: request.socket.remoteAddress,
          method: request.method,
          url: request.url,
          user_agent: request.headers['user-agent'],
          status: answer.status,
        });
      })
      .catch(() => response.destroy());
  });
  server.requestTimeout = READ_MS_MAX;
  server.keepAliveTimeout = IDLE_MS_MAX;
  return server;
}

async function respond(routes: readonly Route[], request: IncomingMessage): Promise<ApiAnswer> {
  // A page in a browser must not reach the API of the machine it runs on.
  if (request.headers['user-agent']?.startsWith('Mozilla/')) {
    return { status: 403, body: 'User agent not allowed\n', contentType: TEXT };
  }
  const path = (request.url ?? '/').replace(/[?#].*$/s, '');
  const { handler, parts } = find(routes, path, request.method ?? 'GET');
  const bodyText = await readBody(request);
  return handler({ parts, bodyText });
}

function find(routes: readonly Route[], path: string, method: string) {
  const given = path.split('/').map(decodePart);
  for (const { path: pattern, methods } of routes) {
    const parts = match(pattern.split('/'), given);
    if (!parts) continue;
    const handler: Handler | undefined = Object.hasOwn(methods, method)
      ? methods[method]
      : undefined;
    if (!handler) throw new ApiError('405 method not allowed', 405);
    return { handler, parts };
  }
  throw new ApiError('404 page not found', 404);
}

/** The parts that stand for `*`, or undefined when the path is another one. */
function match(pattern: readonly string[], given: readonly string[]): string[] | undefined {
  if (pattern.length !== given.length) return undefined;
  const fits = pattern.every((part, at) => (part === '*' ? given[at] !== '' : part === given[at]));
  return fits ? given.filter((_, at) => pattern[at] === '*') : undefined;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError('400 bad path', 400);
  }
}

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
  return Buffer.concat(chunks).toString('utf8');
}

const TEXT = 'text/plain; charset=utf-8';

function errorAnswer(error: unknown, log: Log): ApiAnswer {
  const known = error instanceof ApiError;
  const message = messageOf(error);
  const status = known ? error.status : 500;
  if (!known) log('warn', 'Error did not include status code', { err: message });
  // The official server labels its error bodies as text, though they are JSON.
  return { status, body: `${JSON.stringify({ error: message, status })}\n`, contentType: TEXT };
}

function write(response: ServerResponse, { status, body, contentType }: ApiAnswer): void {
  response.setHeader('X-Toxiproxy-Request-Id', randomUUID());
  if (status === 413) response.setHeader('Connection', 'close');
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.setHeader('Content-Type', contentType ?? 'application/json');
  response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
}
