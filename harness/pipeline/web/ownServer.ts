// A server of a stage that is no nginx: as there, a Host that the public DNS may point here is refused.

import { createServer, type RequestListener, type Server } from 'node:http';
import { foreignPart } from '../../kernel/requestGuard.ts';

const MISDIRECTED = 421;

export const createOwnServer = (answer: RequestListener): Server =>
  createServer((request, response) => {
    if (foreignPart(request.headers) === 'Host') response.writeHead(MISDIRECTED).end();
    else answer(request, response);
  });
