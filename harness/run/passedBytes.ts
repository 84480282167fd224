// Writes down how many bytes passed each link and the interface of each stage, where a promise of where
// data stays asks for it: when a phase begins, before the first stage is stopped, and after the last.

import { countsBorders } from '../design/countedLinks.ts';
import type { StartedPipeline } from './provision.ts';
import type { Running } from './running.ts';

const COUNT_MS = 5_000;

/** Interfaces are read between two readings of the links, because bytes go on passing meanwhile. */
export async function recordPassedBytes(
  running: Running,
  stages: StartedPipeline['stages'],
  when?: 'stages end' | 'all ended',
): Promise<void> {
  if (!countsBorders(running.request.plan.scenario)) return;
  await running.attempt('bytes over links', COUNT_MS, async () => {
    await recordLinks(running, when === 'all ended');
    if (await recordInterfaces(running, stages, when === 'stages end'))
      await recordLinks(running, false);
  });
}

async function recordLinks({ links, request }: Running, last: boolean): Promise<void> {
  const flows = (await links?.passedBytes()) ?? [];
  for (const flow of flows)
    request.recorder.emit({ type: 'passed', ...flow, ...(last && { last }) });
}

/** Tells whether there were any. */
async function recordInterfaces(
  { request }: Running,
  stages: StartedPipeline['stages'],
  last: boolean,
): Promise<boolean> {
  const counts = await Promise.all(
    [...stages].map(async ([stage, started]) => ({ stage, count: await started.countFrames?.() })),
  );
  const counted = counts.filter(({ count }) => count !== undefined);
  for (const { stage, count } of counted)
    request.recorder.emit({
      type: 'interface',
      stage,
      ...(count as NonNullable<typeof count>),
      ...(last && { last }),
    });
  return counted.length > 0;
}
