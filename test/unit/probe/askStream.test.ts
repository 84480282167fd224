// Reading what a playlist or a manifest of anybody's says of its stream.

import { describe, expect, it } from 'vitest';
import { readStream } from '../../../harness/probe/askStream.ts';

describe('what a stream says of itself', () => {
  it('is read of a multivariant playlist, without renditions that are sound alone', () => {
    const playlist = [
      '#EXTM3U',
      '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.64000c,mp4a.40.2",FRAME-RATE=25.000',
      'low.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=2,CODECS="hvc1.1.6.L60.90",FRAME-RATE=50',
      'high.m3u8',
      '#EXT-X-STREAM-INF:BANDWIDTH=3,CODECS="mp4a.40.2"',
      'sound.m3u8',
    ].join('\n');
    expect(readStream(playlist)).toEqual({
      manifest: 'hls',
      codecs: ['avc1.64000c,mp4a.40.2', 'hvc1.1.6.L60.90'],
      fps: 50,
    });
  });

  it('may be nothing in a media playlist', () => {
    const playlist = '\ufeff#EXTM3U\n#EXTINF:2,\na.ts\n';
    expect(readStream(playlist)).toEqual({ manifest: 'hls', codecs: [], fps: undefined });
  });

  it('is read of a manifest of DASH, whose rates may be fractions', () => {
    const manifest = `<?xml version="1.0"?><MPD type="dynamic"><Representation codecs="avc1.4d401f"
      frameRate="30000/1001"/><Representation codecs="mp4a.40.2"/></MPD>`;
    expect(readStream(manifest)).toEqual({
      manifest: 'dash',
      codecs: ['avc1.4d401f'],
      fps: 30000 / 1001,
    });
  });

  it.each(['', '<!doctype html><title>#EXTM3U</title>', '{"error":"gone"}', '\u0047\u0000'])(
    'is nothing where it is no stream: %j',
    (text) => {
      expect(readStream(text)).toBeUndefined();
    },
  );
});
