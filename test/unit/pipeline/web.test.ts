// The text of nginx configurations, and what its access log says.

import { counterInPath } from '../../../harness/model/frameClock.ts';
import { expect, test } from 'vitest';
import type { EdgeStage } from '../../../harness/model/scenario.ts';
import { accessCounters, parseAccess } from '../../../harness/pipeline/web/accessLog.ts';
import { edgeHttp } from '../../../harness/pipeline/web/edgeConfig.ts';
import { originHttp } from '../../../harness/pipeline/web/originConfig.ts';

const LISTEN = { host: '127.0.0.1', port: 8_080 };
const STAGE: EdgeStage = {
  role: 'edge',
  name: 'edge',
  zone: 'z',
  operator: 'o',
  country: 'FR',
  playlistTtlMs: 1_000,
  segmentTtlMs: 60_000,
  errorTtlMs: 10_000,
  staleIfError: false,
  collapse: true,
  originTimeoutMs: 2_500,
};
const A = { host: 'origin', port: 80 };
const edge = (stage: Partial<EdgeStage>, origins = [A], latency?: 'low') =>
  edgeHttp({
    listen: LISTEN,
    media: { segmentMs: 2_000, ...(latency && { latency }) },
    origins,
    cacheDir: '/cache',
    faultLines: '',
    stage: { ...STAGE, ...stage },
  });
const origin = (whenStale: 'serve' | '404' | '503' | 'hang') =>
  originHttp({
    listen: LISTEN,
    whenStale,
    root: '/root',
    staleRoot: '/stale',
    hangPort: 9_999,
    faultLines: '',
    uploadToken: undefined,
  });

test('an edge keeps errors for the time it is told, or not at all', () => {
  expect(edge({})).toContain('proxy_cache_valid 404 500 502 503 504 9s;');
  expect(edge({ errorTtlMs: 1_000 })).toContain('502 503 504 1s;');
  expect(edge({ errorTtlMs: 0 })).not.toContain('404 500');
});

test('an edge serves what has expired only where it is told to', () => {
  expect(edge({ collapse: false })).toContain('proxy_cache_use_stale off;');
  expect(edge({})).toContain('proxy_cache_use_stale updating;');
  expect(edge({ staleIfError: true, collapse: false })).toMatch(
    /proxy_cache_use_stale error timeout .*http_504;/,
  );
});

test('an edge asks the origin once for many viewers only where it collapses', () => {
  expect(edge({ collapse: true })).toContain('proxy_cache_lock on;');
  expect(edge({ collapse: false })).toContain('proxy_cache_lock off;');
});

test('a short playlist life ends with the running second, a longer one is the edge’s own', () => {
  const ignored = /proxy_ignore_headers [^;]*Vary X-Accel-Expires;\s+proxy_cache_valid 200 (\d+)s;/;
  expect(edge({ playlistTtlMs: 500 })).not.toMatch(ignored);
  expect(ignored.exec(edge({ playlistTtlMs: 4_000 }))?.[1]).toBe('3');
  expect(ignored.exec(edge({ playlistTtlMs: 0 }))?.[1]).toBe('0');
});

test('an edge with one origin asks it again whatever it did before', () => {
  expect(edge({})).toContain('server origin:80 max_fails=0;');
  expect(edge({})).toContain('proxy_next_upstream off;');
});

test('an edge with two origins moves on when the first fails, is stale, or lacks a segment', () => {
  const originFailover = { maxFails: 2, failTimeoutMs: 5_000 };
  const text = edge({ originFailover }, [A, { host: 'second', port: 81 }]);
  expect(text).toContain('server origin:80 max_fails=2 fail_timeout=5s;');
  expect(text).toContain('server second:81 max_fails=2 fail_timeout=5s backup;');
  expect(text).toMatch(/proxy_next_upstream error timeout .*http_503 .*http_404;/);
});

test('an edge gives up on its origin after the time it is told', () => {
  expect(edge({})).toContain('proxy_read_timeout 2500ms;');
});

test('an origin answers for an old playlist as the design says', () => {
  expect(origin('serve')).not.toContain('/stale');
  expect(origin('404')).toContain('{ return 404; }');
  expect(origin('503')).toContain('{ return 503; }');
  expect(origin('hang')).toContain('{ rewrite ^ /.ecran-noir/hang last; }');
});

