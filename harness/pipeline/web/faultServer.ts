// Gives the wrong answers of an origin or an edge. While faults are in force nginx asks here first;
// a request that no fault concerns is handed back to nginx, which answers it as always.
//
//   viewer -> nginx -(marker file there)-> this server -X-Accel-Redirect-> nginx -> viewer
//                                               \--wrong answer------------------> viewer

import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { seededRandom, type Random } from '../../kernel/random.ts';
import type { HttpFault } from '../contract.ts';
import { listenOn } from '../listen.ts';
import { checkHttpCommand, decide, targetOf, type PlainAnswer } from './httpFaults.ts';
import {
  corruptPackets,
  mediaSequence,
  resetSequence,
  withGaps,
  withoutDiscontinuities,
} from './mangle.ts';

export interface FaultServerOptions {
  readonly workDir: string;
  readonly note: (detail: string) => void;
  readonly log: (text: string) => void;
}

export interface FaultServer {
  /** Lines for nginx's server block. */
  readonly nginxLines: string;
  /** Where the nginx answers that knows the truth. */
  truthAt: string;
  /** Throws an Error that says what is wrong with a command. */
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
  readonly stop: () => void;
}

/** Faults of one command, and what they have seen so far. */
interface InForce {
  readonly faults: readonly HttpFault[];
  readonly random: Random;
  readonly sinceEpochMs: number;
  /** First true answer by path. */
  readonly first: Map<string, Buffer>;
}

const TRUTH_WITHIN_MS = 10_000;

export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const { workDir, log } = options;
  const markers = { get: join(workDir, 'faults-get'), put: join(workDir, 'faults-put') };
  let inForce = forceOf([], 1);
  let marking = Promise.resolve();
  const server = createServer((request, response) => {
    answer(request, response, inForce, faultServer.truthAt).catch((error: unknown) => {
      log(`fault for ${request.url} could not be answered: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  const faultServer: FaultServer = {
    nginxLines: nginxLines(port, markers),
    truthAt: '',
    command: (command) => {
      const { http, seed = 1 } = checkHttpCommand(command);
      inForce = forceOf(http, seed);
      const uploads = http.filter(({ match }) => match.kind === 'upload').length;
      marking = marking
        .then(() => mark(markers.put, uploads > 0))
        .then(() => mark(markers.get, http.length > uploads))
        .then(() => options.note(http.length > 0 ? `HTTP faults: ${http.length}` : 'HTTP healthy'))
        .catch((error: unknown) => log(String(error)));
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return faultServer;
}

const forceOf = (faults: readonly HttpFault[], seed: number): InForce => ({
  ...{ faults, random: seededRandom(seed), sinceEpochMs: systemClock.epochMs(), first: new Map() },
});

const mark = (file: string, there: boolean): Promise<void> =>
  there ? writeFile(file, '') : rm(file, { force: true });

/** Inner paths are left alone, or a request handed back would come here again. */
function nginxLines(port: number, markers: { readonly get: string; readonly put: string }): string {
  const ask = 'rewrite "^(/(?!\\.ecran-noir/).*)$" /.ecran-noir/fault$1 last;';
  return `    set $ask "";
    if (-f ${markers.get}) { set $ask "GET"; }
    if (-f ${markers.put}) { set $ask "$ask PUT"; }
    set $ask "$request_method of $ask";
    if ($ask ~ "^(GET|PUT) of .*\\1") { ${ask} }
    location ^~ /.ecran-noir/fault/ {
      internal;
      proxy_pass http://127.0.0.1:${port}/;
      proxy_cache off;
      proxy_buffering off;
      proxy_read_timeout 1h;
    }
    location ^~ /.ecran-noir/true/ {
      rewrite ^/\\.ecran-noir/true(/.*)$ $1 last;
    }`;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  inForce: InForce,
  truthAt: string,
): Promise<void> {
  request.on('error', () => undefined).resume();
  const path = request.url ?? '/';
  const { faults, random, sinceEpochMs } = inForce;
  const elapsedMs = systemClock.epochMs() - sinceEpochMs;
  const target = targetOf(request.method ?? 'GET', path);
  const wrong = decide(faults, target, { random, elapsedMs });
  response.setHeader('access-control-allow-origin', '*');
  // An upload cannot be handed back: nginx would make a GET of it.
  if (!wrong && target.kind === 'upload') return void response.writeHead(503).end();
  if (!wrong) return handBack(response, path);
  switch (wrong.kind) {
    case 'hang':
      return;
    case 'status':
      response.writeHead(wrong.status).end();
      return;
    case 'slow':
      await systemClock.sleep(wrong.delayMs);
      if (wrong.rateKbps)
        response.setHeader('x-accel-limit-rate', Math.ceil((wrong.rateKbps * 1000) / 8));
      return handBack(response, path);
    case 'empty':
      response.writeHead(200, { 'content-length': 0 }).end();
      return;
    case 'stale':
    case 'gap':
    case 'sequenceReset':
    case 'noDiscontinuity':
      // A fault of any request has nothing to say of what is no media playlist.
      if (target.kind !== 'playlist') return handBack(response, path);
      return mangled(wrong, response, path, { inForce, truthAt });
    case 'truncated':
    case 'corrupt':
      return mangled(wrong, response, path, { inForce, truthAt });
  }
}

const handBack = (response: ServerResponse, path: string): void =>
  void response.writeHead(200, { 'x-accel-redirect': `/.ecran-noir/true${path}` }).end();

type Mangling = Exclude<PlainAnswer, { kind: 'hang' | 'status' | 'slow' | 'empty' }>;

async function mangled(
  wrong: Mangling,
  response: ServerResponse,
  path: string,
  { inForce, truthAt }: { readonly inForce: InForce; readonly truthAt: string },
): Promise<void> {
  const truth = await fetch(`${truthAt}/.ecran-noir/true${path}`, {
    signal: AbortSignal.timeout(TRUTH_WITHIN_MS),
  });
  const body = Buffer.from(await truth.arrayBuffer());
  if (!truth.ok) return void response.writeHead(truth.status).end(body);
  const first = inForce.first.get(path) ?? body;
  // A segment never changes, and there are many.
  if (path.endsWith('.m3u8')) inForce.first.set(path, first);
  const type = truth.headers.get('content-type') ?? 'application/octet-stream';
  const send = (wrongBody: Buffer | string) =>
    void response.writeHead(200, { 'content-type': type }).end(wrongBody);
  switch (wrong.kind) {
    case 'stale':
      return send(first);
    case 'truncated':
      response.writeHead(200, { 'content-type': type, 'content-length': body.length });
      response.write(body.subarray(0, Math.floor(body.length * wrong.share)), () =>
        response.destroy(),
      );
      return;
    case 'corrupt':
      return send(corruptPackets(body, wrong.share, inForce.random));
    case 'sequenceReset':
      return send(resetSequence(body.toString(), mediaSequence(first.toString())));
    case 'noDiscontinuity':
      return send(withoutDiscontinuities(body.toString()));
    case 'gap':
      return send(withGaps(body.toString(), wrong.every));
  }
}
