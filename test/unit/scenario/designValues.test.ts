// Values of a design that could not be played, or not be meant.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { refusal } from '../../support/refusal.ts';

const textOf = (name: string): string => readFileSync(`scenarios/designs/${name}.yaml`, 'utf8');
const changed = (name: string, from: string | RegExp, to: string): string => {
  const text = textOf(name).replace(from, to);
  expect(text).not.toBe(textOf(name));
  return text;
};
const refused = (text: string): string => {
  const { message } = refusal(() => parseDesign(text, 'd.yaml'));
  expect(message).toMatch(/^1 problem/);
  return message;
};

const LADDER = /ladder: \[.*\]/;
test.each([
  [
    'a picture without room for the clock',
    /picture: \S+/,
    'picture: 46x180',
    /picture: expected at least 48x36/,
  ],
  [
    'a rung without room for the clock',
    LADDER,
    'ladder: [320x180@350k, 48x34@90k]',
    /ladder\[1\]: expected at least 48x36/,
  ],
  [
    'the best rung last',
    LADDER,
    'ladder: [192x108@150k, 320x180@350k]',
    /ladder\[1\]: expected a lower bit rate/,
  ],
  [
    'a rung twice',
    LADDER,
    'ladder: [320x180@350k, 320x180@350k]',
    /ladder\[1\]: expected a lower bit rate/,
  ],
  [
    'very many rungs',
    LADDER,
    `ladder: [${Array.from({ length: 21 }, () => '320x180@350k').join()}]`,
    /at most 20 rungs/,
  ],
  [
    'a list that is none',
    /channels: \[.*\]/,
    `channels: ${'x'.repeat(80)}`,
    /expected a list of channel names/,
  ],
])('%s is refused', (_, from, to, message) => {
  expect(refused(changed('dual-access-bfd', from, to))).toMatch(message);
});

test.each([
  [
    'operator',
    /operator: broadcaster(?![^]*operator: broadcaster)/,
    'operator: " Broadcaster"',
    /is spelled broadcaster elsewhere/,
  ],
  ['device', 'device: router-b', 'device: Router-A', /is spelled router-a elsewhere/],
])('one %s spelled in two ways is refused', (_, from, to, message) => {
  expect(refused(changed('dual-access-bfd', from, to))).toMatch(message);
});

test.each([
  [
    {
      failures: [
        { stage: 'edge', every: '9d', for: '1h' },
        { stage: 'edge', every: '8d', for: '1h' },
      ],
    },
    /failures\[1\]\.stage: stage edge has a rate already/,
  ],
  [
    { failures: [{ every: '9d', for: '1h' }] },
    /failures\[0\]: expected exactly one of .*, got none$/,
  ],
])('failures %j', ({ failures }, message) => {
  const text = `${textOf('single-access')}\nfailures: ${JSON.stringify(failures)}\n`;
  expect(refused(text)).toMatch(message);
});

test('what changes nothing is refused', () => {
  const level = changed('two-playouts', /inputFailover: \{/, 'inputFailover: { blackLevel: 20%,');
  expect(refused(level)).toContain('blackLevel goes with black');
  const part = changed('dual-origin', 'failTimeout: 5s', 'failTimeout: 1500ms');
  expect(refused(part)).toContain('failTimeout: expected whole seconds');
  const equal = changed('two-playouts', 'prefer: primary, clear', 'prefer: equal, clear');
  expect(refused(equal)).toContain('inputFailover: clear goes with prefer: primary');
  for (const [design, role, key, message] of [
    ['single-access', 'origin', 'staleAfter: 4s', 'staleAfter: goes with another whenStale'],
    ['single-access', 'edge', 'originFailover: {}', 'originFailover: goes with several links'],
    ['paused-output', 'transcoder', 'inputFailover: {}', 'inputFailover: goes with several links'],
    ['paused-output', 'transcoder', 'inputLoss: {}', 'inputLoss: goes with inputLossAction: emit'],
  ] as const)
    expect(refused(changed(design, `role: ${role}`, `role: ${role}\n    ${key}`))).toContain(
      message,
    );
});
