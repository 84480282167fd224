// From a scenario to its timeline: windows and faults become inject and heal actions. Pure.

import type { Plan, PlannedAction } from '../model/plan.ts';
import type { Fault, MaintenanceWindow, Scenario, TimedFault } from '../model/scenario.ts';

export { printPlan } from './printPlan.ts';

export interface PlanOptions {
  /**
   * Divides the scenario's own times (when, how long, pace) and nothing else: segment length,
   * time-outs, retries, the player's delays and the recover deadline stay as they are.
   */
  readonly compress: number;
  readonly seed: number;
}

/** An action before compression. */
type Step = Omit<PlannedAction, 'atMs'>;

export function plan(scenario: Scenario, { compress, seed }: PlanOptions): Plan {
  const steps = [
    ...scenario.windows.flatMap(windowSteps),
    ...scenario.faults.flatMap((fault) => faultSteps(fault)),
  ];
  const actions = steps
    .map((step) => ({ ...step, atMs: Math.round(step.scenarioAtMs / compress) }))
    .toSorted(byTime);
  return {
    scenario,
    compress,
    seed,
    actions,
    disruptMs: actions.at(-1)?.atMs ?? 0,
    recoverWithinMs: scenario.recover.withinMs,
    cutMs: cutMsOf(actions),
  };
}

/** Heals go first at the same instant, so that what follows is not undone by what ends. */
function byTime(a: PlannedAction, b: PlannedAction): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  return a.does === b.does ? 0 : a.does === 'heal' ? -1 : 1;
}

function faultSteps({ name, atMs, forMs, fault }: TimedFault): Step[] {
  const step = { of: name, window: undefined, fault };
  return [
    { ...step, id: `${name}:inject`, does: 'inject', scenarioAtMs: atMs, expect: injected(fault) },
    {
      ...step,
      id: `${name}:heal`,
      does: 'heal',
      scenarioAtMs: atMs + forMs,
      expect: healed(fault),
    },
  ];
}

/** The work takes the links away at once; after it and its overrun they come back in steps. */
function windowSteps(window: MaintenanceWindow): Step[] {
  const { name, work, overrunMs, restore } = window;
  const step = { of: name, window: name };
  const inject: Step = {
    ...step,
    id: `${name}:inject`,
    does: 'inject',
    fault: work.fault,
    scenarioAtMs: work.atMs,
    expect: injected(work.fault),
  };
  const restoreAtMs = work.atMs + work.forMs + overrunMs;
  const heals = restoreSteps(work.fault, restore).map(({ fault, afterMs, suffix }): Step => ({
    ...step,
    id: `${name}:heal${suffix}`,
    does: 'heal',
    fault,
    scenarioAtMs: restoreAtMs + afterMs,
    expect: healed(fault),
  }));
  return [inject, ...heals];
}

interface Restored {
  readonly fault: Fault;
  readonly afterMs: number;
  /** '' when all come back at once, else `:<channel>`. */
  readonly suffix: string;
}

/** Channels that the order names come one by one, the others last, all at the same time. */
function restoreSteps(fault: Fault, restore: MaintenanceWindow['restore']): Restored[] {
  if (restore.paceMs === 0) return [{ fault, afterMs: 0, suffix: '' }];
  const named = restore.order.filter((channel) => fault.channels.includes(channel));
  const others = fault.channels.filter((channel) => !named.includes(channel));
  const back = (channel: string, turn: number): Restored => ({
    fault: { ...fault, channels: [channel] },
    afterMs: turn * restore.paceMs,
    suffix: `:${channel}`,
  });
  return [...named.map(back), ...others.map((channel) => back(channel, named.length))];
}

/** Time in which at least one cut is in force: from an inject to its last heal, overlaps once. */
function cutMsOf(actions: readonly PlannedAction[]): number {
  const cuts = actions
    .filter(({ does, fault }) => does === 'inject' && fault.kind === 'cut')
    .map(({ of, atMs }) => ({
      fromMs: atMs,
      toMs: Math.max(...actions.filter((a) => a.of === of).map((a) => a.atMs)),
    }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
  let totalMs = 0;
  let countedToMs = 0;
  for (const { fromMs, toMs } of cuts) {
    totalMs += Math.max(0, toMs - Math.max(fromMs, countedToMs));
    countedToMs = Math.max(countedToMs, toMs);
  }
  return totalMs;
}

const where = ({ links, channels }: Fault): string =>
  `${links.join(' and ')} (${channels.join(', ')})`;

function injected(fault: Fault): string {
  switch (fault.kind) {
    case 'cut':
      return `nothing passes ${where(fault)}: ${EFFECT[fault.effect]}`;
    case 'latency':
      return `${where(fault)} is ${fault.delayMs} ms later each way`;
    case 'bandwidth':
      return `${where(fault)} carries at most ${fault.rateKbps} kbit/s each way`;
  }
}

const healed = (fault: Fault): string => `${where(fault)} carries everything again`;

const EFFECT = {
  hold: 'bytes wait',
  drop: 'bytes are lost',
  refuse: 'connections are closed and refused',
  reset: 'connections are reset',
} as const;
