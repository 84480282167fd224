// A worker as the run sees it: asked by number over its connection, its clock followed, and lost once
// it does not answer.

import type { Socket } from 'node:net';
import { systemClock } from '../../harness/kernel/clock.ts';
import { withDeadline } from '../../harness/kernel/deadline.ts';
import type { ClockOffset } from '../../harness/model/clockOffset.ts';
import { z } from 'zod';
import {
  ERROR_CODES,
  errorMessage,
  HarnessError,
  type ErrorCode,
} from '../../harness/model/errors.ts';
import { followClock, measureClock } from './clock.ts';
import { talkInLines } from './lines.ts';
import {
  SILENCE_MS_MAX,
  type ToWorker,
  type WallAnswer,
  type WallQuestion,
  type WorkerHello,
} from './messages.ts';

/** An object that a worker calls a record. */
export type ToldRecord = Readonly<Record<string, unknown>>;

export interface Listening {
  /** Gets each record with the offset to add to its times. */
  readonly onRecord: (record: ToldRecord, offsetMs: number) => void;
  /** Gets every offset after the first. */
  readonly onOffset: (offset: ClockOffset) => void;
}

export interface RemoteWorker {
  readonly hello: WorkerHello;
  /** The address that it called from. */
  readonly address: string;
  /** The offset that is in force. */
  readonly offset: () => ClockOffset;
  /** The reason once it is lost, as the end of a sentence. */
  readonly lostBecause: () => string | undefined;
  /** Settles with that reason; never rejects, and never settles for one that was ended. */
  readonly lost: Promise<string>;
  /** Rejects with WALL_FAILED when it is lost, or with its own error. */
  readonly ask: (question: WallQuestion, withinMs: number) => Promise<WallAnswer>;
  /** Measures the offset again. */
  readonly measure: () => Promise<ClockOffset>;
  readonly listen: (listening: Listening) => void;
  /** Tells it that the run is over. */
  readonly end: (why: string) => void;
}

interface Meeting extends Pick<RemoteWorker, 'hello' | 'address'> {
  /** One that does not answer for so long is lost. */
  readonly silenceMs?: number | undefined;
}

/** Takes a connection over. Resolves when the clock has been measured; rejects when it is lost before. */
export async function meetWorker(
  socket: Socket,
  head: Buffer,
  { hello, address, silenceMs = SILENCE_MS_MAX }: Meeting,
): Promise<RemoteWorker> {
  const line = openLine(socket, head, hello.name);
  const ask = questions(line);
  const askClock = async () => {
    const { epochMs } = await ask({ type: 'clock' }, silenceMs);
    if (epochMs === undefined) throw new HarnessError('WALL_FAILED', 'it does not tell the time');
    return epochMs;
  };
  let offset = await measureClock(askClock, systemClock);
  const setOffset = (next: ClockOffset) => {
    offset = next;
    line.listening?.onOffset(next);
  };
  const over = new AbortController();
  const following = { ask: askClock, clock: systemClock, onOffset: setOffset, signal: over.signal };
  followClock(following).catch((error: unknown) => line.lose(errorMessage(error)));
  void line.lost.then(() => over.abort());
  return {
    hello,
    address,
    offset: () => offset,
    lostBecause: () => line.why,
    lost: line.lost,
    ask,
    measure: async () => {
      offset = await measureClock(askClock, systemClock);
      return offset;
    },
    listen: (listening) => {
      line.listening = listening;
      line.onRecord = (record) => listening.onRecord(record, offset.offsetMs);
    },
    end: (why) => {
      line.ended = true;
      over.abort();
      line.send({ type: 'end', why });
      line.close();
    },
  };
}

interface Line {
  readonly name: string;
  readonly waiting: Map<number, (answer: WallAnswer) => void>;
  readonly lost: Promise<string>;
  readonly send: (message: ToWorker) => void;
  readonly close: () => void;
  readonly lose: (why: string) => void;
  why: string | undefined;
  ended: boolean;
  listening: Listening | undefined;
  onRecord: (record: ToldRecord) => void;
}

function openLine(socket: Socket, head: Buffer, name: string): Line {
  const { promise: lost, resolve } = Promise.withResolvers<string>();
  const lines = talkInLines<ToWorker>(socket, {
    head,
    onMessage: (message) => hear(line, message),
  });
  const line: Line = {
    name,
    waiting: new Map(),
    lost,
    send: lines.send,
    close: lines.end,
    lose: (why) => {
      if (line.ended || line.why !== undefined) return;
      line.why = why;
      resolve(why);
      lines.destroy(why);
    },
    why: undefined,
    ended: false,
    listening: undefined,
    onRecord: () => undefined,
  };
  void lines.closed.then(line.lose);
  return line;
}

function hear(line: Line, said: unknown): void {
  const { data: message } = MESSAGE.safeParse(said);
  switch (message?.type) {
    case 'done': {
      const { number, ...answer } = message;
      line.waiting.get(number)?.(answer);
      line.waiting.delete(number);
      return;
    }
    case 'record':
      line.onRecord(message.record);
      return;
    case 'gone':
      line.lose(message.why);
      return;
    case undefined:
      line.lose('it sent a message that nobody knows');
  }
}

const TEXT_MAX = 2_000;
const text = z.string().max(TEXT_MAX);
const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** Records are looked at by who puts them into the journal. */
const MESSAGE = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('done'),
    number: z.number(),
    epochMs: z.number().optional(),
    browser: text.optional(),
    picture: z.string().optional(),
    error: z.object({ code: z.enum(codes), message: text, hint: text.optional() }).optional(),
  }),
  z.object({ type: z.literal('record'), record: z.record(z.string(), z.unknown()) }),
  z.object({ type: z.literal('gone'), why: text }),
]);

function questions(line: Line): RemoteWorker['ask'] {
  let asked = 0;
  return async (question, withinMs) => {
    if (line.why !== undefined) throw lostError(line.name, line.why);
    const number = (asked += 1);
    const answered = new Promise<WallAnswer>((resolve) => line.waiting.set(number, resolve));
    line.send({ ...question, number });
    const lost = line.lost.then((why) => Promise.reject(lostError(line.name, why)));
    const what = `worker ${line.name} to answer (${question.type})`;
    const bound = { ms: withinMs, what, code: 'WALL_FAILED' as const };
    const answer = await withDeadline(bound, () => Promise.race([answered, lost])).finally(() =>
      line.waiting.delete(number),
    );
    if (answer.error) throw itsError(line.name, answer.error);
    return answer;
  };
}

const lostError = (name: string, why: string): HarnessError =>
  new HarnessError('WALL_FAILED', `worker ${name} was lost: ${why}`, { target: name });

/** Its error with its name in front; an unknown code would have no exit code. */
const itsError = (name: string, { code, message, hint }: NonNullable<WallAnswer['error']>) =>
  new HarnessError(code, `worker ${name}: ${message}`, {
    target: name,
    ...(hint !== undefined && { hint }),
  });
