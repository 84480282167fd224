// Capacity, size of the wall, names of viewers, captions, and where a browser is found.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARK, type FrameSample } from '../../../harness/model/history.ts';
import { lightViewersMax, requireCapacity, viewersMax } from '../../../players/capacity.ts';
import { findChrome } from '../../../players/chrome.ts';
import { liveStatus, type LiveState } from '../../../players/page/liveStatus.ts';
import { urlOfViewer } from '../../../players/viewerHost.ts';
import { wallSize } from '../../../players/wallSize.ts';

const SMALL = { cores: 2, memoryMb: 8_000 };

describe('capacity of a machine', () => {
  it('is 24 viewers on 2 cores', () => {
    expect(viewersMax(SMALL).viewers).toBe(24);
  });

  it('is limited by memory where there is little, and says so', () => {
    const { viewers, reason } = viewersMax({ cores: 8, memoryMb: 2_000 });
    expect(viewers).toBeLessThan(30);
    expect(reason).toContain('2000 MB');
  });

  it('never falls when a machine gets larger, and is 1 at least', () => {
    const machine = fc.record({ cores: fc.integer({ min: 1, max: 256 }), memoryMb: fc.nat(1e6) });
    fc.assert(
      fc.property(machine, fc.nat(8), fc.nat(1e5), (one, cores, memoryMb) => {
        const larger = { cores: one.cores + cores, memoryMb: one.memoryMb + memoryMb };
        expect(viewersMax(one).viewers).toBeGreaterThanOrEqual(1);
        expect(viewersMax(larger).viewers).toBeGreaterThanOrEqual(viewersMax(one).viewers);
      }),
    );
  });

  it('is told with its reason to whoever asks for 10 000 viewers', () => {
    expect(() => requireCapacity(new Map([['wall', 10_000]]), SMALL)).toThrow(
      expect.objectContaining({
        code: 'CAPACITY_EXCEEDED',
        message: expect.stringMatching(
          /^count 10000: this machine can show 24, because it has 2 cores/,
        ),
      }) as Error,
    );
    expect(() => requireCapacity(new Map([['wall', 24]]), SMALL)).not.toThrow();
  });
});

describe('capacity for light viewers', () => {
  it('leaves half of the cores to the chain and the wall, and says what they are', () => {
    expect(lightViewersMax(SMALL).viewers).toBe(500);
    expect(lightViewersMax({ cores: 64, memoryMb: 1_100 }).reason).toContain('1100 MB');
    const counts = new Map([
      ['wall', 6],
      ['light', 3_000],
    ] as const);
    expect(() => requireCapacity(counts, SMALL)).toThrow(
      /^count 3000: this machine can show 500 light viewers, because it has 2 cores, half of which/,
    );
  });
});

it('more set-top boxes than it decodes for are not sent to simulate, which plays none', () => {
  const refused = () => requireCapacity(new Map([['boxes', 60]]), SMALL);
  expect(refused).toThrow(/^count 60: this machine can show 16, because one of its 2 cores/);
  expect(refused).toThrow(
    expect.objectContaining({
      hint: 'Ask for 16 set-top boxes or fewer here, and let each stand for many by `weight`.',
    }) as Error,
  );
});

describe('the size of the wall', () => {
  it('holds every picture in view', () => {
    const media = fc.record({
      width: fc.integer({ min: 160, max: 1920 }),
      height: fc.integer({ min: 90, max: 1080 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), media, (count, size) => {
        const { columns, picture, page } = wallSize(count, size);
        const rowsNeeded = Math.ceil(count / columns);
        expect(page.width).toBeGreaterThan(columns * picture.width);
        expect(page.height).toBeGreaterThan(rowsNeeded * picture.height);
      }),
    );
  });

  it('shows small pictures as they are and scales large ones down', () => {
    expect(wallSize(6, { width: 320, height: 180 }).picture).toEqual({ width: 320, height: 180 });
    expect(wallSize(6, { width: 1280, height: 720 }).picture).toEqual({ width: 320, height: 180 });
  });
});

describe('the address a viewer asks', () => {
  it('has a host name of its own for media on this machine', () => {
    expect(urlOfViewer('http://127.0.0.1:8080/one/index.m3u8', 'viewer-3')).toBe(
      'http://viewer-3.viewer.internal:8080/one/index.m3u8',
    );
  });

  it('is left alone when the media is elsewhere', () => {
    const url = 'http://192.0.2.7:8080/one/index.m3u8';
    expect(urlOfViewer(url, 'viewer-3')).toBe(url);
  });

  it('is a valid address for any name of a viewer', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (name) => {
        const { hostname, port } = new URL(urlOfViewer('http://localhost:81/x', name));
        expect(hostname).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.viewer\.internal$/);
        expect(port).toBe('81');
      }),
    );
  });
});

describe('the caption under a picture', () => {
  const shown = (mark: FrameSample[1], luma: number): FrameSample => [1000, mark, 1, luma];
  const state: LiveState = {
    dead: false,
    started: true,
    canPlay: true,
    frame: shown(MARK.programme, 90),
    movedAtMs: 1000,
  };

  it.each([
    ['programme', {}, 1040],
    ['frozen', {}, 1300],
    ['stalled', { canPlay: false }, 1300],
    ['dead', { dead: true, canPlay: false }, 1300],
    ['programme', { dead: true }, 1040],
    ['starting', { started: false, frame: undefined }, 1040],
    ['dead', { started: false, frame: undefined, dead: true }, 1040],
    ['black', { frame: shown(MARK.none, 1) }, 1040],
    ['slate', { frame: shown(MARK.slate, 90) }, 1300],
  ] as const)('says %s for %o', (status, change, atMs) => {
    expect(liveStatus({ ...state, ...change }, atMs)).toBe(status);
  });
});

describe('finding a browser', () => {
  it('takes the one in CHROME_PATH, else one that is on PATH', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecran-noir-chrome-'));
    try {
      const chromium = join(folder, 'chromium');
      await writeFile(chromium, '');
      await chmod(chromium, 0o755);
      expect(await findChrome(undefined, { PATH: `/nowhere:${folder}` })).toBe(chromium);
      expect(await findChrome(undefined, { PATH: '', CHROME_PATH: chromium })).toBe(chromium);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says what to do when the browser asked for is not there', async () => {
    await expect(findChrome('/nowhere/chrome')).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      target: '/nowhere/chrome',
      hint: expect.stringContaining('CHROME_PATH') as string,
    });
  });
});
