import { describe, expect, it } from 'vitest';
import { renderJson } from '../../../reports/json.ts';
import { HOSTILE, hostileReport } from '../../support/hostileReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, field]) => [name, reversed(field)] as const)
      .toReversed(),
  );
};

describe('report.json', () => {
  it('holds the whole report', () => {
    const report = sampleReport();
    expect(JSON.parse(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('is the same bytes in whatever order the report was built', () => {
    const report = sampleReport();
    expect(renderJson(reversed(report) as typeof report)).toBe(renderJson(report));
  });

  it('begins with its version and the verdict', () => {
    expect(Object.keys(JSON.parse(renderJson(sampleReport())) as object).slice(0, 3)).toEqual([
      'version',
      'verdict',
      'run',
    ]);
  });

  it('keeps a span on one line and ends with a newline', () => {
    const text = renderJson(sampleReport());
    expect(text).toMatch(/^ +\{"class": "dead", "fromMs": 49880, "toMs": 54900\},$/m);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it.each(HOSTILE)('gives back %j as it was', (text) => {
    const parsed = JSON.parse(renderJson(hostileReport(text))) as { run: { title: string } };
    expect(parsed.run.title).toBe(text);
  });
});
