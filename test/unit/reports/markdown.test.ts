import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { HOSTILE, hostileReport } from '../../support/hostileReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** Number of cells of each row of each table; a pipe that is not escaped makes one too many. */
const cellCounts = (markdown: string): number[][] =>
  markdown
    .split('\n\n')
    .filter((block) => block.startsWith('|'))
    .map((table) => table.split('\n').map((row) => row.match(/(?<!\\)\|/g)?.length ?? 0));

describe('report.md', () => {
  it('begins with the verdict and says what happened', () => {
    const text = renderMarkdown(sampleReport());
    expect(text).toMatch(/^## ✘ NOT REPRODUCED: Work on the access link/);
    expect(text).toContain('All 6 viewers lost the programme');
    expect(text).toContain('> Played 60x compressed');
  });

  it('has the headline figures, every viewer, every expectation and every fault', () => {
    const text = renderMarkdown(sampleReport());
    expect(text).toContain('| **black screen** | 38.2s to 38.9s | 54.4s | 54.4s |');
    expect(text).toMatch(/\| viewer\\-5 \| one \| 54\.4s \| 1 \| \*\*never\*\* \| 1\.30x \|/);
    expect(text).toContain('`recovered == 100%`');
    expect(text.match(/\| connect\\-maintenance \|/g)).toHaveLength(2);
  });

  it('tells a fault that nobody was asked about from one that nobody saw', () => {
    const proven = (unasked: boolean) => {
      const faults = sampleReport().faults.map((fault) => ({
        ...fault,
        proofs: [],
        ...(unasked ? { unasked: true as const } : {}),
      }));
      return /\| one \| ([^|]*) \|/.exec(
        renderMarkdown(sampleReport({ faults })).split('What was done')[1] ?? '',
      )?.[1];
    };
    expect([proven(true), proven(false)]).toEqual(['not asked', '**no**']);
  });

  it('says what the run stood on, and why', () => {
    const text = renderMarkdown(sampleReport());
    expect(text).toContain('runtime processes (no container engine answered within 1 s)');
    expect(text).toContain('Toxiproxy embedded 0.1.0');
  });

  it('says that the figures of an inconclusive run are not established', () => {
    expect(renderMarkdown(sampleReport({ verdict: 'inconclusive' }))).toContain('not established');
  });

  it('shows the worst twenty of many viewers and says so', () => {
    const [viewer] = sampleReport().viewers;
    const viewers = Array.from({ length: 50 }, (_, i) => ({
      ...viewer!,
      id: `v${i}`,
      blackScreenMs: i * 1000,
    }));
    const text = renderMarkdown(sampleReport({ viewers }));
    expect(text).toContain('The worst 20 of 50.');
    expect(text).toContain('| v49 |');
    expect(text).not.toContain('| v29 |');
  });

  it.each(HOSTILE)('keeps its tables and adds no markup with %j everywhere', (text) => {
    const markdown = renderMarkdown(hostileReport(text));
    for (const counts of cellCounts(markdown)) expect(new Set(counts).size).toBe(1);
    expect(cellCounts(markdown).length).toBe(5);
    const outsideCode = markdown.replace(/(`+)(?:(?!\1)[^])*\1(?!`)/g, '');
    expect(outsideCode).not.toMatch(/<(?!\/?sub>)/);
    expect(outsideCode).not.toMatch(/(?<!\\)\]\(/);
  });
});
