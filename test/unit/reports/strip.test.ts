import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSES, type ScreenClass } from '../../../harness/model/report.ts';
import { CLASS_MEANING } from '../../../reports/legend.ts';
import { stripCells, PARTLY } from '../../../reports/strip.ts';
import { spansOf } from '../../support/sampleReport.ts';

const stretch = { fromMs: 0, toMs: 10_000, cells: 10 };

const QUIET: (string | undefined)[] = ['programme', 'left', 'unmeasured', undefined];

describe('a strip', () => {
  it('marks a cell that is mostly well but has a loss in it, however short', () => {
    const spans = spansOf(
      [
        ['programme', 4_500],
        ['black', 4_540],
        ['programme', 10_000],
      ],
      0,
    );
    const cells = stripCells(spans, stretch);
    expect(cells[4]).toBe(PARTLY);
    expect(cells.filter((name) => name === 'programme')).toHaveLength(9);
  });

  it('does not show 82 % of programme as an outage', () => {
    const spans = spansOf(
      [
        ['programme', 820],
        ['stalled', 1_000],
      ],
      0,
    );
    expect(stripCells(spans, stretch)[0]).toBe(PARTLY);
  });

  it('shows the longest of several losses', () => {
    const spans = spansOf(
      [
        ['black', 100],
        ['stalled', 900],
        ['dead', 1000],
      ],
      0,
    );
    expect(stripCells(spans, stretch)[0]).toBe('stalled');
  });

  it('shows what could not be measured where that is most of the cell', () => {
    const spans = spansOf(
      [
        ['unmeasured', 600],
        ['programme', 1_600],
        ['unmeasured', 2_000],
      ],
      0,
    );
    expect(stripCells(spans, stretch).slice(0, 2)).toEqual(['unmeasured', 'programme']);
  });

  it('shows nothing where nothing is known', () => {
    expect(stripCells(spansOf([['programme', 10_000]], 5_000), stretch).slice(0, 5)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it('never hides a loss, whatever the spans', () => {
    const parts = fc.array(
      fc.tuple(fc.constantFrom(...CLASSES), fc.integer({ min: 1, max: 900 })),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(parts, (list) => {
        let at = 0;
        const ends = list.map(([name, ms]): [ScreenClass, number] => [name, (at += ms)]);
        const spans = spansOf(ends, 0);
        const cells = stripCells(spans, { fromMs: 0, toMs: at, cells: 7 });
        for (const span of spans) {
          if (QUIET.includes(span.class)) continue;
          const cell = cells[Math.min(6, Math.floor((span.fromMs / at) * 7))];
          expect(QUIET).not.toContain(cell);
        }
      }),
    );
  });

  it('has a character of its own for every class', () => {
    const glyphs = CLASSES.map((name) => CLASS_MEANING[name].glyph);
    expect(new Set(glyphs).size).toBe(CLASSES.length);
  });
});
