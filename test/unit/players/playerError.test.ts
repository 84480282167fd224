import { describe, expect, it } from 'vitest';
import { safeUrl } from '../../../harness/model/safeUrl.ts';
import { errorText, mediaElementError } from '../../../players/page/playerError.ts';

describe('the address in an error of a player', () => {
  it('has no user, password, query or fragment: signed links carry their secrets there', () => {
    const secret = 'https://user:word@cdn.example:8443/one/v0/7.ts?token=abc&Signature=x#frag';
    expect(safeUrl(secret)).toBe('https://cdn.example:8443/one/v0/7.ts');
    expect(safeUrl('http://user@cdn.example/one/index.m3u8')).toBe(
      'http://cdn.example/one/index.m3u8',
    );
  });

  it('is left out when it is none of the web', () => {
    for (const url of [undefined, '', 'index.m3u8', 'data:text/plain,secret', 'blob:http://a/b'])
      expect(safeUrl(url)).toBeUndefined();
  });
});

describe('the text of an error', () => {
  it('is the same in every run: no host', () => {
    const url = 'http://v1.viewer.internal:4101/one/v0/7.ts';
    const error = { type: 'networkError', details: 'fragLoadError', status: 404, url };
    expect(errorText(error)).toBe('fragLoadError 404 /one/v0/7.ts');
    expect(errorText({ type: 'mediaError', details: 'bufferStalledError' })).toBe(
      'bufferStalledError',
    );
  });

  it('names what the media element says by its code', () => {
    expect(mediaElementError(3).details).toBe('decode');
    expect(mediaElementError(undefined).details).toBe('unknown');
  });
});
