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

  it('gives groups families of their own, so that no sum counts a viewer twice', () => {
    const whole = sampleReport();
    const groups = ['home "set"', 'abroad'].map((name) => ({ name, audience: whole.audience }));
    const text = renderOpenMetrics({ ...whole, groups });
    expect(text).toContain(
      'ecran_noir_group_black_screen_seconds{scenario="access-link-work",group="home \\"set\\"",stat="p50"} 38.16',
    );
    expect(text).toContain(
      `ecran_noir_group_viewers{scenario="access-link-work",group="abroad",state="watching"} ${whole.audience.viewers}`,
    );
    const withoutGroups = text.replaceAll(/^.*ecran_noir_group_.*\n/gm, '');
    expect(withoutGroups).toBe(renderOpenMetrics(whole));
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
    const { groups = [], ...report } = hostileReport('plain');
    const text = renderOpenMetrics({
      ...report,
      groups: [...groups, { ...groups[0]!, name: 'b' }],
    });
    const families = text.split('# TYPE ').slice(1);
    const names = families.map((family) => family.split(' ', 1)[0]);
    expect(new Set(names).size).toBe(families.length);
    for (const [at, family] of families.entries())
      for (const [, sample] of family.matchAll(/^([a-z_]+)\{/gm)) expect(sample).toBe(names[at]);
  });
});
