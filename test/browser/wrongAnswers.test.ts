// Wrong answers of an origin and an edge as a page in a real browser gets them, by fetch and by
// XMLHttpRequest: what the fault says is wrong, and nothing else differs from the healthy answer.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../harness/kernel/deadline.ts';
import type { StartedStage } from '../../harness/model/world.ts';
import type { HttpAnswer } from '../../harness/model/wrongAnswers.ts';
import type { HttpMatch } from '../../harness/pipeline/contract.ts';
import { EDGE, launchOf, ORIGIN, startBench, type Bench } from '../integration/pipeline/chain.ts';
import { startAskingPage, type AskingPage, type Seen } from '../support/askingPage.ts';

type Place = 'edge' | 'origin';
type Kind = Exclude<HttpMatch['kind'], 'upload'>;

const PATHS = {
  multivariant: '/one/index.m3u8',
  playlist: '/one/v0/index.m3u8',
  segment: '/one/v0/40.ts',
} as const;
const SEGMENT = Buffer.alloc(188 * 150, 'segment.');
const playlist = (sequence: number) =>
  `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n#EXT-X-DISCONTINUITY\n#EXTINF:1.0,\n${sequence}.ts\n`;
const ORIGIN_TIMEOUT_MS = 400;
const SLOW_MS = 150;

let bench: Bench;
let page: AskingPage;
let stages: Record<Place, StartedStage>;

beforeAll(async () => {
  bench = await startBench();
  const never = new AbortController().signal;
  const origin = await bench.runtime.start(launchOf(ORIGIN), never);
  // Nothing is kept, so that every answer is made anew; who keeps nothing has nothing to wait for.
  const lifetimes = {
    playlistTtlMs: 0,
    segmentTtlMs: 0,
    originTimeoutMs: ORIGIN_TIMEOUT_MS,
    collapse: false,
  };
  const edge = await bench.runtime.start(
    launchOf({ ...EDGE, ...lifetimes }, origin.address),
    never,
  );
  stages = { origin, edge };
  page = await startAskingPage();
  await put(PATHS.multivariant, '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=400000\nv0/index.m3u8\n');
  await put(PATHS.playlist, playlist(40));
  await put(PATHS.segment, SEGMENT);
});
afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
  await bench?.[Symbol.asyncDispose]();
});

const urlOf = (place: Place, path: string) =>
  `http://127.0.0.1:${stages[place].hostAddress?.port}${path}`;
function put(path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  known.clear();
  const signal = AbortSignal.timeout(5_000);
  return fetch(urlOf('origin', path), { method: 'PUT', body, signal });
}

/** Healthy answers by address, until another is published. */
const known = new Map<string, readonly Seen[]>();

async function healthyAt(url: string): Promise<readonly Seen[]> {
  const seen = known.get(url) ?? (await page.ask(url));
  known.set(url, seen);
  return seen;
}

/** In force when it resolves; an empty list heals. */
async function faults(place: Place, list: readonly { match: HttpMatch; answer: HttpAnswer }[]) {
  const before = bench.notes(place).length;
  await stages[place].command?.({ http: list });
  await waitFor({ ms: 5_000, what: 'the command', everyMs: 5 }, () => bench.notes(place)[before]);
}

interface Case {
  readonly name: string;
  readonly answer: HttpAnswer;
  /** Only to media playlists. */
  readonly ofPlaylists?: true;
  readonly check: (wrong: Seen, healthy: Seen, through: Through) => void;
}

/** Whose answers are wrong, and who is asked. */
interface Through {
  readonly faulty: Place;
  readonly asked: Place;
}

const THROUGH: readonly Through[] = [
  { faulty: 'edge', asked: 'edge' },
  { faulty: 'origin', asked: 'origin' },
  { faulty: 'origin', asked: 'edge' },
];

/** Names of headers that are not the same. */
function differing(wrong: Seen, healthy: Seen): string[] {
  const names = new Set([...Object.keys(wrong.headers), ...Object.keys(healthy.headers)]);
  return [...names].filter((name) => wrong.headers[name] !== healthy.headers[name]).sort();
}

const same = (wrong: Seen, healthy: Seen): void => expect(untimed(wrong)).toEqual(untimed(healthy));
const untimed = (seen: Seen) => ({ ...seen, ms: 0 });

/** An error as nginx gives it: the page of another program, but as readable as any answer. */
const status = (code: number): Case => ({
  name: `status ${code}`,
  answer: { kind: 'status', status: code },
  check: (wrong, healthy) => expectError(wrong, healthy, code),
});

