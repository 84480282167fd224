import { describe, expect, it } from 'vitest';
import { renderOpenMetrics } from '../../../reports/openmetrics.ts';
import { HOSTILE, hostileReport } from '../../support/hostileReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const LABEL = String.raw`[a-z_]+="(?:[^"\\\n]|\\["\\n])*"`;
const SAMPLE = new RegExp(
  String.raw`^[a-z_]+\{${LABEL}(?:,${LABEL})*\} -?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN)$`,
);
const META = /^# (TYPE [a-z_]+ gauge|UNIT [a-z_]+ [a-z]+|HELP [a-z_]+ .+)$/;

describe('metrics.prom', () => {
  it('gives the headline in seconds', () => {
    const text = renderOpenMetrics(sampleReport());
    expect(text).toContain(
      'ecran_noir_black_screen_seconds{scenario="access-link-work",stat="p50"} 38.16',
    );
    expect(text).toContain('ecran_noir_cut_seconds{scenario="access-link-work"} 42');
    expect(text).toContain('ecran_noir_verdict{scenario="access-link-work",verdict="fail"} 1');
  });

  it('gives no figures of viewers for an inconclusive run: they would look like a result', () => {
    const text = renderOpenMetrics(sampleReport({ verdict: 'inconclusive' }));
    expect(text).not.toContain('black_screen');
    expect(text).toContain('verdict="inconclusive"} 1');
  });

  it.each(['plain', ...HOSTILE])('is well-formed text with %j everywhere', (text) => {
    const lines = renderOpenMetrics(hostileReport(text)).split('\n');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    for (const line of lines.slice(0, -2))
      expect(line).toMatch(line.startsWith('#') ? META : SAMPLE);
  });

  it('keeps the samples of a family together and names each family once', () => {
    const families = [...renderOpenMetrics(sampleReport()).matchAll(/^# TYPE (\S+)/gm)];
    expect(new Set(families.map(([, name]) => name)).size).toBe(families.length);
  });
});
