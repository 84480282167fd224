// The steady phase: the viewers of the start join, and each shows the programme before the first fault.

import { withBusyText } from '../../kernel/load.ts';
import { HarnessError } from '../../model/errors.ts';
import { findLatecomers } from '../../model/plan.ts';
import type { Launches } from '../audience.ts';
import type { Running } from '../running.ts';

/** Rejects with STEADY_STATE_NOT_REACHED. */
export async function reachSteadyState(running: Running, launches: Launches): Promise<void> {
  running.enter('steady');
  const { plan } = running.request;
  const late = findLatecomers(plan);
  const here = [...launches.values()].filter(({ description }) => !late.has(description.id));
  await running.fleet?.join(here);
  const { withinMs } = plan.scenario.steady;
  await running.everybodySees(withinMs).catch((error: unknown) => {
    throw running.signal.aborted ? (running.signal.reason as Error) : notSteady(running, error);
  });
  await running.screenshot('before');
}

function notSteady(running: Running, cause: unknown): HarnessError {
  const lost = running.watch.lostBefore();
  if (lost !== undefined)
    return new HarnessError('STEADY_STATE_NOT_REACHED', `no steady state: ${lost}`, {
      cause,
      hint: 'Nothing was disrupted: run it again.',
    });
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
