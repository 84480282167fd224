// The ways to play one scenario of a suite. Adding one is a line in the table.

import type { Plan } from '../../model/plan.ts';
import type { Report } from '../../model/report.ts';
import { countViewers } from '../../model/scenario.ts';
import { requireMachine } from '../plan.ts';
import type { Watch } from '../recording.ts';
import { rehearse } from '../rehearse.ts';
import { settingFor } from '../setting.ts';
import { simulateRehearsal } from '../simulate.ts';
import { agentsFor, rehearseAgents } from '../simulateAgents.ts';
import type { Wishes } from '../wishes.ts';

export interface Played {
  readonly report: Report;
  /** The error that ended the run before its time, or went wrong as it was cleaned up. */
  readonly error?: unknown;
}

/** Plays a plan into a folder. Rejects with what kept it from a report. */
export type PlayScenario = (plan: Plan, dir: string, signal: AbortSignal) => Promise<Played>;

export interface SuiteEngine {
  /** The time that playing a plan takes; the same on every machine, since shards are dealt by it. */
  readonly expectMs: (plan: Plan) => number;
  /** The same plan gives the same report, so that another attempt would tell nothing new. */
  readonly repeatable: boolean;
  /** @throws HarnessError for what is missing on this machine. */
  readonly open: (
    wishes: Partial<Wishes>,
    watch: Watch,
    signal: AbortSignal,
  ) => Promise<PlayScenario>;
}

/**
 * The start, and viewer-seconds that a second of one processor simulates: between what
 * `npm run bench simulate` measured with 6 viewers (1224) and with 24 (2445).
 */
const VIRTUAL = { startMs: 1_000, viewerSecondsPerSecond: 2_000 };

/**
 * Nine runs of a suite took, on two cores with other work on them: 11 to 13 s to the start of every
 * stage, up to 17 s after the last heal until everybody was back, a second for the end.
 */
const REAL = { startMs: 13_000, backMs: 15_000, endMs: 1_000 };

const real: SuiteEngine = {
  repeatable: false,
  expectMs: ({ scenario, disruptMs, recoverWithinMs }) => {
    const backMs = Math.min(recoverWithinMs, REAL.backMs);
    return REAL.startMs + scenario.steady.holdMs + disruptMs + backMs + REAL.endMs;
  },
  open: async (wishes, watch, callSignal) => {
    const setting = await settingFor(wishes, callSignal);
    return async (plan, dir, signal) => {
      requireMachine(plan);
      const { report, end } = await rehearse(
        plan,
        { setting: { ...setting, out: { dir } }, watch },
        signal,
      );
      return { report, error: end.error };
    };
  },
};

const virtualPlayer: SuiteEngine = {
  repeatable: true,
  expectMs: (plan) => {
    const { scenario, disruptMs, recoverWithinMs } = plan;
    const spanMs = scenario.steady.holdMs + disruptMs + recoverWithinMs;
    return VIRTUAL.startMs + (spanMs * countViewers(scenario)) / VIRTUAL.viewerSecondsPerSecond;
  },
  open: async () => (plan, dir, signal) => simulateRehearsal(plan, { dir }, signal),
};

/** The start, and agent-seconds that a second of one processor simulates (`npm run bench agents`). */
const AGENTS = { startMs: 500, agentSecondsPerSecond: 5_000_000 };
const WHOLE_AUDIENCE = { audience: undefined, agents: undefined, exact: false, capacities: {} };

const agents: SuiteEngine = {
  repeatable: true,
  expectMs: ({ scenario, disruptMs, recoverWithinMs }) => {
    const spanMs = scenario.steady.holdMs + disruptMs + recoverWithinMs;
    return AGENTS.startMs + (spanMs * agentsFor(scenario.design)) / AGENTS.agentSecondsPerSecond;
  },
  open: async () => (plan, dir) => rehearseAgents(plan, WHOLE_AUDIENCE, { dir }),
};

export const SUITE_ENGINES = { run: real, 'virtual-player': virtualPlayer, agents } as const;
export type SuiteEngineName = keyof typeof SUITE_ENGINES;
