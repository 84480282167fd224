// Wishes for a wall over several machines: those that are read, and those that cannot be.

import { describe, expect, it, test } from 'vitest';
import { readWallWish, waitForWorkers } from '../../../harness/cli/wall.ts';
import type { HarnessError } from '../../../harness/model/errors.ts';
import { historyOf } from '../../support/strip.ts';

const wallWait = 300;

describe('a wish for workers', () => {
  it('is none where nobody asked for them', () => {
    expect(readWallWish({ wallWait })).toBeUndefined();
  });

  test.each([
    ['10.0.0.1:8400', { host: '10.0.0.1', port: 8400 }],
    ['[fd00::1]:0', { host: 'fd00::1', port: 0 }],
  ])('at %s is read', (wallListen, listen) => {
    expect(readWallWish({ wallWorkers: 2, wallListen, wallWait })).toEqual({
      workers: 2,
      listen,
      advertise: undefined,
      withinMs: 300_000,
    });
  });

  it('has a host in the way of a URL', () => {
    const at = { wallWorkers: 2, wallListen: '10.0.0.1:1', wallWait };
    expect(readWallWish({ ...at, wallAdvertise: 'fd00::1' })?.advertise).toBe('[fd00::1]');
    expect(readWallWish({ ...at, wallAdvertise: 'studio.lan' })?.advertise).toBe('studio.lan');
  });

  test.each([
    [{ wallListen: '10.0.0.1:1' }, /^--wall-listen says where workers join, and nobody asked/],
    [{ wallAdvertise: 'studio' }, /^--wall-advertise says where workers join, and nobody asked/],
    [{ wallWorkers: 2 }, /^workers need an address of this machine to join at$/],
    [{ wallWorkers: 2, wallListen: '0.0.0.0:1' }, /^--wall-listen 0\.0\.0\.0:1 is every address/],
    [{ wallWorkers: 2, wallListen: '[::]:1' }, /is every address/],
    [{ wallWorkers: 2, wallListen: '8400' }, /^--wall-listen 8400 is no address with a port$/],
    [{ wallWorkers: 2, wallListen: 'studio:8400' }, /is no address with a port$/],
    [{ wallWorkers: 2, wallListen: '10.0.0.1:70000' }, /is no address with a port$/],
    [{ wallWorkers: 2, wallListen: '10.0.0.1:1', wallAdvertise: 'a/b' }, /a\/b is no host$/],
  ])('as %j is refused in words', (asked, words) => {
    expect(() => readWallWish({ ...asked, wallWait })).toThrow(words);
    try {
      readWallWish({ ...asked, wallWait });
    } catch (error) {
      expect((error as HarnessError).exitCode).toBe(64);
      expect((error as HarnessError).hint).toBeDefined();
    }
  });
});

it('more workers than viewers are refused before anybody waits', async () => {
  const viewers = [{ count: 2, player: 'hls.js', policy: {}, config: {} }];
  const { plan } = historyOf({ viewers: [], scenario: { viewers } as never, records: [] }).run;
  const wish = readWallWish({ wallWorkers: 3, wallListen: '127.0.0.1:0', wallWait })!;
  await expect(waitForWorkers(wish, plan, new AbortController().signal)).rejects.toThrow(
    /^--wall-workers 3: .* has 2 viewers in browsers, and each worker shows one at least$/,
  );
});
