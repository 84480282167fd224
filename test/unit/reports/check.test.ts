import { DOMParser } from '@xmldom/xmldom';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { CheckFinding, CheckResult } from '../../../harness/model/access.ts';
import { renderCheckConsole, renderCheckJson, renderCheckJunit } from '../../../reports/check.ts';
import { HOSTILE } from '../../support/hostileReport.ts';

const finding = (changes: Partial<CheckFinding>): CheckFinding => ({
  rule: 'no-path-left',
  severity: 'stop',
  from: '2026-03-28T22:00:00+01:00',
  to: '2026-03-28T23:00:00+01:00',
  targets: ['connect-a', 'connect-b'],
  text: 'connect has no path left while both works run',
  hint: 'Move one of the two works to another night.',
  source: 'windows.ics:12',
  ...changes,
});

const result = (...findings: CheckFinding[]): CheckResult => ({
  verdict: findings.some(({ severity }) => severity === 'stop') ? 'no-go' : 'go',
  findings,
  windows: 2,
  targets: 7,
});

const warning = finding({ severity: 'warning', rule: 'notice', from: undefined, to: undefined });

const parse = (xml: string) =>
  new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(xml, 'text/xml');

describe('a check on the terminal', () => {
  it('says what, when, what to do and where it was said, the verdict last', () => {
    const text = renderCheckConsole(result(finding({})), { columns: 100, colours: false });
    expect(text).toBe(
      [
        '✘ stop no-path-left',
        '  connect has no path left while both works run',
        '  From 2026-03-28T22:00:00+01:00 to 2026-03-28T23:00:00+01:00',
        '  To do: Move one of the two works to another night.',
        '  Said in windows.ics:12; about connect-a, connect-b',
        '',
        '✘ NO-GO  2 windows over 7 stages and paths: 1 to stop for, 0 warnings to accept, 0 notes',
      ].join('\n'),
    );
  });

  it('goes ahead with warnings, and with nothing found', () => {
    const plain = (r: CheckResult) => renderCheckConsole(r, { columns: 100, colours: false });
    expect(plain(result(warning))).toMatch(/At all times[^]*✔ GO {2}.*1 warning to accept/);
    expect(plain(result())).toMatch(/^✔ GO/);
  });

  it.each([...HOSTILE, 'plain'])('keeps %j inside the lines of the terminal', (text) => {
    const odd = finding({ rule: text, text, hint: text, source: text, targets: [text] });
    const printed = renderCheckConsole(result(odd), { columns: 50, colours: false });
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    for (const line of printed.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(50);
  });
});

describe('a check as JUnit', () => {
  const failures = (r: CheckResult) =>
    Array.from(parse(renderCheckJunit(r)).getElementsByTagName('failure')).length;

  it('is green exactly when the verdict is go', () => {
    expect(failures(result())).toBe(0);
    expect(failures(result(warning))).toBe(0);
    expect(failures(result(warning, finding({})))).toBe(2);
    expect(failures({ ...result(), verdict: 'no-go' })).toBe(1);
  });

  it('has a case a finding, told in its output', () => {
    const cases = Array.from(
      parse(renderCheckJunit(result(warning))).getElementsByTagName('testcase'),
    );
    expect(cases.map((each) => each.getAttribute('classname'))).toEqual(['check', 'check.notice']);
    expect(cases[1]?.textContent).toContain('To do: Move one of the two works');
  });

  it.each(HOSTILE)('stays well formed with %j', (text) => {
    const odd = finding({ rule: text, text, hint: text, source: text });
    expect(() => parse(renderCheckJunit(result(odd)))).not.toThrow();
  });
});

describe('a check as JSON', () => {
  it('begins with version and verdict and holds everything', () => {
    const parsed = JSON.parse(renderCheckJson(result(finding({})))) as CheckResult;
    expect(Object.keys(parsed).slice(0, 2)).toEqual(['version', 'verdict']);
    expect(parsed).toMatchObject(result(finding({})));
  });
});
