// Measures what the instrument costs and shows: the same players on a bare page and on the wall, in
// turn and back in one browser, for walls of three sizes. Writes a line for each with the load of the
// machine, which the figures depend on, and the profile of a wall's main thread.

import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { systemClock } from '../../harness/kernel/clock.ts';
import { launchBrowser } from '../../players/browser.ts';
import { startPageServer } from '../../players/pageServer.ts';
import { pagePlayers } from '../../players/registry.ts';
import { startMediaServer } from '../support/mediaServer.ts';
import { makeStampedStream } from '../support/stampedStream.ts';
import { profile, readTimes } from './instrument/cost.ts';
import { CONTROL, openBare, openWall, type Seen } from './instrument/pages.ts';

const FILM_SECONDS = 40;
const WARM_UP_MS = 7_000;
const MEASURE_MS = 12_000;
const FPS = 25;
/** Largest gap between two frames that no viewer would call a stop. */
const GLITCH_MS = 200;

const GOALS = { addedShareMax: 0.1, viewerShareMax: 0.04, fpsMin: 24.5 } as const;

type Kind = 'bare' | 'called' | 'deaf' | 'whole';
const TITLES: Readonly<Record<Kind, string>> = {
  bare: 'bare page',
  called: 'bare page with callbacks alone',
  deaf: 'wall without sound',
  whole: 'whole wall',
};
/** Each twice, and each as early as late. */
const PAIRED: readonly Kind[] = ['bare', 'whole', 'whole', 'bare'];
const WALLS: readonly { readonly viewers: number; readonly rounds: readonly Kind[] }[] = [
  { viewers: 6, rounds: PAIRED },
  { viewers: 12, rounds: ['bare', 'called', 'deaf', 'whole', 'whole', 'deaf', 'called', 'bare'] },
  { viewers: 24, rounds: PAIRED },
];

