// Wires the real world of a run: runtime, links, browser, each behind its interface.

import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import type { Plan } from '../model/plan.ts';
import type { Emit } from '../model/world.ts';
import { answerMs } from '../faults/probe.ts';
import { segmentsAt } from './segmentsAt.ts';
import type { World } from '../run/runner.ts';
import { startProcessesRuntime } from '../runtime/processes.ts';
import { connectToxiproxy, startEmbeddedToxiproxy } from '../toxiproxy/adapter.ts';
import { startFleet } from '../../players/fleet.ts';

export interface WorldOptions {
  readonly plan: Plan;
  readonly runId: string;
  readonly runDir: string;
  /** Removed at the end. */
  readonly scratch: string;
  readonly tools: Readonly<Record<'ffmpeg' | 'nginx' | 'chromium', string>>;
  /** `embedded`, or the URL of a server. */
  readonly toxiproxy: string;
  readonly emit: Emit;
}

export function createWorld(options: WorldOptions): World {
  const { plan, runId, runDir, scratch, tools, toxiproxy, emit } = options;
  return {
    clock: systemClock,
    segmentsAt,
    answerMs,
    startRuntime: () =>
      startProcessesRuntime({ runDir, workDir: join(scratch, 'stages'), emit, tools }),
    startLinks: () =>
      toxiproxy === 'embedded'
        ? startEmbeddedToxiproxy({ logFile: join(runDir, 'logs', 'toxiproxy.log') })
        : connectToxiproxy(toxiproxy, { namePrefix: `${runId}.` }),
    startFleet: (signal) =>
      startFleet(
        {
          title: plan.scenario.title,
          group: plan.scenario.viewers,
          media: plan.scenario.design.media,
          seed: plan.seed,
          emit,
          chrome: tools.chromium,
          profileDir: join(scratch, 'profile'),
        },
        signal,
      ),
  };
}
