// Measures what the instrument costs: the same players on a bare page, on a wall that does not listen,
// and on a whole wall, in turn and back in one browser. Writes a line for each, and the profile of the
// main thread of the last.

import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'puppeteer';
import { systemClock } from '../../harness/kernel/clock.ts';
import { launchBrowser } from '../../players/browser.ts';
import { BINDING, WALL, type WallViewer } from '../../players/messages.ts';
import { startPageServer } from '../../players/pageServer.ts';
import { pagePlayers } from '../../players/registry.ts';
import { urlOfViewer } from '../../players/viewerHost.ts';
import { wallSize } from '../../players/wallSize.ts';
import { startMediaServer } from '../support/mediaServer.ts';
import { makeStampedStream } from '../support/stampedStream.ts';
import { TEST_MEDIA } from '../support/testWall.ts';

const VIEWERS = 12;
const FILM_SECONDS = 40;
const WARM_UP_MS = 6_000;
const MEASURE_MS = 12_000;
const FPS = 25;

type Kind = 'bare' | 'deaf' | 'whole';
/** Each twice, and each as early as late. */
const ROUNDS: readonly Kind[] = ['bare', 'deaf', 'whole', 'whole', 'deaf', 'bare'];
const TITLES: Readonly<Record<Kind, string>> = {
  bare: 'bare players',
  deaf: 'wall without sound',
  whole: 'whole wall',
};

