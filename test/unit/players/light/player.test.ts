// A light viewer in virtual time on an origin in memory: bad input, holes, and its own lateness.

import Hls from 'hls.js';
import { describe, expect, test } from 'vitest';
import { virtualTimers } from '../../../../harness/kernel/virtualTimers.ts';
import { openCrowd } from '../../../../players/light/crowd.ts';
import { loopWatch } from '../../../../players/light/lateness.ts';
import type { LightRecord, LightViewer } from '../../../../players/light/messages.ts';
import { readPlaylist } from '../../../../players/light/playlist.ts';
import { HLS_JS } from '../../../../players/light/rules.ts';
import type { Shown } from '../../../../players/light/shown.ts';

const MULTIVARIANT = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000\nv0/index.m3u8\n';
const SEGMENT_MS = 2_000;

interface World {
  readonly dated?: boolean;
  readonly gapAt?: number;
  /** Instead of the media playlist, from this moment on. */
  readonly instead?: { readonly text: string; readonly fromMs: number };
  readonly player?: string;
  /** The loop of the program stood still. */
  readonly late?: { readonly fromMs: number; readonly toMs: number };
}

function playlistAt(epochMs: number, { dated = true, gapAt }: World): string {
  const newest = Math.floor(epochMs / SEGMENT_MS);
  const numbers = Array.from({ length: 6 }, (_, i) => newest - 6 + i);
  const entries = numbers.flatMap((number) => [
    ...(dated ? [`#EXT-X-PROGRAM-DATE-TIME:${new Date(number * SEGMENT_MS).toISOString()}`] : []),
    ...(number === gapAt ? ['#EXT-X-GAP'] : []),
    '#EXTINF:2.000,',
    `${number}-${number * 50 + 49}.ts`,
  ]);
  const head = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${numbers[0]}\n`;
  return `${head}${entries.join('\n')}\n`;
}

async function watch(forMs: number, world: World = {}) {
  const startEpochMs = 1_000_000;
  const timers = virtualTimers(startEpochMs);
  const records: LightRecord[] = [];
  const { instead } = world;
  const crowd = openCrowd({
    seed: 1,
    startedAtEpochMs: startEpochMs,
    emit: (record) => void records.push(record),
    time: {
      epochMs: timers.epochMs,
      later: (ms, act) => {
        const id = timers.after(ms, act);
        return () => timers.clear(id);
      },
    },
    open: () => ({
      close: () => undefined,
      send: async (url) => {
        const isMedia = url.endsWith('v0/index.m3u8');
        const wrong = instead && timers.epochMs() - startEpochMs >= instead.fromMs;
        const playlist = isMedia ? playlistAt(timers.epochMs(), world) : MULTIVARIANT;
        const text = isMedia && wrong ? instead.text : playlist;
        return { status: 200, text, bytes: url.endsWith('.ts') ? 50_000 : text.length };
      },
    }),
  });
  const viewer: LightViewer = {
    id: 'v1',
    player: world.player ?? 'light',
    policy: { onFatal: 'none' },
    config: {},
    url: 'http://edge/one/index.m3u8',
    afterMs: 0,
  };
  crowd.join([viewer]);
  const { late } = world;
  if (late)
    timers.after(late.toMs, () =>
      crowd.wasLate(startEpochMs + late.fromMs, startEpochMs + late.toMs),
    );
  await timers.passUntil(startEpochMs + forMs);
  crowd.leave();
  const shown = records.filter((record): record is Shown => record.type === 'shown');
  const told = records.flatMap((record) => (record.type === 'viewer' ? [record] : []));
  const lookedMs = (look: Shown['look']) =>
    shown.reduce((sum, one) => sum + (one.look === look ? one.toMs - one.fromMs : 0), 0);
  return { shown, told, lookedMs };
}

describe('a light viewer', () => {
  test('plays from three segments behind live without a stop, and says which media', async () => {
    const { shown, told, lookedMs } = await watch(20_000);
    expect(told.map(({ event }) => event).filter((one) => one === 'waiting')).toEqual([]);
    expect(lookedMs('programme')).toBeCloseTo(20_000, -2);
    for (const [i, span] of shown.entries())
      if (i > 0) expect(span.fromMs).toBe(shown[i - 1]!.toMs);
    const { media, fromMs } = shown.find(({ look }) => look === 'programme')!;
    expect(fromMs - media!.atMs).toBeGreaterThanOrEqual(6_000);
    expect(media!.newest).toBe((1_000_000 + media!.endMs) / 40 - 1);
  });

  test('is unmeasured on a stream without dates, and says why', async () => {
    const { told, lookedMs } = await watch(10_000, { dated: false });
    expect(lookedMs('programme')).toBe(0);
    expect(lookedMs('unmeasured')).toBeCloseTo(10_000, -2);
    expect(told.map(({ error }) => error?.details)).toContain('noProgramDateTime');
  });

  test('dies on a page of HTML in the place of a playlist, as hls.js does', async () => {
    const instead = { text: '<!doctype html>', fromMs: 5_000 };
    const { told, shown } = await watch(20_000, { instead });
    expect(told.find(({ event }) => event === 'fatal')?.error?.details).toBe('levelParsingError');
    expect(shown.at(-1)?.look).toBe('dead');
  });

  test('goes over a gap that the playlist tells of', async () => {
    const { told, lookedMs } = await watch(30_000, { gapAt: 503 });
    expect(told.filter(({ event }) => event === 'waiting')).toHaveLength(1);
    expect(lookedMs('stalled')).toBeLessThan(500);
  });

  test('is unmeasured, not black, where its own loop was late: in that time and in a stall after it', async () => {
    const instead = { text: playlistAt(1_006_000, {}), fromMs: 6_000 };
    const late = { fromMs: 14_000, toMs: 15_000 };
    const told = await watch(20_000, { instead, late });
    const sound = await watch(20_000, { instead });
    expect(sound.lookedMs('unmeasured')).toBe(0);
    expect(told.lookedMs('unmeasured')).toBeGreaterThanOrEqual(1_000);
    expect(told.lookedMs('stalled')).toBeLessThan(sound.lookedMs('stalled'));
    expect(told.lookedMs('programme')).toBe(sound.lookedMs('programme'));
  });

  test.each([
    ['media3', 'fatal', 'playlistUnchangedError'],
    ['avplayer', undefined, undefined],
  ])('with the rules of %s ends by %s on a playlist that stands still', async (player, ...end) => {
    const instead = { text: playlistAt(1_006_000, {}), fromMs: 6_000 };
    const { told } = await watch(60_000, { instead, player });
    const fatal = told.find(({ event }) => event === 'fatal');
    expect([fatal?.event, fatal?.error?.details]).toEqual(end);
  });
});

test('a beat that comes late says from when to when', () => {
  const late: string[] = [];
  let nowMs = 0;
  const beat = loopWatch(
    () => nowMs,
    (from, to) => late.push(`${from}-${to}`),
  );
  for (const atMs of [50, 110, 160, 900, 950]) {
    nowMs = atMs;
    beat();
  }
  expect(late).toEqual(['210-900']);
});

test('the rules of hls.js are those of the installed version', () => {
  const { manifestLoadPolicy, playlistLoadPolicy, fragLoadPolicy, ...config } = Hls.DefaultConfig;
  for (const [ours, theirs] of [
    [HLS_JS.manifest, manifestLoadPolicy.default],
    [HLS_JS.playlist, playlistLoadPolicy.default],
    [HLS_JS.segment, fragLoadPolicy.default],
  ] as const) {
    expect(ours).toMatchObject({
      firstByteMs: theirs.maxTimeToFirstByteMs,
      totalMs: theirs.maxLoadTimeMs,
      onTimeout: { count: theirs.timeoutRetry?.maxNumRetry },
      onError: {
        count: theirs.errorRetry?.maxNumRetry,
        delayMs: theirs.errorRetry?.retryDelayMs,
        delayMsMax: theirs.errorRetry?.maxRetryDelayMs,
      },
    });
  }
  expect(HLS_JS).toMatchObject({
    liveSyncCount: config.liveSyncDurationCount,
    liveSyncOnStallIncreaseMs: 1000 * config.liveSyncOnStallIncrease,
    bufferMsMax: 1000 * config.maxBufferLength,
    estimateBps: config.abrEwmaDefaultEstimate,
    bandwidthShare: { same: config.abrBandWidthFactor, up: config.abrBandWidthUpFactor },
  });
});

test('what is no playlist is none, and addresses that are not of the web are left out', () => {
  expect(readPlaylist('<html>', 'http://edge/')).toBeUndefined();
  const strange = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:///etc/passwd\n';
  expect(readPlaylist(strange, 'http://edge/')).toMatchObject({ segments: [] });
});
