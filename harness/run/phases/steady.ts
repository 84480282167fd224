// The steady phase: viewers join, and everybody shows the programme before the first fault.

import { withBusyText } from '../../kernel/load.ts';
import { HarnessError } from '../../model/errors.ts';
import type { ViewerLaunch } from '../../model/world.ts';
import { channelsOf, CONTROL_CHANNEL } from '../../design/flows.ts';
import { turnsOf } from '../audience.ts';
import type { StartedPipeline } from '../provision.ts';
import type { Running } from '../running.ts';

/** Rejects with STEADY_STATE_NOT_REACHED. */
export async function reachSteadyState(running: Running, pipeline: StartedPipeline): Promise<void> {
  running.enter('steady');
  await running.fleet?.join(launchesOf(running, pipeline));
  const { withinMs } = running.request.plan.scenario.steady;
  await running.everybodySees(withinMs).catch((error: unknown) => {
    throw running.signal.aborted ? (running.signal.reason as Error) : notSteady(running, error);
  });
  await running.screenshot('before');
}

function launchesOf({ request }: Running, pipeline: StartedPipeline): readonly ViewerLaunch[] {
  const { viewers, plan } = request;
  const channels = [...channelsOf(plan.scenario.design), CONTROL_CHANNEL];
  const turns = turnsOf(viewers);
  return viewers.map((description, index) => {
    const channel = channels.find(({ number }) => number === description.channelNumber);
    if (!channel) throw new HarnessError('INTERNAL', `no channel for viewer ${description.id}`);
    const url = pipeline.playlistOf(channel, turns[index] ?? 0);
    return { description, url, mediaFrom: pipeline.mediaFrom };
  });
}

function notSteady(running: Running, cause: unknown): HarnessError {
  const waiting = running.watch.waitingFor(running.nowMs());
  const { withinMs, holdMs } = running.request.plan.scenario.steady;
  return new HarnessError(
    'STEADY_STATE_NOT_REACHED',
    `no steady state within ${withinMs / 1000} s: ${waiting.join(', ')} did not show the programme for ${holdMs / 1000} s without a break`,
    {
      cause,
      hint: withBusyText('Try fewer viewers (--viewers), or look into the stage logs of the run.'),
    },
  );
}
