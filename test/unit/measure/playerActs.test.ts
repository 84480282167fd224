import { load } from 'cheerio';
import { expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import type { HistoryRecord, ViewerRecord } from '../../../harness/model/history.ts';
import type { Report } from '../../../harness/model/report.ts';
import { renderHtml } from '../../../reports/html.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const FORBIDDEN = { type: 'networkError', details: 'fragLoadError', status: 404 };

const act = (
  atMs: number,
  event: ViewerRecord['event'],
  rest: Partial<ViewerRecord> = {},
): HistoryRecord => ({ type: 'viewer', viewer: 'v1', atMs, event, ...rest });

/** Black from 5 s to 8 s, unless said otherwise. */
function reportOf(acts: readonly HistoryRecord[], picture = strip(50, 30, 40)): Report {
  const records = [...stripRecords(picture, { stepMs: 100 }), ...acts];
  return judge(historyOf({ viewers: [viewerOf({ id: 'v1' })], records }));
}

const strip = (before: number, black: number, after: number) =>
  'p'.repeat(before) + 'b'.repeat(black) + 'p'.repeat(after);

const actsIn = ({ viewers }: Report) => viewers[0]!.interruptions.map((one) => one.playerActs);

it('puts the acts from 2 s before an interruption to 2 s after it beside it', () => {
  const [only] = actsIn(
    reportOf([
      act(2_800, 'waiting'),
      act(3_300, 'level', { detail: '2' }),
      act(5_500, 'error', { error: FORBIDDEN, detail: 'in other words' }),
      act(6_000, 'error', { error: { type: 'networkError', details: 'fragLoadTimeOut' } }),
      act(7_000, 'reload'),
      act(9_700, 'playing'),
      act(10_400, 'waiting'),
    ]),
  );
  expect(only).toEqual({
    acts: [
      { atMs: 3_300, event: 'level', detail: '2' },
      { atMs: 5_500, event: 'error', detail: 'fragLoadError 404' },
      { atMs: 6_000, event: 'error', detail: 'fragLoadTimeOut' },
      { atMs: 7_000, event: 'reload' },
      { atMs: 9_700, event: 'playing' },
    ],
    leftOut: 0,
  });
});

it('keeps the first and the last of a loop, and says how many are left out', () => {
  const loop = Array.from({ length: 100 }, (_, n) => act(5_200 + 20 * n, 'reload'));
  const [only] = actsIn(reportOf(loop));
  expect(only?.leftOut).toBe(84);
  expect(only?.acts.map(({ atMs }) => atMs)).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 92, 93, 94, 95, 96, 97, 98, 99].map((n) => 5_200 + 20 * n),
  );
});

it('has none for a glitch, nor where nothing was done', () => {
  expect(actsIn(reportOf([act(5_050, 'waiting')], strip(50, 1, 40)))).toEqual([undefined]);
  expect(actsIn(reportOf([]))).toEqual([undefined]);
});

it('cuts what is long, and holds the longest interruptions of a run alone', () => {
  const [only] = actsIn(reportOf([act(6_000, 'error', { detail: 'x'.repeat(5_000) })]));
  expect(only?.acts[0]?.detail).toHaveLength(120);
  const losses = Array.from({ length: 60 }, (_, n) => strip(0, n === 3 ? 9 : 10, 15)).join('');
  const acts = Array.from({ length: 60 }, (_, n) => act(1_000 + n * 2_500, 'waiting'));
  const found = actsIn(reportOf(acts, `${strip(10, 0, 0)}${losses}`));
  expect(found).toHaveLength(60);
  expect(found.filter((one) => one !== undefined)).toHaveLength(50);
  expect(found[3]).toBeUndefined();
});

it('stands in report.html behind a click, as text', () => {
  const loop = Array.from({ length: 20 }, (_, n) =>
    act(5_200 + 20 * n, 'error', { detail: '<b>loud</b>' }),
  );
  const $ = load(renderHtml(reportOf(loop), NO_ASSETS));
  const shown = $('details').filter((_, one) => $(one).text().includes('of its player'));
  expect(shown.attr('open')).toBeUndefined();
  expect(shown.find('summary').text()).toBe('20 acts of its player');
  const lines = shown
    .find('li')
    .toArray()
    .map((one) => $(one).text());
  expect(lines).toHaveLength(17);
  expect(lines[0]).toBe('00:05.2 error: <b>loud</b>');
  expect(lines[8]).toBe('… 4 more');
  expect(shown.find('b')).toHaveLength(0);
});
