// Viewers in groups: who watches what, who comes and goes when, and what is refused.

import { describe, expect, test } from 'vitest';
import { findLatecomers } from '../../../harness/model/plan.ts';
import { planHere, requireOnePlayerEach } from '../../../harness/rehearsal/plan.ts';
import { describeViewers } from '../../../harness/scenario/audience.ts';
import { parseScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { printPlan } from '../../../harness/scenario/printPlan.ts';
import { designTexts } from '../../support/designs.ts';
import { refusal } from '../../support/refusal.ts';

const DESIGNS = designTexts('single-access');

const withViewers = (viewers: string, rest = ''): string => `
name: minimal
title: A cut
kind: drill
design: single-access
faults: [{ name: cut, at: 10s, for: 50s, links: [connect-up], cut: drop }]
expect: [recovered == 100%]
viewers: ${viewers}
${rest}`;

const read = (viewers: string, rest?: string, variant?: string) =>
  parseScenario(withViewers(viewers, rest), 's.yaml', DESIGNS, { variant });

const refused = (viewers: string, rest?: string): string =>
  refusal(() => read(viewers, rest)).message;

const planned = (viewers: string, seed = 1, compress = 1) =>
  plan(read(viewers), { seed, compress });

const CROWD = `
  - { name: running, count: 2, weight: 1000 }
  - { name: late, count: 3, channel: two, joins: 20s..40s }
  - { name: away, count: 1, leaves: { at: 15s }, returns: { from: 30s, to: 50s } }`;

test('a player of DASH is refused, at its place, on a design that makes transport streams', () => {
  expect(refused('[{ name: d, player: dash.js }]')).toMatch(
    /s\.yaml:8:30 +viewers\[0\]\.player: dash\.js takes a DASH manifest, and single-access makes transport streams and HLS: give its media container: cmaf/,
  );
});

test.each([
  [
    '{ policy: { onFatal: none, jitter: 2s } }',
    /viewers\.policy\.jitter: goes with another onFatal than none/,
  ],
  ['{ policy: { onFatal: fallback } }', /viewers\.policy\.onFatal: single-access has one way in/],
  [
    '[{ name: b, player: settopbox, policy: { onFatal: channel } }]',
    /viewers\[0\]\.policy\.onFatal: settopbox tunes to one group/,
  ],
  [
    '[{ name: b, player: settopbox, behaviour: reboots }]',
    /viewers\[0\]\.behaviour: reboots goes with players of a page, and settopbox is a box/,
  ],
  [
    '[{ name: b, switches: { to: ap, share: 15%, within: 5m } }, { name: apps }]',
    /viewers\[0\]\.switches\.to: no other group is called ap; there are apps/,
  ],
  [
    '[{ name: b, switches: { to: b, share: 15%, within: 5m } }]',
    /viewers\[0\]\.switches\.to: there is no other group to switch to/,
  ],
  [
    '[{ name: b, switches: { to: c, share: 0%, within: 5m } }, { name: c }]',
    /viewers\[0\]\.switches\.share: expected a percentage above 0%/,
  ],
  ['{ behaviour: zap }', /viewers\.behaviour: .*did you mean zaps\?/],
])('people and applications who cannot go elsewhere are refused: %s', (viewers, says) => {
  expect(refused(viewers)).toMatch(says);
});

test('who switches is an assumption, and a run of real parts refuses it', () => {
  const made = planned(
    '[{ name: boxes, switches: { to: apps, share: 15%, within: 5m } }, { name: apps }]',
  );
  expect(made.scenario.assumptions).toContain(
    '15% of boxes who see no programme watch as apps do within 5m, and stay there.',
  );
  expect(() => requireOnePlayerEach(made)).toThrow(
    /boxes switches to the way of another group, which only agents do/,
  );
});

test('a behaviour is among the assumptions of its scenario', () => {
  const { assumptions } = read('{ behaviour: reloads }');
  expect(assumptions).toEqual([expect.stringContaining('loads the page again after 20 s')]);
  expect(read('{ behaviour: stay }').assumptions).toEqual([]);
});

describe('groups of viewers', () => {
  test('are numbered through, each dealt over the channels or on its own', () => {
    const viewers = describeViewers(read(CROWD));
    expect(viewers.map(({ id, channel, group, weight }) => [id, channel, group, weight])).toEqual([
      ['v1', 'one', 'running', 1000],
      ['v2', 'two', 'running', 1000],
      ['v3', 'two', 'late', undefined],
      ['v4', 'two', 'late', undefined],
      ['v5', 'two', 'late', undefined],
      ['v6', 'one', 'away', undefined],
      ['control', 'control', undefined, undefined],
    ]);
  });

  test('are watched beside by a control in a browser, and by a box where there are boxes', () => {
    const text = withViewers('[{ name: boxes, count: 2, player: settopbox }]')
      .replace('single-access', 'repaired-tv')
      .replace('connect-up', 'access-tv');
    const controls = describeViewers(parseScenario(text, 's.yaml', designTexts('repaired-tv'), {}))
      .filter(({ control }) => control)
      .map(({ id, player, channel }) => ({ id, player, channel }));
    expect(controls).toEqual([
      { id: 'control', player: 'hls.js', channel: 'control' },
      { id: 'control-box', player: 'settopbox', channel: 'control' },
    ]);
  });

  test('come and go at times that the seed draws, in the order of time', () => {
    const { audience = [] } = planned(CROWD);
    expect(audience).toEqual(audience.toSorted((a, b) => a.atMs - b.atMs));
    expect(planned(CROWD).audience).toEqual(audience);
    expect(planned(CROWD, 2).audience).not.toEqual(audience);
    const times = (viewer: string) => audience.filter((step) => step.viewer === viewer);
    for (const late of ['v3', 'v4', 'v5']) {
      const [join, ...more] = times(late);
      expect(more).toEqual([]);
      expect(join).toMatchObject({ does: 'join' });
      expect(join!.atMs).toBeGreaterThanOrEqual(20_000);
      expect(join!.atMs).toBeLessThanOrEqual(40_000);
    }
    expect(times('v6')).toMatchObject([{ does: 'leave', atMs: 15_000 }, { does: 'join' }]);
    expect([...findLatecomers(planned(CROWD))].toSorted()).toEqual(['v3', 'v4', 'v5']);
  });

  test('keep times of the scenario when they are compressed', () => {
    const [step] = planned('{ count: 1, joins: 30s }', 1, 10).audience ?? [];
    expect(step).toEqual({ viewer: 'v1', does: 'join', atMs: 3000, scenarioAtMs: 30_000 });
  });

  test('leave the plan as it was where everybody watches all the time', () => {
    expect(planned('{ count: 3 }')).not.toHaveProperty('audience');
    expect(read('{ count: 3 }').viewers).toEqual({
      count: 3,
      player: 'hls.js',
      policy: { onFatal: 'reload', delayMs: 5000, jitterMs: 5000 },
      config: {},
    });
  });

  test('can be said differently by a variant, by name', () => {
    const rest = 'variants: { more: { viewers: { late: { count: 5 } } } }';
    expect(read(CROWD, rest, 'more').viewers).toMatchObject([{ count: 2 }, { count: 5 }, {}]);
    expect(() => read(CROWD, 'variants: { more: { viewers: { lat: {} } } }')).toThrow(
      'did you mean late?',
    );
  });

  test('keep their proportions when another number of viewers is asked for', () => {
    const counts = (viewers: number, groups = CROWD) => {
      const asked = planHere(read(groups), { compress: 1, seed: 1, viewers });
      return [asked.scenario.viewers].flat().map(({ count }) => count);
    };
    expect(counts(12)).toEqual([4, 6, 2]);
    expect(counts(3)).toEqual([1, 1, 1]);
    expect(
      counts(42, '[{ name: few, count: 2 }, { name: many, player: light, count: 40 }]'),
    ).toEqual([2, 40]);
    for (const all of [4, 5, 7, 9, 11]) expect(counts(all).reduce((a, b) => a + b)).toBe(all);
    expect(() => counts(2)).toThrow('3 groups of viewers');
  });
});

describe('viewers that cannot be', () => {
  test.each(['constructor', '__proto__', 'toString'])('no player is called %s', (player) => {
    const message = refused(`{ player: ${player}, config: { a: 1 }, carriage: ott }`);
    expect(message).toContain('viewers.player: expected one of ');
  });

  test.each([
    ['[{ name: a, count: 6e7 }, { name: b, count: 6e7 }]', '100 million viewers in all groups'],
    ['{ count: 200000, joins: 1s..9s }', 'at most 100000 viewers who come and go'],
    [`[${Array.from({ length: 101 }, (_, i) => `{ name: g${i} }`).join()}]`, 'at most 100 groups'],
    ['{ weight: 1e-300 }', 'expected a number of at least 0.001'],
  ])('too many, or too little: %s', (viewers, message) => {
    expect(refused(viewers)).toContain(message);
  });

  test('millions who stay are not made one by one for a plan', () => {
    const crowd = '[{ name: a, count: 90000000 }, { name: b, count: 1, joins: 1s }]';
    expect(planned(crowd).audience).toMatchObject([{ viewer: 'v90000001', does: 'join' }]);
  });

  test.each([
    ['[]', 'expected at least one group'],
    ['3', 'expected a group of viewers, or a list of groups'],
    ['[{ count: 2 }]', 'viewers[0].name: is missing'],
    ['[{ name: a }, { name: b }, { name: a }]', 's.yaml:8:45  viewers[2].name: two groups are'],
    ['[{ name: a, count: 0 }]', 'viewers[0].count: expected at least 1 viewer'],
    ['{ count: 0 }', 'viewers.count: expected at least 1 viewer'],
    ['[{ name: a, weight: 0 }]', 'viewers[0].weight: expected a number above zero'],
    ['{ weight: -1 }', 'viewers.weight: expected a number above zero'],
    ['{ channel: three }', 'no channel is called three; there are one, two'],
    ['{ player: hsl.js }', 'got "hsl.js"; did you mean hls.js?'],
    ['{ carriage: otf }', 'expected one of ott, iptv, got "otf"; did you mean ott?'],
    ['{ behaviour: zap }', 'expected one of stay, reloads, zaps, reboots, leaves, got "zap"'],
    ['{ joins: 20s, leaves: 10s }', 'leaves at 10s, which is not after joins at 20s'],
    ['{ joins: 20s, leaves: 20s }', 'leaves at 20s, which is not after joins at 20s'],
    ['{ joins: 10s..30s, leaves: 20s..50s }', 'leaves at 20s, which is not after joins at 30s'],
    ['{ leaves: 20s, returns: 10s }', 'returns at 10s, which is not after leaves at 20s'],
    ['{ returns: 10s }', 'returns goes with leaves'],
    ['{ joins: 61s }', 'joins at 1m 1s, after the last fault and window, which end at 1m'],
    ['{ joins: { from: 50s, to: 2m } }', 'joins at 2m, after the last fault and window'],
    ['{ leaves: 2m }', 'leaves at 2m, after the last fault'],
    ['{ joins: 20s..10s }', 'viewers.joins: expected'],
    ['{ joins: -5s }', 'viewers.joins: expected'],
    ['{ joins: soon }', 'expected a time such as 10s, 10s..20s or'],
    ['{ joins: { at: 10s, for: 3s } }', 'unknown key for'],
    ['[{ name: a, jions: 3s }]', 'did you mean joins?'],
  ])('%s', (viewers, says) => {
    expect(refused(viewers)).toContain(says);
  });
});

describe('an audience by the hour, on channels of different size', () => {
  const AT_2215 = 'clock: "2025-09-12T22:15"\nzone: Europe/Paris';
  const steps = (viewers: string, clock = AT_2215) =>
    plan(read(viewers, clock), { seed: 1, compress: 1 }).audience ?? [];

  test('leaves as the evening does, and says so', () => {
    const night = '{ count: 500, weight: 20000, curve: french-evening }';
    const { assumptions } = read(night, AT_2215);
    expect(assumptions).toEqual([expect.stringContaining('0.82 at 22:15')]);
    // The plan lasts a minute, in which four of a thousand of the peak go to bed.
    expect(steps(night).map(({ does }) => does)).toEqual(['leave', 'leave']);
    const printed = printPlan(plan(read(night, AT_2215), { seed: 1, compress: 1 }));
    expect(printed).toContain('as many at each hour as an evening of French television has');
  });

  test('comes by shares that the file draws, from the hour of the scenario', () => {
    const crowd = steps('{ count: 10, curve: { "22:15": 0.5, "22:16": 1 } }');
    expect(crowd.map(({ does }) => does)).toEqual(Array(5).fill('join'));
    expect(crowd.map(({ atMs }) => atMs / 1000)).toEqual([6, 18, 30, 42, 54]);
  });

  test('has most on its first channel', () => {
    const viewers = describeViewers(read('{ count: 6, zipf: 1.2 }')).filter((one) => !one.control);
    expect(viewers.map(({ channel }) => channel)).toEqual([
      ...Array<string>(4).fill('one'),
      ...Array<string>(2).fill('two'),
    ]);
    expect(read('{ zipf: 1.2 }').assumptions).toEqual([
      expect.stringContaining("Zipf's law with an exponent of 1.2"),
    ]);
  });

  test.each([
    ['{ curve: french-evening }', '', /viewers\.curve: a curve goes by the hour: say clock: above/],
    ['{ curve: french-evenin }', AT_2215, /viewers\.curve: expected french-evening, or shares/],
    ['{ curve: { "25:00": 1, "22:00": 0 } }', AT_2215, /viewers\.curve/],
    ['{ curve: { "22:00": 1 } }', AT_2215, /viewers\.curve: expected .* by two hours or more/],
    ['{ curve: { "22:00": 0, "23:00": 0 } }', AT_2215, /expected .*, or shares of at least 0/],
    ['{ curve: { "22:00": -1, "23:00": 0 } }', AT_2215, /22:00: expected a share of at least 0/],
    [
      '{ curve: french-evening, joins: 10s }',
      AT_2215,
      /a curve says when they come and go: leave joins out/,
    ],
    ['{ count: 200000, curve: french-evening }', AT_2215, /at most 100000 viewers who come and go/],
    ['{ zipf: 1, channel: one }', '', /viewers\.zipf: zipf deals viewers over channels/],
    ['{ zipf: -1 }', '', /viewers\.zipf: expected an exponent from 0 to 5/],
    ['{ zipf: steep }', '', /viewers\.zipf: expected an exponent from 0 to 5/],
  ])('refuses %s', (viewers, rest, says) => {
    expect(refused(viewers, rest)).toMatch(says);
  });
});
