// Sums up what became of the agents: cohorts by group and channel, and the requests to every class of stages.

import { listChannels } from '../../design/flows.ts';
import { binned, storeBins, type Weighted } from '../../model/bins.ts';
import type { PopulationRecord } from '../../model/history.ts';
import type { Plan } from '../../model/plan.ts';
import { listGroups } from '../../model/scenario.ts';
import type { StageLoad } from '../../model/summary.ts';
import { GAP_MS_MAX } from '../../pipeline/transcoder/mixer.ts';
import { readBootMs } from './boxes/outcomes.ts';
import { isBack, leftDark, LOSS, LOSSES, readLosses, type Crowd } from './crowd.ts';
import { requestsIn } from './loads.ts';
import type { Played } from './simulateAgents.ts';

export type Population = Omit<PopulationRecord, 'type' | 'atMs'>;

interface Grown {
  readonly cohort: Pick<Population, 'cohort' | 'channel' | 'player'>;
  readonly black: Weighted[];
  readonly loss: Weighted[];
  readonly back: Weighted[];
  readonly curve: Float64Array;
  /** Undefined where nobody has a box. */
  readonly boxes: GrownBoxes | undefined;
  weight: number;
  agents: number;
  /** Viewers who left while it was dark. */
  left: number;
}

/** Further figures of boxes, by the names of their metrics. */
interface GrownBoxes {
  readonly values: Readonly<Record<'boot' | 'zap' | 'dead' | 'starting', Weighted[]>>;
  readonly zaps: { shown: number; failed: number };
}

/** Gives a cohort for each group and channel. `sampled` where agents stand for more than themselves. */
export function makePopulations(played: Played, plan: Plan, isSample: boolean): Population[] {
  const { kernel, cells, toMs } = played;
  const { crowd, screens } = kernel;
  const cohorts = new Map<string, Grown>();
  const grown = cells.map((cell) => grow(cohorts, plan, cell, screens.curves[0]!.length));
  for (const [cell, curve] of screens.curves.entries())
    for (const [minute, dark] of curve.entries()) grown[cell]!.curve[minute]! += dark;
  const healedMs = lastHeals(plan);
  for (let agent = 0; agent < crowd.size; agent++) {
    const own = grown[crowd.cohort[agent]!]!;
    const weight = crowd.count[agent]!;
    const { blackMs, slateMs } = readLosses(crowd, agent);
    own.agents++;
    own.weight += weight;
    own.black.push({ value: blackMs, weight });
    own.loss.push({ value: blackMs + slateMs, weight });
    if (own.boxes) growBoxes(own.boxes, crowd, agent);
    if (crowd.gone[agent] !== 0) {
      if (leftDark(crowd, agent)) own.left += weight;
      continue;
    }
    if (blackMs + slateMs < GAP_MS_MAX) continue;
    const sinceMs = healedMs.get(own.cohort.channel) ?? 0;
    const value = isBack(crowd, agent, toMs)
      ? Math.max(0, crowd.darkToMs[agent]! - sinceMs)
      : Infinity;
    own.back.push({ value, weight });
  }
  return [...cohorts.values()].map((one) => stored(one, isSample));
}

function grow(
  cohorts: Map<string, Grown>,
  plan: Plan,
  { group: index, channel, isBox }: Played['cells'][number],
  minutes: number,
): Grown {
  const group = listGroups(plan.scenario)[index]!;
  const cohort = group.name === undefined ? channel.name : `${group.name}/${channel.name}`;
  const known = cohorts.get(cohort);
  if (known) return known;
  const made = {
    cohort: { cohort, channel: channel.name, player: group.player },
    black: [],
    loss: [],
    back: [],
    curve: new Float64Array(minutes),
    boxes: isBox
      ? { values: { boot: [], zap: [], dead: [], starting: [] }, zaps: { shown: 0, failed: 0 } }
      : undefined,
    weight: 0,
    agents: 0,
    left: 0,
  };
  cohorts.set(cohort, made);
  return made;
}

function growBoxes({ values, zaps }: GrownBoxes, crowd: Crowd, agent: number): void {
  const weight = crowd.count[agent]!;
  const put = (to: Weighted[], value: number) => {
    if (!Number.isNaN(value)) to.push({ value, weight });
  };
  put(values.boot, readBootMs(crowd, agent));
  put(values.zap, crowd.zapMs[agent]!);
  put(values.dead, crowd.lostMs[agent * LOSSES + LOSS.dead]!);
  put(values.starting, crowd.lostMs[agent * LOSSES + LOSS.starting]!);
  zaps.shown += weight * crowd.zapsShown[agent]!;
  zaps.failed += weight * crowd.zapsFailed[agent]!;
}

function stored(
  { cohort, black, loss, back, curve, boxes, weight, agents, left }: Grown,
  isSample: boolean,
): Population {
  const bins = (values: readonly Weighted[]) =>
    storeBins(
      binned(
        values.map(({ value, weight }) => ({ value: Math.round(value), weight: rounded(weight) })),
      ),
    );
  return {
    ...cohort,
    weight: rounded(weight),
    ...(isSample && { sampled: agents }),
    ...(left > 0 && { left: rounded(left) }),
    ...(boxes && {
      zaps: { shown: rounded(boxes.zaps.shown), failed: rounded(boxes.zaps.failed) },
    }),
    bins: {
      blackScreen: bins(black),
      programmeLoss: bins(loss),
      timeToRecover: bins(back),
      ...Object.fromEntries(
        Object.entries(boxes?.values ?? {}).map(([metric, values]) => [metric, bins(values)]),
      ),
    },
    curve: Array.from(curve, rounded),
  };
}

/** Weights are parts of whole viewers, and sums of them. */
const rounded = (heads: number): number => Math.round(heads * 1e6) / 1e6;

/** When the last thing was put right, by channel. */
function lastHeals({ actions, scenario }: Plan): ReadonlyMap<string, number> {
  const heals = new Map<string, number>();
  for (const { does, fault, atMs } of actions) {
    const channels =
      fault.channels.length > 0
        ? fault.channels
        : listChannels(scenario.design).map(({ name }) => name);
    if (does === 'heal')
      for (const name of channels) heals.set(name, Math.max(atMs, heals.get(name) ?? 0));
  }
  return heals;
}

export function measureLoads({ world }: Played): StageLoad[] {
  const servers = world.servers.map(({ load, gate }) => ({ load, capacityPerS: gate?.perS }));
  return [...servers, ...(world.boxes?.loads ?? [])].map(({ load, capacityPerS }) => {
    const perS = requestsIn(load);
    const peakAt = perS.reduce(
      (best, requests, second) => (requests > perS[best]! ? second : best),
      0,
    );
    return {
      stage: load.name,
      requests: Math.round(perS.reduce((sum, requests) => sum + requests, 0)),
      peakPerS: Math.round(perS[peakAt]!),
      peakAtMs: peakAt * 1000,
      perMinute: sumMinutes(perS),
      ...(capacityPerS !== undefined && { capacityPerS, refused: Math.round(load.refused) }),
    };
  });
}

function sumMinutes(perS: Float64Array): number[] {
  const minutes = Math.ceil(perS.length / 60);
  return Array.from({ length: minutes }, (_, minute) => {
    const seconds = perS.subarray(minute * 60, (minute + 1) * 60);
    return Math.round(seconds.reduce((sum, requests) => sum + requests, 0) / seconds.length);
  });
}
