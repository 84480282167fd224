import { DOMParser, type Element } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, Verdict } from '../../../harness/model/report.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { HOSTILE, hostileReport } from '../../support/hostileReport.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** Strict: anything that is not well formed throws. */
const parse = (xml: string) =>
  new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(xml, 'text/xml');

const elements = (xml: string, name: string): Element[] =>
  Array.from(parse(xml).getElementsByTagName(name));

const isGreen = (xml: string) =>
  elements(xml, 'failure').length + elements(xml, 'error').length === 0;

const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'inconclusive');

describe('junit.xml', () => {
  it('is one suite with a case for the run, each expectation and each finding', () => {
    const xml = renderJunit(sampleReport());
    const [suite, ...others] = elements(xml, 'testsuite');
    expect(others).toEqual([]);
    expect(suite?.getAttribute('tests')).toBe('6');
    expect(elements(xml, 'testcase').map((each) => each.getAttribute('name'))).toEqual([
      'the run goes to its end',
      'p50(blackScreen) >= 80% of cut',
      'recovered == 100%',
      'p95(latency) <= 8s',
      expect.stringContaining('viewer-5 gave up'),
      expect.stringContaining('took 25.0s longer'),
    ]);
  });

  it('tells an unmet expectation from one that could not be judged', () => {
    const xml = renderJunit(sampleReport());
    expect(elements(xml, 'failure').map((each) => each.getAttribute('message'))).toEqual([
      'observed 83.3% (viewer-5 is dead)',
      expect.stringContaining('Hint: Reload the player'),
    ]);
    const errors = elements(xml, 'error');
    expect(errors.map((each) => each.getAttribute('type'))).toEqual(['inconclusive']);
    expect(elements(xml, 'skipped')).toEqual([]);
  });

  it('reports a harness that ended badly as an error, not as a failure', () => {
    const { run } = sampleReport();
    const xml = renderJunit(
      sampleReport({
        run: { ...run, ended: 'error', endedDetail: 'the origin died' },
        verdict: 'inconclusive',
        findings: [],
        expectations: [],
      }),
    );
    expect(elements(xml, 'failure')).toEqual([]);
    expect(elements(xml, 'error').map((each) => each.getAttribute('message'))).toEqual([
      'error: the origin died',
    ]);
  });

  it('carries seed, compression and the command to play it again', () => {
    const properties = new Map(
      elements(renderJunit(sampleReport()), 'property').map((each) => [
        each.getAttribute('name'),
        each.getAttribute('value'),
      ]),
    );
    expect(properties.get('seed')).toBe('20250912');
    expect(properties.get('compress')).toBe('60');
    expect(properties.get('cut_ms')).toBe('42000');
    expect(properties.get('runtime_reason')).toBe('no container engine answered within 1 s');
    expect(properties.get('toxiproxy')).toBe('embedded 0.1.0');
    expect(properties.get('replay')).toBe(
      'ecran-noir run scenarios/incidents/access-link-work.yaml --compress 60 --seed 20250912',
    );
  });

  it('is green only when the verdict is pass, whatever it is made of', () => {
    const list = fc.array(verdict, { maxLength: 4 });
    fc.assert(
      fc.property(verdict, list, list, (overall, expected, found) => {
        const { run } = sampleReport();
        const report: Report = sampleReport({
          run,
          verdict: overall,
          expectations: expected.map((each) => ({ text: 't', verdict: each, observed: 'o' })),
          findings: found.map((each) => ({ rule: 'r', verdict: each, text: 't' })),
        });
        if (overall !== 'pass') expect(isGreen(renderJunit(report))).toBe(false);
        else
          expect(isGreen(renderJunit(report))).toBe(
            [...expected, ...found].every((v) => v === 'pass'),
          );
      }),
      { numRuns: 60 },
    );
  });

  it.each(HOSTILE)('stays well formed with %j everywhere', (text) => {
    const xml = renderJunit(hostileReport(text));
    expect(elements(xml, 'testcase')).toHaveLength(6);
    expect(elements(xml, 'script')).toEqual([]);
  });

  it('stays well formed with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(elements(renderJunit(hostileReport(text)), 'testcase')).toHaveLength(6);
      }),
      { numRuns: 60 },
    );
  });
});
