// Alerts as scenarios write them: what is refused and where, and the steps they become.

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { printPlan } from '../../../harness/scenario/printPlan.ts';
import { designTexts } from '../../support/designs.ts';
import { refusal } from '../../support/refusal.ts';

const DESIGNS = designTexts('single-access', 'alerted-tv');
const FLOOD =
  '{ id: flood, at: 10m, update: { at: 17m, text: Go }, end: 35m, severity: extreme, text: Stay, carriage: cloud }';

const scenarioOf = (alerts: string, rest = '') => `
name: alerts
title: Alerts
kind: drill
design: single-access
viewers: { count: 2, area: rouen }
alerts:
${alerts
  .split('\n')
  .map((one) => `  - ${one}`)
  .join('\n')}
${rest}
expect: [recovered == 100%]
`;
const read = (text: string, variant?: string) =>
  parseScenario(text, 's.yaml', DESIGNS, { variant });

const refused = (alert: string): string => refusal(() => read(scenarioOf(alert))).message;

describe('an alert', () => {
  it('becomes steps of the plan, compressed, and the run lasts to its end', () => {
    const { alerts, disruptMs } = plan(read(scenarioOf(FLOOD)), { compress: 60, seed: 1 });
    expect(alerts).toEqual([
      { alert: 'flood', does: 'issue', revision: 1, atMs: 10_000, scenarioAtMs: 600_000 },
      { alert: 'flood', does: 'update', revision: 2, atMs: 17_000, scenarioAtMs: 1_020_000 },
      { alert: 'flood', does: 'end', revision: 2, atMs: 35_000, scenarioAtMs: 2_100_000 },
    ]);
    expect(disruptMs).toBe(35_000);
  });

  it('is written by the clock, and changed by a variant', () => {
    const text = scenarioOf(
      FLOOD.replace('at: 10m', 'at: 2025-09-12T22:25').replace('at: 17m', 'at: 2025-09-12T22:32'),
      'clock: 2025-09-12T22:15:00+02:00\nzone: Europe/Paris\nvariants: { other: { alerts: { flood: { carriage: [playout, headend] } } } }',
    );
    expect(read(text).alerts).toMatchObject([{ atMs: 600_000, updates: [{ atMs: 1_020_000 }] }]);
    expect(read(text, 'other').alerts).toMatchObject([{ carriages: ['playout', 'headend'] }]);
  });

  it.each([
    [
      'that ends before it begins',
      FLOOD.replace('end: 35m', 'end: 5m'),
      /8:\d+ {2}alerts\[0\]\.end: .*over before it begins/,
    ],
    [
      'updated before it is issued',
      FLOOD.replace('17m', '7m'),
      /alerts\[0\]\.update\.at: expected a time after it is issued/,
    ],
    [
      'for an area nobody lives in',
      FLOOD.replace('text: Stay', 'text: Stay, area: lyon'),
      /area: no viewers live in lyon: they live in rouen/,
    ],
    ['twice', `${FLOOD}\n${FLOOD}`, /9:\d+ {2}alerts\[1\]\.id: two alerts are called flood/],
    [
      'with 5 MB of text',
      FLOOD.replace('Stay', 'a'.repeat(5_000_000)),
      /text: expected a text of at most 16000 characters/,
    ],
    [
      'with control characters',
      FLOOD.replace('Stay', '"a\\u001bb"'),
      /text without control characters/,
    ],
    [
      'that says it is an exercise and is none',
      FLOOD.replace('Stay', '"EXERCICE : restez"'),
      /calls it an exercise: say exercise: true/,
    ],
    [
      'with half a character',
      FLOOD.replace('Stay', '"a\\ud800b"'),
      /text without control characters, got "a\\ud800b"/,
    ],
    [
      'with a name of 5 MB',
      FLOOD.replace('flood', 'a'.repeat(5_000_000)),
      /id: expected a text of at most 16000 characters/,
    ],
    [
      'that is real and has an update that says it is an exercise',
      FLOOD.replace('text: Go', 'text: "Go: this is only an exercise"'),
      /alerts\[0\]\.update\.text: its text calls it an exercise/,
    ],
    [
      'with more updates than a strip can number',
      FLOOD.replace(
        'update: { at: 17m, text: Go }',
        `update: [${Array.from({ length: 15 }, (_, i) => `{ at: ${i + 11}m, text: Go }`).join(', ')}]`,
      ),
      /alerts\[0\]\.update: expected at most 14/,
    ],
    [
      'by a stage that is not there',
      FLOOD.replace('cloud', '[cloud, box]'),
      /carriage: box needs a stage with role: portal, and single-access has none/,
    ],
    [
      'of an unknown severity',
      FLOOD.replace('extreme', 'extrem'),
      /expected one of extreme.*did you mean extreme/,
    ],
    [
      'on an unknown carriage',
      FLOOD.replace('cloud', 'clout'),
      /expected one of playout, cloud, inserter, daterange, id3, headend, application, box, cell-no-radio, or a list of them/,
    ],
    [
      'of an unknown key',
      FLOOD.replace('text: Stay', 'text: Stay, colour: red'),
      /unknown key colour/,
    ],
  ])('%s is refused', (_, alert, message) => {
    expect(refused(alert)).toMatch(message);
  });

  it.each([
    ['box', 'hls.js', /box is shown by settopbox, and no viewer has that player/],
    ['application', 'settopbox', /application is shown by hls\.js, .*no viewer has that player/],
    ['daterange', 'shaka', /daterange is shown by hls\.js, and no viewer/],
    ['cloud', 'light', /cloud is shown by hls\.js, .*settopbox, and no viewer/],
  ])('by %s is refused where all viewers have %s', (carriage, player, message) => {
    const text = scenarioOf(FLOOD.replace('cloud', carriage))
      .replace('single-access', 'alerted-tv')
      .replace('count: 2', `count: 2, player: ${player}`);
    expect(() => read(text)).toThrow(message);
  });

  it('that asks for caution is none of an exercise', () => {
    expect(() => read(scenarioOf(FLOOD.replace('Stay', 'Exercise caution')))).not.toThrow();
  });

  it.each(['alertReach >= 99%', 'max(alertDelay) <= 5s', 'max(alertCleared) <= 1m'])(
    'is what %s needs',
    (expectation) => {
      const text = scenarioOf(FLOOD).replace('recovered == 100%', expectation);
      expect(() => read(text)).not.toThrow();
      const without = text.replace(/alerts:\n.*\n/, '');
      expect(() => read(without)).toThrow(/expect\[0\]: no alert is issued in this scenario/);
    },
  );

  it('is a line of the plan that people read', () => {
    const flood = FLOOD.replace('text: Stay', 'text: Stay, area: rouen, exercise: true');
    const text = scenarioOf(flood, 'clock: 2025-09-12T22:15:00+02:00');
    expect(printPlan(plan(read(text), { compress: 60, seed: 1 }))).toContain(
      '  flood: EXERCISE, extreme, at +10s (22:25:00), update +17s (22:32:00), ' +
        'end +35s (22:50:00), area rouen, by cloud\n',
    );
  });
});
