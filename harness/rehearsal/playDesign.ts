// Plays one design of a search by agents, under one fault after the other, and judges it by its limits.

import { evaluate } from '../measure/expectations.ts';
import { valuesIn } from '../measure/sample.ts';
import { aggregateHeads } from '../measure/statistics.ts';
import type { PopulationRecord } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { ExpectationResult } from '../model/report.ts';
import type { Expectation, Scenario } from '../model/scenario.ts';
import type { Figures, LimitSeen } from '../model/search.ts';
import { plan } from '../scenario/plan.ts';
import { casesIn, lasting } from '../search/cases.ts';
import type { Built } from '../search/space.ts';
import { requestsIn, toSecond, type Load } from '../simulate/agents/loads.ts';
import { listDoors } from '../simulate/agents/world.ts';
import { makePopulations } from '../simulate/agents/results.ts';
import { playAgents } from './simulateAgents.ts';
import { simulationStart } from './simulated.ts';

export interface KillerJob {
  readonly name: string;
  readonly ms: number;
  /** Judges the viewers of this player alone; all of them when undefined. */
  readonly player: string | undefined;
}

export interface Asking {
  readonly limits: readonly Expectation[];
  readonly audience: number | undefined;
  readonly agents: number;
  readonly compress: number;
  readonly seed: number;
}

export function playDesign({ scenario, capacity }: Built, asking: Asking): Figures {
  const played = casesIn(scenario).map((one) => playCase(one.name, one.scenario, capacity, asking));
  const worst = (figure: keyof Omit<Figures, 'cases'>) =>
    Math.max(...played.map((one) => one[figure]));
  return {
    p99Ms: worst('p99Ms'),
    originPerS: worst('originPerS'),
    latencyMs: worst('latencyMs'),
    cases: played.map(({ seen }) => seen),
  };
}

/** Gives the limit that a fault or window of this length breaks; undefined where all hold. */
export function brokenBy(
  built: Built,
  { name, ms, player }: KillerJob,
  asking: Asking,
): string | undefined {
  const one = casesIn(built.scenario).find((known) => known.name === name)!;
  const { seen } = playCase(name, lasting(one, ms), built.capacity, { ...asking, player });
  return seen.limits.find(({ verdict }) => verdict !== 'pass')?.limit;
}

function playCase(
  name: string,
  scenario: Scenario,
  capacity: number | undefined,
  { limits, compress, seed, player, ...asking }: Asking & { readonly player?: string | undefined },
) {
  const made = plan(scenario, { compress, seed });
  const entries = listDoors(scenario.design).map((entry) => entry.name);
  const capacities =
    capacity === undefined ? {} : Object.fromEntries(entries.map((entry) => [entry, capacity]));
  const choices = { ...asking, exact: false, capacities };
  const played = playAgents(made, choices, simulationStart(made));
  const { crowd } = played.kernel;
  const isSample = crowd.count.some((count) => count > 1);
  const populations = makePopulations(played, made, isSample).map((one): PopulationRecord => ({
    type: 'population',
    atMs: 0,
    ...one,
  }));
  const own = populations.filter((one) => player === undefined || one.player === player);
  const origins = played.world.origins.map(({ load }) => load);
  return {
    seen: { name, limits: limits.map((limit) => see(limit, own, made)) },
    p99Ms: measureP99(populations),
    originPerS: Math.round(Math.max(...origins.map(peakFromFault))),
    latencyMs: Math.round(played.latencyMs),
  };
}

/** Everybody joined before: what that cost is left out. */
const peakFromFault = (load: Load): number =>
  requestsIn(load)
    .subarray(toSecond(load, 0))
    .reduce((most, perS) => Math.max(most, perS), 0);

const measureP99 = (populations: readonly PopulationRecord[]): number =>
  aggregateHeads(
    'p99',
    populations.flatMap((one) => valuesIn(one, 'blackScreen') ?? []),
  );

function see(
  limit: Expectation,
  populations: readonly PopulationRecord[],
  { cutMs }: Plan,
): LimitSeen {
  const result = evaluate(limit, { viewers: [], populations, cutMs, marginMs: 0 });
  const { text, verdict, observed } = result;
  return { limit: text, verdict, observed, ...slackIn(result) };
}

const slackIn = ({ limit, verdict }: ExpectationResult): Pick<LimitSeen, 'slackMs'> | undefined =>
  limit && { slackMs: verdict === 'pass' ? limit.distanceMs : -limit.distanceMs };
