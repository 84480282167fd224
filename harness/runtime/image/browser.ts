// Runs in the browser image: a headless Chromium, and relays that make its loopback look like the
// harness's own, so that the same addresses work for a browser here and there.
//
//   harness --CDP_PORT-->  [relay] --> Chromium's debugging port
//   Chromium --127.0.0.1:P--> [forward] --> edge:8080                     {"forward":{port,host,to}}
//                                                                                  {"close":{port}}
//   Chromium --127.0.0.1:P--> [share] <==BACKHAUL_PORT== harness --> its own P     {"share":{port}}
//
// A share runs backwards: a container cannot call the harness, so the harness keeps idle
// connections open here, says for which port, and Chromium's connections are joined to them.

import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { errorMessage } from '../../model/errors.ts';
import { listenOn } from '../../pipeline/listen.ts';

/** Ports of the container that the harness reaches. */
const CDP_PORT = 9222;
const BACKHAUL_PORT = 9223;
/** JSON list of Chromium's arguments. */
const ARGS_ENV = 'ECRAN_NOIR_BROWSER_ARGS';
const BINARY = 'chromium-headless-shell';
const PROFILE = '/tmp/profile';
/** First byte to the harness on a backhaul connection that is now in use. */
const IN_USE = Buffer.from([1]);

/** Backhaul connections that wait for work, and browser connections that wait for one, by port. */
const idle = new Map<number, Socket[]>();
const waiting = new Map<number, Socket[]>();
/** The servers that forward onto the network of the run, by port of this container. */
const forwards = new Map<number, { readonly server: Server; readonly open: Set<Socket> }>();

const browser = startBrowser();
createInterface({ input: process.stdin }).on('line', (line) => void obey(line));
process.stdin.once('end', () => end(0)).once('error', () => end(0));
process.once('SIGTERM', () => end(0));
browser.once('exit', (code) => end(code ?? 1));
await listenOn(createServer(takeBackhaul), { host: '0.0.0.0', port: BACKHAUL_PORT });
const { port, path } = await debuggingAddress(browser);
await listenOn(forwarder('127.0.0.1', port), { host: '0.0.0.0', port: CDP_PORT });
say({ type: 'ready', path });

/** The container is what keeps pages in: Chromium's own sandbox needs rights that it does not get. */
function startBrowser(): ChildProcess {
  const args = JSON.parse(process.env[ARGS_ENV] ?? '[]') as string[];
  const own = ['--no-sandbox', '--remote-debugging-port=0', `--user-data-dir=${PROFILE}`];
  return spawn(BINARY, [...args, ...own, 'about:blank'], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, HOME: '/tmp' },
  });
}

function debuggingAddress({ stderr }: ChildProcess): Promise<{ port: number; path: string }> {
  return new Promise((resolve) => {
    if (!stderr) return;
    createInterface({ input: stderr }).on('line', (line) => {
      process.stderr.write(`${line}\n`);
      const match = /DevTools listening on ws:\/\/[^:]+:(\d+)(\/\S+)/.exec(line);
      if (match) resolve({ port: Number(match[1]), path: match[2] ?? '' });
    });
  });
}

interface Command {
  readonly id: number;
  readonly forward?: { readonly port: number; readonly host: string; readonly to: number };
  readonly share?: { readonly port: number };
  readonly close?: { readonly port: number };
}

async function obey(line: string): Promise<void> {
  const { id, forward, share, close } = JSON.parse(line) as Command;
  try {
    if (forward) await openForward(forward);
    if (close) closeForward(close.port);
    if (share) await listenOn(sharer(share.port), { host: '127.0.0.1', port: share.port });
    say({ type: 'done', id });
  } catch (error) {
    say({ type: 'done', id, error: errorMessage(error) });
  }
}

function forwarder(host: string, port: number, open = new Set<Socket>()): Server {
  return createServer((socket) => {
    const far = connect({ host, port });
    for (const end of [socket, far]) {
      open.add(end);
      end.once('close', () => open.delete(end));
    }
    join(socket, far);
  });
}

async function openForward({ port, host, to }: NonNullable<Command['forward']>): Promise<void> {
  closeForward(port);
  const open = new Set<Socket>();
  const server = forwarder(host, to, open);
  forwards.set(port, { server, open });
  await listenOn(server, { host: '127.0.0.1', port });
}

/** Tears open connections and refuses new ones: as the port of a program that has ended. */
function closeForward(port: number): void {
  const forward = forwards.get(port);
  if (!forward) return;
  forwards.delete(port);
  forward.server.close();
  for (const socket of forward.open) socket.destroy();
}

function sharer(port: number): Server {
  return createServer((socket) => {
    socketQueue(waiting, port).push(socket);
    match(port);
  });
}

/** The harness calls: the port it stands for comes first, as five digits. */
function takeBackhaul(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('readable', () => {
    const digits: unknown = socket.read(5);
    const port = Number(String(digits));
    if (!Number.isInteger(port)) return void socket.destroy();
    socketQueue(idle, port).push(socket);
    match(port);
  });
}

function match(port: number): void {
  const idlers = socketQueue(idle, port);
  const waiters = socketQueue(waiting, port);
  while (idlers.length > 0 && waiters.length > 0) {
    const [backhaul, caller] = [idlers.shift(), waiters.shift()];
    if (!backhaul || !caller) return;
    if (backhaul.destroyed) {
      waiters.unshift(caller);
      continue;
    }
    backhaul.write(IN_USE);
    join(caller, backhaul);
  }
}

function socketQueue(queues: Map<number, Socket[]>, port: number): Socket[] {
  const queue = queues.get(port) ?? [];
  queues.set(port, queue);
  return queue;
}

function join(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function end(code: number): void {
  browser.kill('SIGKILL');
  process.exit(code);
}
