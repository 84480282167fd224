// Real set-top boxes beside agents that play the same plans: black screen, zaps and boots of each group, and
// how far agents are off in the mean. Each scenario is a run of about a minute, BOXES_RUNS times; one that
// is not clean is printed and not counted.

import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { PopulationRecord } from '../../harness/model/history.ts';
import type { Report, ViewerResult } from '../../harness/model/report.ts';
import { METRICS } from '../../harness/measure/metrics/catalogue.ts';
import { valuesIn } from '../../harness/measure/sample.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { makePopulations } from '../../harness/simulate/agents/results.ts';
import { benchFolder } from '../support/benchFolder.ts';
import { playedByAgents } from '../support/simulatedByAgents.ts';
import { rehearse } from './rehearsal/usage.ts';

const RUNS = Number(process.env['BOXES_RUNS'] ?? 1);

/** The death of a portal that nobody asks, so that nothing happens but zaps. */
const ZAPS = `
name: agents-zaps
title: Boxes that zap with a burst and without
kind: drill
design: repaired-tv
viewers:
  - name: burst
    count: 4
    player: settopbox
    joins: 1s..3s
    config: { zapEveryMs: 4000, zaps: 5 }
  - name: group
    count: 4
    player: settopbox
    joins: 1s..3s
    config: { zapEveryMs: 4000, zaps: 5, burst: false }
faults:
  - { name: unnoticed, at: 5s, for: 20s, stages: [portal], stage: kill }
expect: [recovered == 100%]
`;

const PLAYED = [
  { file: 'scenarios/drills/lost-querier.yaml', compress: 1 },
  { file: 'scenarios/drills/boot-wave.yaml', compress: 1 },
  { file: 'scenarios/incidents/orange-2025-09-12-tv.yaml', compress: 60 },
] as const;

/** Metrics that are compared, over the viewers of a group. */
const COMPARED = ['blackScreen', 'zap', 'boot'] as const;
/** Agents in the place of each viewer, so that their means are those of the model. */
const AGENTS = 2_000;
/** A few boxes do not wait for each other: a second has time for as many requests of agents. */
const PLENTY = 1_000_000;

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const zaps = join(folder.path, 'zaps.yaml');
  await writeFile(zaps, ZAPS);
  const offs: number[] = [];
  for (const { file, compress } of [{ file: zaps, compress: 1 }, ...PLAYED])
    for (let run = 1; run <= RUNS; run++)
      offs.push(...(await compare(file, compress, folder.path)));
  const mean = offs.reduce((sum, ms) => sum + ms, 0) / offs.length;
  const most = Math.max(...offs);
  console.log(
    offs.length === 0
      ? 'no run was clean: nothing was compared'
      : `off by ${mean.toFixed(0)} ms in the mean, ${most.toFixed(0)} ms at most`,
  );
}

/** Plays one scenario both ways; gives how far each figure of a group is off, in milliseconds. */
async function compare(file: string, compress: number, out: string): Promise<number[]> {
  await rehearse(file, out, ['--compress', String(compress)]);
  const scenario = await loadScenario(file);
  const text = await readFile(join(out, scenario.name, 'latest', 'report.json'), 'utf8');
  const { viewers, verdict } = JSON.parse(text) as Report;
  const capacities = { 'tv-sender': PLENTY, portal: PLENTY };
  const choices = { audience: AGENTS, agents: AGENTS, capacities };
  const played = playedByAgents(scenario, choices, { compress });
  const populations = makePopulations(played, played.plan, true);
  console.log(`${scenario.name}, ${verdict}, load ${loadavg()[0]?.toFixed(1)}`);
  const groups = new Set(
    viewers.flatMap(({ group, player, control }) =>
      group !== undefined && player === 'settopbox' && !control ? [group] : [],
    ),
  );
  return [...groups].flatMap((group) =>
    COMPARED.flatMap((metric) => {
      const real = meanOf(realOf(viewers, group, metric));
      const agents = meanOf(agentsOf(populations, group, metric));
      if (real === undefined || agents === undefined) return [];
      console.log(`  ${group.padEnd(12)} ${metric.padEnd(12)} ${line(real)} real, ${line(agents)}`);
      const isCounted = verdict === 'pass' && Number.isFinite(real - agents);
      return isCounted ? [Math.abs(real - agents)] : [];
    }),
  );
}

const line = (ms: number): string => `${(ms / 1000).toFixed(2).padStart(7)} s`;

interface Value {
  readonly value: number;
  readonly weight: number;
}

function realOf(viewers: readonly ViewerResult[], group: string, name: string): Value[] {
  const metric = METRICS.find((known) => known.name === name);
  if (metric?.of !== 'viewer') return [];
  return viewers
    .filter((viewer) => viewer.group === group)
    .flatMap((viewer) => {
      const range = metric.bounds(viewer, 0);
      return range ? [{ value: range.low, weight: 1 }] : [];
    });
}

const agentsOf = (
  populations: readonly Pick<PopulationRecord, 'cohort' | 'bins'>[],
  group: string,
  metric: string,
): Value[] =>
  populations
    .filter(({ cohort }) => cohort.startsWith(`${group}/`))
    .flatMap((population) => valuesIn(population, metric) ?? []);

function meanOf(values: readonly Value[]): number | undefined {
  if (values.length === 0) return undefined;
  const heads = values.reduce((sum, { weight }) => sum + weight, 0);
  return values.reduce((sum, { value, weight }) => sum + value * weight, 0) / heads;
}
