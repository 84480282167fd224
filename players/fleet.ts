// A wall of players in one browser page: starts the browser, lets viewers join, turns what the
// page sends into records, and leaves nothing behind.

import { cpus, totalmem } from 'node:os';
import type { Browser, Page } from 'puppeteer';
import { allOrFirstError } from '../harness/kernel/allOrFirstError.ts';
import { CleanupStack } from '../harness/kernel/cleanup.ts';
import { systemClock } from '../harness/kernel/clock.ts';
import { withDeadline } from '../harness/kernel/deadline.ts';
import { HarnessError } from '../harness/model/errors.ts';
import type { ScreenLayout, Size } from '../harness/model/screen.ts';
import type {
  FleetOptions,
  OpenBoxProgram,
  PlayerFleet,
  ViewerLaunch,
} from '../harness/model/world.ts';
import { connectBrowser, launchBrowser, type LaunchOptions } from './browser.ts';
import { watchProcesses } from './browserProcesses.ts';
import { requireCapacity } from './capacity.ts';
import { BINDING, type PageBatch, type WallViewer } from './messages.ts';
import { findVersions } from './installed.ts';
import { call, requireCodec, requireDecoder } from './pageCalls.ts';
import { startPageServer } from './pageServer.ts';
import { estimateOffset, batchRecords, type ClockReading } from './records.ts';
import { pagePlayers } from './registry.ts';
import { urlOfViewer } from './viewerHost.ts';
import { RECORDED_WIDTH_MAX, wallSize } from './wallSize.ts';

export interface StartFleetOptions extends FleetOptions, LaunchOptions {
  /** Names of the players that viewers may have; those of the wall are loaded. */
  readonly players?: readonly string[];
  /** Command or path of the decoder of set-top boxes. */
  readonly ffmpeg?: string | undefined;
  /** Starts the program of set-top boxes where groups reach it; here when not said. */
  readonly openBoxes?: OpenBoxProgram;
  /** Shown above the wall. */
  readonly title?: string;
  /** DevTools address of a browser to use instead of starting one. */
  readonly browserUrl?: string;
  /** The script of the page, made elsewhere; made here of the players when not said. */
  readonly script?: string;
  /** Interface the page is served on; loopback unless the browser is elsewhere. */
  readonly pageHost?: string;
  /** Lets a browser that is elsewhere reach a URL of this host; asked before it is needed. */
  readonly reach?: (url: string) => Promise<void>;
  /** Codecs of a stream of others, of which the browser must decode one at least. */
  readonly codecs?: readonly string[];
  /** Learns on a recorded display where everything stands, once everybody has joined. */
  readonly onLayout?: (layout: ScreenLayout) => void;
}

const PAGE_MS_MAX = 20_000;
const LEAVE_MS_MAX = 15_000;
const SCREENSHOT_MS_MAX = 10_000;
const CLOSE_MS_MAX = 2_000;
const CLOCK_READINGS = 9;
const MB = 1024 * 1024;

/**
 * A browser with an empty wall, ready for viewers. Errors: CAPACITY_EXCEEDED, TOOL_MISSING (also of a player),
 * TOOL_UNFIT (no H.264 or AAC), STREAM_UNFIT (`codecs`), BROWSER_FAILED.
 */
