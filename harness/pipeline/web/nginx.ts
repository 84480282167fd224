// One nginx for one stage. It ends with the stage however that ends: a guard holds the read end of
// a pipe whose write end only the stage has, and ends nginx when the pipe closes.

import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../kernel/clock.ts';
import { PRIVATE_SUFFIXES } from '../../kernel/requestGuard.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { freePort, portTaken } from '../listen.ts';
import { askTool } from '../tool.ts';
import { parseAccess, type Access } from './accessLog.ts';
import { PREFLIGHT } from './headers.ts';

export interface NginxOptions {
  readonly command: string;
  readonly workDir: string;
  /** Port 0: a free one is looked for. */
  readonly listen: Address;
  /** The `http { … }` part for the address that is used. */
  readonly http: (listen: Address) => string;
  readonly onAccess: (access: Access) => void;
  readonly log: (text: string) => void;
  readonly fail: (error: unknown) => void;
}

export interface Nginx {
  readonly port: number;
  /** The address by which this very process reaches it. */
  readonly localUrl: string;
  readonly stop: () => Promise<void>;
}

/** Another process may take a port between our looking and nginx listening. */
const PORTS_TRIED_MAX = 10;
const READY_WITHIN_MS = 8_000;

/**
 * `$1…` is nginx with its arguments. When nginx ends, so does the guard; when standard input ends,
 * nginx is asked to end at once.
 */
const GUARD = `
exec 3<&0 </dev/null
"$@" 3<&- &
nginx=$!
{ read -r _ <&3; kill -TERM $nginx; } 2>/dev/null &
reader=$!
trap 'kill -TERM $nginx' TERM INT
exec 3<&-
wait $nginx
code=$?
kill $reader 2>/dev/null
exit $code
`;

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  await requireModules(options);
  const accessLog = await receiveAccessLog(options.onAccess);
  for (let tried = 1; ; tried++) {
    const { host, port } = options.listen;
    const listen = { host, port: port === 0 ? await freePort(host) : port };
    const started = await launch(options, listen, accessLog);
    if (typeof started !== 'string') return started;
    if (port !== 0) throw portTaken(listen);
    if (tried >= PORTS_TRIED_MAX) {
      throw new HarnessError('PORT_TAKEN', `nginx could not listen on any of ${tried} ports`, {
        hint: `The last answer was: ${started}`,
      });
    }
  }
}

async function requireModules({ command, log }: NginxOptions): Promise<void> {
  const told = (await askTool(command, ['-V'], log)).join(' ');
  const missing = ['http_dav_module'].filter((module) => !told.includes(module));
  const without = ['http_proxy_module', 'http-cache', 'http_rewrite_module', 'http_map_module'];
  const left = without.filter((part) => told.includes(`--without-${part}`));
  if (missing.length + left.length === 0) return;
  throw new HarnessError('TOOL_UNFIT', `${command} lacks ${[...missing, ...left].join(', ')}`, {
    target: command,
    hint: 'Install an nginx built with them (Debian: nginx-light has all) or name its path.',
  });
}

/** A string when the port was taken: nginx's own words. */
async function launch(
  options: NginxOptions,
  listen: Address,
  accessLog: AccessLog,
): Promise<Nginx | string> {
  const { command, workDir, log } = options;
  await mkdir(join(workDir, 'temp'), { recursive: true });
  const file = join(workDir, 'nginx.conf');
  await writeFile(file, configuration(options, listen, accessLog.port));
  const args = ['-p', workDir, '-c', file, '-e', 'stderr'];
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', command, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  // A worker that outlives its master holds the log open: only the end of the process tells.
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const watch = watchLog(child, log);
  const why = await Promise.race([
    accepts(listen, closed),
    watch.portTaken,
    closed.then((code) => `nginx ended with code ${code}: ${watch.lastLine()}`),
  ]);
  if (why === undefined) return started({ child, ended, accessLog, watch }, listen, options);
  child.stdin.end();
  await ended;
  if (/address already in use/i.test(why)) return why;
  throw new HarnessError('STAGE_FAILED', why, { target: command });
}

interface Parts {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly accessLog: AccessLog;
  readonly watch: LogWatch;
}

function started(
  { child, ended, accessLog, watch }: Parts,
  listen: Address,
  { fail }: NginxOptions,
): Nginx {
  let stopping = false;
  const failAs = (why: string) => {
    if (!stopping) fail(new HarnessError('STAGE_FAILED', why));
  };
  void ended.then((code) => failAs(`nginx ended with code ${code}`));
  // Its master starts another one, but what was on the way is lost and no fault asked for it.
  void watch.workerEnded.then((line) => failAs(`nginx lost a worker: ${line}`));
  return {
    port: listen.port,
    localUrl: localUrl(listen),
    stop: async () => {
      stopping = true;
      child.stdin?.end();
      await ended;
      accessLog.close();
    },
  };
}

interface LogWatch {
  readonly portTaken: Promise<string>;
  /** The line that says that a signal ended a worker. */
  readonly workerEnded: Promise<string>;
  readonly lastLine: () => string;
}

