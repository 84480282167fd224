// The night for 10.3 million viewers of 110 channels behind two classes of edges, 6 s segments.

import type { Scenario } from '../../../harness/model/scenario.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const CHANNELS = 110;

export const AUDIENCE = 10_300_000;

export async function bigNight(design: string): Promise<Scenario> {
  const scenario = await loadScenario(NIGHT, { design });
  const channels = Array.from({ length: CHANNELS }, (_, i) => `c${i + 1}`);
  const edges = (['edge-a', 'edge-b'] as const).flatMap((name) =>
    scenario.design.stages.filter(({ role }) => role === 'edge').map((edge) => ({ ...edge, name })),
  );
  const [window] = scenario.windows;
  const { fault } = window!.work;
  return {
    ...scenario,
    recover: { withinMs: 20 * 60_000 },
    windows: [
      {
        ...window!,
        restore: { order: [], shuffled: false, paceMs: 2_000 },
        work: { ...window!.work, fault: { ...fault, channels } as typeof fault },
      },
    ],
    design: {
      ...scenario.design,
      channels,
      media: { ...scenario.design.media, segmentMs: 6_000 },
      stages: [...scenario.design.stages.filter(({ role }) => role !== 'edge'), ...edges],
    },
  };
}
