// Gives the wrong answers of an origin or an edge. While faults are in force nginx asks here first;
// a request that no fault concerns is handed back to nginx, which answers it as always.
//
//   viewer -> nginx -(marker file there)-> this server -X-Accel-Redirect-> nginx -> viewer
//                                               \--wrong answer------------------> viewer

import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { seededRandom } from '../../kernel/random.ts';
import { isSameSecret } from '../../kernel/requestGuard.ts';
import { TRUE_PATH } from '../../model/world.ts';
import type { ToldAlert } from '../../model/alert.ts';
import { alertsIn, type HttpFault } from '../contract.ts';
import { listenOn, stopListening } from '../listen.ts';
import type { DiskFaultOptions } from './disk.ts';
import { checkHttpCommand } from './httpFaults.ts';
import { giveAnswer, type InForce } from './wrongAnswer.ts';

export interface FaultServer {
  /** Lines for nginx's server block. */
  readonly nginxLines: string;
  /** The address of the nginx that knows the true answer. */
  truthAt: string;
  /** Throws an Error that says what is wrong with a command. */
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
  readonly stop: () => void;
}

export async function startFaultServer(options: DiskFaultOptions): Promise<FaultServer> {
  const { workDir, log } = options;
  const markers = { get: join(workDir, 'faults-get'), put: join(workDir, 'faults-put') };
  const token = randomUUID();
  let inForce: readonly InForce[] = [];
  let alerts: readonly ToldAlert[] = [];
  let marking = Promise.resolve();
  const server = createServer((request, response) => {
    if (!isSameSecret(request.headers[TOKEN_HEADER]?.toString(), token))
      return void response.writeHead(403).end();
    delete request.headers[TOKEN_HEADER];
    const { truthAt } = faultServer;
    giveAnswer({ request, response, inForce, alerts, truthAt }).catch((error: unknown) => {
      log(`fault for ${request.url} could not be answered: ${String(error)}`);
      response.destroy();
    });
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  const faultServer: FaultServer = {
    nginxLines: nginxLines({ port, markers, token }),
    truthAt: '',
    command: (command) => {
      const told = alertsIn(command, 'alertsInPlaylist');
      const http = told ? inForce.map(({ fault }) => fault) : checkHttpCommand(command).http;
      inForce = http.map((fault) => lasting(fault, inForce) ?? begun(fault));
      alerts = told ?? alerts;
      const uploads = http.filter(({ match }) => match.kind === 'upload').length;
      const now = http.length > 0 ? `HTTP faults: ${http.length}` : 'HTTP healthy';
      const asks = http.length > uploads || alerts.length > 0;
      marking = marking
        .then(() => mark(markers.put, uploads > 0))
        .then(() => mark(markers.get, asks))
        .then(() => options.note(told ? `alerts in playlists: ${told.length}` : now))
        .catch((error: unknown) => log(String(error)));
    },
    stop: () => void stopListening(server),
  };
  return faultServer;
}

/** The same fault as it was in force before; undefined for a new one. */
const lasting = (fault: HttpFault, inForce: readonly InForce[]): InForce | undefined =>
  inForce.find((one) => isDeepStrictEqual(one.fault, fault));

const begun = (fault: HttpFault): InForce => ({
  fault,
  random: seededRandom(fault.seed ?? 1),
  sinceEpochMs: systemClock.epochMs(),
  first: new Map(),
});

const mark = (file: string, there: boolean): Promise<void> =>
  there ? writeFile(file, '') : rm(file, { force: true });

/** Only our nginx is answered; it says who it is by this. */
const TOKEN_HEADER = 'x-ecran-noir-token';

interface Lines {
  readonly port: number;
  readonly markers: { readonly get: string; readonly put: string };
  readonly token: string;
}

/** Inner paths are left alone, or a request handed back would come here again. */
function nginxLines({ port, markers, token }: Lines): string {
  const ask = 'rewrite "^(/(?!\\.ecran-noir/).*)$" /.ecran-noir/fault$1 last;';
  return `    set $ask "";
    if (-f ${markers.get}) { set $ask "GET HEAD"; }
    if (-f ${markers.put}) { set $ask "$ask PUT"; }
    set $ask "$request_method of $ask";
    if ($ask ~ "^(GET|HEAD|PUT) of .*\\1") { ${ask} }
    location ^~ /.ecran-noir/fault/ {
      internal;
      proxy_pass http://127.0.0.1:${port}/;
      proxy_set_header Connection "";
      proxy_set_header ${TOKEN_HEADER} ${token};
      proxy_cache off;
      proxy_buffering off;
      proxy_read_timeout 1h;
    }
    location ^~ ${TRUE_PATH}/ {
      rewrite ^/\\.ecran-noir/true(/.*)$ $1 last;
    }`;
}
