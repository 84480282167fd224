// The contribution inputs: one connection at a time for each, the newest wins. It answers with a
// line now and then, so that a sender can tell a quiet peer from a dead one, and how late it hears.

import { createServer, type Socket } from 'node:net';
import { systemClock } from '../../kernel/clock.ts';
import type { Address } from '../../model/world.ts';
import type { StageStats } from '../contract.ts';
import { readInputLabel } from '../inputLabel.ts';
import { listenOn } from '../listen.ts';

export interface ReceiverHandlers {
  /** A new sender on this input; what is returned takes its bytes until `end`. */
  readonly onConnection: (input: number) => ConnectionSink;
  readonly note: (detail: string) => void;
}

export interface ConnectionSink {
  /** False when it cannot keep up; `whenReady` is called once it can again. */
  readonly write: (chunk: Buffer, whenReady: () => void) => boolean;
  readonly end: () => void;
}

export interface Receiver {
  readonly port: number;
  /** The longest time without a byte is that since it was last asked. */
  readonly stats: () => ReceiverStats;
  readonly stop: () => void;
}

/** By input where there are several. */
type ReceiverStats = Pick<
  StageStats,
  | ('bytesIn' | 'readsIn' | 'connections' | 'quietInMs')
  | ('bytesInBy' | 'readsInBy' | 'quietInMsBy')
>;

/** Each says the time, so that a delay on the way back shows. */
const KEEP_ALIVE_EVERY_MS = 250;

interface Inputs {
  /** Empty: there is one input, and senders say no name. */
  readonly names: readonly string[];
  readonly active: (Socket | undefined)[];
  readonly bytes: number[];
  readonly reads: number[];
  readonly quiet: Quiet[];
  readonly counters: { bytesIn: number; readsIn: number; connections: number };
}

interface Quiet {
  lastAtEpochMs: number;
  longestMs: number;
}

/** `names` are those of the inputs where there are several; senders say them first. */
export async function startReceiver(
  listen: Address,
  names: readonly string[],
  handlers: ReceiverHandlers,
): Promise<Receiver> {
  const counters = { bytesIn: 0, readsIn: 0, connections: 0 };
  const bytes = (names.length > 0 ? names : ['']).map(() => 0);
  const reads = bytes.map(() => 0);
  const quiet = bytes.map(() => ({ lastAtEpochMs: systemClock.epochMs(), longestMs: 0 }));
  const inputs: Inputs = { names, active: [], bytes, reads, quiet, counters };
  const server = createServer({ noDelay: true }, (socket) => {
    counters.connections++;
    handlers.note(`contribution connected from ${socket.remoteAddress}:${socket.remotePort}`);
    receive(socket, handlers, inputs);
  });
  const port = await listenOn(server, listen);
  return {
    port,
    stats: () => statsOf(inputs),
    stop: () => {
      inputs.active.forEach((socket) => socket?.destroy());
      server.close();
    },
  };
}

function receive(socket: Socket, handlers: ReceiverHandlers, inputs: Inputs): void {
  const { names, bytes, reads, counters } = inputs;
  // Started by the first byte: a connection that never sends costs no decoder.
  let sink: ConnectionSink | undefined;
  let unnamed: Buffer | undefined = Buffer.alloc(0);
  let input = 0;
  const keepAlive = setInterval(
    () => socket.write(`${Math.round(systemClock.epochMs())}\n`),
    KEEP_ALIVE_EVERY_MS,
  );
  if (names.length === 0) takeOver(0, socket, inputs);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    counters.bytesIn += chunk.length;
    counters.readsIn++;
    if (names.length > 0 && unnamed) {
      unnamed = Buffer.concat([unnamed, chunk]);
      const name = readInputLabel(unnamed);
      if (name === undefined) return;
      unnamed = undefined;
      input = names.indexOf(name);
      // Its beginning was lost on the way; the sender will come again.
      if (input < 0) return void socket.destroy();
      takeOver(input, socket, inputs);
      handlers.note(`contribution is for ${name}`);
    }
    bytes[input] = (bytes[input] ?? 0) + chunk.length;
    reads[input] = (reads[input] ?? 0) + 1;
    inputs.quiet[input] = endQuiet(inputs.quiet[input]);
    sink ??= handlers.onConnection(input);
    if (!sink.write(chunk, () => socket.resume())) socket.pause();
  });
  socket.on('close', () => {
    clearInterval(keepAlive);
    sink?.end();
    handlers.note('contribution disconnected');
  });
}

function statsOf({ names, bytes, reads, quiet, counters }: Inputs): ReceiverStats {
  const quietMs = quiet.map(readQuiet);
  if (names.length === 0) return { ...counters, quietInMs: quietMs[0] ?? 0 };
  const by = (values: readonly number[]) =>
    Object.fromEntries(names.map((name, input) => [name, values[input] ?? 0]));
  return { ...counters, bytesInBy: by(bytes), readsInBy: by(reads), quietInMsBy: by(quietMs) };
}

/** A byte has come. */
function endQuiet(quiet: Quiet | undefined): Quiet {
  const now = systemClock.epochMs();
  const { lastAtEpochMs = now, longestMs = 0 } = quiet ?? {};
  return { lastAtEpochMs: now, longestMs: Math.max(longestMs, now - lastAtEpochMs) };
}

function readQuiet(quiet: Quiet): number {
  const lastsMs = systemClock.epochMs() - quiet.lastAtEpochMs;
  const longestMs = Math.round(Math.max(quiet.longestMs, lastsMs));
  quiet.longestMs = 0;
  return longestMs;
}

function takeOver(input: number, socket: Socket, { active }: Inputs): void {
  active[input]?.destroy();
  active[input] = socket;
}