export async function main(): Promise<void> {
  await using stream = await makeStampedStream({
    film: [{ kind: 'programme', frames: FILM_SECONDS * FPS }],
    rungs: [
      { width: 320, height: 180, videoKbps: 400 },
      { width: 192, height: 108, videoKbps: 120 },
    ],
  });
  await using media = await startMediaServer(stream.folder);
  await using server = await startPageServer({ players: pagePlayers(['hls.js']) });
  const profileDir = await mkdtemp(join(tmpdir(), 'ecran-noir-profile-'));
  try {
    await using started = await launchBrowser({ profileDir }, new AbortController().signal);
    const { browser } = started;
    const bench = { browser, wall: server.url, address: `${media.url}/index.m3u8` };
    // The first page of a browser takes up to three times as much as the same one later.
    await measure('bare', { ...bench, viewers: WALLS[0]?.viewers ?? 1 });
    for (const { viewers, rounds } of WALLS) await compare({ ...bench, viewers }, rounds);
  } finally {
    await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Bench {
  readonly browser: Browser;
  /** The page of the wall. */
  readonly wall: string;
  readonly address: string;
  readonly viewers: number;
}

async function compare(bench: Bench, rounds: readonly Kind[]): Promise<void> {
  const taken = new Map<Kind, Taken[]>();
  for (const kind of rounds)
    taken.set(kind, [...(taken.get(kind) ?? []), await measure(kind, bench)]);
  for (const [kind, each] of taken) say(true, costLine(kind, bench.viewers, each));
  const whole = taken.get('whole') ?? [];
  const addedBy = (kind: Kind) =>
    mean(taken.get(kind) ?? [], browserShare) / mean(taken.get('bare') ?? [], browserShare) - 1;
  const added = addedBy('whole');
  say(added < GOALS.addedShareMax, `the instrument adds ${percent(added)} to the bare page`);
  if (taken.has('called'))
    say(
      true,
      `the callbacks of the browser alone, with nothing read, add ${percent(addedBy('called'))}`,
    );
  const each = mean(whole, browserShare) / (bench.viewers + 1);
  say(each < GOALS.viewerShareMax, `the whole wall takes ${percent(each)} of a core a viewer`);
  for (const { shown } of whole) if (shown) sayShown(shown);
  for (const text of whole.at(-1)?.profile ?? []) process.stdout.write(`     ${text}\n`);
}

interface Taken {
  /** Shares of a core. */
  readonly browser: number;
  readonly mainThread: number;
  readonly script: number;
  readonly load: number;
  /** Absent for a bare page. */
  readonly shown?: Shown;
  readonly profile: readonly string[];
}

async function measure(kind: Kind, bench: Bench): Promise<Taken> {
  const page = await bench.browser.newPage();
  try {
    const seen = await open(kind, page, bench);
    await systemClock.sleep(WARM_UP_MS);
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    const [before, fromMs] = [await readTimes(bench.browser, session), systemClock.epochMs()];
    if (seen) seen.lateMs = 0;
    await systemClock.sleep(MEASURE_MS);
    const [after, toMs] = [await readTimes(bench.browser, session), systemClock.epochMs()];
    const share = (of: keyof typeof before) =>
      (after[of] - before[of]) / (after.atSeconds - before.atSeconds);
    return {
      browser: share('browser'),
      mainThread: share('mainThread'),
      script: share('script'),
      load: loadavg()[0] ?? 0,
      ...(seen && { shown: readShown(seen, fromMs, toMs) }),
      profile: kind === 'whole' ? await profile(session) : [],
    };
  } finally {
    await page.close();
  }
}

async function open(kind: Kind, page: Page, bench: Bench): Promise<Seen | undefined> {
  if (kind === 'deaf' || kind === 'whole')
    return openWall(page, { ...bench, withSound: kind === 'whole' });
  await openBare(page, bench, kind === 'called');
  return undefined;
}

interface Shown {
  /** Frames a second of each viewer; the control is the last. */
  readonly fps: readonly number[];
  readonly unreadable: number;
  readonly gaps: number;
  readonly controlGaps: number;
  readonly lateMs: number;
}

function readShown(seen: Seen, fromMs: number, toMs: number): Shown {
  const all = [...seen.frames].map(([id, frames]) => ({
    id,
    frames: frames.filter(([atMs]) => atMs >= fromMs && atMs < toMs),
  }));
  const gaps = all.map(({ id, frames }) => ({
    id,
    gaps: frames.filter(([atMs], n) => n > 0 && atMs - (frames[n - 1]?.[0] ?? atMs) > GLITCH_MS),
  }));
  const count = (of: typeof gaps) => of.reduce((sum, one) => sum + one.gaps.length, 0);
  return {
    fps: all.map(({ frames }) => (frames.length * 1000) / (toMs - fromMs)),
    unreadable: all.reduce(
      (sum, { frames }) => sum + frames.filter(([, mark]) => mark !== 0).length,
      0,
    ),
    gaps: count(gaps),
    controlGaps: count(gaps.filter(({ id }) => id === CONTROL)),
    lateMs: seen.lateMs,
  };
}

function sayShown({ fps, unreadable, gaps, controlGaps, lateMs }: Shown): void {
  const least = Math.min(...fps);
  const all = fps.reduce((sum, one) => sum + one, 0) / fps.length;
  const others = `unreadable ${unreadable}, gaps over ${GLITCH_MS} ms ${gaps}, heartbeat ${lateMs} ms late at most`;
  const text = `frames a second: min ${least.toFixed(2)} mean ${all.toFixed(2)}, ${others}`;
  say(least >= GOALS.fpsMin, text);
  say(controlGaps === 0, `the control stalled ${controlGaps} times`);
}

function costLine(kind: Kind, viewers: number, each: readonly Taken[]): string {
  const shares = (of: (one: Taken) => number) =>
    `${percent(mean(each, of))} (${each.map((one) => percent(of(one))).join(', ')})`;
  return [
    `${TITLES[kind]}, ${viewers} viewers and the control: browser ${shares(browserShare)} of a core`,
    `main thread ${shares((one) => one.mainThread)}`,
    `scripts ${shares((one) => one.script)}`,
    `load ${mean(each, (one) => one.load).toFixed(1)} on ${cpus().length} cores`,
  ].join(', ');
}

const browserShare = ({ browser }: Taken): number => browser;

const mean = (each: readonly Taken[], of: (one: Taken) => number): number =>
  each.reduce((sum, one) => sum + of(one), 0) / each.length;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A figure; a goal that is missed fails the command. */
function say(met: boolean, text: string): void {
  process.stdout.write(`${met ? '  ' : 'NO'} ${text}\n`);
  if (!met) process.exitCode = 1;
}