function watchLog(child: ChildProcess, log: NginxOptions['log']): LogWatch {
  const workerEnded = Promise.withResolvers<string>();
  const portTaken = Promise.withResolvers<string>();
  let last = '';
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      last = line;
      log(`nginx: ${line}`);
      if (/bind\(\) to .* failed/.test(line)) portTaken.resolve(line);
      if (/worker process \d+ exited on signal/.test(line)) workerEnded.resolve(line);
    });
  }
  return {
    portTaken: portTaken.promise,
    workerEnded: workerEnded.promise,
    lastLine: () => last,
  };
}

interface AccessLog {
  readonly port: number;
  readonly close: () => void;
}

/** nginx sends its access log as syslog datagrams: it never waits for us to read them. */
function receiveAccessLog(onAccess: (access: Access) => void): Promise<AccessLog> {
  const socket = createSocket('udp4');
  socket.on('message', (message) => {
    const access = parseAccess(message.toString('utf8'));
    if (access) onAccess(access);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: '127.0.0.1', port: 0 }, () => {
      resolve({ port: socket.address().port, close: () => socket.close() });
    });
  });
}

/** Undefined when it answers, else what is wrong. */
async function accepts(listen: Address, ended: Promise<unknown>): Promise<string | undefined> {
  const until = systemClock.epochMs() + READY_WITHIN_MS;
  let over = false;
  void ended.then(() => (over = true));
  // A stranger on the port would answer too, but not with this.
  const url = `${localUrl(listen)}${READY_PATH}`;
  while (!over && systemClock.epochMs() < until) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    if (answer && (await answer.text()) === READY_ANSWER) return undefined;
    await systemClock.sleep(20);
  }
  return `nginx did not answer within ${READY_WITHIN_MS} ms`;
}

const localUrl = ({ host, port }: Address): string =>
  `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;

const READY_PATH = '/.ecran-noir/ready';
const READY_ANSWER = `ecran-noir ${process.pid}`;

function configuration(
  { workDir, http }: NginxOptions,
  listen: Address,
  accessLogPort: number,
): string {
  const temp = (name: string) => join(workDir, 'temp', name);
  // Run by root, nginx would hand its files to another user, who may not enter this folder.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  return `# Written by harness/pipeline/web/nginx.ts for one run.
daemon off;
${user}
worker_processes 1;
worker_shutdown_timeout 1s;
pid ${join(workDir, 'nginx.pid')};
error_log stderr warn;
events { worker_connections 1024; }
http {
  types {
    application/vnd.apple.mpegurl m3u8;
    application/dash+xml mpd;
    video/mp2t ts;
    video/mp4 m4s mp4;
  }
  default_type application/octet-stream;
  sendfile on;
  tcp_nodelay on;
  keepalive_timeout 75s;
  server_tokens off;
  reset_timedout_connection on;
  client_body_temp_path ${temp('body')};
  proxy_temp_path ${temp('proxy')};
  fastcgi_temp_path ${temp('fastcgi')};
  uwsgi_temp_path ${temp('uwsgi')};
  scgi_temp_path ${temp('scgi')};
  log_format telemetry '$request_method $status $request_length $bytes_sent $request_uri $http_host '
    '$http_cmcd_request|$http_cmcd_object|$http_cmcd_status|$http_cmcd_session';
  # What the stage asks itself is no request of a viewer, nor is what a witness asks.
  map "$http_x_ecran_noir $request_uri" $counted {
    "~^ /(?!\\.ecran-noir/)" 1;
    default 0;
  }
  # A name that an attacker can point here (DNS rebinding) is none of ours; uploaders are no pages.
  map $http_host $called {
    default foreign;
    # A question of HTTP/1.0 names nobody, and no pattern is held against what is empty.
    "" own;
    "~*^(?:${OWN_HOSTS})?(?::\\d*)?$" own;
  }
  map "$called $request_method $http_origin" $refused {
    default "";
    ~^foreign 421;
    "~^own (?:GET|HEAD|OPTIONS) " "";
    "~^own [A-Z]+ ." 403;
  }
  access_log syslog:server=127.0.0.1:${accessLogPort},nohostname,tag=access telemetry if=$counted;
${http(listen)}
}
`;
}

/** An address, a name without a dot, or one that the public DNS does not know, as a pattern. */
const OWN_HOSTS = [
  String.raw`[\d.]+`,
  String.raw`\[[^\]]*\]`,
  '[^.:]+',
  String.raw`[^:]*\.(?:${PRIVATE_SUFFIXES.map((name) => name.replace('.', String.raw`\.`)).join('|')})`,
].join('|');

/** Writes what every stage answers itself in a server block, by which it knows its own nginx. */
export const ownAnswers = (): string => `    if ($refused = 421) { return 421; }
    if ($refused = 403) { return 403; }
${PREFLIGHT}
    location = ${READY_PATH} {
      return 200 '${READY_ANSWER}';
    }`;