export async function main(): Promise<void> {
  await using stream = await makeStampedStream({
    film: [{ kind: 'programme', frames: FILM_SECONDS * FPS }],
    rungs: [{ width: 320, height: 180, videoKbps: 400 }],
  });
  await using media = await startMediaServer(stream.folder);
  await using server = await startPageServer({ players: pagePlayers(['hls.js']) });
  const profileDir = await mkdtemp(join(tmpdir(), 'ecran-noir-profile-'));
  try {
    await using started = await launchBrowser({ profileDir }, new AbortController().signal);
    const address = `${media.url}/index.m3u8`;
    const bench = { browser: started.browser, wall: server.url, address, bare: await bareScript() };
    const costs = new Map<Kind, Cost[]>();
    for (const kind of ROUNDS)
      costs.set(kind, [...(costs.get(kind) ?? []), await measure(kind, bench)]);
    for (const [kind, each] of costs) process.stdout.write(`${line(kind, each)}\n`);
    for (const text of costs.get('whole')?.at(-1)?.profile ?? [])
      process.stdout.write(`  ${text}\n`);
    process.stdout.write(`load ${loadavg()[0]?.toFixed(1)}\n`);
  } finally {
    await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Bench {
  readonly browser: Browser;
  /** The page of the wall. */
  readonly wall: string;
  readonly address: string;
  readonly bare: string;
}

interface Cost {
  /** Shares of a core. */
  readonly browser: number;
  readonly mainThread: number;
  readonly script: number;
  readonly heapMb: number;
  readonly profile: readonly string[];
}

function line(kind: Kind, each: readonly Cost[]): string {
  const mean = (of: (cost: Cost) => number) =>
    each.reduce((sum, one) => sum + of(one), 0) / each.length;
  const percent = (of: (cost: Cost) => number) =>
    `${(100 * mean(of)).toFixed(1)} % (${each.map((one) => (100 * of(one)).toFixed(1)).join(', ')})`;
  return [
    `${TITLES[kind]}, ${VIEWERS} viewers: browser ${percent((one) => one.browser)} of a core`,
    `main thread ${percent((one) => one.mainThread)}`,
    `scripts ${percent((one) => one.script)}`,
    `heap ${mean((one) => one.heapMb).toFixed(0)} MB`,
  ].join(', ');
}

async function measure(kind: Kind, bench: Bench): Promise<Cost> {
  const page = await bench.browser.newPage();
  try {
    if (kind === 'bare') await openBare(page, bench);
    else await openWall(page, kind, bench);
    await systemClock.sleep(WARM_UP_MS);
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    const before = await readCost(bench.browser, session);
    await systemClock.sleep(MEASURE_MS);
    const after = await readCost(bench.browser, session);
    const share = (of: keyof typeof before) =>
      (after[of] - before[of]) / (after.atSeconds - before.atSeconds);
    return {
      browser: share('browser'),
      mainThread: share('tasks'),
      script: share('script'),
      heapMb: after.heapMb,
      profile: kind === 'whole' ? await profile(session) : [],
    };
  } finally {
    await page.close();
  }
}

/** Seconds of processor time so far. */
async function readCost(browser: Browser, session: CDPSession) {
  const whole = await browser.target().createCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
  return {
    browser: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    tasks: metric('TaskDuration'),
    script: metric('ScriptDuration'),
    heapMb: metric('JSHeapUsedSize') / 2 ** 20,
    atSeconds: metric('Timestamp'),
  };
}

const PROFILE_MS = 5_000;
const PROFILED = 12;

/** The functions in which the main thread was most, by themselves. */
async function profile(session: CDPSession): Promise<readonly string[]> {
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  await systemClock.sleep(PROFILE_MS);
  const { profile: taken } = await session.send('Profiler.stop');
  const { nodes, samples = [], timeDeltas = [] } = taken;
  const names = new Map(
    nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']),
  );
  const selfMs = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    selfMs.set(name, (selfMs.get(name) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  }
  return [...selfMs]
    .filter(([name]) => name !== '(idle)')
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, PROFILED)
    .map(([name, ms]) => `${((100 * ms) / PROFILE_MS).toFixed(2)} % ${name}`);
}

const SIZE = wallSize(VIEWERS, TEST_MEDIA);
const ids = Array.from({ length: VIEWERS }, (_, n) => `v${n + 1}`);

async function openWall(page: Page, kind: Kind, { wall, address }: Bench): Promise<void> {
  await page.setViewport(SIZE.page);
  await page.exposeFunction(BINDING, () => undefined);
  if (kind === 'deaf')
    await page.evaluateOnNewDocument(() => {
      Reflect.deleteProperty(globalThis, 'AudioContext');
    });
  await page.goto(wall, { waitUntil: 'load' });
  const viewers = ids.map((id): WallViewer => ({
    id,
    channel: 'one',
    channelNumber: 1,
    control: false,
    group: { player: 'hls.js', policy: { onFatal: 'none' }, config: {} },
    url: urlOfViewer(address, id),
  }));
  const setup = { title: 'bench', seed: 1, recorded: false, evidence: true };
  await page.evaluate(
    (name, ...[asked, joining, layout]) => {
      const open = (
        globalThis as unknown as Record<string, Record<string, (...a: unknown[]) => void>>
      )[name];
      open?.['setUp']?.(asked);
      open?.['join']?.(joining, layout);
    },
    WALL,
    setup,
    viewers,
    { columns: SIZE.columns, picture: SIZE.picture },
  );
}

async function openBare(page: Page, { bare, address }: Bench): Promise<void> {
  await page.setViewport(SIZE.page);
  const { width, height } = SIZE.picture;
  const style = `#wall{display:grid;grid-template-columns:repeat(${SIZE.columns},max-content)}video{width:${width}px;height:${height}px}.pacer{position:fixed;width:2px;height:2px}`;
  await page.setContent(`<style>${style}</style><div id="wall"></div>`);
  const urls = ids.map((id) => urlOfViewer(address, id));
  await page.evaluate(`globalThis.urls = ${JSON.stringify(urls)};${bare}`);
}

/** The players as the wall makes them, and what keeps the browser painting; nothing looks at them. */
async function bareScript(): Promise<string> {
  const contents = `
    import { createPlayer } from './hlsPlayer.ts';
    import { startPacer } from './pacer.ts';
    startPacer();
    const nothing = () => undefined;
    const events = { error: nothing, fatal: nothing, level: nothing, alerts: nothing };
    for (const url of globalThis.urls) {
      const video = document.createElement('video');
      video.muted = video.autoplay = video.playsInline = true;
      document.getElementById('wall').append(video);
      createPlayer({ video, url, config: {}, events }).attach();
      video.addEventListener('canplay', () => video.play());
    }`;
  const resolveDir = fileURLToPath(new URL('../../players/page', import.meta.url));
  const options = { bundle: true, write: false, format: 'iife', platform: 'browser' } as const;
  const result = await build({ stdin: { contents, resolveDir, loader: 'ts' }, ...options });
  return result.outputFiles[0]?.text ?? '';
}
