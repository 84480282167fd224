// Holds light viewers against the production code of hls.js: in virtual time both watch one channel
// through one edge, whose answers go wrong. What one loses, the other loses, to within a segment.

import { describe, expect, test } from 'vitest';
import type { ViewerResult } from '../../harness/model/report.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { findDesigns, parseScenario } from '../../harness/scenario/load.ts';
import { simulated } from '../support/simulated.ts';

const SEGMENT_MS = 2_000;
const designs = findDesigns('scenarios/s.yaml');

interface Case {
  readonly fault: string;
  readonly lengthS: number;
  readonly policy: string;
}

const scenario = ({ fault, lengthS, policy }: Case): Scenario =>
  parseScenario(
    `
name: agreement
title: Light viewers beside hls.js
kind: drill
design: single-access
seed: 3
viewers:
  - { name: screens, count: 1, channel: one, policy: ${policy} }
  - { name: crowd, count: 1, channel: one, player: light, policy: ${policy} }
faults:
  - { name: wrong, at: 7s, for: ${lengthS}s, stages: [edge], ${fault} }
recover: { within: 60s }
expect: [recovered == 100%, max(blackScreen) of crowd <= 5m]
`,
    'scenarios/s.yaml',
    designs,
  );

const NONE = '{ onFatal: none }';
const RELOAD = '{ onFatal: reload, delay: 5s, jitter: 0s }';
const START = '{ onFatal: startLoad, delay: 5s, jitter: 0s }';

const CASES: readonly (readonly [string, Case])[] = [
  ['404', { fault: 'http: { of: any, status: 404 }', lengthS: 20, policy: NONE }],
  ['404 and a reload', { fault: 'http: { of: any, status: 404 }', lengthS: 20, policy: RELOAD }],
  ['404 and startLoad', { fault: 'http: { of: any, status: 404 }', lengthS: 20, policy: START }],
  ['a short 404', { fault: 'http: { of: any, status: 404 }', lengthS: 2, policy: RELOAD }],
  ['503', { fault: 'http: { of: any, status: 503 }', lengthS: 20, policy: RELOAD }],
  ['503 of segments', { fault: 'http: { of: segment, status: 503 }', lengthS: 12, policy: RELOAD }],
  ['404 of segments', { fault: 'http: { of: segment, status: 404 }', lengthS: 12, policy: RELOAD }],
  ['silence', { fault: 'http: { of: any, wrong: hang }', lengthS: 40, policy: RELOAD }],
  ['a short silence', { fault: 'http: { of: any, wrong: hang }', lengthS: 8, policy: RELOAD }],
  [
    'stale playlists',
    { fault: 'http: { of: playlist, wrong: stale }', lengthS: 20, policy: RELOAD },
  ],
  ['empty answers', { fault: 'http: { of: playlist, wrong: empty }', lengthS: 10, policy: RELOAD }],
  ['an edge that is down', { fault: 'stage: kill', lengthS: 15, policy: RELOAD }],
];

const lossesOf = ({ interruptions }: ViewerResult) =>
  interruptions.map(({ fromMs, toMs, recovered }) => ({ fromMs, toMs, recovered }));

describe('light viewers and hls.js lose the same to', () => {
  test.each(CASES)('%s', async (_, played) => {
    const { report } = await simulated(scenario(played));
    const [screen, imitated] = [report.viewers[0]!, report.beside![0]!];
    const [real, light] = [lossesOf(screen), lossesOf(imitated)];
    const told = JSON.stringify({ real, light });
    expect(light.length, told).toBe(real.length);
    for (const [i, loss] of real.entries()) {
      const other = light[i]!;
      expect(Math.abs(other.fromMs - loss.fromMs), told).toBeLessThanOrEqual(SEGMENT_MS);
      expect(Math.abs(other.toMs - loss.toMs), told).toBeLessThanOrEqual(SEGMENT_MS);
      expect(other.recovered, told).toBe(loss.recovered);
    }
  });

  test('and stand beside the screens, not among them', async () => {
    const { report } = await simulated(scenario(CASES[0]![1]));
    expect(report.audience.viewers).toBe(1);
    expect(report.viewers.map(({ player }) => player)).toEqual(['hls.js']);
    expect(report.groups?.map(({ name, imitates }) => [name, imitates])).toEqual([
      ['screens', undefined],
      ['crowd', 'hls.js 1.7'],
    ]);
    expect(report.findings.map(({ rule }) => rule)).toContain('imitated');
    expect(report.expectations[1]).toMatchObject({
      text: 'max(blackScreen) of crowd <= 5m',
      observed: expect.stringContaining('imitated, not run') as string,
    });
  });
});