function expectError(wrong: Seen, healthy: Seen, code: number): void {
  expect(wrong.status).toBe(code);
  expect(wrong.outcome).toBe('whole');
  expect(wrong.headers['content-type']).toBe('text/html');
  expect(wrong.headers['content-length']).toBe(String(wrong.body.length));
  expect(wrong.headers['timing-allow-origin']).toBe('*');
  expect(wrong.headers['access-control-allow-origin']).toBe('*');
  expect(wrong.headers['access-control-expose-headers']).toBe('*');
  expect(Object.keys(wrong.headers).filter((name) => !(name in healthy.headers))).toEqual([]);
}

const changed =
  (body: (text: string) => boolean, headers = ['content-length', 'etag']) =>
  (wrong: Seen, healthy: Seen): void => {
    expect(wrong.status).toBe(200);
    expect(wrong.outcome).toBe('whole');
    expect(differing(wrong, healthy)).toEqual(headers);
    expect(wrong.headers['content-length']).toBe(String(wrong.body.length));
    expect(wrong.body).toSatisfy(body);
  };

const CASES: readonly Case[] = [
  ...[404, 429, 500, 503].map(status),
  {
    name: 'hang',
    answer: { kind: 'hang' },
    check: (wrong, healthy, { faulty, asked }) =>
      faulty === asked ? expect(wrong.outcome).toBe('silent') : expectError(wrong, healthy, 504),
  },
  {
    name: 'slow',
    answer: { kind: 'slow', delayMs: SLOW_MS },
    check: (wrong, healthy) => {
      same(wrong, healthy);
      expect(wrong.ms).toBeGreaterThanOrEqual(SLOW_MS - 5);
    },
  },
  { name: 'empty', answer: { kind: 'empty' }, check: changed((body) => body === '') },
  {
    name: 'truncated',
    answer: { kind: 'truncated', share: 0.5 },
    check: (wrong, healthy) => {
      expect(wrong.outcome).toBe('broken');
      // XMLHttpRequest forgets everything about an answer that breaks off.
      if (wrong.by === 'xhr') return expect(wrong.status).toBe(0);
      expect(wrong.status).toBe(200);
      expect(wrong.headers).toEqual(healthy.headers);
      expect(healthy.body.startsWith(wrong.body)).toBe(true);
      expect(wrong.body.length).toBeLessThanOrEqual(healthy.body.length / 2);
    },
  },
  {
    name: 'corrupt',
    answer: { kind: 'corrupt', share: 1 },
    check: (wrong, healthy) => {
      changed((body) => body !== healthy.body, ['etag'])(wrong, healthy);
      expect(wrong.body).toHaveLength(healthy.body.length);
    },
  },
  {
    name: 'cycle',
    answer: {
      kind: 'cycle',
      steps: [{ forMs: 3_600_000, answer: { kind: 'status', status: 503 } }, { forMs: 1 }],
    },
    check: (wrong, healthy) => expectError(wrong, healthy, 503),
  },
  {
    name: 'cycle that is healthy now',
    answer: {
      kind: 'cycle',
      steps: [{ forMs: 3_600_000 }, { forMs: 1, answer: { kind: 'hang' } }],
    },
    check: same,
  },
  { name: 'stale', answer: { kind: 'stale' }, ofPlaylists: true, check: same },
  {
    name: 'sequence-reset',
    answer: { kind: 'sequenceReset' },
    ofPlaylists: true,
    check: changed((body) => body.includes('#EXT-X-MEDIA-SEQUENCE:0\n')),
  },
  {
    name: 'no-discontinuity',
    answer: { kind: 'noDiscontinuity' },
    ofPlaylists: true,
    check: changed((body) => body.includes('#EXTINF') && !body.includes('DISCONTINUITY')),
  },
  {
    name: 'gap',
    answer: { kind: 'gap', every: 1 },
    ofPlaylists: true,
    check: changed((body) => body.includes('#EXT-X-GAP\n')),
  },
];

describe.each(THROUGH)('wrong answers of the $faulty, asked at the $asked', (through) => {
  const { faulty, asked } = through;
  const ask = (path: string) => page.ask(urlOf(asked, path));

  const rows = (['multivariant', 'playlist', 'segment', 'any'] as const).flatMap((of) =>
    CASES.filter(({ ofPlaylists }) => !ofPlaylists || of === 'playlist' || of === 'any').map(
      (one) => ({ ...one, of, path: pathOf(of, one) }),
    ),
  );

  it.each(rows)('$name of $of', async ({ of, path, answer, check }) => {
    const other = of === 'segment' ? PATHS.playlist : PATHS.segment;
    const healthy = await healthyAt(urlOf(asked, path));
    const healthyOther = await healthyAt(urlOf(asked, other));
    await faults(faulty, [{ match: { kind: of }, answer }]);
    if (answer.kind === 'stale') await moveOn(ask);
    const wrong = await ask(path);
    const rest = of === 'any' ? healthyOther : await ask(other);
    await faults(faulty, []);
    if (answer.kind === 'stale') await put(PATHS.playlist, playlist(40));
    for (const [i, seen] of wrong.entries()) check(seen, healthy[i]!, through);
    for (const [i, seen] of rest.entries()) same(seen, healthyOther[i]!);
  });

  it('healthy answers are whole, and may be read by any page', async () => {
    for (const seen of (await Promise.all(Object.values(PATHS).map(ask))).flat()) {
      expect(seen.status).toBe(200);
      expect(seen.outcome).toBe('whole');
      expect(seen.headers['access-control-allow-origin']).toBe('*');
    }
  });
});

