// A server beside nginx that only our nginx may ask: it says who it is by a token.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isSameSecret } from '../../kernel/requestGuard.ts';
import { listenOn } from '../listen.ts';

const TOKEN_HEADER = 'x-ecran-noir-token';

export interface InnerServer {
  readonly server: Server;
  /** Lines for the location of nginx that asks it. */
  readonly nginxLines: string;
}

/** `onError` is told why a request could not be answered; its connection is torn. */
export async function startInnerServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  onError: (request: IncomingMessage, response: ServerResponse, error: unknown) => void,
): Promise<InnerServer> {
  const token = randomUUID();
  const server = createServer((request, response) => {
    if (!isSameSecret(request.headers[TOKEN_HEADER]?.toString(), token))
      return void response.writeHead(403).end();
    delete request.headers[TOKEN_HEADER];
    answer(request, response).catch((error: unknown) => {
      onError(request, response, error);
      response.destroy();
    });
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  const nginxLines = `      internal;
      proxy_pass http://127.0.0.1:${port}/;
      proxy_set_header Connection "";
      proxy_set_header ${TOKEN_HEADER} ${token};
      proxy_buffering off;
      proxy_read_timeout 1h;`;
  return { server, nginxLines };
}