test('headers are said for all of nginx, so that no location, error or fault can be without them', () => {
  for (const text of [edge({}), origin('503'), origin('hang')]) {
    expect(depthsOf(/add_header/, text)).toEqual([0]);
    expect(depthsOf(/proxy_hide_header/, text)).toEqual([0]);
    const added = [...text.matchAll(/add_header (\S+) .* always;/g)].map(([, name]) => name);
    const hidden = [...text.matchAll(/proxy_hide_header (\S+);/g)].map(([, name]) => name);
    expect(added).toContain('Access-Control-Allow-Origin');
    expect(hidden).toEqual(added);
  }
});

/** Gives the depth in blocks of the lines of this kind. */
function depthsOf(kind: RegExp, text: string): number[] {
  const depths = new Set<number>();
  let depth = 0;
  for (const line of text.split('\n')) {
    if (kind.test(line)) depths.add(depth);
    depth += (line.match(/\{(?=\s|$)/g)?.length ?? 0) - (line.match(/(?<=\s|^)\}/g)?.length ?? 0);
  }
  return [...depths];
}

test('an edge may keep good playlists for the rest of a second, and no errors', () => {
  expect(origin('404')).toContain('map "$status $uri" $kept_until { "~^200 .*\\.(?:m3u8|mpd)$"');
});

test('counts requests and bytes, and knows the newest counter that passed', () => {
  const counters = accessCounters();
  for (const line of [
    '<190>Nov 22 01:13:58 access: PUT 201 9000 200 /one/v0/100-5000.ts',
    '<190>Nov 22 01:13:59 access: GET 200 120 9100 /one/v0/100-5000.ts?again',
    '<190>Nov 22 01:13:59 access: GET 404 120 300 /one/v0/101-6000.ts',
    '<190>Nov 22 01:13:59 access: DELETE 204 120 100 /one/v0/99-7000.ts',
  ]) {
    const access = parseAccess(line);
    if (access) counters.add(access);
  }
  expect(counters.stats()).toEqual({
    requests: 4,
    bytesIn: 9_360,
    bytesOut: 9_700,
    programmeCounter: 5_000,
  });
});

test('knows what a player says of itself, in the address or in headers', () => {
  const line = (query: string, headers: string) =>
    `<190>Nov 22 01:13:59 access: GET 200 120 9100 /one/v0/100-5000.ts${query} v1.viewer.internal:80 ${headers}`;
  const from = { host: 'v1.viewer.internal:80', path: '/one/v0/100-5000.ts', status: 200 };
  expect(parseAccess(line('?CMCD=bl%3D2100%2Cbs%2Csid%3D%22a%22', '-|-|-|-'))?.cmcd).toEqual({
    ...from,
    says: 'bl=2100,bs,sid="a"',
  });
  expect(parseAccess(line('', String.raw`bl=2100, dl=300|br=400|bs|sid=\x22a\x22`))?.cmcd).toEqual({
    ...from,
    says: 'bl=2100, dl=300,br=400,bs,sid="a"',
  });
  expect(parseAccess(line('?token=1', '-|-|-|-'))).toMatchObject({ path: from.path });
  expect(parseAccess(line('?token=1', '-|-|-|-'))?.cmcd).toBeUndefined();
  expect(parseAccess(line(`?CMCD=${'a'.repeat(5_000)}`, '-|-|-|-'))?.cmcd?.says).toHaveLength(
    1_000,
  );
});

test('a line that is no access, and a segment of filler, carry no counter', () => {
  expect(parseAccess('<190>Nov 22 01:13:58 other: hello')).toBeUndefined();
  expect(counterInPath('/one/v0/100.ts')).toBeUndefined();
  expect(counterInPath('/one/v0/index.m3u8')).toBeUndefined();
});

test('an edge of low latency keeps what was waited for apart, and waits as long as the origin does', () => {
  const low = edge({}, [A], 'low');
  expect(low).toContain('proxy_cache_key "$uri $arg__HLS_msn $arg__HLS_part";');
  expect(low.match(/proxy_read_timeout 8500ms;/g)).toHaveLength(2);
  expect(edge({})).not.toMatch(/_HLS|418|8500ms/);
});
