import { DOMParser, type Element } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report, Verdict } from '../../../harness/model/report.ts';
import { renderJunit } from '../../../reports/junit.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
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

const junitOf = (report: Report) => renderJunit(report, NO_ASSETS);

const isGreen = (xml: string) =>
  elements(xml, 'failure').length + elements(xml, 'error').length === 0;

const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'inconclusive');

/** Every element that we write: attributes it must and may have there, and elements in it, in any order. */
const XUNIT: Readonly<
  Record<
    string,
    {
      readonly needs: readonly string[];
      readonly may?: readonly string[];
      readonly holds?: readonly string[];
    }
  >
> = {
  testsuites: { needs: [], may: ['tests', 'failures', 'errors'], holds: ['testsuite'] },
  testsuite: {
    needs: ['name', 'tests', 'failures', 'errors'],
    may: ['time', 'skipped', 'timestamp'],
    holds: ['properties', 'testcase'],
  },
  testcase: {
    needs: ['name'],
    may: ['time', 'classname'],
    holds: ['failure', 'error', 'system-out'],
  },
  failure: { needs: [], may: ['type', 'message'] },
  error: { needs: [], may: ['type', 'message'] },
  properties: { needs: [], holds: ['property'] },
  property: { needs: ['name', 'value'] },
  'system-out': { needs: [] },
};

describe('junit.xml', () => {
  it('is one suite with a case for the run, each expectation and each rule with findings', () => {
    const xml = junitOf(sampleReport());
    const [suite, ...others] = elements(xml, 'testsuite');
    expect(others).toEqual([]);
    expect(suite?.getAttribute('tests')).toBe('5');
    expect(elements(xml, 'testcase').map((each) => each.getAttribute('name'))).toEqual([
      'the run goes to its end',
      'p50(blackScreen) >= 80% of cut',
      'recovered == 100%',
      'p95(latency) <= 8s',
      'viewer-never-recovered',
    ]);
  });

  it('tells an unmet expectation from one that could not be judged', () => {
    const xml = junitOf(sampleReport());
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
    const xml = junitOf(
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

  it('has the same names every night, whatever the figures', () => {
    const { findings } = sampleReport();
    const tonight = findings.map((each) => ({ ...each, text: each.text.replaceAll(/\d/g, '7') }));
    const names = (report: Report) =>
      elements(junitOf(report), 'testcase').map((each) => each.getAttribute('name'));
    expect(names(sampleReport({ findings: tonight }))).toEqual(names(sampleReport()));
  });

  it('says notes without making tests of them', () => {
    const note = { rule: 'compressed', verdict: 'pass', text: 'divided by 60' } as const;
    const xml = junitOf(sampleReport({ findings: [note] }));
    expect(elements(xml, 'testcase').map((each) => each.getAttribute('name'))).not.toContain(
      'compressed',
    );
    expect(elements(xml, 'system-out')[0]?.textContent).toContain('compressed: divided by 60');
  });

  it('gives each case its time, and the run its file and attachments', () => {
    const images = { 'screenshots/during.png': '' };
    const xml = renderJunit(sampleReport(), { images, folder: 'runs/night/1' });
    const cases = elements(xml, 'testcase');
    const [file] = elements(xml, 'property').filter((one) => one.getAttribute('name') === 'file');
    expect(file?.getAttribute('value')).toBe('scenarios/incidents/access-link-work.yaml');
    expect(cases.every((each) => Number.isFinite(Number(each.getAttribute('time'))))).toBe(true);
    expect(elements(xml, 'system-out')[0]?.textContent?.split('\n')).toEqual(
      expect.arrayContaining([
        '[[ATTACHMENT|runs/night/1/report.html]]',
        '[[ATTACHMENT|runs/night/1/screenshots/during.png]]',
      ]),
    );
  });

  it('gives what is not well the picture of the disruption before all else', () => {
    const images = { 'screenshots/before.png': '', 'screenshots/during.png': '' };
    const xml = renderJunit(sampleReport(), { images, folder: 'runs/night/1' });
    const unwell = elements(xml, 'testcase').filter((each) =>
      Array.from(each.childNodes).some(({ nodeName }) => /^(?:failure|error)$/.test(nodeName)),
    );
    expect(unwell.length).toBeGreaterThan(0);
    for (const each of unwell)
      expect(/\[\[ATTACHMENT\|(.*?)\]\]/.exec(each.textContent ?? '')?.[1]).toBe(
        'runs/night/1/screenshots/during.png',
      );
  });

  it("keeps to the schema of Jenkins' xUnit plugin", () => {
    const { run } = sampleReport();
    const odd = { ...run, endedAtMs: 3_600_000.123456 };
    for (const report of [
      sampleReport(),
      sampleReport({ verdict: 'fail' }),
      { ...sampleReport(), run: odd },
    ])
      for (const each of elements(junitOf(report), '*')) {
        const {
          needs,
          may = [],
          holds = [],
        } = XUNIT[each.nodeName] ?? { needs: ['no such element'] };
        const names = Array.from(each.attributes, ({ name }) => name);
        expect(names).toEqual(expect.arrayContaining([...needs]));
        expect([...needs, ...may]).toEqual(expect.arrayContaining(names));
        expect(holds).toEqual(
          expect.arrayContaining(Array.from(each.children, (one) => one.nodeName)),
        );
        if (names.includes('time'))
          expect(each.getAttribute('time')).toMatch(/^\d+(?:\.\d{1,3})?$/);
      }
  });

  it('carries seed, compression and the command to play it again', () => {
    const properties = new Map(
      elements(junitOf(sampleReport()), 'property').map((each) => [
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

  it('gives the figures of each group as properties and beside the case of the run', () => {
    const whole = sampleReport();
    const groups = [{ name: 'abroad & <far>', audience: { ...whole.audience, viewers: 2 } }];
    const xml = junitOf({ ...whole, groups });
    const properties = elements(xml, 'property').map((each) => [
      each.getAttribute('name'),
      each.getAttribute('value'),
    ]);
    expect(properties).toContainEqual(['group.abroad & <far>.viewers', '2']);
    expect(properties).toContainEqual(['group.abroad & <far>.black_screen_ms_p50', '38160']);
    expect(elements(xml, 'system-out')[0]?.textContent).toContain(
      'group abroad & <far>: viewers 2; black screen, median ',
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
        if (overall !== 'pass') expect(isGreen(junitOf(report))).toBe(false);
        else
          expect(isGreen(junitOf(report))).toBe([...expected, ...found].every((v) => v === 'pass'));
      }),
      { numRuns: 60 },
    );
  });

  it.each(HOSTILE)('stays well formed with %j everywhere', (text) => {
    const xml = junitOf(hostileReport(text));
    expect(elements(xml, 'testcase')).toHaveLength(5);
    expect(elements(xml, 'script')).toEqual([]);
  });

  it('stays well formed with any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(elements(junitOf(hostileReport(text)), 'testcase')).toHaveLength(5);
      }),
      { numRuns: 60 },
    );
  });
});
