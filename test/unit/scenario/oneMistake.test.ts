// One mistake is told once, where it is, also where others would follow from it.

import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { refusal } from '../../support/refusal.ts';

const designs = Object.fromEntries(
  globSync('scenarios/designs/*.yaml').map((file) => [
    basename(file, '.yaml'),
    { file, text: readFileSync(file, 'utf8') },
  ]),
);
const scenarioOn = (design: string, ...lines: readonly string[]): string =>
  ['name: s', 'title: t', 'kind: drill', `design: ${design}`, ...lines, ''].join('\n');
const EXPECT = 'expect: [recovered == 100%]';
const CUT = 'faults: [{ name: cut, at: 10s, for: 1m, links: [connect-up], cut: drop }]';

/** The one problem, without its line. */
function told(text: string): string {
  const { code, message } = refusal(() => parseScenario(text, 's.yaml', designs));
  const [head = '', ...problems] = message.split(/\n {2}(?! )/);
  expect([code, head, problems.length]).toEqual([
    'SCENARIO_INVALID',
    '1 problem in s.yaml',
    problems.length === 1 ? 1 : problems,
  ]);
  return (problems[0] ?? '').replace(/^s\.yaml:\d+:\d+ {2}/, '');
}

const accepted = (text: string) => parseScenario(text, 's.yaml', designs);

describe('a fault', () => {
  const cut = 'links: [connect-up], cut: drop';
  test.each([
    [`at: 10s, for: 1m, every: 2m, times: 501, ${cut}`, /^faults\[0\]\.times: expected a whole/],
    [`at: 10s, for: 1m, every: 0s, times: 5, ${cut}`, /^faults\[0\]\.every: expected a duration/],
    [`after: f.end - 30s, for: 1m, ${cut}`, /^faults\[0\]\.after: expected an event/],
    ['at: 10s, for: 1m, links: [Connect-up], cut: drop', /links\[0\]: expected a name of small/],
    ['at: 10s, for: 1m, links: [connect-up], state: down', /state: state does not go with links/],
    [
      'at: 10s, for: 1m, links: [connect-up], latency: { delay: 0s, jitter: 1s }',
      /delay: expected/,
    ],
    [`zone: Mars/Base, at: 10s, for: 1m, ${cut}`, /zone: no time zone is called Mars\/Base/],
    [`at: 10s, for: 1m, every: 30d, times: 500, ${cut}`, /ends 14970 days after the start/],
    [
      'at: 10s, for: 1m, links: [connect-up], latency: { delay: 1s }, ramp: { over: 9s, from: 2M }',
      /ramp\.from: goes with bandwidth/,
    ],
    [
      'at: 10s, for: 1m, stages: [edge], http: { of: segment, rung: 9, status: 503 }',
      /http\.rung: the design has renditions 0 to 1/,
    ],
    [
      'at: 10s, for: 1m, stages: [edge], http: { of: upload, status: 503 }',
      /http\.of: nobody uploads to edge/,
    ],
  ])('%s', (fault, message) => {
    expect(told(scenarioOn('single-access', EXPECT, `faults: [{ name: f, ${fault} }]`))).toMatch(
      message,
    );
  });

  test('on a path that passes nothing says so', () => {
    const fault = 'at: 1s, for: 1m, paths: [leg-a], degraded: { loss: 100% }';
    const text = scenarioOn('dual-access-bfd', EXPECT, `faults: [{ name: f, ${fault} }]`);
    expect(told(text)).toMatch(/^faults\[0\]\.degraded: expected a loss below 100%/);
  });
});

test('a fault on a path that no link runs over', () => {
  const { text = '' } = designs['dual-access-bfd'] ?? {};
  const bare = {
    file: 'bare.yaml',
    text: text.replace(/links: \{ connect-up: in.*\}/, 'links: {}'),
  };
  const fault = 'faults: [{ name: f, at: 1s, for: 1m, paths: [leg-a], state: down }]';
  const written = scenarioOn('bare', EXPECT, fault);
  const { message } = refusal(() => parseScenario(written, 's.yaml', { bare }));
  expect(message).toMatch(
    /faults\[0\]\.paths\[0\]: no link runs over leg-a: access \S+ has no links/,
  );
});

describe('a window', () => {
  const work = 'work: { at: 1m, for: 1m, links: [connect-up], cut: drop }';
  test.each([
    ['announced: { from: 0s }', /announced: expected exactly one of for, end, got none/],
    ['drain: { style: none, lead: 5m }', /drain\.lead: nothing is drained/],
    ['announced: { from: 0s, end: late }', /announced\.end: expected a time/],
    ['zone: Mars', /windows\[0\]\.zone: no time zone is called Mars/],
  ])('%s', (key, message) => {
    const windows = `windows: [{ name: w, owner: o, ${work}, ${key} }]`;
    expect(told(scenarioOn('single-access', EXPECT, windows))).toMatch(message);
  });
});

