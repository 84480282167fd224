// The contribution sender, in the manner of a live protocol (SRT) over TCP: what cannot be sent in
// time is dropped, an idle peer means a new connection, and the programme never slows down.

import { connect, type Socket } from 'node:net';
import { systemClock } from '../../kernel/clock.ts';
import type { Address } from '../../model/world.ts';
import type { StageStats } from '../contract.ts';
import { kernelQueueBytes } from './kernelQueue.ts';
import { packetDropper } from './packetDropper.ts';

export interface SenderOptions {
  readonly to: Address;
  /** The number of bytes that may wait to be sent before packets are dropped. */
  readonly limitBytes: number;
  readonly reconnectMs: number;
  /** The first bytes on every connection. */
  readonly hello?: Buffer;
  readonly note: (detail: string) => void;
}

export interface Sender {
  readonly send: (chunk: Buffer) => void;
  readonly stats: () => SenderStats;
  readonly stop: () => void;
}

export type SenderStats = Pick<
  StageStats,
  'bytesOut' | 'bytesDropped' | 'connections' | 'repliesIn' | 'replyAgeMs'
>;

/** SRT's peer idle timeout (facts.md section 1, convergence): nothing got through for this long. */
export const PEER_IDLE_MS = 5_000;
const LOOK_EVERY_MS = 200;
/** A machine with very many connections makes a look dear: at most this share of the time goes there. */
const LOOK_SHARE_MAX = 1 / 40;
const CONNECT_WITHIN_MS = 3_000;

interface Connection {
  readonly socket: Socket;
  /** Bytes in the kernel at the last look. */
  inKernel: number;
  /** Bytes the far side has acknowledged. */
  acknowledged: number;
  /** When something last got through, either way. */
  aliveAtEpochMs: number;
  readonly onReply: (ageMs: number) => void;
}

export function startSender(options: SenderOptions, signal: AbortSignal): Sender {
  const dropper = packetDropper(options.limitBytes);
  const counters = { bytesOut: 0, connections: 0, repliesIn: 0 };
  let replyAgeMs: number | undefined;
  const onReply = (ageMs: number) => {
    counters.repliesIn++;
    replyAgeMs = ageMs;
  };
  let current: Connection | undefined;
  const onChange = (connection: Connection | undefined) => {
    current = connection;
    if (connection) counters.connections++;
  };
  void keepConnected({ ...options, onReply, onChange }, signal);
  return {
    send: (chunk) => {
      const queued = current ? queuedBytes(current) : Infinity;
      const packets = dropper.admit(chunk, queued);
      if (packets.length === 0) return;
      current?.socket.write(packets);
      counters.bytesOut += packets.length;
    },
    stats: () => {
      const age = replyAgeMs === undefined ? {} : { replyAgeMs };
      replyAgeMs = undefined;
      return { ...counters, bytesDropped: dropper.bytesDropped, ...age };
    },
    stop: () => current?.socket.destroy(),
  };
}

const queuedBytes = ({ socket, inKernel }: Connection): number => socket.writableLength + inKernel;

interface KeepOptions extends SenderOptions, Pick<Connection, 'onReply'> {
  readonly onChange: (connection: Connection | undefined) => void;
}

async function keepConnected(options: KeepOptions, signal: AbortSignal): Promise<void> {
  const { to, reconnectMs, note, hello, onReply, onChange } = options;
  let refused = false;
  while (!signal.aborted) {
    const socket = await dial(to, signal);
    if (socket instanceof Error) {
      if (!refused) note(`cannot connect to ${to.host}:${to.port}: ${socket.message}`);
      refused = true;
    } else {
      refused = false;
      note(`connected to ${to.host}:${to.port}`);
      if (hello) socket.write(hello);
      const connection = {
        socket,
        inKernel: 0,
        acknowledged: 0,
        aliveAtEpochMs: systemClock.epochMs(),
        onReply,
      };
      onChange(connection);
      const why = await watch(connection, signal);
      onChange(undefined);
      socket.destroy();
      note(`connection lost: ${why}`);
    }
    await systemClock.sleep(reconnectMs, signal).catch(() => undefined);
  }
}

function dial(to: Address, signal: AbortSignal): Promise<Socket | Error> {
  return new Promise((resolve) => {
    const socket = connect({ host: to.host, port: to.port, noDelay: true, signal });
    socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy(new Error('no answer')));
    socket.on('error', resolve);
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Resolves with the reason why this connection is of no more use. */
async function watch(connection: Connection, signal: AbortSignal): Promise<string> {
  const { socket } = connection;
  let ended = socket.destroyed ? 'closed' : '';
  // A connection that has ended is not waited for: a look can be seconds away.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', (error) => (ended = error.message));
  socket.on('close', () => (ended ||= 'closed by the far side'));
  const hear = replies(connection.onReply);
  socket.on('data', (chunk) => {
    connection.aliveAtEpochMs = systemClock.epochMs();
    hear(chunk);
  });
  let tookMs = 0;
  while (!ended && !signal.aborted) {
    const restMs = Math.max(LOOK_EVERY_MS, tookMs / LOOK_SHARE_MAX);
    await Promise.race([systemClock.sleep(restMs, signal).catch(() => undefined), closed]);
    if (socket.destroyed) break;
    const fromMs = systemClock.epochMs();
    await look(connection);
    tookMs = systemClock.epochMs() - fromMs;
    const idleMs = systemClock.epochMs() - connection.aliveAtEpochMs;
    if (idleMs > PEER_IDLE_MS) ended ||= `nothing got through for ${PEER_IDLE_MS} ms`;
  }
  return ended || (signal.aborted ? 'stopping' : 'closed by the far side');
}

/** Longer than any line of the receiver: what is no line is not kept. */
const REPLY_CHARACTERS_MAX = 64;

/** Lines of the receiver, each the time when it was sent. */
function replies(onReply: (ageMs: number) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(0, REPLY_CHARACTERS_MAX);
    for (const line of lines) {
      const sentAtEpochMs = Number(line);
      if (line !== '' && Number.isFinite(sentAtEpochMs))
        onReply(Math.max(0, Math.round(systemClock.epochMs() - sentAtEpochMs)));
    }
  };
}

async function look(connection: Connection): Promise<void> {
  const { socket } = connection;
  const handedOver = socket.bytesWritten - socket.writableLength;
  connection.inKernel = await kernelQueueBytes(socket);
  const acknowledged = handedOver - connection.inKernel;
  if (acknowledged <= connection.acknowledged) return;
  connection.acknowledged = acknowledged;
  connection.aliveAtEpochMs = systemClock.epochMs();
}
