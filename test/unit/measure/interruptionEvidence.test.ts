// Finding the evidence of an interruption, and showing it.

import { load } from 'cheerio';
import { expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { isRecord } from '../../../harness/measure/recordShapes.ts';
import { pictureName, type Evidence } from '../../../harness/model/evidence.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import { renderHtml } from '../../../reports/html.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const BEGIN: Evidence = {
  begins: true,
  pictures: [
    { atMs: -400, webp: 'AAAA' },
    { atMs: 0, webp: 'BBBB' },
  ],
  playlist: { path: '/one/v0/index.m3u8', atMs: -1_500, text: '#EXTM3U\n<script>' },
  underWay: [{ path: '/one/v0/7.ts', atMs: -900 }],
};
const END: Evidence = { begins: false, pictures: [{ atMs: 0, webp: 'CCCC' }] };

const kept = (atMs: number, evidence: Evidence): HistoryRecord => ({
  type: 'viewer',
  viewer: 'v1',
  atMs,
  event: 'evidence',
  evidence,
});

/** Black from 5 s to 8 s. */
const reportOf = (records: readonly HistoryRecord[]) =>
  judge(
    historyOf({
      viewers: [viewerOf()],
      records: [
        ...stripRecords('p'.repeat(50) + 'b'.repeat(30) + 'p'.repeat(40), { stepMs: 100 }),
        ...records,
      ],
    }),
  );

it('stands beside its interruption with times of the run, and without pixels', () => {
  const { viewers } = reportOf([kept(5_010.4, BEGIN), kept(8_000, END)]);
  expect(viewers[0]?.interruptions[0]?.evidence).toEqual({
    begin: {
      recordMs: 5_010,
      picturesAtMs: [4_610, 5_010],
      playlist: { path: '/one/v0/index.m3u8', atMs: 3_510, text: '#EXTM3U\n<script>' },
      underWay: [{ path: '/one/v0/7.ts', atMs: 4_110 }],
    },
    end: { recordMs: 8_000, picturesAtMs: [8_000] },
  });
  expect(viewers[0]?.interruptions[0]?.playerActs).toBeUndefined();
});

it('of another loss does not', () => {
  const { viewers } = reportOf([kept(3_000, BEGIN), kept(9_600, END)]);
  expect(viewers[0]?.interruptions[0]?.evidence).toBeUndefined();
});

it('is behind a click in the page, with its pictures, and obeys nothing in a playlist', () => {
  const images = {
    [pictureName('v1', 5_010.4, 0)]: 'AAAA',
    [pictureName('v1', 5_010.4, 1)]: 'BBBB',
  };
  const $ = load(renderHtml(reportOf([kept(5_010.4, BEGIN)]), { ...NO_ASSETS, images }));
  const details = $('details:contains("pictures, playlists")');
  expect(
    details
      .find('img')
      .map((_, img) => $(img).attr('src'))
      .get(),
  ).toEqual(['data:image/webp;base64,AAAA', 'data:image/webp;base64,BBBB']);
  expect(details.find('pre').text()).toBe('#EXTM3U\n<script>');
  expect(details.text()).toContain('/one/v0/7.ts, for 900ms');
  expect($('script')).toHaveLength(0);
});

it('that would grow a report without bound is no record', () => {
  expect(isRecord(kept(5_000, BEGIN))).toBe(true);
  const long = { ...BEGIN, playlist: { path: '/', atMs: 0, text: 'x'.repeat(100_000) } };
  const foreign = { ...BEGIN, pictures: [{ atMs: 0, webp: '"><script>' }] };
  const many = { ...BEGIN, pictures: Array.from({ length: 50 }, () => ({ atMs: 0 })) };
  for (const evidence of [long, foreign, many]) expect(isRecord(kept(5_000, evidence))).toBe(false);
});
