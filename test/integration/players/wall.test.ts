// The wall over several machines without browsers: real connections on loopback, pages that say what
// they are told to. Who may join, what is refused with which words, whose records count, who is lost.

import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { isRecord } from '../../../harness/measure/recordShapes.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { Unstamped } from '../../../harness/model/history.ts';
import type { PlayerFleet, ViewerLaunch } from '../../../harness/model/world.ts';
import type { StartFleetOptions } from '../../../players/fleet.ts';
import { wallOverWorkers } from '../../../players/wall/fleet.ts';
import { thisWorker } from '../../../players/wall/hello.ts';
import { openRelays } from '../../../players/wall/relays.ts';
import {
  gatherWall,
  type GatherOptions,
  type Wall,
  type WallProgress,
} from '../../../players/wall/server.ts';
import { work } from '../../../players/wall/worker.ts';
import { TEST_MEDIA } from '../../support/testWall.ts';

const TOKEN = 'the token';
const VERSION = '1.2.3';
const SILENCE_MS = 2_000;

const disposables: { dispose: () => unknown }[] = [];
afterEach(async () => {
  for (const { dispose } of disposables.splice(0).toReversed()) await dispose();
});

/** A page that shows nothing: it keeps what it was told, and says what the test says. */
interface SilentPage {
  readonly done: string[];
  options: StartFleetOptions | undefined;
  readonly lost: PromiseWithResolvers<HarnessError>;
}

const silentPage = (): SilentPage => ({
  done: [],
  options: undefined,
  lost: Promise.withResolvers<HarnessError>(),
});

const ids = (viewers: readonly ViewerLaunch[]) =>
  viewers.map(({ description }) => description.id).join(' ');

const openPage =
  (page: SilentPage) =>
  async (options: StartFleetOptions): Promise<PlayerFleet> => {
    page.options = options;
    page.done.push(`page for ${options.count}`);
    return {
      browser: 'a silent page',
      lost: page.lost.promise,
      join: async (viewers) => void page.done.push(`join ${ids(viewers)}`),
      screenshot: async () => Buffer.from('a picture'),
      leave: async (viewers) => void page.done.push(`leave ${viewers?.join(' ') ?? 'all'}`),
      [Symbol.asyncDispose]: async () => void page.done.push('over'),
    };
  };

/** Begins to wait for workers; its URL is known, and whoever came. */
async function open(more: Partial<GatherOptions> = {}) {
  const progress: WallProgress[] = [];
  const interrupt = new AbortController();
  const gathered = gatherWall(
    {
      listen: { host: '127.0.0.1', port: 0 },
      workers: 1,
      viewers: 4,
      token: TOKEN,
      version: VERSION,
      withinMs: 20_000,
      silenceMs: SILENCE_MS,
      onProgress: (one) => progress.push(one),
      ...more,
    },
    interrupt.signal,
  );
  gathered.catch(() => undefined);
  disposables.push({
    dispose: async () => {
      interrupt.abort(new Error('the test is over'));
      const wall = await gathered.catch(() => undefined);
      await wall?.[Symbol.asyncDispose]();
    },
  });
  const url = await waitFor({ ms: 5_000, what: 'the door to open' }, () =>
    progress.flatMap((one) => (one.is === 'open' ? [one.url] : [])).at(0),
  );
  return { gathered, progress, url };
}

interface Sent {
  readonly name?: string;
  readonly token?: string;
  readonly version?: string;
  readonly count?: number;
  readonly page?: SilentPage;
}

/** A worker that goes on until the wall is over; `stop` is Ctrl-C. */
function send(url: string, { name = 'a', token = TOKEN, page = silentPage(), ...who }: Sent = {}) {
  const stop = new AbortController();
  const hello = { ...thisWorker({ name, version: who.version ?? VERSION, count: who.count }) };
  const ended = work(
    {
      url,
      token,
      hello: { ...hello, most: 24 },
      profileDir: '/nowhere',
      silenceMs: SILENCE_MS,
      onProgress: () => undefined,
      start: openPage(page),
    },
    stop.signal,
  );
  ended.catch(() => undefined);
  disposables.push({
    dispose: async () => {
      stop.abort(new HarnessError('INTERRUPTED', 'interrupted'));
      await ended.catch(() => undefined);
    },
  });
  return { ended, page, stop: () => stop.abort(new HarnessError('INTERRUPTED', 'interrupted')) };
}

const refusalOf = (ended: Promise<unknown>) =>
  ended.then(
    () => undefined,
    ({ code, exitCode, message, hint }: HarnessError) => ({ code, exitCode, message, hint }),
  );

