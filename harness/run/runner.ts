// One run, phase by phase: provision, steady, disrupt, recover, teardown. Whatever ends it (the end,
// an error, Ctrl-C, a full disk), it heals, lets the viewers leave, and cleans up, in that order.
// What viewers saw is in the journal; this only makes things happen.

import { CleanupStack } from '../kernel/cleanup.ts';
import { launchViewers } from './audience.ts';
import { disrupt } from './phases/disrupt.ts';
import { guard } from './phases/guard.ts';
import { provisionRun } from './phases/provision.ts';
import { recover } from './phases/recover.ts';
import { reachSteadyState } from './phases/steady.ts';
import { startPeople } from './people.ts';
import { explainEnding, tearDown, type Ending } from './phases/teardown.ts';
import type { RunEnd, RunRequest } from './request.ts';
import { recordPassedBytes } from './passedBytes.ts';
import { Running } from './running.ts';

/** Never rejects: how it ended is in the answer and in the journal. */
export async function run(request: RunRequest): Promise<RunEnd> {
  const running = new Running(request, new CleanupStack(request.world.clock));
  const ending = await play(running).catch((error: unknown) => {
    const because = explainEnding(error, request);
    request.stop.abort(error);
    return because;
  });
  return tearDown(running, ending);
}

async function play(running: Running): Promise<Ending> {
  const pipeline = await provisionRun(running);
  const launches = launchViewers(running.request, pipeline);
  await reachSteadyState(running, launches);
  void guard(running);
  await recordPassedBytes(running, pipeline.stages);
  const people = startPeople(running, launches);
  const { proofs } = await disrupt(running, { ...pipeline, launches, people });
  await recordPassedBytes(running, pipeline.stages);
  await recover(running);
  await proofs;
  return { reason: 'complete', error: undefined };
}
