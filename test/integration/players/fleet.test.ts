// Starts and ends a wall: nothing of it may stay, whichever way it ends.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import puppeteer from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { BROWSER_FLAGS, launchBrowser } from '../../../players/browser.ts';
import { findChrome } from '../../../players/chrome.ts';
import { startFleet } from '../../../players/fleet.ts';
import { startMediaServer, type MediaServer } from '../../support/mediaServer.ts';
import { makeStampedStream, type StampedStream } from '../../support/stampedStream.ts';
import { TEST_MEDIA, descendantsOf, processesWith, startTestWall } from '../../support/testWall.ts';

let stream: StampedStream;
let server: MediaServer;

beforeAll(async () => {
  stream = await makeStampedStream({
    film: [{ kind: 'programme', frames: 250 }],
    rungs: [{ width: 320, height: 180, videoKbps: 200 }],
  });
  server = await startMediaServer(stream.folder);
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await stream?.[Symbol.asyncDispose]();
});

describe('a wall', () => {
  it('can be photographed whole', async () => {
    await using wall = await startTestWall({ count: 5 });
    await wall.join(Array.from({ length: 5 }, () => `${server.url}/index.m3u8`));
    await wall.until('frames', () => wall.frames('viewer-5').length > 10);
    const png = Buffer.from(await wall.fleet.screenshot());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(3 * TEST_MEDIA.width);
    expect(png.readUInt32BE(20)).toBeGreaterThan(2 * TEST_MEDIA.height);
  });

  it('sends the last frames before its viewers have left, and nothing after', async () => {
    await using wall = await startTestWall({ count: 2 });
    await wall.join([`${server.url}/index.m3u8`, `${server.url}/index.m3u8`]);
    await wall.until('frames', () => wall.frames('viewer-2').length > 10);
    await wall.fleet.leave();
    const sent = wall.records.length;
    expect(wall.events('viewer-1').at(-1)).toBe('leave');
    expect(wall.events('viewer-2').at(-1)).toBe('leave');
    const leftAt = wall.records.findLast((r) => r.type === 'viewer')?.atEpochMs ?? 0;
    expect(leftAt - (wall.frames('viewer-1').at(-1)?.[0] ?? 0)).toBeLessThan(1_000);
    await wall.fleet[Symbol.asyncDispose]();
    expect(wall.records).toHaveLength(sent);
  });

  it('is gone once who interrupted its start is told so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wall-'));
    const profileDir = join(folder, 'profile');
    const interrupt = new AbortController();
    const launching = launchBrowser({ profileDir }, interrupt.signal);
    launching.catch(() => undefined);
    const wait = { ms: 30_000, everyMs: 5, what: 'the browser to begin' };
    await waitFor(wait, async () => (await processesWith(profileDir)).length > 0 || undefined);
    interrupt.abort();
    await expect(launching).rejects.toThrow();
    const left = await processesWith(profileDir);
    await rm(folder, { recursive: true, force: true });
    expect(left).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('runs without root and in its sandbox', async () => {
    await using wall = await startTestWall();
    expect(wall.fleet.browser).toMatch(/sandboxed$/);
    const pids = await processesWith(wall.profileDir);
    const [browser = 0] = pids;
    const processes = [browser, ...(await descendantsOf(browser))];
    const told = await Promise.all(
      processes.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')),
    );
    const users = told.flatMap((status) => /^Uid:\t(\d+)/m.exec(status)?.slice(1) ?? []);
    expect(users.length).toBeGreaterThan(3);
    expect(users).not.toContain('0');
    // 2: the kernel filters the calls of a process (seccomp(2)), as of every one that runs a page.
    expect(told.filter((status) => /^Seccomp:\t2/m.test(status)).length).toBeGreaterThan(0);
    expect(wall.records.filter(({ type }) => type === 'log')).toEqual([]);
  });

  it('leaves no process behind when it is disposed', async () => {
    await using wall = await startTestWall();
    const [browser] = await processesWith(wall.profileDir);
    const all = [browser ?? 0, ...(await descendantsOf(browser ?? 0))];
    expect(all.length).toBeGreaterThan(3);
    await wall.fleet[Symbol.asyncDispose]();
    await gone(all);
  });

  it('tells of a page that crashed', async () => {
    await using wall = await startTestWall({ count: 2 });
    await wall.join([`${server.url}/index.m3u8`, `${server.url}/index.m3u8`]);
    await wall.until('frames', () => wall.frames('viewer-1').length > 10);
    await killRenderers(wall.profileDir);
    await wall.until('page-lost', () => wall.events('viewer-2').includes('page-lost'));
    expect(wall.events('viewer-1').filter((event) => event === 'page-lost')).toHaveLength(1);
    await expect(wall.fleet.screenshot()).rejects.toMatchObject({ code: 'BROWSER_FAILED' });
    await wall.fleet.leave();
  });
});

