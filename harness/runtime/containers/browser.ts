// A headless Chromium in a container of the run. Its loopback is made to look like ours: a viewer's
// URL, or the address of our page server, means the same there as here.

import { connect, type Socket } from 'node:net';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Address } from '../../model/world.ts';
import { parseObject } from '../../kernel/parseObject.ts';
import { pathInImage } from './buildContext.ts';
import { startCompanion, type Companion } from './companion.ts';
import type { RunNetwork } from './runNetwork.ts';
import { programAt } from '../../kernel/programAt.ts';

export interface BrowserOptions {
  readonly network: RunNetwork;
  /** Our browser image. */
  readonly image: string;
  readonly logDir: string;
  /** Chromium's, beside those that the container needs. */
  readonly args: readonly string[];
  readonly memoryMb?: number;
}

export interface BrowserContainer extends AsyncDisposable {
  /** DevTools WebSocket, as `connectBrowser` of the fleet takes it. */
  readonly wsUrl: string;
  /**
   * `127.0.0.1:port` in the browser is the same as here: a published port of the run straight on
   * its network, any other through us.
   */
  share(port: number): Promise<void>;
  /** `127.0.0.1:port` in the browser is an address on the run's network. */
  forward(port: number, to: Address): Promise<void>;
}

/** Ports of the program in the image (image/browser.ts). */
const CDP_PORT = 9222;
const BACKHAUL_PORT = 9223;
const ARGS_ENV = 'ECRAN_NOIR_BROWSER_ARGS';
const INSTANCE = 'browser';
/** Chromium and a wall of two dozen viewers. */
const MEMORY_MB = 4096;
const TEMP_MB = 1024;
const COMMAND_MS = 10_000;
/** Connections kept ready for the browser's own: a page and its script. */
const IDLE = 4;

/** Throws BROWSER_FAILED, ENGINE_UNAVAILABLE, PORT_TAKEN. */
export async function startBrowser(
  options: BrowserOptions,
  signal: AbortSignal,
): Promise<BrowserContainer> {
  const { network, image, logDir, args, memoryMb = MEMORY_MB } = options;
  const replies = new Map<number, (error: string | undefined) => void>();
  const companion = await startCompanion(
    {
      network,
      image,
      logDir,
      instance: INSTANCE,
      code: 'BROWSER_FAILED',
      command: [program()],
      env: { [ARGS_ENV]: JSON.stringify(args) },
      limits: { memoryMb },
      tmpfsMb: { '/tmp': TEMP_MB },
      publish: [CDP_PORT, BACKHAUL_PORT],
      onLine: (line) => settle(replies, line),
    },
    signal,
  );
  const { host, port } = companion.container.hostAddress(CDP_PORT);
  const backhaul = companion.container.hostAddress(BACKHAUL_PORT);
  const shares: Share[] = [];
  const ask = asker(companion, replies);
  const forward = (at: number, to: Address) =>
    ask({ forward: { port: at, host: to.host, to: to.port } });
  const published = new Map<number, Address>();
  // A port of a container that has ended refuses, and so it does here: its packets would vanish.
  const follow = (at: number, lives: boolean) => {
    const to = published.get(at);
    if (to) void (lives ? forward(at, to) : ask({ close: { port: at } })).catch(() => undefined);
  };
  network.lifeWatchers.add(follow);
  return {
    wsUrl: `ws://${host}:${port}${String(companion.said['path'])}`,
    forward,
    share: async (at) => {
      const to = network.published.get(at);
      if (to) {
        published.set(at, to);
        return forward(at, to);
      }
      await ask({ share: { port: at } });
      shares.push(openShare(backhaul, at));
    },
    [Symbol.asyncDispose]: async () => {
      network.lifeWatchers.delete(follow);
      for (const share of shares) share.close();
      await companion.stop();
    },
  };
}

const program = (): string => pathInImage(programAt(import.meta.url, '../image/browser'));

type Replies = Map<number, (error: string | undefined) => void>;

function settle(replies: Replies, line: string): void {
  const { id, error } = parseObject(line) ?? {};
  if (typeof id === 'number') replies.get(id)?.(typeof error === 'string' ? error : undefined);
}

function asker({ container }: Companion, replies: Replies) {
  let next = 0;
  return async (command: Readonly<Record<string, unknown>>): Promise<void> => {
    const id = next++;
    const what = `the browser's container to ${Object.keys(command).join()} a port`;
    const problem = await withDeadline(
      { ms: COMMAND_MS, what, code: 'BROWSER_FAILED' },
      () =>
        new Promise<string | undefined>((resolve) => {
          replies.set(id, resolve);
          container.send(`${JSON.stringify({ ...command, id })}\n`);
        }),
    ).finally(() => replies.delete(id));
    if (problem === undefined) return;
    throw new HarnessError('BROWSER_FAILED', `${what}: ${problem}`, { target: INSTANCE });
  };
}

interface Share {
  close(): void;
}

/** Keeps idle connections at the container; one that is taken into use is joined to our port. */
function openShare(backhaul: Address, port: number): Share {
  const open = new Set<Socket>();
  let closed = false;
  const offer = () => {
    if (closed) return;
    const socket = connect(backhaul);
    open.add(socket);
    socket.setNoDelay(true);
    socket.once('connect', () => socket.write(String(port).padStart(5, '0')));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    socket.once('readable', () => {
      if (socket.read(1) === null) return;
      offer();
      joinTo(socket, port);
    });
  };
  for (let n = 0; n < IDLE; n++) offer();
  return {
    close: () => {
      closed = true;
      for (const socket of open) socket.destroy();
    },
  };
}

function joinTo(socket: Socket, port: number): void {
  const own = connect({ host: '127.0.0.1', port });
  own.setNoDelay(true);
  own.on('error', () => socket.destroy());
  own.once('close', () => socket.destroy());
  socket.once('close', () => own.destroy());
  own.pipe(socket);
  socket.pipe(own);
}
