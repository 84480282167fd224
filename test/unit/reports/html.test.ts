import { load } from 'cheerio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../harness/model/report.ts';
import { renderHtml } from '../../../reports/html.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { HOSTILE, hostileReport } from '../../support/hostileReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const PNG = 'iVBORw0KGgo=';
const images = { 'wall-before.png': PNG, 'wall-during.png': PNG };

const page = (report: Report = sampleReport()) =>
  load(renderHtml(report, { ...NO_ASSETS, images }));

/**
 * Counts elements of each kind, and attributes of each name: text must not change either. Labels
 * inside bars do not count: they are there when they fit.
 */
function shapeOf(html: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (name: string) => (counts[name] = (counts[name] ?? 0) + 1);
  for (const { tagName, attribs } of load(html).root().find('*').not('text.in').toArray()) {
    count(`<${tagName}>`);
    for (const name of Object.keys(attribs)) count(`${name}=`);
  }
  return counts;
}

describe('report.html as one file', () => {
  it('asks no other host for anything, and forbids itself to', () => {
    const $ = page();
    const asks = $('[src], [href], [srcset], [action], [data]')
      .toArray()
      .map(({ attribs }) => attribs['src'] ?? attribs['href'] ?? 'other');
    expect(asks.filter((each) => !each.startsWith('data:'))).toEqual([]);
    expect($('style').text()).not.toMatch(/@import|url\((?!#)/);
    expect($('script, iframe, object, embed, link[rel=stylesheet]')).toHaveLength(0);
    const policy = $('meta[http-equiv="Content-Security-Policy"]').attr('content');
    expect(policy).toContain("default-src 'none'");
  });

  it('embeds the pictures it is given and says which it was not', () => {
    const $ = page();
    expect($('.wall img')).toHaveLength(2);
    expect($('.wall img').first().attr('src')).toBe(`data:image/png;base64,${PNG}`);
    expect($('.wall').text()).toContain('Not embedded: wall-after.png');
  });

  it('does not paste into an address what is not base64', () => {
    const $ = load(
      renderHtml(sampleReport(), { ...NO_ASSETS, images: { 'wall-before.png': '"><script>' } }),
    );
    expect($('.wall img, script')).toHaveLength(0);
  });

  it('is in English, sized for phones, light and dark, and printable', () => {
    const html = renderHtml(sampleReport());
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toContain('@media print');
    expect(page()('meta[name=viewport]')).toHaveLength(1);
  });
});

describe('the head of report.html', () => {
  it('gives verdict, title, what happened and the three numbers', () => {
    const $ = page();
    expect($('.hero .chip').text().replace(/\s+/g, ' ')).toBe('✘ NOT REPRODUCED');
    expect($('h1').text()).toBe('Work on the access link at prime time, with overrun');
    expect($('.lead').text()).toContain('All 6 viewers lost the programme');
    expect(
      $('.figure b')
        .toArray()
        .map((each) => $(each).text()),
    ).toEqual(['38.2s to 38.9s', '54.4s', '54.4s']);
    expect($('.hero').text()).toContain('Played 60x compressed');
  });

  it('does not show figures of an inconclusive run as a result', () => {
    const $ = page(sampleReport({ verdict: 'inconclusive' }));
    expect($('.figures').hasClass('doubtful')).toBe(true);
    expect($('.hero').text()).toContain('Not established');
    expect($('.hero').text()).toContain('proves nothing');
  });
});

describe('the timeline of report.html', () => {
  const lanes = (report: Report = sampleReport()) => page(report)('svg.timeline');

  it('has a lane for every fault, link, stage and viewer', () => {
    const text = lanes().text();
    const { lanes: all } = sampleReport();
    for (const { id } of all) expect(text).toContain(id);
    expect(text).toContain('one: connect-up + connect-down');
  });

  it('draws every span with its class and a title that says it in words', () => {
    const $ = page();
    const dead = $('svg.timeline g').filter((_, g) => $(g).children('rect.c-dead').length > 0);
    expect(dead.toArray().map((g) => $(g).children('title').text().trim())).toContain(
      'viewer-5: dead (an error screen: the player has given up) from 00:50.1 to 01:24.0, 33.9s',
    );
  });

  it('tells planned work from overrun and shades both', () => {
    const $ = page();
    expect($('svg.timeline .c-work')).toHaveLength(2);
    expect($('svg.timeline .c-overrun')).toHaveLength(2);
    expect($('svg.timeline .c-announced')).toHaveLength(1);
    const [band, over] = ['.band', '.band-over'].map((name) => $(`svg.timeline ${name}`));
    expect(band).toHaveLength(1);
    expect(Number(over?.attr('x'))).toBeGreaterThan(Number(band?.attr('x')));
  });

  it('draws what the faults were even when no window is known', () => {
    const $ = page(sampleReport({ windows: undefined }));
    expect($('svg.timeline .c-work')).toHaveLength(2);
    expect($('svg.timeline .c-overrun')).toHaveLength(0);
  });

  it('has one time axis of the run and one of the scenario', () => {
    const text = lanes().text();
    expect(text).toContain('run time');
    expect(text).toContain('time in the scenario');
    expect(text).toContain('22:15');
    const { run } = sampleReport();
    const plain = { ...run, clock: undefined, compress: 1 };
    expect(lanes(sampleReport({ run: plain })).text()).not.toContain('time in the scenario');
  });

  it('writes black screen and recovery beside each viewer', () => {
    const numbers = page()('svg.timeline text.t-num')
      .toArray()
      .map((each) => page()(each).text());
    expect(numbers).toContain('54.4s');
    expect(numbers).toContain('never');
  });

  it('keeps every bar inside the plot, wherever spans lie', () => {
    const instant = fc.integer({ min: -50_000, max: 200_000 });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const lane = {
          kind: 'viewer',
          id: 'viewer-1',
          spans: [{ class: 'black', fromMs: Math.min(a, b), toMs: Math.max(a, b) }],
        } as const;
        const $ = page(sampleReport({ lanes: [lane], faults: [], windows: [] }));
        for (const rect of $('svg.timeline rect.c-black').toArray()) {
          const [x, width] = [Number(rect.attribs['x']), Number(rect.attribs['width'])];
          expect(x).toBeGreaterThanOrEqual(214);
          expect(x + width).toBeLessThanOrEqual(214 + 890 + 1.3);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('stays a picture with a thousand viewers, and says what is left out', () => {
    const [viewer] = sampleReport().viewers;
    const viewers = Array.from({ length: 1000 }, (_, i) => ({ ...viewer!, id: `v${i}` }));
    const $ = page(sampleReport({ viewers, lanes: [] }));
    expect($('svg.timeline text.t-num').length).toBeLessThan(300);
    expect($('main').text()).toMatch(/\d+ more lanes are not drawn/);
    expect($('main').text()).toContain('The worst 200 of 1000');
  });
});

describe('the tables of report.html', () => {
  it('have a caption and heads for columns and rows', () => {
    const $ = page();
    expect($('table').length).toBeGreaterThanOrEqual(4);
    $('table').each((_, each) => {
      expect($(each).children('caption').text()).not.toBe('');
      expect($(each).find('thead th:not([scope=col])')).toHaveLength(0);
      expect($(each).find('tbody tr').length).toBe($(each).find('tbody th[scope=row]').length);
    });
  });

  it('hold the ledger, the interruptions with their parts, the expectations and the proofs', () => {
    const $ = page();
    const text = (heading: string) =>
      $('section')
        .filter((_, each) => $(each).children('h2').text() === heading)
        .text();
    expect(text('Ledger')).toContain('unmeasured');
    expect(text('Interruptions')).toContain('transcoder.two at 00:23.1');
    expect(text('Interruptions')).toContain('1 glitch shorter than 200 ms');
    expect(text('Interruptions')).toContain('to the end');
    expect(text('Expectations')).toContain('viewer-5 is dead');
    expect(text('Findings')).toContain('Reload the player after a fatal error');
    expect(text('Proof of every fault')).toContain('transcoder.one bytes in');
    expect(text('Where this comes from')).toContain('--seed 20250912');
    expect(text('Where this comes from')).toContain('près de quarante minutes');
    expect(text('Where this comes from')).toContain('Channels come back in turn.');
  });

  it('say that a fault without a witness is not proven', () => {
    const faults = sampleReport().faults.map((fault) => ({ ...fault, proofs: [] }));
    expect(page(sampleReport({ faults }))('main').text()).toContain('no witness');
  });

  it('say that nobody was asked of one in the middle of several', () => {
    const faults = sampleReport().faults.map((fault) => ({
      ...fault,
      proofs: [],
      unasked: true as const,
    }));
    const text = page(sampleReport({ faults }))('main').text();
    expect(text).toContain('not asked');
    expect(text).not.toContain('no witness');
  });

  it('explain every class in plain words', () => {
    const text = page()('.legend').text();
    for (const word of ['the programme, moving', 'a black picture', 'the player has given up'])
      expect(text).toContain(word);
  });
});

describe('report.html and text it cannot trust', () => {
  const harmless = shapeOf(renderHtml(hostileReport('x'), { ...NO_ASSETS, images: { x: PNG } }));

  it.each(HOSTILE)('has the same elements with %j everywhere as with a harmless letter', (text) => {
    expect(
      shapeOf(renderHtml(hostileReport(text), { ...NO_ASSETS, images: { [text]: PNG } })),
    ).toEqual(harmless);
  });

  it('has the same elements with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const hostile = `<${text}`;
        const html = renderHtml(hostileReport(hostile), {
          ...NO_ASSETS,
          images: { [hostile]: PNG },
        });
        expect(shapeOf(html)).toEqual(harmless);
      }),
      { numRuns: 20 },
    );
  });
});

describe('report.html of runs with nothing in them', () => {
  it('is still a page', () => {
    const empty = sampleReport({
      viewers: [],
      lanes: [],
      faults: [],
      windows: [],
      phases: [],
      expectations: [],
      findings: [],
      screenshots: [],
      sources: [],
      assumptions: [],
    });
    const $ = page(empty);
    expect($('h1')).toHaveLength(1);
    expect($('main').text()).not.toMatch(/NaN|Infinity|undefined/);
  });
});
