// Writes the first record of a run: its plan, and the machine and tools that it is played with.

import { cpus, totalmem } from 'node:os';
import type { Plan } from '../model/plan.ts';
import { HISTORY_VERSION, type Environment, type RunRecord } from '../model/history.ts';
import { listGroups } from '../model/scenario.ts';
import { countByFleet } from '../../players/registry.ts';
import type { Wall } from '../../players/wall/server.ts';
import { TOOLS, toolVersion } from '../runtime/tools.ts';
import { keptMargin } from './rulerStore.ts';
import type { Setting } from './setting.ts';
import { harnessVersion } from './version.ts';

export interface Heading {
  readonly plan: Plan;
  /** The id of the run. */
  readonly id: string;
  readonly startedAtEpochMs: number;
  readonly setting: Setting;
  readonly wall?: Wall | undefined;
}

export async function runHeader({
  plan,
  id,
  startedAtEpochMs,
  setting,
  wall,
}: Heading): Promise<Omit<RunRecord, 'atMs' | 'viewers'> & { atEpochMs: number }> {
  const environment = await describeEnvironment(setting);
  const onWall = countByFleet(listGroups(plan.scenario)).get('wall') ?? 0;
  return {
    type: 'run',
    atEpochMs: startedAtEpochMs,
    version: HISTORY_VERSION,
    id,
    engine: 'run',
    startedAtEpochMs,
    harness: harnessVersion(),
    plan,
    environment,
    // The ruler of this machine says nothing about the browsers of others.
    ...(!wall && { margin: await keptMargin(onWall, environment) }),
  };
}

async function describeEnvironment({ runtime, toxiproxy, tools }: Setting): Promise<Environment> {
  const versions = TOOLS.flatMap((tool) => {
    const path = tools[tool.name];
    return path === undefined ? [] : [toolVersion(tool, path).then((text) => [tool.name, text])];
  });
  return {
    runtime: runtime.kind,
    runtimeReason: runtime.reason,
    toxiproxy,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
    tools: Object.fromEntries(await Promise.all(versions)) as Record<string, string>,
  };
}
