// A viewer with unmeasured time inside an interruption has an interval in every output.

import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { renderConsole } from '../../../reports/console.ts';
import { renderHtml } from '../../../reports/html.ts';
import { renderJson } from '../../../reports/json.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { renderOpenMetrics } from '../../../reports/openmetrics.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { describeRun } from '../../../reports/sentence.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** viewer-6 was black for 38.1 s, and for 0.8 s of the same interruption nobody could look. */
const RANGE = '38.1s to 38.9s';
const MEDIAN = '38.2s to 38.9s';
const report = sampleReport();

describe('unmeasured time in an interruption', () => {
  it('is in the headline', () => {
    expect(describeRun(report)).toContain(`black screen ${MEDIAN} at the median, 54.4s at worst`);
  });

  it('is in the table and the figures on a terminal', () => {
    const lines = renderConsole(report, { columns: 140, colours: false }).split('\n');
    expect(lines.find((line) => line.startsWith('viewer-6'))).toContain(RANGE);
    expect(lines.find((line) => line.startsWith('black screen'))).toContain(MEDIAN);
  });

  it('is in Markdown and JUnit', () => {
    expect(renderMarkdown(report)).toContain(`| viewer\\-6 | two | ${RANGE} |`);
    expect(renderJunit(report, NO_ASSETS)).toContain(`name="black_screen_p50" value="${MEDIAN}"`);
  });

  it('is in the figures, the ledger, the timeline and the interruptions of the page', () => {
    const $ = load(renderHtml(report, NO_ASSETS));
    expect($('.figure b').first().text()).toBe(MEDIAN);
    const rows = $('tr')
      .toArray()
      .map((row) => $(row).text());
    const own = rows.filter((row) => row.includes('viewer-6') && row.includes(RANGE));
    expect(own).toHaveLength(2);
    expect($('svg').text()).toContain(RANGE);
  });

  it('is in report.json and the metrics as two numbers', () => {
    const { viewers, audience } = JSON.parse(renderJson(report)) as typeof report;
    const viewer = viewers.find(({ id }) => id === 'viewer-6');
    expect(viewer?.atMost.blackScreenMs).toBe((viewer?.blackScreenMs ?? 0) + 800);
    expect(audience.atMost.blackScreenMs.p50).toBeGreaterThan(audience.blackScreenMs.p50);
    expect(renderOpenMetrics(report)).toContain('ecran_noir_black_screen_at_most_seconds{');
  });
});

describe('the margin of the measure', () => {
  const says = 'right within 31ms: found against a recording of the screen on 2026-01-10';

  it('stands in every output', () => {
    const shown = renderConsole(report, { columns: 200, colours: false });
    expect(shown).toContain(says);
    expect(load(renderHtml(report, NO_ASSETS)).text()).toContain(says);
    expect(renderMarkdown(report).replaceAll('\\', '')).toContain(says);
    expect(renderJunit(report, NO_ASSETS)).toContain('name="margin_ms" value="31"');
    expect(renderOpenMetrics(report)).toContain('ecran_noir_margin_seconds{');
    expect(JSON.parse(renderJson(report))).toMatchObject({ margin: { ms: 31 } });
  });

  it('is said to be assumed where it is', () => {
    const assumed = sampleReport({ margin: { ms: 80 } });
    const shown = renderConsole(assumed, { columns: 200, colours: false });
    expect(shown).toContain('right within 80ms: assumed');
    expect(shown).toContain('ecran-noir calibrate --screen');
  });
});
