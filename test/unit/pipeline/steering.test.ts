// Tests what players are told about edges.

import { expect, test } from 'vitest';
import type { MediaSettings } from '../../../harness/model/scenario.ts';
import { multivariantPlaylist } from '../../../harness/pipeline/transcoder/playlist.ts';
import {
  firstEdge,
  orderEdges,
  readSteeringName,
  steeringManifest,
  steeringName,
  viewersBase,
} from '../../../harness/pipeline/web/steeringManifest.ts';

const MEDIA = {
  fps: 25,
  ladder: [
    { width: 320, height: 180, videoKbps: 350 },
    { width: 192, height: 108, videoKbps: 150 },
  ],
} as unknown as MediaSettings;
const PATHWAYS = [
  { id: 'edge-b', base: 'http://b/one/' },
  { id: 'edge-a', base: 'http://a/one/' },
];

test('every rendition is listed at every edge, as the same variant on another pathway', () => {
  const text = multivariantPlaylist(MEDIA, { steeringUri: 'steering.json', pathways: PATHWAYS });
  const lines = text.split('\n');
  expect(lines).toContain('#EXT-X-CONTENT-STEERING:SERVER-URI="steering.json",PATHWAY-ID="edge-b"');
  expect(lines.filter((line) => line.startsWith('http'))).toEqual([
    'http://b/one/v0/index.m3u8',
    'http://b/one/v1/index.m3u8',
    'http://a/one/v0/index.m3u8',
    'http://a/one/v1/index.m3u8',
  ]);
  const variants = [...text.matchAll(/PATHWAY-ID="(.+)",STABLE-VARIANT-ID="(.+)"/g)];
  expect(variants.map(([, pathway, variant]) => `${pathway} ${variant}`)).toEqual([
    'edge-b v0',
    'edge-b v1',
    'edge-a v0',
    'edge-a v1',
  ]);
});

test('redundant playlists without steering name no steering server', () => {
  const text = multivariantPlaylist(MEDIA, { steeringUri: undefined, pathways: PATHWAYS });
  expect(text).not.toContain('STEERING');
  expect(text).toContain('PATHWAY-ID="edge-a"');
});

test('a single place needs no pathways', () => {
  const text = multivariantPlaylist(MEDIA);
  expect(text).not.toMatch(/PATHWAY|STABLE|STEERING/);
  expect(text).toContain('\nv1/index.m3u8\n');
});

test('a steering manifest has whole seconds, one at least', () => {
  expect(JSON.parse(steeringManifest(5_400, ['b', 'a']))).toEqual({
    VERSION: 1,
    TTL: 5,
    'PATHWAY-PRIORITY': ['b', 'a'],
  });
  expect(JSON.parse(steeringManifest(200, ['a']))).toMatchObject({ TTL: 1 });
});

test('a viewer finds an edge under the host name that it asked by', () => {
  const edge = { host: 'edge', port: 8080, stage: 'edge-a' };
  const viewersAt = { host: '127.0.0.1', port: 4001 };
  const base = (asked: string | undefined) => viewersBase({ ...edge, viewersAt }, asked, 'one');
  expect(base('v1.viewer.internal:9000')).toBe('http://v1.viewer.internal:4001/one/');
  expect(base('v1.viewer.internal')).toBe('http://v1.viewer.internal:4001/one/');
  expect(base(undefined)).toBe('http://127.0.0.1:4001/one/');
  expect(viewersBase(edge, undefined, 'one')).toBe('http://edge:8080/one/');
});

test('viewers are dealt over edges by shares, and keep their own as long as it serves', () => {
  const edges = [{ stage: 'a' }, { stage: 'b' }, { stage: 'c' }];
  const shares = { a: 0.6, b: 0.4 };
  const firsts = Array.from({ length: 100 }, (_, turn) => firstEdge({ edges, shares }, turn));
  expect(firsts.filter((first) => first === 'a').length).toBeCloseTo(60, -1);
  expect(firsts.filter((first) => first === 'b').length).toBeCloseTo(40, -1);
  expect(firsts).not.toContain('c');
  expect(firstEdge({ edges, shares: undefined }, 7)).toBeUndefined();
  const order = (first: string | undefined, ...failing: string[]) =>
    orderEdges(
      { edges, failing: new Set(edges.filter(({ stage }) => failing.includes(stage))) },
      first,
    )
      .map(({ stage }) => stage)
      .join('');
  expect(order(undefined)).toBe('abc');
  expect(order('b')).toBe('bac');
  expect(order('b', 'b')).toBe('acb');
  expect(order('b', 'a', 'b')).toBe('cba');
});

test('the edge of a viewer is in the name of its steering manifest', () => {
  for (const first of [undefined, 'edge-b'])
    expect(readSteeringName(steeringName(first))?.first).toBe(first);
  expect(readSteeringName('index.m3u8')).toBeUndefined();
});
