// Keeping evidence of a loss: the pictures around it, and nothing of a glitch.

import { describe, expect, it } from 'vitest';
import { EVIDENCE_MAX, type Evidence } from '../../../harness/model/evidence.ts';
import { MARK, type Mark } from '../../../harness/model/history.ts';
import type { ScreenClass } from '../../../harness/model/screenClass.ts';
import { createEvidenceKeeper } from '../../../players/page/evidence.ts';
import { shortPlaylist } from '../../../players/page/shortPlaylist.ts';

const FRAME_MS = 40;
const TICK_FRAMES = 6;

/**
 * Plays a strip, a letter a frame, and gives what was kept of it with the times of the page:
 *   p programme, the next picture   f the same again   b black   s nothing is presented
 */
function keep(letters: string) {
  const kept: (Evidence & { readonly at: number })[] = [];
  let asked = 0;
  const keeper = createEvidenceKeeper({
    requests: () => ({ underWay: [{ path: `/${asked++}.ts`, atMs: 0 }], playlist: undefined }),
    draw: (pictures, done) => done(pictures.map((pixels) => String(pixels()[0]))),
    onEvidence: (evidence, at) => kept.push({ ...evidence, at }),
  });
  let [counter, still] = [0, 0];
  for (const [n, letter] of [...letters].entries()) {
    const atMs = n * FRAME_MS;
    if (letter === 'p') counter += 1;
    still = letter === 'p' || letter === 'b' ? 0 : still + 1;
    const mark: Mark = letter === 'b' ? MARK.none : MARK.programme;
    const seen = { keep: () => () => Uint8ClampedArray.of(n) };
    if (letter !== 's') keeper.frame([atMs, mark, letter === 'b' ? -1 : counter, 0], seen);
    const status: ScreenClass =
      still > 5 ? (letter === 's' ? 'stalled' : 'frozen') : letter === 'b' ? 'black' : 'programme';
    if (n % TICK_FRAMES === 0) keeper.tick(status, atMs);
  }
  return kept;
}

const shown = ({ at, pictures }: Evidence & { readonly at: number }) =>
  pictures.map(({ atMs, webp }) => [at + atMs, Number(webp)]);

describe('evidence of a loss', () => {
  it('has the last pictures before it and the first of it, and the same of its end', () => {
    const [begin, end, ...more] = keep('p'.repeat(30) + 'b'.repeat(20) + 'p'.repeat(5));
    expect(more).toEqual([]);
    expect(begin).toMatchObject({ begins: true, at: 30 * FRAME_MS });
    expect(shown(begin!).slice(-2)).toEqual([
      [29 * FRAME_MS, 29],
      [30 * FRAME_MS, 30],
    ]);
    expect(shown(begin!).length).toBe(4);
    expect(end).toMatchObject({ begins: false, at: 50 * FRAME_MS });
    expect(shown(end!)).toEqual([
      [49 * FRAME_MS, 49],
      [50 * FRAME_MS, 50],
    ]);
    expect(begin?.underWay).toEqual([{ path: '/0.ts', atMs: -30 * FRAME_MS }]);
  });

  it.each([
    ['a player that stalls', 's'],
    ['a picture that is repeated', 'f'],
  ])('of %s has the picture that stood', (_, letter) => {
    const [begin, end] = keep('p'.repeat(10) + letter.repeat(20) + 'p'.repeat(5));
    expect(begin?.begins).toBe(true);
    const place = letter === 's' ? 9 : begin!.at / FRAME_MS;
    expect(shown(begin!).at(-1)).toEqual([place * FRAME_MS, place]);
    expect(end).toMatchObject({ begins: false, at: 30 * FRAME_MS });
  });

  it('is none of a glitch, before a first picture, and of no more than so many losses', () => {
    expect(keep('p'.repeat(10) + 'bbb' + 'p'.repeat(10))).toEqual([]);
    expect(keep('b'.repeat(30) + 'p'.repeat(10))).toEqual([]);
    expect(keep(('p'.repeat(10) + 'b'.repeat(10)).repeat(60))).toHaveLength(EVIDENCE_MAX.records);
  });
});

describe('a playlist in it', () => {
  it('has no queries, which may hold secrets', () => {
    expect(shortPlaylist('#EXTINF:2,\na.ts?token=secret\n')).toBe('#EXTINF:2,\na.ts?…');
  });

  it('is its head and its live edge where it is long', () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => `#EXTINF:2,\n${n}.ts`);
    const short = shortPlaylist(['#EXTM3U', ...lines].join('\n'));
    expect(short.length).toBe(EVIDENCE_MAX.playlist);
    expect(short.startsWith('#EXTM3U\n')).toBe(true);
    expect(short.endsWith('\n999.ts')).toBe(true);
  });
});
