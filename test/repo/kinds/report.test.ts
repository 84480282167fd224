// A new report is one file and one line of the registry: a made-up one is rendered beside the real
// ones, and a real one is counted.

import { expect, it } from 'vitest';
import { FILE_REPORTS } from '../../../reports/registry.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { pager } from './report.ts';
import { filesWith } from './product.ts';

it('is rendered like every other', () => {
  const all = [...FILE_REPORTS, pager];
  const texts = all.map(({ render }) => render(sampleReport(), { images: {}, folder: '.' }));
  expect(texts.at(-1)).toMatch(/^\w+: [\w-]+, \d+ ms of black at worst\n$/);
  expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
});

it('is named in two files of the product: its own and the registry', () => {
  expect(filesWith('renderOpenMetrics')).toEqual(['reports/openmetrics.ts', 'reports/registry.ts']);
});
