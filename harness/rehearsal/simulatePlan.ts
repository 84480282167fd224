// A plan played by virtual viewers, or by a part of them, on timers of its own.

import { boundHeap } from '../kernel/heap.ts';
import { spareCompiler } from '../kernel/compiler.ts';
import { listGroups } from '../model/scenario.ts';
import { describeViewers } from '../scenario/audience.ts';
import { simulate, type SimulateOptions } from '../simulate/simulate.ts';
import { pagePlayers } from '../../players/registry.ts';
import { withLightViewers } from '../../players/light/virtual.ts';
import { openVirtualWall } from '../../players/virtual/wall.ts';

interface PlanOnPage extends Omit<SimulateOptions, 'viewers' | 'openViewers'> {
  /** Number of the page: each draws chance of its own. */
  readonly page: number;
}

/** In virtual time, in which much is made in little of the machine's. */
const HEAP_EVERY_MS = 10_000;

/** Rejects as `simulate` does. */
export function simulatePlan({ page, ...options }: PlanOnPage): Promise<void> {
  const { plan, emit } = options;
  spareCompiler();
  const { seed, scenario } = plan;
  const { media } = scenario.design;
  return simulate({
    ...options,
    viewers: describeViewers(scenario).filter(({ control }) => !control),
    openViewers: async (stream, fail) => {
      const players = pagePlayers(listGroups(scenario).map(({ player }) => player));
      const wall = await openVirtualWall({ stream, seed, page, emit, fail, players, media });
      stream.timers.every(HEAP_EVERY_MS, boundHeap());
      return withLightViewers(wall, { stream, seed, emit, spreadMs: media.segmentMs });
    },
  });
}
