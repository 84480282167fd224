// Holds agents that play shaka and video.js against their production code in virtual time, one case for each
// thing that only they do.

import { expect, test } from 'vitest';
import type { Fault, PlayerPolicy, Scenario } from '../../harness/model/scenario.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { besideVirtualPlayers } from '../support/besideVirtualPlayers.ts';

interface Case {
  readonly player: 'shaka' | 'video.js';
  readonly what: string;
  readonly design: string;
  readonly fault: Fault;
  readonly lengthS: number;
  readonly policy: PlayerPolicy;
  readonly outcome: string;
}

const CHANNELS = { channels: ['one', 'two'] };
const UNAVAILABLE: Fault = {
  kind: 'http',
  match: { of: 'playlist', rung: undefined, every: undefined, ratio: 1 },
  answer: { kind: 'status', status: 503 },
  stages: ['edge'],
  links: [],
  ...CHANNELS,
};
const NOTHING: PlayerPolicy = { onFatal: 'none' };
const GO_ON: PlayerPolicy = { onFatal: 'startLoad', delayMs: 4_000, jitterMs: 0 };

const CASES: readonly Case[] = [
  {
    player: 'shaka',
    what: 'it gives up and tries once more by itself',
    design: 'stale-503',
    fault: UNAVAILABLE,
    lengthS: 7,
    policy: NOTHING,
    outcome: 'reloaded',
  },
  {
    player: 'shaka',
    what: 'it gives up again, and startLoad does nothing',
    design: 'stale-503',
    fault: UNAVAILABLE,
    lengthS: 18,
    policy: GO_ON,
    outcome: 'not back',
  },
  {
    player: 'shaka',
    what: 'it plays nothing of a playlist with a break in it',
    design: 'paused-output',
    fault: { kind: 'cut', effect: 'refuse', links: ['connect-up'], ...CHANNELS },
    lengthS: 18,
    policy: NOTHING,
    outcome: 'came back',
  },
  {
    player: 'shaka',
    what: 'a stall adds nothing to its distance to live',
    design: 'single-access',
    fault: { kind: 'cut', effect: 'refuse', links: ['connect-down'], ...CHANNELS },
    lengthS: 18,
    policy: NOTHING,
    outcome: 'came back',
  },
  {
    player: 'video.js',
    what: 'it changes the rung after a break, and looks for segments where they are not',
    design: 'single-access',
    fault: { kind: 'cut', effect: 'refuse', links: ['connect-down'], ...CHANNELS },
    lengthS: 18,
    policy: NOTHING,
    outcome: 'came back',
  },
  {
    player: 'video.js',
    what: 'it asks for a segment that is missing until the playlist has it no more',
    design: 'single-access',
    fault: { kind: 'cut', effect: 'refuse', links: ['connect-down'], ...CHANNELS },
    lengthS: 5,
    policy: NOTHING,
    outcome: 'came back',
  },
  {
    player: 'video.js',
    what: 'it waits longer for a rung that it has never read',
    design: 'single-access',
    fault: UNAVAILABLE,
    lengthS: 18,
    policy: NOTHING,
    outcome: 'came back',
  },
  {
    player: 'video.js',
    what: 'a rung that nobody asked for before is less old where answers are old',
    design: 'single-access',
    fault: { ...UNAVAILABLE, answer: { kind: 'stale' } },
    lengthS: 12,
    policy: NOTHING,
    outcome: 'came back',
  },
];

const NEAR_MS = 1_500;

test.each(CASES)('$player: $what', async ({ player, design, fault, lengthS, policy, outcome }) => {
  const base = await loadScenario('scenarios/agreement/filler-1.yaml', { design });
  const lengthMs = lengthS * 1_000;
  const scenario: Scenario = {
    ...base,
    viewers: { count: 2, player, policy, config: {} },
    faults: [
      {
        ...base.faults[0]!,
        start: { kind: 'at', at: { fromMs: 2_000, toMs: 2_000 } },
        length: { fromMs: lengthMs, toMs: lengthMs },
        fault,
      },
    ],
    expectations: [],
  };
  for (const { real, virtual } of await besideVirtualPlayers(scenario, 1)) {
    expect([real.outcome, virtual.outcome]).toEqual([outcome, outcome]);
    const sum = (lost: typeof real.lost) => Object.values(lost).reduce((all, ms) => all + ms, 0);
    expect(Math.abs(sum(virtual.lost) - sum(real.lost))).toBeLessThan(NEAR_MS);
  }
});
