// Writes the first record of a run: its plan, and the machine and tools that it is played with.

import { cpus, totalmem } from 'node:os';
import { HISTORY_VERSION, type Environment, type RunRecord } from '../model/history.ts';
import { listGroups } from '../model/scenario.ts';
import { countByFleet } from '../../players/registry.ts';
import { TOOLS, toolVersion } from '../runtime/tools.ts';
import { keptMargin } from './rulerStore.ts';
import type { Setting } from './setting.ts';
import type { StreamPlan } from './streamPlan.ts';
import { harnessVersion } from './version.ts';
import type { WorldOptions } from './world.ts';

interface Top extends Pick<WorldOptions, 'plan' | 'startedAtEpochMs'> {
  /** The id of the run. */
  readonly id: string;
}
type Heading = Top & Pick<WorldOptions, 'setting' | 'wall'>;

type Header = Omit<RunRecord, 'atMs' | 'viewers'> & { atEpochMs: number };

export async function runHeader({ setting, wall, ...top }: Heading): Promise<Header> {
  const { runtime, toxiproxy, tools } = setting;
  const environment: Environment = {
    ...machineHere(),
    runtime: runtime.kind,
    runtimeReason: runtime.reason,
    toxiproxy,
    tools: await askVersions(tools),
  };
  const onWall = countByFleet(listGroups(top.plan.scenario)).get('wall') ?? 0;
  return {
    ...headerTop(top),
    environment,
    // The ruler of this machine says nothing about the browsers of others.
    ...(!wall && { margin: await keptMargin(onWall, environment) }),
  };
}

const headerTop = ({ plan, id, startedAtEpochMs }: Top): Omit<Header, 'environment'> => ({
  type: 'run',
  atEpochMs: startedAtEpochMs,
  version: HISTORY_VERSION,
  id,
  engine: 'run',
  startedAtEpochMs,
  harness: harnessVersion(),
  plan,
});

/** The same of a stream of others, for which nothing of ours is started but the browser. */
export async function watchHeader({
  plan: { viewer, ...plan },
  chrome = '',
  ...top
}: Top & { readonly plan: StreamPlan; readonly chrome: string | undefined }): Promise<
  Header & Pick<RunRecord, 'viewers'>
> {
  const environment: Environment = {
    ...machineHere(),
    runtime: 'none',
    runtimeReason: 'a stream of others is watched',
    toxiproxy: 'none',
    tools: await askVersions({ chromium: chrome }),
  };
  return {
    ...headerTop({ plan, ...top }),
    environment,
    viewers: [viewer],
    margin: await keptMargin(1, environment),
  };
}

const machineHere = () => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 2 ** 20),
});

async function askVersions(tools: Setting['tools']): Promise<Environment['tools']> {
  const versions = TOOLS.flatMap((tool) => {
    const path = tools[tool.name];
    return path === undefined ? [] : [toolVersion(tool, path).then((text) => [tool.name, text])];
  });
  return Object.fromEntries(await Promise.all(versions)) as Record<string, string>;
}
