// Gives the wrong answers of an origin or an edge. While faults are in force nginx asks here first;
// a request that no fault concerns is handed back to nginx, which answers it as always.
//
//   viewer -> nginx -(marker file there)-> this server -X-Accel-Redirect-> nginx -> viewer
//                                               \--wrong answer------------------> viewer

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { systemClock } from '../../kernel/clock.ts';
import { seededRandom } from '../../kernel/random.ts';
import { TRUE_PATH } from '../../model/world.ts';
import type { ToldAlert } from '../../model/alert.ts';
import { alertsIn, type HttpFault } from '../contract.ts';
import { stopListening } from '../listen.ts';
import type { DiskFaultOptions } from './disk.ts';
import { checkHttpCommand } from './httpFaults.ts';
import { startInnerServer } from './innerServer.ts';
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
  let inForce: readonly InForce[] = [];
  let alerts: readonly ToldAlert[] = [];
  let marking = Promise.resolve();
  const inner = await startInnerServer(
    (request, response) =>
      giveAnswer({ request, response, inForce, alerts, truthAt: faultServer.truthAt }),
    ({ url }, _, error) => log(`fault for ${url} could not be answered: ${String(error)}`),
  );
  const faultServer: FaultServer = {
    nginxLines: nginxLines(inner.nginxLines, markers),
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
    stop: () => void stopListening(inner.server),
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

/** Inner paths are left alone, or a request handed back would come here again. */
function nginxLines(toInner: string, markers: Readonly<Record<'get' | 'put', string>>): string {
  const ask = 'rewrite "^(/(?!\\.ecran-noir/).*)$" /.ecran-noir/fault$1 last;';
  return `    set $ask "";
    if (-f ${markers.get}) { set $ask "GET HEAD"; }
    if (-f ${markers.put}) { set $ask "$ask PUT"; }
    set $ask "$request_method of $ask";
    if ($ask ~ "^(GET|HEAD|PUT) of .*\\1") { ${ask} }
    location ^~ /.ecran-noir/fault/ {
${toInner}
      proxy_cache off;
    }
    location ^~ ${TRUE_PATH}/ {
      rewrite ^/\\.ecran-noir/true(/.*)$ $1 last;
    }`;
}