function pathOf(of: Kind, { ofPlaylists }: Case): string {
  if (of === 'any') return ofPlaylists ? PATHS.playlist : PATHS.segment;
  return PATHS[of];
}

/** The fault has seen a first answer, and the publisher goes on. */
async function moveOn(ask: (path: string) => Promise<unknown>): Promise<void> {
  await ask(PATHS.playlist);
  await put(PATHS.playlist, playlist(41));
}

describe('whatever else becomes of a stage', () => {
  it('a narrow answer is the healthy one, later', async () => {
    const [healthy] = await page.ask(urlOf('edge', PATHS.segment));
    const answer = { kind: 'slow', delayMs: 0, rateKbps: 120 } as const;
    await faults('edge', [{ match: { kind: 'segment' }, answer }]);
    const narrow = await page.ask(urlOf('edge', PATHS.segment), { withinMs: 5_000 });
    await faults('edge', []);
    for (const seen of narrow) {
      expect(seen.body).toBe(healthy!.body);
      expect(differing(seen, healthy!)).toEqual([]);
      // 28 200 bytes at 15 000 a second, of which the first second's worth comes at once.
      expect(seen.ms).toBeGreaterThan(700);
    }
  });

  it('an error of nginx itself can be read as any other', async () => {
    for (const place of ['origin', 'edge'] as const) {
      const [healthy] = await page.ask(urlOf(place, PATHS.segment));
      const missing = await page.ask(urlOf(place, '/one/v0/41.ts'));
      for (const seen of missing) expectError(seen, healthy!, 404);
    }
  });

  it('a page may send headers of its own, and ask for a part or for nothing but headers', async () => {
    for (const place of ['origin', 'edge'] as const) {
      const url = urlOf(place, PATHS.segment);
      const own = await page.ask(url, { headers: { 'cmcd-session': 'sid="1"' } });
      for (const seen of own) expect(seen.status).toBe(200);
      const part = await page.ask(url, { headers: { range: 'bytes=0-9' } });
      for (const seen of part) expect(seen).toMatchObject({ status: 206, body: 'segment.se' });
      await faults(place, [{ match: { kind: 'any' }, answer: { kind: 'status', status: 503 } }]);
      const head = await page.ask(url, { method: 'HEAD' });
      await faults(place, []);
      for (const seen of head) expect(seen).toMatchObject({ status: 503, body: '' });
    }
  });

  it('an upload is answered wrongly on its own, and viewers are served as ever', async () => {
    const healthy = await page.ask(urlOf('edge', PATHS.segment));
    for (const code of [403, 500, 507]) {
      const answer = { kind: 'status', status: code } as const;
      await faults('origin', [{ match: { kind: 'upload' }, answer }]);
      expect((await put('/one/v0/43.ts', SEGMENT)).status).toBe(code);
      const during = await page.ask(urlOf('edge', PATHS.segment));
      for (const [i, seen] of during.entries()) same(seen, healthy[i]!);
    }
    await faults('origin', []);
  });

  it('an origin that hangs or is gone makes the edge say so in words that can be read', async () => {
    const [healthy] = await page.ask(urlOf('edge', PATHS.segment));
    await stages.origin.faults?.pause();
    const hung = await page.ask(urlOf('edge', PATHS.segment), { withinMs: 5_000 });
    await stages.origin.faults?.resume();
    for (const seen of hung) expectError(seen, healthy!, 504);
    await stages.origin.faults?.kill();
    const gone = await page.ask(urlOf('edge', PATHS.segment));
    await stages.origin.faults?.restart();
    for (const seen of gone) expectError(seen, healthy!, 502);
  });

  it('an edge that hangs is silent, one that is killed refuses', async () => {
    await stages.edge.faults?.pause();
    const hung = await page.ask(urlOf('edge', PATHS.segment));
    await stages.edge.faults?.resume();
    for (const seen of hung) expect(seen.outcome).toBe('silent');
    await stages.edge.faults?.kill();
    const refused = await page.ask(urlOf('edge', PATHS.segment));
    await stages.edge.faults?.restart();
    for (const seen of refused) expect(seen).toMatchObject({ outcome: 'refused', status: 0 });
    const [back] = await page.ask(urlOf('edge', PATHS.segment));
    expect(back!.status).toBe(200);
  });
});