describe('a wall in a browser that somebody else started', () => {
  it('shows its viewers there, and leaves that browser running', async () => {
    const profileDir = await mkdtemp(join(tmpdir(), 'ecran-noir-elsewhere-'));
    const elsewhere = await puppeteer.launch({
      executablePath: await findChrome(),
      userDataDir: profileDir,
      args: [...BROWSER_FLAGS, '--no-sandbox'],
    });
    try {
      const pages = (await elsewhere.pages()).length;
      const wall = await startTestWall({}, { browserUrl: elsewhere.wsEndpoint() });
      await wall.join([`${server.url}/index.m3u8`]);
      await wall.until('frames', () => wall.frames('viewer-1').length > 10);
      await wall[Symbol.asyncDispose]();
      expect(elsewhere.connected).toBe(true);
      expect(await elsewhere.pages()).toHaveLength(pages);
    } finally {
      await elsewhere.close();
      await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

describe('a harness that is killed', () => {
  it('leaves no browser behind', async () => {
    const { profileDir, harness } = await startHarness();
    const [browser] = await processesWith(`--user-data-dir=${profileDir}`);
    const all = [browser ?? 0, ...(await descendantsOf(browser ?? 0))];
    expect(all.length).toBeGreaterThan(3);
    harness.kill('SIGKILL');
    await gone([...all, ...(await processesWith(profileDir))]);
    expect(await processesWith(profileDir)).toEqual([]);
    await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
  });
});

describe('a wall that cannot be', () => {
  const options = { count: 1, media: TEST_MEDIA, seed: 1, emit: () => undefined };
  const { signal } = new AbortController();

  it('says which browser is missing', async () => {
    const starting = startFleet(
      { ...options, profileDir: '/x', chrome: '/nowhere/chrome' },
      signal,
    );
    await expect(starting).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });

  it('says that what it was given is not a browser', async () => {
    const profileDir = join(stream.folder, 'profile');
    const starting = startFleet({ ...options, profileDir, chrome: '/bin/false' }, signal);
    await expect(starting).rejects.toMatchObject({ code: 'BROWSER_FAILED', target: '/bin/false' });
  });

  it('says what the player has against its configuration', async () => {
    const config = { liveSyncDurationCount: 3, liveSyncDuration: 6 };
    await using wall = await startTestWall({ config });
    await expect(wall.join([`${server.url}/index.m3u8`])).rejects.toMatchObject({
      code: 'BROWSER_FAILED',
      message: expect.stringContaining('Illegal hls.js config') as string,
      target: 'viewers.config',
    });
  });

  it('says how many viewers this machine can show', async () => {
    const starting = startFleet({ ...options, count: 10_000, profileDir: '/x' }, signal);
    await expect(starting).rejects.toMatchObject({ code: 'CAPACITY_EXCEEDED' });
  });

  it('does not start for a run that is over', async () => {
    const over = AbortSignal.abort(new Error('over'));
    await expect(startFleet({ ...options, profileDir: '/x' }, over)).rejects.toThrow('over');
  });
});

async function gone(pids: readonly number[]): Promise<void> {
  await waitFor({ ms: 10_000, what: `processes ${pids.join(', ')} to end` }, async () => {
    const { stdout } = await execa('ps', ['-axo', 'pid=,stat=']);
    const alive = stdout
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, state]) => !state?.startsWith('Z'))
      .map(([pid]) => Number(pid));
    return pids.some((pid) => alive.includes(pid)) ? undefined : true;
  });
}

async function killRenderers(profileDir: string): Promise<void> {
  const [browser] = await processesWith(`--user-data-dir=${profileDir}`);
  const children = await descendantsOf(browser ?? 0);
  const renderers = new Set(await processesWith('--type=renderer'));
  for (const pid of children.filter((child) => renderers.has(child))) process.kill(pid, 'SIGKILL');
}

/** A harness of its own with a wall in it, in a process we may kill. */
async function startHarness() {
  const harness = execa(process.execPath, ['test/support/wallProcess.ts'], { reject: false });
  const profileDir = await new Promise<string>((resolve, reject) => {
    harness.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    void harness.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { harness, profileDir };
}
