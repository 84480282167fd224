// Tests which request gets which wrong answer, and what wrong answers look like.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import type { HttpFault, HttpMatch } from '../../../harness/pipeline/contract.ts';
import {
  checkHttpCommand,
  decide,
  requestTarget,
} from '../../../harness/pipeline/web/httpFaults.ts';
import {
  corruptPackets,
  mediaSequence,
  resetSequence,
  withGaps,
  withoutDiscontinuities,
} from '../../../harness/pipeline/web/mangle.ts';

const DOWN = { kind: 'status', status: 503 } as const;
const lasting = (fault: HttpFault, random = seededRandom(1)) => ({
  fault,
  random,
  sinceEpochMs: 0,
});
const decided = (faults: readonly HttpFault[], path: string, method = 'GET', atMs = 0) =>
  decide(
    faults.map((fault) => lasting(fault)),
    requestTarget(method, path),
    atMs,
  )?.wrong;
const hits = (match: HttpMatch, path: string, method = 'GET') =>
  decided([{ match, answer: DOWN }], path, method) === DOWN;

describe('matching', () => {
  test('tells playlists, segments and uploads apart', () => {
    const kinds = ['multivariant', 'playlist', 'segment', 'any', 'upload'] as const;
    const hit = (path: string, method?: string) =>
      kinds.filter((kind) => hits({ kind }, path, method)).join(' ');
    expect(hit('/one/index.m3u8')).toBe('multivariant any');
    expect(hit('/one/v0/index.m3u8')).toBe('playlist any');
    expect(hit('/one/v0/12-345.ts')).toBe('segment any');
    expect(hit('/one/v0/12.ts', 'PUT')).toBe('upload');
    expect(hit('/favicon.ico')).toBe('any');
    expect(hit('/one/v0/12-345.ts', 'HEAD')).toBe('segment any');
    expect(hit('/one/v0/index.m3u8?CMCD=ot%3Dm&x=/a.ts')).toBe('playlist any');
  });

  test('narrows to a channel, a rung and every n-th segment', () => {
    expect(hits({ kind: 'any', channel: 'two' }, '/one/v0/12.ts')).toBe(false);
    expect(hits({ kind: 'segment', rung: 1 }, '/one/v1/12.ts')).toBe(true);
    expect(hits({ kind: 'segment', rung: 1 }, '/one/v0/12.ts')).toBe(false);
    expect(hits({ kind: 'segment', every: 4 }, '/one/v0/12-99.ts')).toBe(true);
    expect(hits({ kind: 'segment', every: 5 }, '/one/v0/12-99.ts')).toBe(false);
  });

  test('hits the share asked for, the same requests for the same seed', () => {
    const play = (seed: number) => {
      const fault: HttpFault = { match: { kind: 'segment', ratio: 0.25 }, answer: DOWN };
      const inForce = [lasting(fault, seededRandom(seed))];
      return Array.from({ length: 400 }, () =>
        decide(inForce, requestTarget('GET', '/one/v0/1.ts'), 0) ? 1 : 0,
      );
    };
    expect(play(7)).toEqual(play(7));
    expect(play(7)).not.toEqual(play(8));
    const share = play(7).filter(Boolean).length / 400;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
  });

  test('the first fault that matches decides', () => {
    const faults: HttpFault[] = [
      { match: { kind: 'segment', rung: 0 }, answer: { kind: 'hang' } },
      { match: { kind: 'any' }, answer: DOWN },
    ];
    expect(decided(faults, '/one/v0/1.ts')?.kind).toBe('hang');
    expect(decided(faults, '/one/v1/1.ts')?.kind).toBe('status');
  });

  test('a cycle goes through its steps and begins again', () => {
    const steps = [
      { forMs: 45_000 },
      { forMs: 10_000, answer: { kind: 'slow', delayMs: 800 } },
      { forMs: 5_000, answer: { kind: 'hang' } },
    ] as const;
    const at = (elapsedMs: number) =>
      decided(
        [{ match: { kind: 'any' }, answer: { kind: 'cycle', steps } }],
        '/x',
        'GET',
        elapsedMs,
      )?.kind;
    expect([0, 44_999, 45_000, 55_000, 59_999, 60_000, 105_000].map(at)).toEqual([
      ...[undefined, undefined, 'slow', 'hang', 'hang', undefined, 'slow'],
    ]);
  });

  test('says what is wrong with a command', () => {
    const match = { kind: 'any' };
    for (const [command, message] of [
      [{}, 'unknown command'],
      [{ http: [{}] }, 'unknown match'],
      [{ http: [{ match, answer: { kind: 'pink' } }] }, 'unknown answer'],
      [{ http: [{ match, answer: { kind: 'status', status: 20 } }] }, 'status is not 200 to 599'],
      [{ http: [{ match, answer: { kind: 'corrupt', share: 2 } }] }, 'share is not 0 to 1'],
      [{ http: [{ match, answer: { kind: 'cycle', steps: [] } }] }, 'a cycle needs steps'],
      [{ http: [{ match: { kind: 'upload' }, answer: { kind: 'empty' } }] }, 'an upload can be'],
      [{ http: [{ match, answer: DOWN, seed: 'x' }] }, 'seed is not a whole number'],
    ] as const) {
      expect(() => checkHttpCommand(command)).toThrow(message);
    }
    expect(checkHttpCommand({ http: [] })).toEqual({ http: [] });
  });
});

const PLAYLIST = `#EXTM3U
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXTINF:1.000,
41-500.ts
#EXT-X-DISCONTINUITY
#EXTINF:1.000,
42.ts
#EXT-X-GAP
#EXTINF:1.000,
44.ts
`;

describe('wrong answers', () => {
  test('a reset sequence counts from the playlist that was first', () => {
    expect(mediaSequence(PLAYLIST)).toBe(41);
    expect(resetSequence(PLAYLIST, 38)).toContain('#EXT-X-MEDIA-SEQUENCE:3\n');
    expect(resetSequence(PLAYLIST, 41)).toContain('#EXT-X-MEDIA-SEQUENCE:0\n');
  });

  test('a missing discontinuity leaves all else', () => {
    expect(withoutDiscontinuities(PLAYLIST)).toBe(
      PLAYLIST.replace('#EXT-X-DISCONTINUITY-SEQUENCE:3\n', '').replace(
        '#EXT-X-DISCONTINUITY\n',
        '',
      ),
    );
  });

  test('gaps are marked by number, never twice', () => {
    const text = withGaps(PLAYLIST, 2);
    expect(text).toContain('#EXT-X-GAP\n#EXTINF:1.000,\n42.ts');
    expect(text).toContain('\n#EXT-X-GAP\n#EXTINF:1.000,\n44.ts');
    expect(text.match(/GAP/g)).toHaveLength(2);
  });

  test('a corrupt segment keeps its length, and as much of it as it should', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.integer(), (bytes, seed) => {
        const segment = Buffer.from(bytes);
        expect(corruptPackets(segment, 0, seededRandom(seed))).toEqual(segment);
        expect(corruptPackets(segment, 1, seededRandom(seed))).toHaveLength(segment.length);
      }),
    );
    const clean = Buffer.alloc(188 * 100, 0x47);
    const broken = corruptPackets(clean, 0.2, seededRandom(3));
    const packets = Array.from({ length: 100 }, (_, i) => broken.subarray(i * 188, (i + 1) * 188));
    const hit = packets.filter((packet) => packet.some((byte) => byte !== 0x47)).length;
    expect(hit).toBeGreaterThan(5);
    expect(hit).toBeLessThan(50);
  });
});
