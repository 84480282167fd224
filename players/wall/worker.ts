// A worker: joins the wall of a run on another machine, shows its share of the viewers in a browser of
// its own, and sends what their screens showed as it comes. It ends with the run, or without it.

import { request } from 'node:http';
import type { Socket } from 'node:net';
import { systemClock } from '../../harness/kernel/clock.ts';
import { rejectWhenAborted, withDeadline } from '../../harness/kernel/deadline.ts';
import { parseObject } from '../../harness/kernel/parseObject.ts';
import { ERROR_CODES, HarnessError, errorMessage } from '../../harness/model/errors.ts';
import type { Unstamped } from '../../harness/model/history.ts';
import type { PlayerFleet } from '../../harness/model/world.ts';
import { startFleet, type StartFleetOptions } from '../fleet.ts';
import { writeHello } from './hello.ts';
import { talkInLines, type Lines } from './lines.ts';
import {
  SILENCE_MS_MAX,
  WALL_PATH,
  WALL_PROTOCOL,
  WORKER_HEADER,
  type FromWorker,
  type ToWorker,
  type WallAnswer,
  type WallError,
  type WallShow,
  type WorkerHello,
} from './messages.ts';

export interface WorkerOptions {
  /** The URL of the wall, as the run printed it. */
  readonly url: string;
  readonly token: string;
  readonly hello: WorkerHello;
  readonly chrome?: string | undefined;
  /** A folder of the caller's, who removes it; the browser writes in it. */
  readonly profileDir: string;
  readonly onProgress: (text: string) => void;
  /** A run that says nothing for so long is gone; `SILENCE_MS_MAX` when not said. */
  readonly silenceMs?: number;
  /** Starts the page; the one of this machine when not said. */
  readonly start?: (options: StartFleetOptions, signal: AbortSignal) => Promise<PlayerFleet>;
}

const CONNECT_MS_MAX = 15_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Shows viewers until the run is over; resolves with the words of the run. Errors: ARGUMENT_INVALID
 * (refused), TOOL_UNFIT (another version), WALL_FAILED (no run there, or it went away),
 * BROWSER_FAILED, INTERRUPTED by the signal.
 */
export async function work(options: WorkerOptions, signal: AbortSignal): Promise<string> {
  const { socket, head } = await callWall(options, signal);
  const worker = new Worker(options, socket, head);
  options.onProgress(`joined ${options.url} as ${options.hello.name}, waiting for the run`);
  try {
    return await Promise.race([worker.over, worker.silence(), rejectWhenAborted(signal)]);
  } catch (error) {
    worker.leave(signal.aborted ? 'it was interrupted there' : errorMessage(error));
    throw error;
  } finally {
    await worker.close();
  }
}

class Worker {
  readonly #options: WorkerOptions;
  readonly #lines: Lines<FromWorker>;
  readonly #over = Promise.withResolvers<string>();
  readonly #closing = new AbortController();
  #fleet: Promise<PlayerFleet> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #heardAtMs = systemClock.epochMs();

  constructor(options: WorkerOptions, socket: Socket, head: Buffer) {
    this.#options = options;
    this.#lines = talkInLines(socket, {
      head,
      onMessage: (message) => this.#hear(message as unknown as ToWorker),
    });
    void this.#lines.closed.then((why) => this.#over.reject(runGone(options.url, why)));
    this.#over.promise.catch(() => undefined);
  }

  /** Settles with the run. */
  get over(): Promise<string> {
    return this.#over.promise;
  }

  /** Rejects once the run has said nothing for too long: it asks for the time every second. */
  async silence(): Promise<never> {
    const { url, silenceMs = SILENCE_MS_MAX } = this.#options;
    for (;;) {
      await systemClock.sleep(LOOK_EVERY_MS, this.#closing.signal);
      if (systemClock.epochMs() - this.#heardAtMs > silenceMs)
        throw runGone(url, `it said nothing for ${silenceMs / 1000} s`);
    }
  }

  leave(why: string): void {
    this.#lines.send({ type: 'gone', why });
  }

  /** Leaves nothing behind. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort(new HarnessError('INTERRUPTED', 'the worker ends'));
    this.#lines.end();
    const fleet = await this.#fleet?.catch(() => undefined);
    await fleet?.[Symbol.asyncDispose]();
  }

  #hear(message: ToWorker): void {
    this.#heardAtMs = systemClock.epochMs();
    if (message.type === 'end') return this.#over.resolve(message.why);
    const { number } = message;
    const say = (answer: WallAnswer) => this.#lines.send({ type: 'done', number, ...answer });
    if (message.type === 'clock') return say({ epochMs: this.#heardAtMs });
    // In their order, and only one at a time.
    this.#turn = this.#turn.then(async () =>
      say(await this.#answer(message).catch((error: unknown) => ({ error: asWallError(error) }))),
    );
  }

  async #answer(message: Exclude<ToWorker, { type: 'end' | 'clock' }>): Promise<WallAnswer> {
    if (message.type === 'show') {
      this.#fleet = this.#show(message);
      return { browser: (await this.#fleet).browser };
    }
    const fleet = await this.#fleet;
    if (!fleet) throw new HarnessError('WALL_FAILED', 'there is no page yet');
    switch (message.type) {
      case 'join':
        await fleet.join(message.viewers);
        return {};
      case 'leave':
        await fleet.leave(message.viewers);
        return {};
      case 'screenshot':
        return { picture: Buffer.from(await fleet.screenshot()).toString('base64') };
    }
  }

  async #show({ count, title, seed, media, script }: WallShow): Promise<PlayerFleet> {
    const { url, chrome, profileDir, onProgress, start = startFleet } = this.#options;
    const viewersAt = new URL(url).hostname;
    const shown = { count, seed, media, script, ...(title !== undefined && { title }) };
    const options = { ...shown, chrome, profileDir, viewersAt, emit: this.#emit };
    const fleet = await start(options, this.#closing.signal);
    void fleet.lost?.then((error) => this.#over.reject(error));
    onProgress(`${title ?? 'a run'}: ${count} viewers and a control, in ${fleet.browser}`);
    return fleet;
  }

  /** The run knows its own surroundings, and tells itself of a page that is lost. */
  readonly #emit = (record: Unstamped): void => {
    const isTold = record.type === 'frames' || record.type === 'viewer' || record.type === 'log';
    if (!isTold || (record.type === 'viewer' && record.event === 'page-lost')) return;
    const atEpochMs = record.atEpochMs ?? systemClock.epochMs();
    this.#lines.send({ type: 'record', record: { ...record, atEpochMs } });
  };
}

