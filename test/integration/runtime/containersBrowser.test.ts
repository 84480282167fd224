// The wall of players in a container of the run: the same addresses as on this host, real frames.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import puppeteer from 'puppeteer';
import { beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { MARK } from '../../../harness/model/history.ts';
import { ensureImages } from '../../../harness/runtime/containers/images.ts';
import { BROWSER_FLAGS } from '../../../players/browser.ts';
import { startTestWall } from '../../support/testWall.ts';
import { EDGE, launchOf, ORIGIN, playlistWith, PLAYOUT, TRANSCODER } from '../pipeline/chain.ts';
import { BUILD_MS, engine, title } from '../../support/engine.ts';
import { startContainersBench } from './containersBench.ts';

beforeAll(async () => {
  if (!engine) return;
  const targets = ['stage', 'browser'] as const;
  await ensureImages({ engine, targets, signal: new AbortController().signal });
}, BUILD_MS);

const portOf = (url: string): number => Number(new URL(url).port);

describe.runIf(engine)(title('a browser in a container'), () => {
  test('reaches a port of this host that was shared with it, and no other', async () => {
    await using bench = await startContainersBench(['browser']);
    await using browser = await bench.runtime.startBrowser({ args: BROWSER_FLAGS }, bench.signal);
    await using shared = await pageServer();
    await using hidden = await pageServer();
    await browser.share(shared.port);
    const page = await (await puppeteer.connect({ browserWSEndpoint: browser.wsUrl })).newPage();
    // More at once than there are connections kept ready.
    await page.goto(shared.url);
    const fetched = await page.evaluate(
      (url) => Promise.all(Array.from({ length: 12 }, () => fetch(url).then((r) => r.text()))),
      shared.url,
    );
    expect(new Set(fetched)).toEqual(new Set(['a page of this host']));
    await expect(page.goto(hidden.url)).rejects.toThrow('ERR_CONNECTION_REFUSED');
    await page.browser().disconnect();
  });

  test('is refused by a stage that was killed, and served when it runs again', async () => {
    await using bench = await startContainersBench(['browser']);
    await using browser = await bench.runtime.startBrowser({ args: BROWSER_FLAGS }, bench.signal);
    const origin = await bench.runtime.start(launchOf(ORIGIN), bench.signal);
    const url = `http://127.0.0.1:${origin.hostAddress?.port}/none.ts`;
    await browser.share(portOf(url));
    const page = await (await puppeteer.connect({ browserWSEndpoint: browser.wsUrl })).newPage();
    const ends = () =>
      page.goto(url).then(
        (response) => String(response?.status()),
        (error: Error) => error.message,
      );
    const until = (what: string, wanted: string) =>
      waitFor({ ms: 5_000, what }, async () =>
        (await ends()).includes(wanted) ? true : undefined,
      );
    await until('an answer', '404');
    await origin.faults?.kill();
    await until('to be refused', 'ERR_CONNECTION_REFUSED');
    await origin.faults?.restart();
    await until('an answer again', '404');
    await page.browser().disconnect();
  });

  test('plays a channel of the same run, frame by frame', async () => {
    await using bench = await startContainersBench(['browser']);
    const { runtime, signal } = bench;
    const origin = await runtime.start(launchOf(ORIGIN), signal);
    const edge = await runtime.start(launchOf(EDGE, origin.address), signal);
    const transcoder = await runtime.start(launchOf(TRANSCODER, origin.address), signal);
    await runtime.start(launchOf(PLAYOUT, transcoder.address), signal);
    const base = `http://${edge.hostAddress?.host}:${edge.hostAddress?.port}/one`;
    await playlistWith(`${base}/v0/index.m3u8`, 3);
    const browser = await runtime.startBrowser({ args: BROWSER_FLAGS }, signal);
    const reach = (url: string) => browser.share(portOf(url));
    await using wall = await startTestWall({}, { browserUrl: browser.wsUrl, reach });
    await wall.join([`${base}/index.m3u8`]);
    const seen = await wall.until('a second of programme', () => {
      const programme = wall.frames('viewer-1').filter(([, mark]) => mark === MARK.programme);
      return programme.length >= 25 && programme;
    });
    const counters = seen.map(([, , counter]) => counter);
    expect(counters).toEqual([...counters].sort((a, b) => a - b));
  });
});

interface PageServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

async function pageServer(): Promise<PageServer> {
  const server: Server = createServer((_, response) => void response.end('a page of this host'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
