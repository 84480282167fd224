// The page's main thread is busy again and again while the browser goes on showing a film. What was
// shown then is not frozen; what stood still is.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classify } from '../../harness/measure/classify.ts';
import { sumLedger } from '../../harness/measure/ledger.ts';
import { collectTracks } from '../support/collected.ts';
import type { HistoryRecord } from '../../harness/model/history.ts';
import { BROWSER_FLAGS } from '../../players/browser.ts';
import { findChrome } from '../../players/chrome.ts';
import { startMediaServer, type MediaServer } from '../support/mediaServer.ts';
import type { Stretch } from '../support/stampedFrames.ts';
import { makeStampedStream, type StampedStream } from '../support/stampedStream.ts';
import { historyOf, viewerOf } from '../support/strip.ts';
import { startTestWall } from '../support/testWall.ts';

const FRAME_MS = 40;
/** Longest block of the main thread here, and how often one begins. */
const BLOCK_MS = { least: 150, most: 200, every: 500 } as const;

let browser: Browser;
let profileDir: string;

beforeAll(async () => {
  profileDir = await mkdtemp(join(tmpdir(), 'ecran-noir-busy-'));
  browser = await puppeteer.launch({
    executablePath: await findChrome(),
    userDataDir: profileDir,
    defaultViewport: null,
    args: [...BROWSER_FLAGS, '--no-sandbox'],
  });
});

afterAll(async () => {
  await browser?.close();
  await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
});

describe('a page that is busy for 150 to 200 ms twice a second', () => {
  it('calls nothing of a clean film frozen', async () => {
    const { ledger, unseen } = await watch([{ kind: 'programme', frames: 250 }]);
    expect(unseen).toBeGreaterThan(20);
    expect(ledger).toMatchObject({ frozen: 0, stalled: 0, black: 0 });
    expect(ledger.programme).toBeGreaterThan(5 * ledger.unmeasured);
  });

  it('calls a freeze in the film frozen, for as long as it lasts', async () => {
    const { ledger } = await watch([
      { kind: 'programme', frames: 100 },
      { kind: 'freeze', frames: 75 },
      { kind: 'programme', frames: 100 },
    ]);
    const atMost = 75 * FRAME_MS + 2 * FRAME_MS;
    expect(ledger.frozen).toBeLessThanOrEqual(atMost);
    expect(ledger.frozen + ledger.unmeasured).toBeGreaterThanOrEqual(75 * FRAME_MS - 2 * FRAME_MS);
    expect(ledger.frozen).toBeGreaterThanOrEqual(75 * FRAME_MS - 2 * BLOCK_MS.most - 2 * FRAME_MS);
  });
});

/** Plays a film to its last frame on a wall whose page is kept busy. */
async function watch(film: readonly Stretch[]) {
  await using stream: StampedStream = await makeStampedStream({
    film,
    rungs: [{ width: 320, height: 180, videoKbps: 400 }],
  });
  await using server: MediaServer = await startMediaServer(stream.folder);
  await using wall = await startTestWall({}, { browserUrl: browser.wsEndpoint() });
  await wall.join([`${server.url}/index.m3u8`]);
  await wall.until('the film to play', () => wall.frames('viewer-1').length > 10);
  const page = (await browser.pages()).find((one) => one.url().startsWith('http://127.0.0.1'));
  await page!.evaluate(block, BLOCK_MS);
  const frozen = film.filter(({ kind }) => kind === 'freeze');
  const frames = film.reduce((sum, one) => sum + one.frames, 0);
  const last = 1000 + frames - frozen.reduce((sum, one) => sum + one.frames, 0);
  const seen = () => wall.frames('viewer-1').some(([, , counter]) => counter >= last - 5);
  await wall.until('the end of the film', seen);
  return judged(wall.records as unknown as readonly HistoryRecord[]);
}

/** Runs in the page: keeps its main thread busy, each time for a little longer. */
function block({ least, most, every }: typeof BLOCK_MS): void {
  let ms: number = least;
  setInterval(() => {
    const until = performance.now() + ms;
    ms = ms >= most ? least : ms + 10;
    while (performance.now() < until);
  }, every);
}

/** The ledger from when the film moved to its last frame: the end of a film is no loss. */
function judged(unstamped: readonly HistoryRecord[]) {
  const frames = unstamped.flatMap((record) => (record.type === 'frames' ? record.frames : []));
  const records = unstamped.flatMap((record): HistoryRecord[] => {
    const { atEpochMs: atMs } = record as unknown as { atEpochMs: number };
    return record.type === 'frames' || record.type === 'viewer' ? [{ ...record, atMs }] : [];
  });
  const endMs = frames.at(-1)![0];
  const viewer = viewerOf({ id: 'viewer-1' });
  const [track] = collectTracks(historyOf({ viewers: [viewer], records }));
  const screen = classify(track!, { frameMs: FRAME_MS, endMs });
  return {
    ledger: sumLedger(screen!.spans.filter(({ fromMs }) => fromMs < endMs)),
    unseen: frames.reduce((sum, [, , , , pictures = 0]) => sum + pictures, 0),
  };
}
