// The contribution sender, in the manner of a live protocol (SRT) over TCP: what cannot be sent in
// time is dropped, an idle peer means a new connection, and the programme never slows down.

import type { Clock } from '../../kernel/clock.ts';
import type { Address } from '../../model/world.ts';
import type { StageStats } from '../contract.ts';
import { packetDropper } from './packetDropper.ts';

export interface SenderOptions {
  readonly clock: Clock;
  readonly to: Address;
  readonly dial: Dial;
  /** The number of bytes that may wait to be sent before packets are dropped. */
  readonly limitBytes: number;
  readonly reconnectMs: number;
  /** The first bytes on every connection. */
  readonly hello?: Buffer;
  readonly note: (detail: string) => void;
}

/** Resolves with a connection, or with why there is none; never rejects. */
export type Dial = (to: Address, signal: AbortSignal) => Promise<Line | Error>;

/** A connection as a sender needs it. */
export interface Line {
  readonly write: (bytes: Buffer) => void;
  /** Bytes written that the kernel has not taken yet. */
  readonly waitingBytes: () => number;
  /** Bytes that the kernel has taken so far. */
  readonly handedOverBytes: () => number;
  /** Bytes in the kernel that the far side has not acknowledged. */
  readonly inKernelBytes: () => Promise<number>;
  readonly onData: (listener: (chunk: Buffer) => void) => void;
  /** Resolves when it has ended, with the reason. */
  readonly ended: Promise<string>;
  readonly close: () => void;
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

/** SRT's peer idle timeout (docs/sources.md 1): nothing got through for this long. */
export const PEER_IDLE_MS = 5_000;
const LOOK_EVERY_MS = 200;
/** A machine with very many connections makes a look dear: at most this share of the time goes there. */
const LOOK_SHARE_MAX = 1 / 40;

interface Connection {
  readonly line: Line;
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
      current?.line.write(packets);
      counters.bytesOut += packets.length;
    },
    stats: () => {
      const age = replyAgeMs === undefined ? {} : { replyAgeMs };
      replyAgeMs = undefined;
      return { ...counters, bytesDropped: dropper.bytesDropped, ...age };
    },
    stop: () => current?.line.close(),
  };
}

const queuedBytes = ({ line, inKernel }: Connection): number => line.waitingBytes() + inKernel;

interface KeepOptions extends SenderOptions, Pick<Connection, 'onReply'> {
  readonly onChange: (connection: Connection | undefined) => void;
}

async function keepConnected(options: KeepOptions, signal: AbortSignal): Promise<void> {
  const { clock, to, dial, reconnectMs, note, hello, onReply, onChange } = options;
  let refused = false;
  while (!signal.aborted) {
    const line = await dial(to, signal);
    if (line instanceof Error) {
      if (!refused) note(`cannot connect to ${to.host}:${to.port}: ${line.message}`);
      refused = true;
    } else {
      refused = false;
      note(`connected to ${to.host}:${to.port}`);
      if (hello) line.write(hello);
      const aliveAtEpochMs = clock.epochMs();
      const connection = { line, inKernel: 0, acknowledged: 0, aliveAtEpochMs, onReply };
      onChange(connection);
      const why = await watch(connection, clock, signal);
      onChange(undefined);
      line.close();
      note(`connection lost: ${why}`);
    }
    await clock.sleep(reconnectMs, signal).catch(() => undefined);
  }
}

/** Resolves with the reason why this connection is of no more use. */
async function watch(connection: Connection, clock: Clock, signal: AbortSignal): Promise<string> {
  const { line } = connection;
  let ended = '';
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  // A connection that has ended is not waited for: a look can be seconds away.
  void line.ended.then((why) => {
    ended ||= why;
    stop();
  });
  const hear = replies(connection.onReply, clock);
  line.onData((chunk) => {
    connection.aliveAtEpochMs = clock.epochMs();
    hear(chunk);
  });
  let tookMs = 0;
  while (!ended && !signal.aborted) {
    const restMs = Math.max(LOOK_EVERY_MS, tookMs / LOOK_SHARE_MAX);
    await clock.sleep(restMs, over.signal).catch(() => undefined);
    if (ended) break;
    const fromMs = clock.epochMs();
    await look(connection, clock);
    tookMs = clock.epochMs() - fromMs;
    const idleMs = clock.epochMs() - connection.aliveAtEpochMs;
    if (idleMs > PEER_IDLE_MS) ended ||= `nothing got through for ${PEER_IDLE_MS} ms`;
  }
  signal.removeEventListener('abort', stop);
  return ended || 'stopping';
}

/** Longer than any line of the receiver: what is no line is not kept. */
const REPLY_CHARACTERS_MAX = 64;

/** Lines of the receiver, each the time when it was sent. */
function replies(onReply: (ageMs: number) => void, clock: Clock): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(0, REPLY_CHARACTERS_MAX);
    for (const line of lines) {
      const sentAtEpochMs = Number(line);
      if (line !== '' && Number.isFinite(sentAtEpochMs))
        onReply(Math.max(0, Math.round(clock.epochMs() - sentAtEpochMs)));
    }
  };
}

async function look(connection: Connection, clock: Clock): Promise<void> {
  const { line } = connection;
  const handedOver = line.handedOverBytes();
  connection.inKernel = await line.inKernelBytes();
  const acknowledged = handedOver - connection.inKernel;
  if (acknowledged <= connection.acknowledged) return;
  connection.acknowledged = acknowledged;
  connection.aliveAtEpochMs = clock.epochMs();
}
