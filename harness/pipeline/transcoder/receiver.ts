// The contribution inputs: one connection at a time for each, the newest that sends wins. It answers with
// a line now and then, so that a sender can tell a quiet peer from a dead one, and how late it hears.

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

/** The reports by input, where there are several. */
type ReceiverStats = Pick<
  StageStats,
  | ('bytesIn' | 'readsIn' | 'connections' | 'quietInMs')
  | ('bytesInBy' | 'readsInBy' | 'quietInMsBy')
>;

/** Each says the time, so that a delay on the way back shows. */
const KEEP_ALIVE_EVERY_MS = 250;

/** One of them, over all its connections. */
interface ReceiverInput {
  /** '': there is no other, and senders say no name. */
  readonly name: string;
  socket: Socket | undefined;
  bytes: number;
  reads: number;
  lastByteAtEpochMs: number;
  longestQuietMs: number;
}

/** `names` are those of the inputs where there are several; senders say them first. */
export async function startReceiver(
  listen: Address,
  names: readonly string[],
  handlers: ReceiverHandlers,
): Promise<Receiver> {
  const inputs = (names.length > 0 ? names : ['']).map((name): ReceiverInput => ({
    name,
    socket: undefined,
    bytes: 0,
    reads: 0,
    lastByteAtEpochMs: systemClock.epochMs(),
    longestQuietMs: 0,
  }));
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections++;
    handlers.note(`contribution connected from ${socket.remoteAddress}:${socket.remotePort}`);
    receive(socket, handlers, inputs);
  });
  const port = await listenOn(server, listen);
  return {
    port,
    stats: () => ({ connections, ...sumStats(inputs) }),
    stop: () => {
      inputs.forEach(({ socket }) => socket?.destroy());
      server.close();
    },
  };
}

function receive(
  socket: Socket,
  handlers: ReceiverHandlers,
  inputs: readonly ReceiverInput[],
): void {
  // Started by the first byte: a connection that never sends costs no decoder.
  let sink: ConnectionSink | undefined;
  let unnamed: Buffer = Buffer.alloc(0);
  let input: ReceiverInput | undefined;
  const isOnly = inputs[0]?.name === '';
  const keepAlive = setInterval(
    () => socket.write(`${Math.round(systemClock.epochMs())}\n`),
    KEEP_ALIVE_EVERY_MS,
  );
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (!input) {
      unnamed = Buffer.concat([unnamed, chunk]);
      const label = isOnly ? '' : readInputLabel(unnamed);
      if (label === undefined) return;
      input = inputs.find(({ name }) => name === label);
      // Its beginning was lost on the way; the sender will come again.
      if (!input) return void socket.destroy();
      takeOver(input, socket);
      if (!isOnly) handlers.note(`contribution is for ${label}`);
    }
    count(input, chunk);
    sink ??= handlers.onConnection(inputs.indexOf(input));
    if (!sink.write(chunk, () => socket.resume())) socket.pause();
  });
  socket.on('close', () => {
    clearInterval(keepAlive);
    sink?.end();
    handlers.note('contribution disconnected');
  });
}

function count(input: ReceiverInput, chunk: Buffer): void {
  input.bytes += chunk.length;
  input.reads++;
  input.longestQuietMs = Math.max(input.longestQuietMs, quietMs(input));
  input.lastByteAtEpochMs = systemClock.epochMs();
}

const quietMs = ({ lastByteAtEpochMs }: ReceiverInput): number =>
  systemClock.epochMs() - lastByteAtEpochMs;

function sumStats(inputs: readonly ReceiverInput[]): Omit<ReceiverStats, 'connections'> {
  const read = inputs.map((input) => ({ ...input, quietMs: readQuietMs(input) }));
  const sum = (name: 'bytes' | 'reads') => read.reduce((total, input) => total + input[name], 0);
  const all = { bytesIn: sum('bytes'), readsIn: sum('reads') };
  const [only] = read;
  if (only?.name === '') return { ...all, quietInMs: only.quietMs };
  const by = (name: 'bytes' | 'reads' | 'quietMs') =>
    Object.fromEntries(read.map((input) => [input.name, input[name]]));
  return { ...all, bytesInBy: by('bytes'), readsInBy: by('reads'), quietInMsBy: by('quietMs') };
}

function readQuietMs(input: ReceiverInput): number {
  const longestMs = Math.round(Math.max(input.longestQuietMs, quietMs(input)));
  input.longestQuietMs = 0;
  return longestMs;
}

function takeOver(input: ReceiverInput, socket: Socket): void {
  input.socket?.destroy();
  input.socket = socket;
}