const asWallError = (error: unknown): WallError =>
  error instanceof HarnessError
    ? { code: error.code, message: short(error.message), hint: error.hint }
    : { code: 'BROWSER_FAILED', message: short(errorMessage(error)) };

const short = (text: string): string => text.slice(0, 1_000);

const runGone = (url: string, why: string): HarnessError =>
  new HarnessError('WALL_FAILED', `the run went away: ${why}`, {
    target: url,
    hint: 'Its own report says how it ended; start this worker again for another run.',
  });

interface Called {
  readonly socket: Socket;
  readonly head: Buffer;
}

/** Asks to join. */
async function callWall(
  { url, token, hello }: WorkerOptions,
  signal: AbortSignal,
): Promise<Called> {
  const what = `${url} to answer`;
  const bound = { ms: CONNECT_MS_MAX, what, code: 'WALL_FAILED' as const, signal };
  return withDeadline(bound, async (either) => {
    const { promise, resolve, reject } = Promise.withResolvers<Called>();
    const calling = request(new URL(WALL_PATH, url), {
      agent: false,
      headers: {
        connection: 'upgrade',
        upgrade: WALL_PROTOCOL,
        authorization: `Bearer ${token}`,
        [WORKER_HEADER]: writeHello(hello),
      },
    });
    const giveUp = () => calling.destroy();
    either.addEventListener('abort', giveUp, { once: true });
    calling.on('upgrade', ({ headers }, socket, head) => {
      either.removeEventListener('abort', giveUp);
      if (headers.upgrade === WALL_PROTOCOL) return resolve({ socket: socket, head });
      socket.destroy();
      reject(noRun(url, 'it speaks another protocol'));
    });
    calling.on('response', (response) => {
      void readRefusal(response).then((refused) =>
        reject(refused ?? noRun(url, `it answers with status ${response.statusCode}`)),
      );
    });
    calling.on('error', (cause) => reject(noRun(url, cause.message, cause)));
    calling.end();
    return promise;
  });
}

const REFUSAL_BYTES_MAX = 10_000;

/** The reason of a run; undefined for the answer of anything else. */
async function readRefusal(response: AsyncIterable<Buffer>): Promise<HarnessError | undefined> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += chunk.toString('utf8');
      if (text.length > REFUSAL_BYTES_MAX) return undefined;
    }
  } catch {
    return undefined;
  }
  const { code, message, hint } = (parseObject(text)?.['error'] ?? {}) as Partial<WallError>;
  if (typeof message !== 'string' || code === undefined || !(code in ERROR_CODES)) return undefined;
  const more = { target: '--join', ...(typeof hint === 'string' && { hint }) };
  return new HarnessError(code, `the run refuses this worker: ${message}`, more);
}

const noRun = (url: string, why: string, cause?: unknown): HarnessError =>
  new HarnessError('WALL_FAILED', `no run waits for workers at ${url}: ${why}`, {
    target: '--join',
    hint: 'Use the command that `ecran-noir run --wall-workers` prints, while it waits.',
    cause,
  });