const cameIn = async (progress: readonly WallProgress[], worker: string) =>
  waitFor({ ms: 5_000, what: `${worker} to join` }, () =>
    progress.some((one) => one.is === 'joined' && one.worker === worker) ? true : undefined,
  );

describe('a worker that does not fit', () => {
  it('with the wrong token is refused with one sentence and exit code 64', async () => {
    const { url, progress } = await open();
    expect(await refusalOf(send(url, { token: 'another' }).ended)).toEqual({
      code: 'ARGUMENT_INVALID',
      exitCode: 64,
      message: 'the run refuses this worker: this is not the token of the run',
      hint: 'Use the command that was printed.',
    });
    expect(progress.at(-1)).toMatchObject({ is: 'refused', address: '127.0.0.1' });
    const answer = await fetch(`${url}/wall`, { headers: { authorization: 'Bearer x' } });
    expect(answer.status).toBe(404);
  });

  it('of another version is refused by name with exit code 69', async () => {
    const { url } = await open();
    expect(await refusalOf(send(url, { version: '1.2.4' }).ended)).toMatchObject({
      code: 'TOOL_UNFIT',
      exitCode: 69,
      message:
        'the run refuses this worker: the run is played by ecran-noir 1.2.3, and this worker is 1.2.4',
    });
  });

  it('that comes twice, too late, or wants more than is left is refused', async () => {
    const { url, progress } = await open({ workers: 2 });
    send(url, { name: 'a', count: 2 });
    await cameIn(progress, 'a');
    const twice = await refusalOf(send(url, { name: 'a' }).ended);
    expect(twice?.message).toMatch(/a worker named a has joined already$/);
    const tooMany = await refusalOf(send(url, { name: 'b', count: 3 }).ended);
    expect(tooMany?.message).toMatch(/--count 3: the run has 2 viewers for this worker$/);
    send(url, { name: 'b' });
    await cameIn(progress, 'b');
    const late = await refusalOf(send(url, { name: 'c' }).ended);
    expect(late).toMatchObject({ exitCode: 64 });
    expect(late?.message).toMatch(/the wall is complete: 2 of 2 workers have joined$/);
  });

  it('finds no run at a URL where another server answers, or nobody', async () => {
    const other = createServer((_, response) => response.writeHead(200).end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const stranger = await refusalOf(send(url).ended);
    other.close();
    other.closeAllConnections();
    expect(stranger).toMatchObject({ code: 'WALL_FAILED', exitCode: 69 });
    expect(stranger?.message).toMatch(
      /^no run waits for workers at .*: it answers with status 200$/,
    );
    expect((await refusalOf(send(url).ended))?.message).toMatch(/ECONNREFUSED/);
  });

  it('that speaks nonsense is sent away, and the wall goes on waiting', async () => {
    const { url, progress, gathered } = await open();
    const { port } = new URL(url);
    const hello = encodeURIComponent(
      JSON.stringify(thisWorker({ name: 'mad', version: VERSION, count: undefined })),
    );
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.on('error', () => undefined).resume();
    socket.write(
      [
        ...['GET /wall HTTP/1.1', 'host: 127.0.0.1', 'connection: upgrade'],
        ...['upgrade: ecran-noir-wall', `authorization: Bearer ${TOKEN}`],
        ...[`ecran-noir-worker: ${hello}`, '', '{"type":"record"}', ''],
      ].join('\r\n'),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    send(url);
    await cameIn(progress, 'a');
    expect((await gathered).workers.map((one) => one.hello.name)).toEqual(['a']);
  });
});

describe('a wall that waits', () => {
  it('gives up in time, and says who came', async () => {
    const { gathered, url, progress } = await open({ workers: 2, withinMs: 2_000 });
    const { ended } = send(url);
    await cameIn(progress, 'a');
    await expect(gathered).rejects.toMatchObject({
      code: 'WALL_FAILED',
      message: 'waited 2 s for 2 workers: 1 came (a)',
    });
    expect(await ended).toBe('the run did not begin');
  });

  it('lets a worker go and another one come in its place', async () => {
    const { url, progress, gathered } = await open({ workers: 2 });
    const first = send(url, { name: 'a' });
    await cameIn(progress, 'a');
    first.stop();
    await waitFor({ ms: 5_000, what: 'a to leave' }, () =>
      progress.some(({ is }) => is === 'left') ? true : undefined,
    );
    send(url, { name: 'b' });
    send(url, { name: 'a' });
    const { shares } = await gathered;
    expect(shares.map(({ count }) => count)).toEqual([2, 2]);
  });
});

/** A wall of two workers with its fleet, and everything that it records. */
async function shown(way: (url: string) => string = (url) => url) {
  const { url, gathered, progress } = await open({ workers: 2 });
  const [a, b] = [send(way(url), { name: 'a' }), send(url, { name: 'b' })];
  await Promise.all([cameIn(progress, 'a'), cameIn(progress, 'b')]);
  const wall: Wall = await gathered;
  const here = silentPage();
  const records: Unstamped[] = [];
  const start = wallOverWorkers({ wall, isRecord, startHere: openPage(here) });
  const fleet = await start(
    {
      count: 4,
      players: [],
      media: TEST_MEDIA,
      seed: 1,
      title: 'A test',
      profileDir: '/nowhere',
      emit: (record) => records.push(record),
    },
    new AbortController().signal,
  );
  return { wall, a, b, here, fleet, records };
}

/** A network between a worker and a run, which can break. */
async function openNetwork() {
  const open = new Set<Socket>();
  let far = 0;
  const server = createTcpServer((socket) => {
    const other = connect({ host: '127.0.0.1', port: far });
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      open.add(from);
      from.on('error', () => undefined).pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  disposables.push({ dispose: () => void server.close() });
  return {
    to: (url: string) => {
      far = Number(new URL(url).port);
      return `http://127.0.0.1:${port}`;
    },
    break: () => open.forEach((socket) => socket.destroy()),
    /** Lets everything that is sent go nowhere, and tells nobody. */
    swallow: () => open.forEach((socket) => socket.unpipe().resume()),
  };
}

const launch = (id: string, worker?: string): ViewerLaunch => ({
  description: {
    id,
    channel: 'one',
    channelNumber: 1,
    player: 'hls.js',
    control: false,
    ...(worker !== undefined && { worker }),
  },
  group: { player: 'hls.js', policy: { onFatal: 'none' }, config: {} },
  url: 'http://127.0.0.1:1/one/index.m3u8',
});

const until = (what: string, found: () => boolean) =>
  waitFor({ ms: 5_000, what, everyMs: 10 }, () => (found() ? true : undefined));

describe('a wall of workers', () => {
  it('shows each viewer where it was dealt to, and ends when the run does', async () => {
    const { wall, a, b, here, fleet, records } = await shown();
    await fleet.join([launch('v1', 'a'), launch('v2', 'b'), launch('control')]);
    await fleet.leave(['v2']);
    expect(Buffer.from(await fleet.screenshot()).toString()).toBe('a picture');
    await fleet.leave();
    await fleet[Symbol.asyncDispose]();
    wall.over = 'the run ended: complete, pass';
    await wall[Symbol.asyncDispose]();
    expect(await a.ended).toBe('the run ended: complete, pass');
    await b.ended;
    expect(a.page.done).toEqual(['page for 2', 'join v1', 'leave all', 'over']);
    expect(b.page.done).toEqual(['page for 2', 'join v2', 'leave v2', 'leave all', 'over']);
    expect(here.done).toEqual(['page for 0', 'join control', 'leave all', 'over']);
    expect(a.page.options).toMatchObject({ title: 'A test', viewersAt: '127.0.0.1' });
    expect(a.page.options?.script).toContain('ecranNoir');
    const told = records.flatMap((one) => (one.type === 'worker' ? [one] : []));
    expect(told.map(({ worker, event }) => `${worker} ${event}`).toSorted()).toEqual([
      ...['a join', 'a leave', 'b join', 'b leave'],
    ]);
    for (const { clock } of told) expect(Math.abs(clock!.offsetMs)).toBeLessThan(1_000);
  });

  it('takes records of its own viewers alone, with the times of the run', async () => {
    const { a, fleet, records, wall } = await shown();
    await fleet.join([launch('v1', 'a'), launch('v2', 'b')]);
    const atEpochMs = systemClock.epochMs();
    const { emit } = a.page.options!;
    emit({ type: 'viewer', viewer: 'v2', event: 'playing', atEpochMs });
    emit({ type: 'frames', viewer: 'v1', atEpochMs, frames: 'none' } as unknown as Unstamped);
    emit({ type: 'environment', tools: { chromium: '0' } });
    emit({ type: 'log', level: 'warning', text: 'something odd', atEpochMs });
    emit({ type: 'viewer', viewer: 'v1', event: 'playing', atEpochMs });
    const player = { canPlay: true, bufferedMs: 1, lateMs: 0 };
    emit({ type: 'frames', viewer: 'v1', atEpochMs, frames: [[atEpochMs, 0, 5, 9]], player });
    await until('the frames to come', () => records.some(({ type }) => type === 'frames'));
    const { offsetMs } = wall.workers.find(({ hello }) => hello.name === 'a')!.offset();
    expect(records.filter(({ type }) => type !== 'worker')).toEqual([
      {
        type: 'log',
        level: 'warning',
        text: 'worker a: something odd',
        atEpochMs: atEpochMs + offsetMs,
      },
      { type: 'viewer', viewer: 'v1', event: 'playing', atEpochMs: atEpochMs + offsetMs },
      {
        type: 'frames',
        viewer: 'v1',
        atEpochMs: atEpochMs + offsetMs,
        frames: [[atEpochMs + offsetMs, 0, 5, 9]],
        player,
      },
    ]);
  });

  it.each([
    ['is interrupted', (a: ReturnType<typeof send>) => a.stop(), 'it was interrupted there'],
    [
      'loses its page',
      (a: ReturnType<typeof send>) =>
        a.page.lost.resolve(new HarnessError('BROWSER_FAILED', 'the browser ended')),
      'the browser ended',
    ],
  ])('loses the viewers of a worker that %s, and nobody else', async (_, befall, why) => {
    const { a, b, fleet, records } = await shown();
    await fleet.join([launch('v1', 'a'), launch('v2', 'b')]);
    befall(a);
    await until('the loss to be told', () =>
      records.some((one) => one.type === 'worker' && one.event === 'lost'),
    );
    const lost = records.flatMap((one) =>
      one.type === 'viewer' ? [[one.viewer, one.event, one.detail]] : [],
    );
    expect(lost).toEqual([['v1', 'page-lost', `worker a was lost: ${why}`]]);
    // The run goes on: who returns to a lost worker is nobody's error.
    await fleet.join([launch('v3', 'a'), launch('v4', 'b')]);
    expect(b.page.done).toContain('join v4');
    expect(a.page.done.at(-1)).toBe('over');
    b.stop();
    expect(await fleet.lost).toMatchObject({
      code: 'WALL_FAILED',
      message: `every worker was lost: a (${why}), b (it was interrupted there)`,
    });
  });

  it('loses a worker whose network breaks, and ends there with an error', async () => {
    const network = await openNetwork();
    const { a, records } = await shown(network.to);
    network.break();
    expect(await refusalOf(a.ended)).toMatchObject({ code: 'WALL_FAILED', exitCode: 69 });
    expect(a.page.done.at(-1)).toBe('over');
    await until('the loss to be told', () =>
      records.some((one) => one.type === 'worker' && one.event === 'lost'),
    );
  });
});

describe('a network that swallows everything', () => {
  it('is found out by both sides, for nobody says anything any more', async () => {
    const network = await openNetwork();
    const { a, b, records } = await shown(network.to);
    network.swallow();
    expect((await refusalOf(a.ended))?.message).toMatch(
      /the run went away: it said nothing for 2 s$/,
    );
    await until('the loss to be told', () =>
      records.some((one) => one.type === 'worker' && one.event === 'lost'),
    );
    const lost = records.flatMap((one) => (one.type === 'worker' ? (one.detail ?? []) : []));
    expect(lost.at(-1)).toBe('waited 2000 ms for worker a to answer (clock)');
    expect(b.page.done.at(-1)).not.toBe('over');
  });
});

describe('a relay', () => {
  it('joins who is welcome to what listens on loopback, and nobody else', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as AddressInfo;
    const welcome = new Set<string>();
    const relays = openRelays({ host: '127.0.0.2', isWelcome: (from) => welcome.has(from) });
    disposables.push({ dispose: () => relays[Symbol.asyncDispose]() });
    disposables.push({ dispose: () => void echo.close() });
    await relays.open(`http://127.0.0.1:${port}/x`);
    await relays.open(`http://127.0.0.1:${port}/again`);
    await relays.open('http://elsewhere.test:99/x');
    const say = (words: string) =>
      new Promise<string>((resolve) => {
        let heard = '';
        const socket = connect({ host: '127.0.0.2', port });
        socket.on('data', (chunk) => (heard += String(chunk)));
        socket.on('error', ({ message }) => resolve(message));
        socket.on('close', () => resolve(heard));
        socket.end(words);
      });
    expect(await say('let me in')).toMatch(/ECONNRESET/);
    welcome.add('127.0.0.1');
    const long = 'a word '.repeat(100_000);
    expect(await say(long)).toBe(long);
    await new Promise((resolve) => echo.close(resolve));
    expect(await say('is it there?')).toMatch(/ECONNRESET/);
  });
});