describe('viewers', () => {
  test.each([
    ['{ weight: 0 }', /weight: expected a number above zero/],
    ['{ joins: { from: 5s, to: 4s } }', /joins: expected the shorter duration first/],
    ['{ joins: { from: 5s } }', /joins\.to: is missing/],
    ['{ leaves: soon, returns: 9s }', /leaves: expected a time/],
  ])('%s', (viewers, message) => {
    expect(told(scenarioOn('single-access', EXPECT, CUT, `viewers: ${viewers}`))).toMatch(message);
  });
});

describe('guardrails that hold while all is well', () => {
  test.each(['max(blackScreen) <= 10s', 'recovered > 50%', 'interrupted < 5%', 'max(black) == 0s'])(
    '%s',
    (line) => {
      const text = scenarioOn('single-access', EXPECT, CUT, `guardrails: ['${line}']`);
      expect(told(text)).toContain('guardrails[0]: this holds while everybody sees the programme');
    },
  );

  test.each(['max(blackScreen) > 0s', 'recovered < 50%', 'interrupted >= 5%'])('not %s', (line) => {
    const text = scenarioOn('single-access', EXPECT, CUT, `guardrails: ['${line}']`);
    expect(accepted(text).guardrails).toHaveLength(1);
  });
});

describe('a variant', () => {
  const varied = (change: string) =>
    scenarioOn('single-access', EXPECT, CUT, `variants: { a: { ${change} } }`);

  test('changes the one group of viewers that is not written', () => {
    const text = varied('viewers: { count: 2 }');
    const { viewers } = parseScenario(text, 's.yaml', designs, { variant: 'a' });
    expect(viewers).toMatchObject({ count: 2 });
    expect(accepted(varied('viewers: { count: null }')).name).toBe('s');
  });

  test.each([
    ['viewers: { count: 0 }', /^variants\.a\.viewers\.count: expected at least 1/],
    ['faults: { cut: null }', /^variants\.a\.faults\.cut: expected a mapping/],
    ['expect: null', /^variants\.a\.expect: expected a list/],
    ['windows: { w: { owner: x } }', /^variants\.a\.windows\.w: no window is called w/],
    ['recover: { within: null }', /^variants\.a\.recover\.within: is missing/],
  ])('%s', (change, message) => {
    expect(told(varied(change))).toMatch(message);
  });
});

test('a link that neither design has is told once', () => {
  const cut = CUT.replace('connect-up', 'nope');
  const text = scenarioOn('single-access', EXPECT, cut, 'variants: { a: { design: alerted-tv } }');
  expect(told(text)).toMatch(/^faults\[0\]\.links\[0\]: no link is called nope/);
});

test('text has no blanks around it, as names of one operator do', () => {
  const text = scenarioOn('single-access', EXPECT, CUT).replace('title: t', 'title: " t "');
  expect(accepted(text).title).toBe('t');
});

test.each(['"2025-02-30T22:00+02:00"', 'soon', '0'])(
  'a clock that is none is told alone: %s',
  (clock) => {
    const at = '2025-09-12T22:0';
    const alert = `id: a, at: ${at}1Z, end: ${at}9Z, severity: severe, text: t, carriage: playout`;
    const lines = [EXPECT, CUT, `alerts: [{ ${alert} }]`, `clock: ${clock}`];
    expect(told(scenarioOn('alerted-tv', ...lines))).toMatch(/^clock: /);
  },
);

test('a player that is mistyped is told, and not that nobody sees the alert', () => {
  const alert = 'id: a, at: 1s, end: 9s, severity: severe, text: t, carriage: playout';
  const lines = [EXPECT, CUT, `alerts: [{ ${alert} }]`, 'viewers: { player: hls }'];
  expect(told(scenarioOn('alerted-tv', ...lines))).toMatch(/^viewers\.player: expected one of/);
});

test('an alert by a file that is not there has its line', () => {
  const alerts = 'alerts: [{ cap: none.xml, carriage: playout }]';
  const text = scenarioOn('alerted-tv', EXPECT, CUT, alerts);
  const readFile = () => {
    throw refusal(() => parseScenario('', 'none.xml', designs));
  };
  const { message } = refusal(() => parseScenario(text, 's.yaml', designs, { readFile }));
  expect(message).toMatch(/s\.yaml:7:\d+ {2}alerts\[0\]\.cap: /);
});
