// Tests who waits for a playlist or a part, for how long, and who is told that it asks too much.

import { describe, expect, test } from 'vitest';
import {
  judgeWanted,
  readEnd,
  readWanted,
  type Wanted,
} from '../../../harness/pipeline/web/blocking.ts';
import { createHolds } from '../../../harness/pipeline/web/holds.ts';
import { virtualClock } from '../../support/virtualClock.ts';

/** Segment 10 has five parts, the one in the making so many. */
const playlistWith = (parts: number, whole = 1) =>
  [
    '#EXTM3U',
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-PART-INF:PART-TARGET=0.400',
    '#EXT-X-MEDIA-SEQUENCE:9',
    '#EXTINF:2.000,',
    '9-t1.m4s',
    ...Array.from({ length: whole }, (_, n) => [
      ...[0, 1, 2, 3, 4].map((k) => `#EXT-X-PART:DURATION=0.400,URI="${10 + n}.${k}.m4s"`),
      '#EXTINF:2.000,',
      `${10 + n}-t2.m4s`,
    ]).flat(),
    ...Array.from({ length: parts }, (_, k) => `#EXT-X-PART:DURATION=0.400,URI="11.${k}.m4s"`),
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="next"',
  ].join('\n');

test('reads where a playlist ends', () => {
  expect(readEnd(playlistWith(2))).toEqual({
    next: 11,
    parts: 2,
    lastParts: 5,
    targetMs: 2_000,
    partMs: 400,
  });
  expect(readEnd('<html>')).toBeUndefined();
});

test.each<[query: string, wanted: ReturnType<typeof readWanted>]>([
  ['', undefined],
  ['CMCD=x', undefined],
  ['_HLS_msn=7', { segment: 7 }],
  ['_HLS_msn=7&_HLS_part=2', { segment: 7, part: 2 }],
  ['_HLS_part=2', 'wrong'],
  ['_HLS_msn=-1', 'wrong'],
  ['_HLS_msn=', 'wrong'],
  ['_HLS_msn=1e3', 'wrong'],
  ['_HLS_msn=7&_HLS_part=x', 'wrong'],
])('reads %s', (query, wanted) => {
  expect(readWanted(new URLSearchParams(query))).toEqual(wanted);
});

test.each<[Wanted, ReturnType<typeof judgeWanted>]>([
  [{ segment: 3 }, 'listed'],
  [{ segment: 10 }, 'listed'],
  [{ segment: 10, part: 4 }, 'listed'],
  // Behind its last part stands the first of the next one.
  [{ segment: 10, part: 5 }, 'listed'],
  [{ segment: 11, part: 1 }, 'listed'],
  [{ segment: 11, part: 2 }, 'soon'],
  [{ segment: 11, part: 9 }, 'soon'],
  [{ segment: 11, part: 10 }, 'too far'],
  [{ segment: 11 }, 'soon'],
  [{ segment: 12 }, 'soon'],
  [{ segment: 12, part: 0 }, 'soon'],
  [{ segment: 13 }, 'too far'],
])('of a playlist that ends with part 1 of segment 11, %o is %s', (wanted, judged) => {
  expect(judgeWanted(wanted, readEnd(playlistWith(2))!)).toBe(judged);
});

test('the first part of a segment waits where none is listed', () => {
  expect(judgeWanted({ segment: 10, part: 5 }, readEnd(playlistWith(0))!)).toBe('soon');
});

const PATH = '/one/v0/index.m3u8';

