import { expect, test } from 'vitest';
import { firstFrame, h264Level } from '../../../harness/pipeline/transcoder/ladder.ts';
import {
  mediaPlaylist,
  multivariantPlaylist,
} from '../../../harness/pipeline/transcoder/playlist.ts';

const MEDIA = {
  width: 320,
  height: 180,
  fps: 25,
  contributionKbps: 1_000,
  segmentMs: 2_000,
  playlistSegments: 6,
  ladder: [
    { width: 320, height: 180, videoKbps: 400 },
    { width: 160, height: 90, videoKbps: 150 },
  ],
};

test('writes a media playlist that says when each segment was put out', () => {
  const text = mediaPlaylist({
    targetMs: 2_000,
    sequence: 41,
    discontinuitySequence: 3,
    entries: [
      { name: '41.ts', durationMs: 2_000, dateEpochMs: 0, discontinuity: false, gap: false },
      { name: '42.ts', durationMs: 1_960, dateEpochMs: 2_000.4, discontinuity: true, gap: true },
    ],
  });
  expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z
#EXTINF:2.000,
41.ts
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:02.000Z
#EXT-X-GAP
#EXTINF:1.960,
42.ts
`);
});

test('names every rung with its size and codecs', () => {
  const text = multivariantPlaylist(MEDIA);
  expect(text.match(/#EXT-X-STREAM-INF/g)).toHaveLength(2);
  expect(text).toMatch(
    /RESOLUTION=160x90,FRAME-RATE=25.000,CODECS="avc1.42c01f,mp4a.40.2"\nv1\/index.m3u8/,
  );
});

test('segments begin at the first frame that is not before their time', () => {
  expect([0, 1, 2].map((n) => firstFrame(n, MEDIA))).toEqual([0, 50, 100]);
  const ntsc = { ...MEDIA, fps: 30_000 / 1_001 };
  expect([0, 1, 2].map((n) => firstFrame(n, ntsc))).toEqual([0, 60, 120]);
});

test('asks for a level that the picture fits into', () => {
  expect(h264Level({ width: 1_280, height: 720, videoKbps: 1 }, 30)).toBe('3.1');
  expect(h264Level({ width: 1_280, height: 720, videoKbps: 1 }, 50)).toBe('4.0');
  expect(h264Level({ width: 1_920, height: 1_080, videoKbps: 1 }, 50)).toBe('5.1');
});
