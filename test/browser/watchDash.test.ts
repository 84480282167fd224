// Watches a live channel of our own by its DASH manifest, as anybody's stream: dash.js in a real browser
// behind a real chain, which goes black for a while. The length is held against the encoded pictures.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../../harness/kernel/deadline.ts';
import { lengthMs } from '../../harness/measure/spans.ts';
import type { HistoryRecord } from '../../harness/model/history.ts';
import type { Report, ScreenClass } from '../../harness/model/report.ts';
import { watchStream } from '../../harness/rehearsal/watchStream.ts';
import {
  fetchBytes,
  fetchText,
  framesOf,
  MEDIA,
  startBench,
  startChain,
  type Bench,
} from '../integration/pipeline/chain.ts';

const FRAME_MS = 1000 / MEDIA.fps;
/** Two frames: the grid of paints, at both ends. */
const OFF_MS = 2 * FRAME_MS;
const BLACK_MS = 1_500;
/** From the first picture; the black is asked for then, and players are some seconds behind. */
const WATCHED_MS = 16_000;
const DARK_MAX = 20;

let bench: Bench;
let chain: Awaited<ReturnType<typeof startChain>>;

beforeAll(async () => {
  bench = await startBench();
  chain = await startChain(bench, {
    media: { ...MEDIA, container: 'cmaf' },
    transcoder: { epochLocked: true },
  });
  await waitFor({ ms: 30_000, what: 'a DASH manifest', everyMs: 200 }, async () => {
    const text = await fetchText(`${chain.base}/index.mpd`);
    return (text?.match(/<S /g)?.length ?? 0) >= 12 || undefined;
  });
});
afterAll(() => bench?.[Symbol.asyncDispose]());

/** Frames without a clock in what the playlist of HLS names now: the same segments. */
async function countBlackFrames(): Promise<number | undefined> {
  const playlist = (await fetchText(`${chain.base}/v0/index.m3u8`)) ?? '';
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1];
  const names = [init ?? '', ...playlist.split('\n').filter((line) => line.endsWith('.m4s'))];
  const parts = await Promise.all(names.map((name) => fetchBytes(`${chain.base}/v0/${name}`)));
  const frames = await framesOf(Buffer.concat(parts), MEDIA);
  const black = frames.flatMap(({ clock, luma }, n) => (!clock && luma < DARK_MAX ? [n] : []));
  const isOver = black.length > 0 && frames.at(-1)?.clock !== undefined;
  return isOver ? black.length : undefined;
}

/** Asks the playout for black, and answers how many frames of it were encoded. */
async function goBlack(): Promise<number> {
  await chain.playout.command?.({ content: 'black' });
  await new Promise((resolve) => setTimeout(resolve, BLACK_MS));
  await chain.playout.command?.({ content: 'programme' });
  return waitFor(
    { ms: 6_000, what: 'the end of the black in the segments', everyMs: 200 },
    countBlackFrames,
  );
}

const spansOf = ({ lanes }: Report, wanted: ScreenClass): readonly number[] =>
  lanes
    .flatMap((lane) => (lane.kind === 'viewer' ? lane.spans : []))
    .filter((span) => span.class === wanted)
    .map(lengthMs);

it('is black for as long as its segments, by dash.js, and says what it cannot tell', async () => {
  const first = Promise.withResolvers<void>();
  const record = (one: HistoryRecord) => {
    if (one.type === 'frames' && one.frames.length > 0) first.resolve();
  };
  const wishes = {
    url: `${chain.base}/index.mpd`,
    forMs: WATCHED_MS,
    out: join(bench.dir, 'runs'),
    watch: () => ({ record, [Symbol.dispose]: () => undefined }),
  };
  const watching = watchStream(wishes, new AbortController().signal);
  await Promise.race([first.promise, watching]);
  const blackFrames = await goBlack();
  const { report } = await watching;
  expect(report.viewers[0]).toMatchObject({ player: 'dash.js' });
  const [black = 0, ...more] = spansOf(report, 'black');
  expect(Math.abs(black - blackFrames * FRAME_MS)).toBeLessThanOrEqual(OFF_MS);
  expect(more).toEqual([]);
  expect(report.viewers[0]?.ledger.programme).toBeGreaterThan(WATCHED_MS / 2);
  expect(report.findings.map(({ rule }) => rule)).toContain('without-clock');
});