export async function startFleet(
  options: StartFleetOptions,
  signal: AbortSignal,
): Promise<PlayerFleet> {
  const { count, browserUrl, script, pageHost = '127.0.0.1' } = options;
  const players = pagePlayers(options.players ?? []);
  const versions = script === undefined ? findVersions(players) : {};
  requireCapacity(new Map([['wall', count]]), { cores: cpus().length, memoryMb: totalmem() / MB });
  const cleanup = new CleanupStack();
  try {
    const own = async <T extends AsyncDisposable>(what: string, starting: Promise<T>) => {
      const started = await starting;
      cleanup.push(what, async () => started[Symbol.asyncDispose]());
      return started;
    };
    const [server, started] = await allOrFirstError([
      own('page server', startPageServer({ host: pageHost, players, script })),
      own(
        'browser',
        browserUrl ? connectBrowser(browserUrl, signal) : launchBrowser(options, signal),
      ),
    ]);
    const { warning } = started;
    options.emit({ type: 'environment', tools: versions });
    if (warning !== undefined) options.emit({ type: 'log', level: 'warning', text: warning });
    await options.reach?.(server.url);
    const wall = await openWall(started.browser, server.url, options);
    cleanup.push('page of the wall', async () => wall.page.close(), CLOSE_MS_MAX);
    cleanup.push('watch over the browser', async () => wall.watching.abort());
    return makeFleet(wall, started.description, options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

interface Wall {
  readonly page: Page;
  /** The time to add to the page's times. */
  offsetMs: number;
  readonly viewers: Map<string, WallViewer>;
  /** The reason why the page is gone or not to be believed, once that is so. */
  lost: string | undefined;
  readonly gone: PromiseWithResolvers<HarnessError>;
  readonly watching: AbortController;
  /** The viewers have left: nothing is lost any more. */
  over: boolean;
}

async function openWall(
  browser: Browser,
  url: string,
  { emit, seed, onLayout, title = 'Écran noir', codecs = [] }: StartFleetOptions,
): Promise<Wall> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const wall: Wall = {
    page,
    offsetMs: 0,
    viewers: new Map(),
    lost: undefined,
    over: false,
    gone: Promise.withResolvers(),
    watching: new AbortController(),
  };
  await page.exposeFunction(BINDING, (batch: PageBatch) => {
    for (const record of batchRecords(batch, wall.offsetMs)) emit(record);
  });
  await page.goto(url, { waitUntil: 'load' });
  await requireDecoder(page, browser);
  await requireCodec(page, codecs);
  wall.offsetMs = await measureOffset(page);
  await call(page, 'setUp', [
    { title, seed, recorded: onLayout !== undefined, evidence: onLayout === undefined },
  ]);
  watchForLoss(browser, wall, emit);
  return wall;
}

async function measureOffset(page: Page): Promise<number> {
  const readings: ClockReading[] = [];
  for (let reading = 0; reading < CLOCK_READINGS; reading++) {
    const askedAtEpochMs = systemClock.epochMs();
    const pageEpochMs = await call(page, 'epochMs', []);
    readings.push({ askedAtEpochMs, pageEpochMs, answeredAtEpochMs: systemClock.epochMs() });
  }
  return estimateOffset(readings);
}

/**
 * A crash, a closed page, a browser or a part of it that went away: every viewer's record says so,
 * once.
 */
function watchForLoss(browser: Browser, wall: Wall, emit: FleetOptions['emit']): void {
  const lose = (why: string, atEpochMs = systemClock.epochMs()): void => {
    if (wall.over || wall.lost) return;
    wall.lost = why;
    wall.gone.resolve(pageGone(why));
    for (const id of wall.viewers.keys()) {
      emit({ type: 'viewer', viewer: id, event: 'page-lost', detail: why, atEpochMs });
    }
  };
  wall.page.on('error', (error) => lose(error.message));
  wall.page.on('close', () => lose('the page was closed'));
  wall.page.on('framenavigated', (frame) => {
    if (frame === wall.page.mainFrame()) lose(`the page went to ${frame.url()}`);
  });
  browser.on('disconnected', () => lose('the browser ended'));
  void watchProcesses(browser, lose, wall.watching.signal);
}

function makeFleet(
  wall: Wall,
  browser: string,
  { count, media, reach, onLayout }: StartFleetOptions,
  cleanup: CleanupStack,
): PlayerFleet {
  const { page } = wall;
  return {
    browser,
    lost: wall.gone.promise,
    join: async (launches) => {
      requirePage(wall);
      if (reach) {
        const urls = launches.flatMap(({ url, mediaFrom = [], fallbacks = [] }) => [
          ...[url, ...mediaFrom],
          ...fallbacks.map((place) => place.url),
        ]);
        await Promise.all(urls.map(reach));
      }
      const joining = launches.map(wallViewer);
      for (const viewer of joining) wall.viewers.set(viewer.id, viewer);
      const widthMax = onLayout && RECORDED_WIDTH_MAX;
      // Who comes later has a place already: a page that grows would paint everybody anew.
      const places = Math.max(count + 1, wall.viewers.size);
      const { columns, picture, page: size } = wallSize(places, media, widthMax);
      // The page on a recorded display is as large as that is.
      if (!onLayout && !isSize(page.viewport(), size)) await page.setViewport(size);
      await call(page, 'join', [joining, { columns, picture }]).catch(failAsPlayer);
      onLayout?.(await call(page, 'layout', []));
    },
    screenshot: async () => {
      requirePage(wall);
      return withDeadline(
        { ms: SCREENSHOT_MS_MAX, what: 'a screenshot of the wall', code: 'BROWSER_FAILED' },
        () =>
          page.screenshot({ type: 'png', captureBeyondViewport: false, optimizeForSpeed: true }),
      );
    },
    leave: async (leaving) => {
      if (wall.over || wall.lost) return;
      await withDeadline(
        { ms: LEAVE_MS_MAX, what: 'the viewers to leave', code: 'BROWSER_FAILED' },
        () => call(page, 'leave', leaving ? [leaving] : []),
      );
      wall.over = leaving === undefined;
    },
    [Symbol.asyncDispose]: async () => {
      wall.over = true;
      await cleanup.run();
    },
  };
}

const isSize = (is: Size | null, wanted: Size): boolean =>
  is?.width === wanted.width && is.height === wanted.height;

const wallViewer = ({
  description,
  group,
  url,
  fallbacks,
  startsAfterMs,
  alertsAt,
}: ViewerLaunch): WallViewer => ({
  id: description.id,
  channel: description.channel,
  channelNumber: description.channelNumber,
  control: description.control,
  ...(description.clockless && { clockless: true }),
  group: { player: group.player, policy: group.policy, config: group.config },
  // A stream of others is asked for by its own name.
  url: description.clockless ? url : urlOfViewer(url, description.id),
  ...(alertsAt && { alertsAt: alertsAt.map((at) => urlOfViewer(at, description.id)) }),
  ...(fallbacks && {
    fallbacks: fallbacks.map((place) => ({
      ...place,
      url: urlOfViewer(place.url, description.id),
    })),
  }),
  ...(startsAfterMs !== undefined && { startsAfterMs }),
});

function requirePage({ lost }: Wall): void {
  if (lost !== undefined) throw pageGone(lost);
}

const pageGone = (why: string): HarnessError =>
  new HarnessError('BROWSER_FAILED', `the page that shows the viewers was lost: ${why}`, {
    target: 'browser',
    hint: 'Nothing is known of the viewers from then on. A machine short of memory ends browsers first: try fewer viewers (--viewers).',
  });

/** Whatever the page threw while it made the players: as a rule, a configuration that one refuses. */
function failAsPlayer(error: unknown): never {
  const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  throw new HarnessError('BROWSER_FAILED', `the players did not start: ${why}`, {
    target: 'viewers.config',
    hint: 'Look at the keys and values of `config` under `viewers` in the scenario.',
    cause: error,
  });
}