function origin() {
  const clock = virtualClock(1_800_000_000_000);
  const startEpochMs = clock.epochMs();
  const files = new Map([[PATH, playlistWith(2)]]);
  const stale = new Set<string>();
  const holds = createHolds({
    clock,
    files: {
      text: async (path) => files.get(path),
      has: async (path) => files.has(path),
      isStale: async (path) => stale.has(path),
    },
  });
  const ending = new AbortController();
  const ask = (path: string, query = '') => {
    const state: { held?: unknown; afterMs?: number } = {};
    holds.hold(path, new URLSearchParams(query), ending.signal).then(
      (held) => Object.assign(state, { held, afterMs: clock.epochMs() - startEpochMs }),
      () => Object.assign(state, { held: 'aborted' }),
    );
    return state;
  };
  const put = (path: string, text = '') => {
    files.set(path, text);
    holds.stored(path);
  };
  return { clock, files, stale, ask, put, abort: () => ending.abort() };
}

describe('an origin', () => {
  test('answers a plain request, and one for what is there, at once', async () => {
    const { clock, ask } = origin();
    const asked = [
      ask(PATH),
      ask(PATH, '_HLS_msn=11&_HLS_part=1'),
      ask('/two/v0/index.m3u8', '_HLS_msn=1'),
    ];
    await clock.pass(0);
    expect(asked).toEqual(asked.map(() => ({ held: 'go', afterMs: 0 })));
  });

  test('holds a reload until the playlist has the part, and no longer', async () => {
    const { clock, ask, put } = origin();
    const asked = ask(PATH, '_HLS_msn=11&_HLS_part=2');
    await clock.pass(350);
    expect(asked).toEqual({});
    put(PATH, playlistWith(3));
    await clock.pass(0);
    expect(asked).toEqual({ held: 'go', afterMs: 350 });
  });

  test('finds a playlist whose news was lost', async () => {
    const { clock, ask, files } = origin();
    const asked = ask(PATH, '_HLS_msn=11&_HLS_part=2');
    await clock.pass(210);
    files.set(PATH, playlistWith(3));
    await clock.pass(400);
    expect(asked).toEqual({ held: 'go', afterMs: 400 });
  });

  test('gives a reload up after three target durations', async () => {
    const { clock, ask } = origin();
    const asked = ask(PATH, '_HLS_msn=12');
    await clock.pass(5_999);
    expect(asked).toEqual({});
    await clock.pass(1);
    expect(asked).toEqual({ held: 503, afterMs: 6_000 });
  });

  test('refuses at once what lies too far ahead, and what is no number', async () => {
    const { clock, ask } = origin();
    const asked = ['_HLS_msn=13', '_HLS_msn=11&_HLS_part=99', '_HLS_msn=x', '_HLS_part=1'].map(
      (query) => ask(PATH, query),
    );
    await clock.pass(0);
    expect(asked).toEqual(asked.map(() => ({ held: 400, afterMs: 0 })));
  });

  test('lets nobody wait for a playlist that is stale by then', async () => {
    const { clock, ask, stale } = origin();
    const asked = ask(PATH, '_HLS_msn=11&_HLS_part=2');
    await clock.pass(1_000);
    stale.add(PATH);
    await clock.pass(200);
    expect(asked).toMatchObject({ held: 'go' });
  });

  test('holds the part that is hinted at until it is there', async () => {
    const { clock, ask, put } = origin();
    const asked = ask('/one/v0/11.2.m4s');
    await clock.pass(300);
    expect(asked).toEqual({});
    put('/one/v0/11.2.m4s');
    await clock.pass(0);
    expect(asked).toEqual({ held: 'go', afterMs: 300 });
  });

  test('leaves a part that never was or is far away to be not found', async () => {
    const { clock, ask } = origin();
    const asked = ['11.0', '8.1', '40.0'].map((name) => ask(`/one/v0/${name}.m4s`));
    await clock.pass(0);
    expect(asked).toEqual(asked.map(() => ({ held: 'go', afterMs: 0 })));
  });

  test('forgets who has gone', async () => {
    const { clock, ask, abort } = origin();
    const asked = ask(PATH, '_HLS_msn=12');
    await clock.pass(500);
    abort();
    await clock.pass(0);
    expect(asked).toEqual({ held: 'aborted' });
  });
});
