// Freezes, reminders, rules of owners and accepted findings of a change plan.

import { describe, expect, it } from 'vitest';
import { readChangePlan } from '../../../harness/check/changePlan/readChangePlan.ts';
import { check } from '../../../harness/check/check.ts';
import { readCheckInput } from '../../../harness/check/readCheckInput.ts';
import type { CheckFinding, CheckResult } from '../../../harness/model/access.ts';
import { findDesigns } from '../../../harness/scenario/load.ts';
import { at } from './builders.ts';

const designs = findDesigns('scenarios/changes/plan.yaml');
const HEAD = ['name: plan', 'kind: change-plan', 'title: A plan', 'design: dual-access-bgp'];
const judge = (lines: readonly string[], now = '2026-11-01T00:00:00Z'): CheckResult =>
  check(
    readChangePlan({
      text: [...HEAD, ...lines].join('\n'),
      file: 'plan.yaml',
      designs,
      calendars: {},
      nowEpochMs: at(now),
    }),
  );
const of = (rule: string, { findings }: CheckResult): readonly CheckFinding[] =>
  findings.filter((finding) => finding.rule === rule);
/** One window on leg a, drained, told in time. */
const work = (changes: Readonly<Record<string, string>> = {}): string => {
  const keys = {
    name: 'w1',
    owner: 'carrier',
    targets: '[{ path: leg-a }]',
    start: '2026-11-10T03:00',
    for: '1h',
    noticed: '2026-10-01T10:00',
    drain: '{ style: graceful-shutdown }',
    ...changes,
  };
  return `  - { ${Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
};
const plan = (...parts: readonly string[]) => [...parts, 'windows:', work()];

describe('a freeze', () => {
  it.each([
    ['once, with its end', '{ name: f, start: 2026-11-09T00:00, end: 2026-11-11T00:00 }', 1],
    ['once, in another zone', '{ name: f, start: 2026-11-10T02:30, for: 1h, zone: UTC }', 1],
    [
      'once, in another zone and not then',
      '{ name: f, start: 2026-11-10T03:30, for: 1h, zone: UTC }',
      0,
    ],
    ['every Tuesday', "{ name: f, days: [tue], from: '03:30', to: '05:00' }", 1],
    ['every Monday over midnight', "{ name: f, days: [mon], from: '19:00', to: '03:30' }", 1],
    ['every Wednesday', "{ name: f, days: [wed], from: '00:00', to: '23:59' }", 0],
  ])('that comes %s stops work in it', (_, freeze, count) => {
    const found = of('over-event', judge(plan('freezes:', `  - ${freeze}`)));
    expect(found.map(({ severity }) => severity)).toEqual(Array(count).fill('stop'));
  });

  it('of every week is laid out around windows, however far apart they are', () => {
    const freeze = "  - { name: f, days: [tue], from: '03:30', to: '05:00' }";
    const late = work({ name: 'late', start: '2199-11-12T03:00', noticed: '2026-10-01T10:00' });
    const found = of('over-event', judge([...plan('freezes:', freeze), late]));
    expect(found.map(({ targets }) => targets[0])).toEqual(['w1', 'late']);
  });

  it('may be broken by an emergency, which a person accepts', () => {
    const freeze = "  - { name: f, days: [tue], from: '00:00', to: '12:00' }";
    const lines = ['freezes:', freeze, 'windows:', work({ kind: 'emergency' })];
    expect(of('over-event', judge(lines))).toMatchObject([{ severity: 'warning' }]);
  });

  it.each([
    ['{ name: f, start: 2026-11-09T00:00 }', 'exactly one of for, end'],
    ["{ name: f, days: [tue], from: '03:00' }", 'start with end (once), or days'],
    ["{ name: f, days: [tue], from: '3pm', to: '05:00' }", 'a time of day'],
    ['{ name: f, start: 2026-11-09T00:00, for: 1h, zone: Paris }', 'no time zone is called Paris'],
  ])('written as %s is refused', (freeze, said) => {
    expect(() => judge(plan('freezes:', `  - ${freeze}`))).toThrow(said);
  });
});

describe('an accepted finding', () => {
  const peak = work({ start: '2026-11-10T21:00', drain: '{ style: none }' });
  const accept = (about: string, until: string, more = '') => [
    'accepted:',
    `  - { rule: audience-peak, about: ${about}, by: Ann, until: ${until}, why: no other night${more} }`,
    'windows:',
    peak,
  ];
  const others = ({ findings }: CheckResult) =>
    findings
      .filter(({ severity, accepted }) => severity === 'stop' && !accepted)
      .map(({ rule }) => rule);

  it('stays in the report and does not stop', () => {
    const result = judge(accept('w1', '2026-11-01'));
    expect(of('audience-peak', result)).toMatchObject([
      { severity: 'stop', accepted: { by: 'Ann', why: 'no other night' } },
    ]);
    expect(others(result)).not.toContain('audience-peak');
    expect(others(judge(['windows:', peak]))).toContain('audience-peak');
  });

  it('stops again after the last day, and says so', () => {
    const result = judge(accept('w1', '2026-10-31'));
    expect(others(result)).toContain('audience-peak');
    expect(of('audience-peak', result)[0]?.text).toMatch(/accepted by Ann until .* which is over/);
  });

  it('is about all windows it names, and about the time it names', () => {
    expect(others(judge(accept('[w1, w2]', '2026-12-01')))).toContain('audience-peak');
    const on = (day: string) => judge(accept('w1', '2026-12-01', `, start: ${day}T21:00`));
    expect(others(on('2026-11-10'))).not.toContain('audience-peak');
    expect(others(on('2026-11-11'))).toContain('audience-peak');
    expect(of('acceptance', on('2026-11-11'))).toMatchObject([{ severity: 'note' }]);
  });

  it('does not cover a second window beside the first', () => {
    const rule = [
      'accepted:',
      '  - { rule: no-path-left, about: w1, by: Ann, until: 2026-12-01, why: x }',
    ];
    const both = ['windows:', work(), work({ name: 'w2', targets: '[{ path: leg-b }]' })];
    expect(judge([...rule, ...both]).verdict).toBe('no-go');
  });

  it('of a rule or until a day that do not exist is refused', () => {
    expect(() => judge(accept('w1', '2026-02-30'))).toThrow('2026-02-30 is no day');
    const wrong = accept('w1', '2026-12-01').map((line) =>
      line.replace('audience-peak', 'audience-peek'),
    );
    expect(() => judge(wrong)).toThrow('did you mean audience-peak');
  });
});

describe('an owner', () => {
  it.each(['Carrier', ' carrier ', 'CARRIER'])('written as "%s" is the same owner', (owner) => {
    const rule = [
      'owners: { carrier: { planned: 60 } }',
      'windows:',
      work({ owner: `"${owner}"` }),
    ];
    expect(of('short-notice', judge(rule))).toHaveLength(1);
    expect(of('owner-rule-unused', judge(rule))).toEqual([]);
  });

  it('with two spellings of its rule is refused', () => {
    expect(() => judge(plan('owners: { carrier: {}, "Carrier ": {} }'))).toThrow(
      'is the same owner as',
    );
  });

  it('whose rule fits no window is said, and what was meant', () => {
    const unused = (name: string) =>
      of('owner-rule-unused', judge(plan(`owners: { ${name}: {} }`)));
    expect(unused('carier')).toMatchObject([{ severity: 'warning' }]);
    expect(unused('carier')[0]?.text).toContain('did you mean carrier?');
    expect(unused('somebody quite different')).toMatchObject([{ severity: 'note' }]);
  });

  it.each(['constructor', '__proto__', 'hasOwnProperty'])('may be called %s', (owner) => {
    expect(judge(['windows:', work({ owner })]).windows).toBe(1);
  });

  it('may have a rule whatever it is called, but for the one name no file can have', () => {
    const ruled = (owner: string) => [
      `owners: { ${owner}: { planned: 60 } }`,
      'windows:',
      work({ owner }),
    ];
    expect(of('short-notice', judge(ruled('constructor')))).toHaveLength(1);
    expect(() => judge(ruled('__proto__'))).toThrow('cannot be used as a key');
  });
});

describe('a reminder', () => {
  const reminded = (times: string) =>
    of(
      'reminder-missing',
      judge(
        ['owners: { carrier: { reminders: [7, 1] } }', 'windows:', work({ reminded: times })],
        '2026-11-05T00:00:00Z',
      ),
    );

  it('that is due and has not come is a warning; one that came, or is not due, is none', () => {
    expect(reminded('[]')).toMatchObject([{ severity: 'warning' }]);
    expect(reminded('[]')[0]?.text).toContain('7 days before');
    expect(reminded('[2026-11-03T09:00]')).toEqual([]);
  });

  it('is not asked for where nobody keeps a record', () => {
    expect(of('reminder-missing', judge(plan(), '2026-11-09T12:00:00Z'))).toEqual([]);
  });
});

describe('a notice dated in the future', () => {
  it('is said', () => {
    const found = of('contradictory-windows', judge(plan(), '2026-09-01T00:00:00Z'));
    expect(found[0]?.text).toContain('which is still to come');
  });
});

describe('what is given in place of a plan', () => {
  const given = (text: string, file: string) => () =>
    readCheckInput({ text, file, designs, calendars: {}, nowEpochMs: 0 });

  it.each([
    ['a mapping', 'kind: notice-mapping', 'm.yaml', 'is a mapping'],
    ['prose', 'Dear customer,', 'mail.txt', 'neither a change plan, a scenario nor a design'],
    ['other JSON', '{"a": 1}', 'a.json', 'neither a change plan, a scenario nor a design'],
    [
      'a scenario of faults',
      'name: a\ntitle: A\ndesign: dual-access-bgp\nchannels: [one]\nviewers: []\n',
      's.yaml',
      '',
    ],
  ])('is recognised: %s', (_, text, file, said) => {
    expect(given(text, file)).toThrow(said);
  });

  it('is judged by itself when it is a design, on which nothing is announced', () => {
    const input = given(designs['fallback-abroad']?.text ?? '', 'd.yaml')();
    const { verdict, windows, findings } = check(input);
    expect({ verdict, windows }).toEqual({ verdict: 'no-go', windows: 0 });
    const rules = new Set(findings.map(({ rule }) => rule));
    for (const rule of ['data-outside', 'lost-alone', 'lost-in-pairs', 'exposure'])
      expect(rules).toContain(rule);
  });
});

describe('a clock that is called by letters', () => {
  const doubts = (...lines: readonly string[]) =>
    of('notice-doubtful', judge(lines, '2026-06-01T00:00:00Z')).map(({ text }) => text);
  const summer = { start: '2026-07-10T03:00', noticed: '2026-05-01T10:00' };

  it.each(['CET', 'EST'])('is doubtful in summer: %s', (zone) => {
    const [first, ...others] = doubts('windows:', work({ ...summer, zone }));
    expect(first).toContain(`2026-07-10T03:00 ${zone} in summer can be meant as UTC`);
    expect(others).toEqual([]);
  });

  it('is what it says in winter, with an offset, and as the name of a place', () => {
    expect(doubts('windows:', work({ zone: 'CET', noticed: '2026-01-01T10:00' }))).toEqual([]);
    const told = { ...summer, noticed: '2026-05-01T10:00Z', start: '2026-07-10T03:00+02:00' };
    expect(doubts('windows:', work({ ...told, zone: 'CET' }))).toEqual([]);
    expect(doubts('windows:', work(summer))).toEqual([]);
  });

  it('is doubtful of events, of freezes, and of the plan itself', () => {
    const event = 'events: [{ name: final, start: 2026-07-12T21:00, for: 2h, zone: EET }]';
    const freeze = 'freezes: [{ name: f, days: [fri], from: "19:00", to: "23:00", zone: WET }]';
    expect(doubts(event, freeze, 'windows:', work(summer)).join()).toMatch(/WET.*EET|EET.*WET/);
    expect(doubts('zone: CET', 'windows:', work(summer))).toHaveLength(1);
  });

  it('has to be one', () => {
    const start = '2026-07-10T03:00+02:00';
    const noticed = '2026-05-01T10:00Z';
    expect(() => judge(['windows:', work({ zone: 'Mars', start, noticed })])).toThrow(
      /windows\[0\]\.zone: no time zone is called Mars/,
    );
  });
});
