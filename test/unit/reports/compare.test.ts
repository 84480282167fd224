import { load } from 'cheerio';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../harness/model/comparison.ts';
import {
  COMPARISON_FILES,
  renderComparisonConsole,
  renderComparisonHtml,
  renderComparisonJson,
  renderComparisonMarkdown,
} from '../../../reports/compare.ts';
import { outcomeText, designRows } from '../../../reports/compare/rows.ts';
import { HOSTILE } from '../../support/hostileReport.ts';
import { sampleComparison } from '../../support/sampleComparison.ts';

const plain = (columns: number, comparison = sampleComparison()) =>
  renderComparisonConsole(comparison, { columns, colours: false });

const hostile = (text: string): Comparison => {
  const sample = sampleComparison();
  const designs = sample.designs.map((each) => ({
    ...each,
    design: text,
    title: text,
    checks: [text],
  }));
  const differences = sample.differences.map((each) => ({ ...each, a: text, b: text }));
  return { ...sample, scenario: text, designs, differences };
};

describe('the outcome of a comparison', () => {
  it('names the design with the least black screen and how sure that is', () => {
    expect(outcomeText(sampleComparison())).toMatch(
      /^dual-access-bfd has the least black screen, 1\.16s at the median, against 38\.2s for single-access \(3\d\.\ds to 3\d\.\ds less, with 95% confidence\)\.$/,
    );
  });

  it('does not call a design better within the noise, nor from single runs', () => {
    const { differences } = sampleComparison();
    const within = (beyondNoise: 'no' | 'unknown') =>
      outcomeText(
        sampleComparison({ differences: differences.map((each) => ({ ...each, beyondNoise })) }),
      );
    expect(within('no')).toContain('not more than the noise');
    expect(within('unknown')).toContain('nothing tells whether that is noise');
  });

  it('says that nothing can be compared when no run proves anything', () => {
    const designs = sampleComparison().designs.slice(2);
    expect(outcomeText(sampleComparison({ designs, differences: [] }))).toMatch(/^No run of any/);
  });
});

describe('a figure with unmeasured time', () => {
  const sample = sampleComparison();
  const [first, ...others] = sample.designs;
  const black = first!.estimates.blackScreenP50!;
  const atMost = { values: black.values.map((ms) => ms + 700), mean: black.mean + 700 };
  const estimates = { ...first!.estimates, blackScreenP50: { ...black, atMost } };
  const differences = sample.differences.map((each) => ({
    ...each,
    beyondNoise: 'no' as const,
    range: { low: -37_700, high: -37_000 },
  }));
  const comparison = { ...sample, designs: [{ ...first!, estimates }, ...others], differences };

  it('has both ends in every output', () => {
    const range = '38.2s to 38.9s';
    expect(outcomeText(comparison)).toContain(`against ${range} for single-access`);
    expect(outcomeText(comparison)).toContain('not more than the noise and the unmeasured time');
    expect(plain(200, comparison)).toContain(`${range} `);
    expect(plain(40, comparison)).toContain(`black p50: ${range}`);
    expect(renderComparisonMarkdown(comparison)).toContain(`| ${range}`);
    const $ = load(renderComparisonHtml(comparison));
    expect($('svg').text()).toContain(range);
    expect($('td').text()).toContain(range);
    expect($('td').text()).toContain('-37.7s to -37.0s');
  });
});

describe('the rows of a comparison', () => {
  it('hold every design against the first, and mark what is beyond the noise', () => {
    const [first, second, third] = designRows(sampleComparison());
    expect(first?.cells.map(({ standing }) => standing)).toEqual(Array(8).fill(undefined));
    const black = second?.cells.find(({ metric }) => metric === 'blackScreenP50');
    expect(black).toMatchObject({ value: '1.16s', spread: '± 345ms', standing: 'better' });
    expect(second?.cells.find(({ metric }) => metric === 'timeToDetect')?.standing).toBe('same');
    expect(third).toMatchObject({ counted: '0 of 3 runs' });
    expect(third?.cells.map(({ value }) => value)).toEqual(Array(8).fill('–'));
  });

  it('mark what is worse when the better design comes first', () => {
    const { designs, differences } = sampleComparison();
    const turned = differences.map((d) => ({ ...d, a: d.b, b: d.a, difference: -d.difference }));
    const rows = designRows(
      sampleComparison({ designs: [designs[1]!, designs[0]!], differences: turned }),
    );
    expect(rows[1]?.cells[0]?.standing).toBe('worse');
  });
});

describe('the comparison on a terminal', () => {
  it('is a table with a row a design, its cost and a mark a run', () => {
    const text = plain(150);
    expect(text).toMatch(/^single-access +low +✘✘✘ +38\.2s/m);
    expect(text).toMatch(/^dual-access-bfd +high +✔✔✔ +1\.16s ▼/m);
    expect(text).toMatch(/^vpn-backup +medium +\?\?\? +–/m);
    expect(text).toContain('the backup was never tested');
    expect(text).toContain('60x compressed');
  });

  it('is a block a design where the table does not fit', () => {
    expect(plain(60)).toContain('  black p50: 1.16s ± 345ms ▼');
    expect(plain(60)).toContain('no run of it proves anything');
  });

  it.each([40, 60, 100, 150])('is never wider than %i columns', (columns) => {
    for (const line of plain(columns).split('\n'))
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });
});

describe('comparison.html', () => {
  it('is one file with a chart, the figures, every difference and the checks', () => {
    const $ = load(renderComparisonHtml(sampleComparison()));
    expect($('script, [src], link[rel=stylesheet]')).toHaveLength(0);
    expect($('svg.timeline .interval')).toHaveLength(6);
    expect($('svg.timeline').text()).toContain('not established');
    expect($('.standing.better').length).toBeGreaterThan(4);
    expect($('tbody').last().find('tr')).toHaveLength(8);
    expect($('main').text()).toContain('connect has no second path');
  });

  it('draws single runs without an interval', () => {
    const single = sampleComparison();
    const designs = single.designs.map((each) => ({
      ...each,
      estimates: Object.fromEntries(
        Object.entries(each.estimates).map(([name, estimate]) => [
          name,
          { ...estimate, values: estimate.values.slice(0, 1), low: undefined, high: undefined },
        ]),
      ),
    }));
    const $ = load(renderComparisonHtml({ ...single, designs, differences: [] }));
    expect($('svg.timeline .interval')).toHaveLength(0);
    expect($('svg.timeline .repeat')).toHaveLength(6);
    expect($('main').text()).not.toMatch(/NaN|undefined/);
  });
});

describe('the files of a comparison', () => {
  it('are three, with the version first in the JSON', () => {
    expect(COMPARISON_FILES.map(({ file }) => file)).toEqual([
      'comparison.json',
      'comparison.html',
      'comparison.md',
    ]);
    const parsed = JSON.parse(renderComparisonJson(sampleComparison())) as object;
    expect(Object.keys(parsed).slice(0, 2)).toEqual(['version', 'scenario']);
  });

  it.each(HOSTILE)('take %j everywhere as text', (text) => {
    const comparison = hostile(text);
    const $ = load(renderComparisonHtml(comparison));
    expect($('script, img, iframe')).toHaveLength(0);
    const tables = renderComparisonMarkdown(comparison)
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((row) => row.match(/(?<!\\)\|/g)?.length);
    expect(new Set(tables).size).toBe(1);
    expect(plain(100, comparison)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
