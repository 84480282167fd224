// The door of a wall over several machines: workers join by URL and token until all are there. What
// does not fit is refused by name, with a sentence, before anything is started.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isIP, type AddressInfo, type Socket } from 'node:net';
import { foreignPart, isSameSecret } from '../../harness/kernel/requestGuard.ts';
import { requestedUrl } from '../../harness/kernel/requestedUrl.ts';
import { within } from '../../harness/kernel/deadline.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Address } from '../../harness/model/world.ts';
import { readHello } from './hello.ts';
import { WALL_PATH, WALL_PROTOCOL, WORKER_HEADER, type WallError } from './messages.ts';
import { openRelays, plainAddress } from './relays.ts';
import { meetWorker, type RemoteWorker } from './remote.ts';
import { dealShares, type WorkerShare } from './shares.ts';

export interface GatherOptions {
  /** An address of this machine that workers reach. */
  readonly listen: Address;
  /** The host that workers call it by, where that is another. */
  readonly advertise?: string | undefined;
  readonly workers: number;
  /** Viewers that they show together. */
  readonly viewers: number;
  readonly token: string;
  readonly version: string;
  /** The time for all of them to come. */
  readonly withinMs: number;
  readonly onProgress: (progress: WallProgress) => void;
  /** A worker that does not answer for so long is lost; `SILENCE_MS_MAX` when not said. */
  readonly silenceMs?: number;
}

export type WallProgress =
  | { readonly is: 'open'; readonly url: string }
  | { readonly is: 'joined' | 'left'; readonly worker: string; readonly missing: number }
  | { readonly is: 'refused'; readonly address: string; readonly why: string };

/** A wall with all its workers. */
export interface Wall extends AsyncDisposable {
  readonly workers: readonly RemoteWorker[];
  /** In the order of the workers. */
  readonly shares: readonly WorkerShare[];
  /** Lets workers reach a URL of this machine. */
  readonly reach: (url: string) => Promise<void>;
  /** The words that workers get when the run is over. */
  over: string;
}

/** Waits for the workers. Errors: PORT_TAKEN, WALL_FAILED (not all came), CAPACITY_EXCEEDED. */
export async function gatherWall(options: GatherOptions, signal: AbortSignal): Promise<Wall> {
  const { listen, withinMs, onProgress } = options;
  const door = new Door(options);
  const server = openDoor(door);
  const isWelcome = (address: string) =>
    [...door.joined.values()].some((worker) => worker.address === address);
  const relays = openRelays({ host: listen.host, isWelcome });
  const wall: Wall = {
    workers: [],
    shares: [],
    over: 'the run is over',
    reach: relays.open,
    [Symbol.asyncDispose]: async () => {
      for (const worker of door.joined.values()) worker.end(wall.over);
      await relays[Symbol.asyncDispose]();
      server.close();
      server.closeAllConnections();
    },
  };
  try {
    const port = await listenOn(server, listen);
    onProgress({ is: 'open', url: `http://${options.advertise ?? inUrl(listen.host)}:${port}` });
    const late = () => notAll(options, [...door.joined.keys()]);
    await within({ ms: withinMs, late, signal }, () => door.complete);
    const workers = [...door.joined.values()];
    const hellos = workers.map(({ hello }) => hello);
    return Object.assign(wall, { workers, shares: dealShares(options.viewers, hellos) });
  } catch (error) {
    wall.over = 'the run did not begin';
    await wall[Symbol.asyncDispose]();
    throw error;
  }
}

/** An address of version 6 stands in brackets. */
export const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

const notAll = ({ workers, withinMs }: GatherOptions, came: readonly string[]): HarnessError =>
  new HarnessError(
    'WALL_FAILED',
    `waited ${Math.round(withinMs / 1000)} s for ${workers === 1 ? '1 worker' : `${workers} workers`}: ${came.length} came${came.length > 0 ? ` (${came.join(', ')})` : ''}`,
    {
      target: '--wall-workers',
      hint: 'Start each with the command that was printed, look at what it says there, or wait longer (--wall-wait).',
    },
  );

/** Who is there and who may still come. */
class Door {
  readonly options: GatherOptions;
  readonly joined = new Map<string, RemoteWorker>();
  /** Names of those whose clock is being measured. */
  readonly entering = new Map<string, number | undefined>();
  readonly #all = Promise.withResolvers<void>();
  isComplete = false;

  constructor(options: GatherOptions) {
    this.options = options;
  }

  get complete(): Promise<void> {
    return this.#all.promise;
  }

