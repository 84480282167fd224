import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../../harness/model/scenario.ts';
import { parseScenario, type ScenarioChoice } from '../../../harness/scenario/load.ts';
import { designTexts } from '../../support/designs.ts';

const designs = designTexts('single-access', 'dual-access-bfd');

const BASE = `name: s
title: late
kind: window
design: single-access
windows:
  - name: work
    owner: somebody
    work: { at: 1m, for: 10m, links: [connect-up], cut: drop }
    overrun: 20m
    restore: { pace: 1m }
  - name: other
    owner: somebody
    work: { at: 1h, for: 10m, links: [connect-up], cut: drop }
expect: [recovered == 100%]
variants:
`;
const read = (variants: string, choice: ScenarioChoice = {}): Scenario =>
  parseScenario(BASE + variants, 's.yaml', designs, choice);

const ON_TIME =
  '  on-time: { title: on time, windows: { work: { overrun: 0s, restore: null } } }\n';

describe('a variant', () => {
  test('changes what it names and nothing else', () => {
    const late = read(ON_TIME);
    const onTime = read(ON_TIME, { variant: 'on-time' });
    expect(onTime).toEqual({
      ...late,
      title: 'on time',
      variant: 'on-time',
      windows: [
        {
          ...late.windows[0],
          overrunMs: 0,
          restore: { ...late.windows[0]?.restore, paceMs: 0 },
        },
        late.windows[1],
      ],
    });
  });

  test('replaces lists, so that it can expect something else', () => {
    const text = '  v: { expect: [max(blackScreen) <= 2s] }\n';
    expect(read(text, { variant: 'v' }).expectations.map(({ text }) => text)).toEqual([
      'max(blackScreen) <= 2s',
    ]);
  });

  test('takes another design', () => {
    const text = '  v: { design: dual-access-bfd }\n';
    expect(read(text, { variant: 'v' }).design.name).toBe('dual-access-bfd');
  });

  test('that is not there is named with those that are', () => {
    expect(() => read(ON_TIME, { variant: 'ontime' })).toThrow(
      'no variant is called ontime; there are on-time; did you mean on-time?',
    );
  });
});

describe('a variant is checked even when it is not asked for', () => {
  test.each([
    [
      'a bad value',
      '  v: { windows: { work: { overrun: ages } } }\n',
      /s\.yaml:16:36 {2}variants\.v\.windows\.work\.overrun: expected a duration/,
    ],
    [
      'an unknown window',
      '  v: { windows: { wrk: {} } }\n',
      /no window is called wrk.*did you mean work/,
    ],
    ['an unknown key', '  v: { overrun: 0s }\n', /variants\.v\.overrun: unknown key overrun/],
    [
      'a bad expectation',
      '  v: { expect: [max(black) <= 5] }\n',
      /16:17 {2}variants\.v\.expect\[0\]: black is a time/,
    ],
    [
      'an unknown design',
      '  v: { design: triple }\n',
      /16:16 {2}variants\.v\.design: no design is called triple/,
    ],
  ])('%s', (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('and what is wrong in the file itself is told once', () => {
    const text = BASE.replace('kind: window', 'kind: windw') + ON_TIME;
    expect(() => parseScenario(text, 's.yaml', designs)).toThrow(/^1 problem in s\.yaml/);
  });
});

test('a scenario can be played on another design than its own', () => {
  expect(read(ON_TIME, { design: 'dual-access-bfd' }).design.name).toBe('dual-access-bfd');
});
