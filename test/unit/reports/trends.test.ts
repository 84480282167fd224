// The page of trends: a chart a figure, a dot a run, and links that fit the folder of the runs.

import { load } from 'cheerio';
import { expect, it } from 'vitest';
import type { IndexedRun } from '../../../harness/model/indexedRun.ts';
import { findSeries } from '../../../harness/store/trend.ts';
import { renderTrends } from '../../../reports/trends.ts';

const run = (night: number, blackMs: number | undefined): IndexedRun => ({
  dir: `suite ${night}/runs/night`,
  scenario: 'night',
  design: 'single-access',
  engine: 'run',
  compress: 1,
  seed: 1,
  viewers: 6,
  verdict: blackMs === undefined ? 'inconclusive' : 'pass',
  startedAt: new Date(Date.UTC(2025, 0, night)).toISOString(),
  harness: '1',
  figures: blackMs === undefined ? {} : { blackScreenMax: { low: blackMs, high: blackMs + 500 } },
});
const nights = [1, 2, 3, 4, 5, 6].map((night) => run(night, 1_000));
const later = [8, 9, 10, 11, 12, 13].map((night) => run(night, 3_000));

it('draws each run that has a figure, and the moment of a new level', () => {
  const page = load(renderTrends(findSeries([...nights, run(7, undefined), ...later])));
  const dots = page('circle.run');
  expect(dots.length).toBe(12);
  expect(page('svg a').first().attr('href')).toBe('suite%201/runs/night/report.html');
  expect(page('svg a title').last().text()).toBe('2025-01-13T00:00 pass: 3.00s to 3.50s');
  const [before, after] = [5, 6].map((at) => Number(dots.eq(at).attr('cx')));
  const edge = Number(page('line.edge').attr('x1'));
  expect(edge).toBeGreaterThan(before!);
  expect(edge).toBeLessThan(after!);
  expect(Number(dots.last().attr('cy'))).toBeLessThan(Number(dots.first().attr('cy')));
});

it('draws nothing but the head where there is no run', () => {
  expect(load(renderTrends([]))('h2').text()).toBe('0 series, 0 runs');
});
