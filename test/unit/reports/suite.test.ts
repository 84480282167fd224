// The outputs of a suite.

import { DOMParser } from '@xmldom/xmldom';
import { load } from 'cheerio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../harness/model/report.ts';
import type { Suite } from '../../../harness/model/suite.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { SUITE_FILES, type SuiteRuns } from '../../../reports/suite.ts';
import { renderAnnotations } from '../../../reports/suite/annotations.ts';
import { renderSuiteConsole } from '../../../reports/suite/console.ts';
import { HOSTILE } from '../../support/hostileReport.ts';
import { madeUpResult, madeUpSuite, reportOf } from '../../support/madeUpSuite.ts';

const render = (name: string, suite: Suite, runs: SuiteRuns = new Map()): string =>
  SUITE_FILES.find(({ file }) => file === name)!.render(suite, runs);
const runsOf = ({ results }: Suite): SuiteRuns =>
  new Map(
    results.map(({ key, verdict }) => [key, { report: reportOf(verdict), assets: NO_ASSETS }]),
  );
const xmlOf = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml');

const retried = (key: string) => {
  const result = madeUpResult(key);
  const first = { verdict: 'inconclusive', reasons: ['a busy machine'], figures: {} } as const;
  return { ...result, attempts: [first, ...result.attempts] };
};

describe('junit.xml of a suite', () => {
  it('is green exactly when the verdict is pass', () => {
    const verdict = fc.constantFrom<Verdict>('pass', 'fail', 'inconclusive');
    fc.assert(
      fc.property(
        ...[fc.array(verdict, { maxLength: 4 }), fc.boolean(), fc.array(verdict, { maxLength: 2 })],
        fc.boolean(),
        (list, isLeftOut, found, withRuns) => {
          const suite = madeUpSuite(
            list.map((each, n) => madeUpResult(`s${n}`, each)),
            {
              leftOut: isLeftOut ? [{ key: 'x', reason: 'late' }] : [],
              findings: found.map((each) => ({ rule: 'r', verdict: each, text: 't' })),
            },
          );
          const xml = render('junit.xml', suite, withRuns ? runsOf(suite) : new Map());
          const bad = ['failure', 'error'].flatMap((name) => [
            ...xmlOf(xml).getElementsByTagName(name),
          ]);
          expect(bad.length === 0).toBe(suite.verdict === 'pass');
        },
      ),
    );
  });

  it('tells two variants of one scenario apart by the class of their cases', () => {
    const suite = madeUpSuite([madeUpResult('night'), madeUpResult('night+on-time')]);
    const cases = [
      ...xmlOf(render('junit.xml', suite, runsOf(suite))).getElementsByTagName('testcase'),
    ];
    const names = cases.map(
      (one) => `${one.getAttribute('classname')} ${one.getAttribute('name')}`,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('night+on-time.run the run goes to its end');
  });

  it('says beside a pass which attempts were inconclusive', () => {
    const suite = madeUpSuite([retried('a')]);
    expect(render('junit.xml', suite, runsOf(suite))).toContain(
      'attempt 1 was inconclusive: a busy machine',
    );
  });
});

describe('the other outputs of a suite', () => {
  it('say which scenarios were played less compressed than was asked for', () => {
    const results = [
      { ...madeUpResult('a'), compress: 60 },
      { ...madeUpResult('b'), compress: 1 },
    ];
    const suite = madeUpSuite(results, { choices: { engine: 'run', compress: 60 } });
    const note = 'Played less compressed, since their expectations hold no further: b 1x.';
    expect(renderSuiteConsole(suite, { columns: 200, colours: false })).toContain(note);
    for (const name of ['summary.md', 'index.html']) expect(render(name, suite)).toContain(note);
  });

  it('put what is not well first and hide no attempt', () => {
    const suite = madeUpSuite([
      retried('a'),
      madeUpResult('b', 'fail'),
      madeUpResult('c', 'inconclusive'),
    ]);
    const markdown = render('summary.md', suite);
    expect(markdown).toMatch(/^## ✘ FAIL: 1 failed, 1 inconclusive, 1 passed, 1 played again\n/);
    expect(markdown.indexOf('**b**')).toBeLessThan(markdown.indexOf('**c**'));
    expect(markdown.indexOf('**c**')).toBeLessThan(markdown.indexOf('**a**'));
    for (const text of [markdown, render('index.html', suite)])
      expect(text).toContain('attempt 1 was inconclusive: a busy machine');
  });

  it('link the page of each run from the folder of the suite', () => {
    const result = madeUpResult('a');
    const suite = madeUpSuite([
      { ...result, attempts: [{ ...result.attempts[0]!, dir: 'runs/a' }] },
    ]);
    expect(load(render('index.html', suite))('a').attr('href')).toBe('runs/a/report.html');
  });

  it('are inert whatever titles and reasons hold', () => {
    for (const text of HOSTILE) {
      const suite = madeUpSuite(
        [
          {
            ...madeUpResult('a', 'fail'),
            title: text,
            attempts: [{ verdict: 'fail', reasons: [text], figures: {} }],
          },
        ],
        {
          leftOut: [{ key: 'b', reason: text }],
          findings: [{ rule: 'r', verdict: 'inconclusive', text }],
        },
      );
      expect(load(render('index.html', suite))('script, img, a').length).toBe(0);
      expect(xmlOf(render('junit.xml', suite)).documentElement?.nodeName).toBe('testsuites');
      expect(renderAnnotations(suite).split('\n')).toHaveLength(3);
      expect(renderSuiteConsole(suite, { columns: 80, colours: false })).not.toMatch(/\u001b/);
    }
  });

  it('are annotations at the file of the scenario', () => {
    const suite = madeUpSuite([
      madeUpResult('a'),
      { ...madeUpResult('b', 'fail'), file: 'x,y:z.yaml' },
    ]);
    expect(renderAnnotations(suite)).toBe('::error file=x%2Cy%3Az.yaml,title=b%3A fail::because');
  });
});
