// Alerts in virtual time: one a minute for an hour, and on every carriage in a dark night.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { loadScenario, parseScenario } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { AGENT_PLAYERS } from '../../harness/rehearsal/agentPlayers.ts';
import { refusalsOfAgents } from '../../harness/simulate/agents/playable.ts';
import { findRefusals } from '../../harness/simulate/playable.ts';
import { simulated } from '../support/simulated.ts';

const NIGHT = 'scenarios/alerts/orange-2025-09-12.yaml';
const DESIGN = 'scenarios/designs/alerted-tv.yaml';
const DESIGNS = { 'alerted-tv': { text: readFileSync(DESIGN, 'utf8'), file: DESIGN } };
const MINUTES = 60;
/** In turn. */
const CARRIAGES = ['playout', 'cloud', 'daterange', 'headend', 'application'];

const alertAt = (minute: number) =>
  `  - { id: minute-${minute}, at: ${minute}m, end: ${minute}m50s, severity: minor, ` +
  `text: Minute ${minute}, carriage: ${CARRIAGES[minute % CARRIAGES.length]} }`;
const HOUR = `
name: hour
title: An alert every minute for an hour
kind: drill
design: alerted-tv
viewers: { count: 1 }
alerts:
${Array.from({ length: MINUTES }, (_, minute) => alertAt(minute)).join('\n')}
expect: [alertReach == 100%, max(alertDelay) <= 8s, max(blackScreen) <= 0s]
`;
const hour = () => parseScenario(HOUR, 's.yaml', DESIGNS);

/** The alerts that began to be shown, or were over, from the journal alone, in order. */
const shownIn = (journal: string, event: 'alert' | 'alert-over'): readonly number[] =>
  journal
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event?: string; alert?: { number: number } })
    .flatMap((record) => (record.event === event ? [record.alert!.number] : []));

const alertsOf = ({ viewers }: Report) => viewers.flatMap(({ alerts = [] }) => alerts);

describe('alerts in virtual time', () => {
  test('of one every minute for an hour, played four times as fast, none is lost or doubled', async () => {
    const { report, journal } = await simulated(hour(), { compress: 4 });
    const every = Array.from({ length: MINUTES }, (_, at) => at + 1);
    expect(shownIn(journal, 'alert')).toEqual(every);
    expect(shownIn(journal, 'alert-over')).toEqual(every);
    expect(alertsOf(report)).toHaveLength(MINUTES);
    expect(report.verdict).toBe('pass');
  });

  test.each([
    [undefined, 'no'],
    ['cloud', 'no'],
    ['daterange', 'no'],
    ['inserter', 'yes'],
    ['headend', 'yes'],
    ['application', 'yes'],
    ['cell-no-radio', 'yes'],
  ])('in the dark night by the variant %s reach: %s', async (variant, reached) => {
    const scenario = await loadScenario(NIGHT, { variant });
    const { report } = await simulated(scenario, { compress: 60 });
    expect(report.verdict).toBe('pass');
    expect([...new Set(alertsOf(report).map((alert) => alert.reached))]).toEqual([reached]);
  });
});

describe('an alert beside the programme', () => {
  const play = (carriage: string, rest = '') =>
    simulated(
      parseScenario(
        `
name: beside
title: An alert beside the programme
kind: drill
design: alerted-tv
viewers:
  - { name: here, count: 1, area: rouen }
  - { name: there, count: 1, area: lyon }
alerts:
  - { id: flood, at: 10s, end: 50s, severity: severe, text: Go, area: rouen, carriage: ${carriage} }
${rest}
expect: [alertReach == 100%, max(alertDelay) <= 3s]
`,
        's.yaml',
        DESIGNS,
      ),
    );

  test('is shown in its area alone, where a playlist is the same for everybody', async () => {
    const { report, journal } = await play('application');
    expect(report.verdict).toBe('pass');
    expect(shownIn(journal, 'alert')).toEqual([1]);
    const all = await play('headend');
    expect(shownIn(all.journal, 'alert')).toEqual([1, 1]);
    expect(all.report.findings).toContainEqual(
      expect.objectContaining({ rule: 'alert-wrong-area', verdict: 'fail' }),
    );
  });

  test.each([
    ['application', 'app-way'],
    ['cell-no-radio', 'phone-way'],
  ])('by %s is cut by a fault on its own link alone: %s', async (carriage, link) => {
    const cut = (links: string) =>
      `faults: [{ name: f, at: 5s, for: 50s, links: [${links}], cut: drop }]`;
    const away = await play(carriage, cut(link));
    expect(shownIn(away.journal, 'alert')).toEqual([]);
    expect(away.report.verdict).toBe('fail');
    const other = link === 'app-way' ? 'phone-way' : 'app-way';
    const beside = await play(carriage, cut(other));
    expect(shownIn(beside.journal, 'alert')).toEqual([1]);
    expect(beside.report.verdict).toBe('pass');
  });

  test('is cut by what takes its stage away, and told again when that is back', async () => {
    const down = (forS: number) =>
      `faults: [{ name: down, at: 5s, for: ${forS}s, stages: [portal], stage: kill }]`;
    const away = await play('application', down(50));
    expect(shownIn(away.journal, 'alert')).toEqual([]);
    expect(away.report.verdict).toBe('fail');
    expect(away.report.findings.map(({ rule }) => rule)).toContain('alert-not-told');
    const back = await play('application', down(20));
    expect(shownIn(back.journal, 'alert')).toEqual([1]);
    expect(alertsOf(back.report)[0]).toMatchObject({ reached: 'yes' });
  });
});

test('agents refuse an alert by its place', () => {
  const refusals = refusalsOfAgents(plan(hour(), { compress: 1, seed: 1 }), AGENT_PLAYERS);
  expect(refusals).toContainEqual({
    path: ['alerts', 0],
    message: expect.stringMatching(/an alert is not modelled for agents/) as string,
  });
});

test('an alert in segments is refused for players whose virtual form does not read it', () => {
  const by = (player: string) => {
    const text = HOUR.replace('{ count: 1 }', `{ count: 1, player: ${player} }`);
    const scenario = parseScenario(
      text.replaceAll(/(daterange|headend)\b/g, 'id3'),
      's.yaml',
      DESIGNS,
    );
    return findRefusals(plan(scenario, { compress: 1, seed: 1 }), [player]);
  };
  expect(by('hls.js')[0]).toEqual({
    path: ['alerts', 2, 'carriage'],
    message:
      'id3 has no virtual form in hls.js; virtual players cannot play this: use `ecran-noir run`',
  });
});
