import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderConsole } from '../../../reports/console.ts';
import { HOSTILE, hostileReport } from '../../support/hostileReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const plain = (columns: number, report = sampleReport()) =>
  renderConsole(report, { columns, colours: false });

const lineOf = (text: string, start: string) =>
  text.split('\n').find((line) => line.startsWith(start)) ?? '';

describe('the end of a run on a terminal', () => {
  it('gives every viewer a line with its figures and its strip', () => {
    const line = lineOf(plain(134), 'viewer-2');
    expect(line).toMatch(
      /^viewer-2 +two +39\.8s +5\.04s +1\.04s +22\.9s +2\.38s +5\.76s +1 +4\.76s +0\.95x {2}\S+$/,
    );
    expect(line).toContain('█▓▓▄▄▄▄▄▄×░░▂▁▁▁');
  });

  it('shows who never came back', () => {
    expect(lineOf(plain(120), 'viewer-5')).toMatch(/ never .*×+$/);
  });

  it('drops columns on a narrow terminal, but never who and how long', () => {
    const narrow = plain(60);
    expect(lineOf(narrow, 'viewer ')).not.toContain('channel');
    expect(lineOf(narrow, 'viewer-5')).toContain('54.4s');
    expect(lineOf(plain(30), 'viewer-5')).toContain('54.4s');
  });

  it('marks expectations and findings, with observed values and hints', () => {
    const text = plain(120);
    expect(text).toContain('✔ p50(blackScreen) >= 80% of cut: observed 39.6s, 94% of cut');
    expect(text).toContain('✘ recovered == 100%: observed 83.3% (viewer-5 is dead)');
    expect(text).toContain('? p95(latency) <= 8s: observed 6.24s');
    expect(text).toContain('    Reload the player after a fatal error');
  });

  it('ends with the verdict', () => {
    expect(plain(100).split('\n').at(-1)).toMatch(/^✘ NOT REPRODUCED {2}/);
    const doubtful = plain(100, sampleReport({ verdict: 'inconclusive' }));
    expect(doubtful.split('\n').at(-1)).toMatch(/^\? INCONCLUSIVE {2}/);
    expect(doubtful).toContain('not established');
  });

  it('colours only when it may', () => {
    const escape = '\u001b[';
    expect(plain(100)).not.toContain(escape);
    expect(renderConsole(sampleReport(), { columns: 100, colours: true })).toContain(escape);
  });

  it('is never wider than the terminal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 200 }), fc.boolean(), (columns, colours) => {
        const text = renderConsole(sampleReport(), { columns, colours });
        for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 40 },
    );
  });

  it.each(HOSTILE)('sends no control character of %j to the terminal', (text) => {
    expect(plain(100, hostileReport(text))).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
    );
  });

  it('survives a run nobody watched', () => {
    const { audience } = sampleReport();
    const text = plain(80, sampleReport({ viewers: [], audience: { ...audience, viewers: 0 } }));
    expect(text).toContain('No viewer watched.');
  });
});
