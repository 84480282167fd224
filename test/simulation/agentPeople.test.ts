// Tests people of an audience of agents: they come and go, act at a dark screen, and go elsewhere.

import { expect, test } from 'vitest';
import { isBack, readLosses } from '../../harness/simulate/agents/crowd.ts';
import { makePopulations } from '../../harness/simulate/agents/results.ts';
import { requestsIn } from '../../harness/simulate/agents/loads.ts';
import { parseScenario } from '../../harness/scenario/load.ts';
import { playedByAgents, type ByAgents } from '../support/simulatedByAgents.ts';
import { twoEdges } from '../support/twoEdges.ts';

const DARK = '{ name: dark, at: 10s, for: 3m, stages: [edge-a, edge-b], http: { status: 404 } }';

const played = (viewers: string, fault = DARK): ByAgents =>
  playedByAgents(parseScenario(twoEdges(viewers, fault, '60s'), 's.yaml', {}), { audience: 2_000 });

const NONE = 'policy: { onFatal: none }';

const meanBlackMs = ({ kernel: { crowd } }: ByAgents): number =>
  Array.from({ length: crowd.size }, (_, agent) => readLosses(crowd, agent).blackMs).reduce(
    (sum, ms) => sum + ms,
    0,
  ) / crowd.size;

const sumOf = (one: ByAgents, key: 'left' | 'weight') =>
  makePopulations(one, one.plan, false).reduce(
    (sum, population) => sum + (population[key] ?? 0),
    0,
  );

const countBack = ({ kernel: { crowd }, toMs }: ByAgents): number =>
  Array.from({ length: crowd.size }, (_, agent) => isBack(crowd, agent, toMs)).filter(Boolean)
    .length;

test('whoever reloads a dead page is back where whoever stays is not', () => {
  const stays = played(`{ count: 100, ${NONE} }`);
  const reloads = played(`{ count: 100, behaviour: reloads, ${NONE} }`);
  expect(stays.kernel.crowd.reloads.reduce((sum, n) => sum + n, 0)).toBe(0);
  expect(reloads.kernel.crowd.reloads.every((n) => n > 0)).toBe(true);
  expect(meanBlackMs(reloads)).toBeLessThan(meanBlackMs(stays));
  expect(countBack(stays)).toBe(0);
  expect(countBack(reloads)).toBeGreaterThan(0.3 * reloads.kernel.crowd.size);
});

test('whoever zaps away from a dark channel loses less', () => {
  const oneDark = DARK.replace('http:', 'channels: [one], http:');
  const stays = played(`{ count: 100, channel: one, ${NONE} }`, oneDark);
  const zaps = played(`{ count: 100, channel: one, behaviour: zaps, ${NONE} }`, oneDark);
  expect(meanBlackMs(zaps)).toBeLessThan(0.8 * meanBlackMs(stays));
});

test('a share leaves, which is told and loses nothing more', () => {
  const one = played(`{ count: 100, behaviour: leaves, ${NONE} }`);
  // 40 % leave within ten minutes, evenly; half of them look again.
  const left = sumOf(one, 'left') / sumOf(one, 'weight');
  expect(left).toBeGreaterThan(0.05);
  expect(left).toBeLessThan(0.2);
  expect(meanBlackMs(one)).toBeLessThan(meanBlackMs(played(`{ count: 100, ${NONE} }`)));
});

test('a reboot takes its minute', () => {
  const { kernel } = played(`{ count: 100, behaviour: reboots, ${NONE} }`);
  const rebooted = kernel.crowd.reloads.reduce((sum, n) => sum + n, 0) / kernel.crowd.size;
  // 30 % within five minutes, and the outage is of three.
  expect(rebooted).toBeGreaterThan(0.1);
  expect(rebooted).toBeLessThan(0.35);
});

test('a flash crowd comes when it is said to, and who leaves in time loses nothing', () => {
  const flash = played(`{ count: 100, joins: 1m..2m, leaves: 2m30s, ${NONE} }`);
  const [edge] = flash.world.entries;
  const perS = requestsIn(edge!.load);
  const at = (s: number) => perS[Math.floor((s * 1000 - flash.fromMs) / 1000)]!;
  expect(at(50)).toBe(0);
  expect(at(70) + at(90) + at(110)).toBeGreaterThan(0);
  expect(at(170)).toBe(0);
  expect(meanBlackMs(flash)).toBeLessThan(95_000);
  const before = played(`{ count: 100, leaves: 5s, ${NONE} }`);
  expect(meanBlackMs(before)).toBe(0);
});

test('an application falls back to the other class of edges, or to the other channel', () => {
  const policy = (onFatal: string) => `policy: { onFatal: ${onFatal}, delay: 1s, jitter: 0s }`;
  const half = DARK.replace('edge-a, edge-b', 'edge-a');
  const reloads = played(`{ count: 100, ${policy('reload')} }`, half);
  const falls = played(`{ count: 100, ${policy('fallback')} }`, half);
  expect(meanBlackMs(falls)).toBeLessThan(0.2 * meanBlackMs(reloads));
  const oneDark = DARK.replace('http:', 'channels: [one], http:');
  const changes = played(`{ count: 100, channel: one, ${policy('channel')} }`, oneDark);
  expect(meanBlackMs(changes)).toBeLessThan(20_000);
});

test.each(['shaka', 'video.js', 'light', 'media3', 'avplayer'])(
  '%s plays for an audience, and loses about what the outage took',
  (player) => {
    const one = played(
      `{ count: 100, player: ${player}, policy: { onFatal: reload, delay: 5s, jitter: 5s } }`,
    );
    expect(meanBlackMs(one) / 1000).toBeGreaterThan(150);
    expect(meanBlackMs(one) / 1000).toBeLessThan(210);
  },
);

test('a buffer with a hole in it is not taken for media up to the live edge', () => {
  // Whoever loads the page just before the heal plays old media while the new is loaded behind a hole.
  const one = played(
    `{ count: 100, player: media3, policy: { onFatal: reload, delay: 5s, jitter: 5s } }`,
    '{ name: cut, at: 10s, for: 3m, links: [connect-up], cut: drop }',
  );
  expect(countBack(one)).toBe(one.kernel.crowd.size);
});
