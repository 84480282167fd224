// The pages that the instrument is held against: the same players with nothing that looks at them, and
// the wall, with and without its sound.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'puppeteer';
import type { FrameSample } from '../../../harness/model/history.ts';
import { BINDING, WALL, type PageBatch, type WallViewer } from '../../../players/messages.ts';
import { urlOfViewer } from '../../../players/viewerHost.ts';
import { wallSize } from '../../../players/wallSize.ts';
import { TEST_MEDIA } from '../../support/testWall.ts';

/** Everything that is played: the viewers and the control, who is the last. */
export interface Audience {
  readonly viewers: number;
  readonly address: string;
}

/** Frames of each viewer, in the page's time, and the longest that the page was late. */
export interface Seen {
  readonly frames: Map<string, FrameSample[]>;
  lateMs: number;
}

export const CONTROL = 'control';

const listIds = ({ viewers }: Audience): readonly string[] => [
  ...Array.from({ length: viewers }, (_, n) => `v${n + 1}`),
  CONTROL,
];

const sizeFor = ({ viewers }: Audience) => wallSize(viewers + 1, TEST_MEDIA);

interface WallWish extends Audience {
  /** The page of the wall. */
  readonly wall: string;
  readonly withSound: boolean;
}

/** Opens the wall; what it reports is in the answer as it comes. */
export async function openWall(page: Page, wish: WallWish): Promise<Seen> {
  const size = sizeFor(wish);
  const seen: Seen = { frames: new Map(), lateMs: 0 };
  await page.setViewport(size.page);
  await page.exposeFunction(BINDING, (batch: PageBatch) => gather(batch, seen));
  if (!wish.withSound)
    await page.evaluateOnNewDocument(() => {
      Reflect.deleteProperty(globalThis, 'AudioContext');
    });
  await page.goto(wish.wall, { waitUntil: 'load' });
  const viewers = listIds(wish).map((id): WallViewer => ({
    id,
    channel: 'one',
    channelNumber: 1,
    control: id === CONTROL,
    group: { player: 'hls.js', policy: { onFatal: 'none' }, config: {} },
    url: urlOfViewer(wish.address, id),
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
    { columns: size.columns, picture: size.picture },
  );
  return seen;
}

function gather({ frames }: PageBatch, seen: Seen): void {
  for (const { viewer, frames: more, player } of frames) {
    const list = seen.frames.get(viewer) ?? [];
    list.push(...more);
    seen.frames.set(viewer, list);
    seen.lateMs = Math.max(seen.lateMs, player.lateMs);
  }
}

/** Opens the players alone, on the same grid; `called`, with the browser's callback for each frame. */
export async function openBare(page: Page, audience: Audience, called = false): Promise<void> {
  const { picture, page: size, columns } = sizeFor(audience);
  await page.setViewport(size);
  const style = `#wall{display:grid;grid-template-columns:repeat(${columns},max-content)}video{width:${picture.width}px;height:${picture.height}px}.pacer{position:fixed;width:2px;height:2px}`;
  await page.setContent(`<style>${style}</style><div id="wall"></div>`);
  const urls = listIds(audience).map((id) => urlOfViewer(audience.address, id));
  const wishes = `globalThis.urls = ${JSON.stringify(urls)};globalThis.called = ${called};`;
  await page.evaluate(wishes + (await bareScript()));
}

/** The players as the wall makes them, and what keeps the browser painting; nothing reads them. */
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
      const next = () => video.requestVideoFrameCallback(next);
      if (globalThis.called) next();
    }`;
  const resolveDir = fileURLToPath(new URL('../../../players/page', import.meta.url));
  const options = { bundle: true, write: false, format: 'iife', platform: 'browser' } as const;
  const result = await build({ stdin: { contents, resolveDir, loader: 'ts' }, ...options });
  return result.outputFiles[0]?.text ?? '';
}
