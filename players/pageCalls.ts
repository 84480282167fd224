// Calls the functions that the page of the wall offers, and asks it what its browser can decode.

import type { Browser, Page } from 'puppeteer';
import { HarnessError } from '../harness/model/errors.ts';
import { WALL, type WallPage } from './messages.ts';

/** Calls one function of the page's `WallPage`. */
export async function call<N extends keyof WallPage>(
  page: Page,
  name: N,
  args: Parameters<WallPage[N]>,
): Promise<Awaited<ReturnType<WallPage[N]>>> {
  const answer: unknown = await page.evaluate(
    (wall, fn, ...given) =>
      (globalThis as unknown as Record<string, Record<string, (...a: unknown[]) => unknown>>)[
        wall
      ]?.[fn]?.(...given),
    WALL,
    name,
    ...(args as unknown[]),
  );
  return answer as Awaited<ReturnType<WallPage[N]>>;
}

/** The type of every scenario's ladder: H.264 and AAC. */
const MEDIA_TYPE = 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"';

/** Throws TOOL_UNFIT without H.264 and AAC. */
export async function requireDecoder(page: Page, browser: Browser): Promise<void> {
  if (await call(page, 'canDecode', [MEDIA_TYPE])) return;
  throw new HarnessError('TOOL_UNFIT', 'this browser cannot decode H.264 and AAC', {
    target: await browser.version(),
    hint: 'Install the distribution\'s chromium or Google Chrome, or point CHROME_PATH to one: builds without "proprietary codecs" cannot show the channels.',
  });
}

/** Throws STREAM_UNFIT when none of them can be decoded; nothing is asked where none is named. */
export async function requireCodec(page: Page, codecs: readonly string[]): Promise<void> {
  if (codecs.length === 0) return;
  for (const one of codecs)
    if (await call(page, 'canDecode', [`video/mp4; codecs="${one}"`])) return;
  throw new HarnessError(
    'STREAM_UNFIT',
    `this browser cannot decode any rendition of the stream: ${[...new Set(codecs)].join(' or ')}`,
    {
      target: 'codecs',
      hint: 'Name a stream in H.264, VP9 or AV1, or another browser with --chrome.',
    },
  );
}