  /** The reason to refuse. */
  refusal(request: IncomingMessage): Refusal | undefined {
    const { token, version, workers, advertise } = this.options;
    if (foreignPart(request.headers, advertise === undefined ? {} : { host: advertise }))
      return refuse(403, 'this wall is not called by that name', 'Use the URL that was printed.');
    const [, given] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!isSameSecret(given, token))
      return refuse(401, 'this is not the token of the run', 'Use the command that was printed.');
    const hello = readHello(request.headers[WORKER_HEADER]);
    if (!hello) return refuse(400, 'a worker says its name and version', 'Update ecran-noir.');
    if (hello.version !== version)
      return refuse(
        426,
        `the run is played by ecran-noir ${version}, and this worker is ${hello.version}`,
        `Install ecran-noir ${version} here.`,
        'TOOL_UNFIT',
      );
    const here = [...this.joined.keys(), ...this.entering.keys()];
    if (here.includes(hello.name))
      return refuse(
        409,
        `a worker named ${hello.name} has joined already`,
        'One worker on a machine is enough; another one takes --name.',
      );
    if (this.isComplete || here.length >= workers)
      return refuse(
        409,
        `the wall is complete: ${workers} of ${workers} workers have joined`,
        'Ask for more with --wall-workers where the run is started.',
      );
    return this.#tooMany(hello.count, workers - here.length - 1);
  }

  /** Viewers that others have named are taken, and each that is still to come shows one at least. */
  #tooMany(count: number | undefined, toCome: number): Refusal | undefined {
    if (count === undefined) return undefined;
    const named = [...this.joined.values()].map(({ hello }) => hello.count ?? 1);
    const entering = [...this.entering.values()].map((wanted) => wanted ?? 1);
    const taken = [...named, ...entering].reduce((sum, one) => sum + one, 0);
    const left = this.options.viewers - taken - toCome;
    if (count <= left) return undefined;
    return refuse(
      409,
      `--count ${count}: the run has ${left} viewers for this worker`,
      `Ask for ${left} or fewer, or leave --count out for an equal part.`,
    );
  }

  async admit(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const hello = readHello(request.headers[WORKER_HEADER])!;
    const { name } = hello;
    this.entering.set(name, hello.count);
    const address = plainAddress(socket.remoteAddress);
    const { silenceMs } = this.options;
    try {
      const worker = await meetWorker(socket, head, { hello, address, silenceMs });
      this.#welcome(worker);
    } catch {
      socket.destroy();
    } finally {
      this.entering.delete(name);
    }
  }

  #welcome(worker: RemoteWorker): void {
    const { name } = worker.hello;
    const { workers, onProgress } = this.options;
    this.joined.set(name, worker);
    onProgress({ is: 'joined', worker: name, missing: workers - this.joined.size });
    if (this.joined.size === workers) {
      this.isComplete = true;
      this.#all.resolve();
    }
    // Once the run has begun a loss is the run's to tell.
    void worker.lost.then(() => {
      if (this.isComplete) return;
      this.joined.delete(name);
      onProgress({ is: 'left', worker: name, missing: workers - this.joined.size });
    });
  }
}

interface Refusal extends WallError {
  readonly status: number;
}

const refuse = (
  status: number,
  message: string,
  hint: string,
  code: WallError['code'] = 'ARGUMENT_INVALID',
): Refusal => ({ status, message, hint, code });

const NO_WALL = refuse(404, 'a worker joins here, and nothing else is served', 'See --join.');

function openDoor(door: Door): Server {
  const answer = (request: IncomingMessage): Refusal | undefined =>
    isJoin(request) ? door.refusal(request) : NO_WALL;
  const server = createServer((request, response) => {
    const { status, ...error } = answer(request) ?? NO_WALL;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error }));
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    const refused = answer(request);
    if (!refused) {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${WALL_PROTOCOL}\r\n\r\n`,
      );
      void door.admit(request, socket, head);
      return;
    }
    const { status, ...error } = refused;
    const why = error.message;
    door.options.onProgress({ is: 'refused', address: plainAddress(socket.remoteAddress), why });
    const body = JSON.stringify({ error });
    socket.end(
      `HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
  return server;
}

const isJoin = (request: IncomingMessage): boolean =>
  requestedUrl(request).pathname === WALL_PATH && request.headers.upgrade === WALL_PROTOCOL;

function listenOn(server: Server, { host, port }: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new HarnessError('PORT_TAKEN', `cannot listen on ${host}:${port}: ${cause.message}`, {
          target: '--wall-listen',
          hint: 'Name an address of this machine, and a port that is free (0 for any).',
          cause,
        }),
      ),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
