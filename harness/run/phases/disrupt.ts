// The disrupt phase: the timeline of the plan is played, or an exercise in its place.

import { playAlerts } from '../../alerts/playAlerts.ts';
import type { AudienceStep } from '../../model/plan.ts';
import { playTimeline } from '../actions.ts';
import type { People } from '../../people/people.ts';
import type { Launches } from '../audience.ts';
import { createActions, type Actions } from '../carryOut.ts';
import type { StartedPipeline } from '../provision.ts';
import type { Running } from '../running.ts';
import { succeeds } from '../../kernel/succeeds.ts';

/** The screenshot of the outage is taken this far into the first cut: buffers have drained. */
const DURING_SHARE = 0.75;

/** Resolves when the last action has been carried out; its proofs may come later. */
export async function disrupt(
  running: Running,
  { launches, people, ...pipeline }: StartedPipeline & Audience,
): Promise<{ readonly proofs: Promise<unknown> }> {
  const { exercise, plan, recorder, world } = running.request;
  if (!exercise) {
    const actions = actionsOn(running, pipeline);
    await actions.askBefore(plan.actions);
    return play(running, actions, { launches, people, stages: pipeline.stages });
  }
  running.enter('disrupt');
  await exercise({ pipeline, recorder, clock: world.clock, signal: running.signal });
  return { proofs: Promise.resolve() };
}

function actionsOn({ request, stats, signal }: Running, pipeline: StartedPipeline): Actions {
  const { plan, recorder, world, startedAtEpochMs } = request;
  return createActions({
    design: plan.scenario.design,
    pipeline,
    stats,
    recorder,
    clock: world.clock,
    runStartedAtEpochMs: startedAtEpochMs,
    probe: world.probe,
    seed: plan.seed,
    signal,
  });
}

interface Audience {
  readonly launches: Launches;
  readonly people: People;
}

type Played = Pick<StartedPipeline, 'stages'> & Audience;

async function play(running: Running, player: Actions, { stages, ...audience }: Played) {
  running.enter('disrupt');
  const { plan, recorder, world, startedAtEpochMs } = running.request;
  const picture = pictureOfTheOutage(running);
  const timeline = playTimeline({
    plan,
    player,
    emit: recorder.emit,
    clock: world.clock,
    runStartedAtEpochMs: startedAtEpochMs,
    signal: running.signal,
  });
  const alerts = playAlerts({
    plan,
    stages: [...stages.values()],
    emit: recorder.emit,
    onReady: (ready) =>
      recorder.subscribe((record) => {
        if (record.type === 'stage' && record.event === 'ready') ready(record.stage);
      }),
    clock: world.clock,
    runStartedAtEpochMs: startedAtEpochMs,
    signal: running.signal,
  });
  const [{ proofs }] = await Promise.all([timeline, playAudience(running, audience), alerts]);
  await picture;
  return { proofs };
}

/** Lets viewers come and go at their times; those of one instant together. */
async function playAudience({ request, fleet, signal }: Running, { launches, people }: Audience) {
  const { plan, world } = request;
  const startedAt = world.clock.epochMs();
  const moments = Map.groupBy(plan.audience ?? [], ({ atMs, does }) => `${atMs} ${does}`);
  const come = async ([first, ...others]: readonly AudienceStep[]) => {
    if (!first) return;
    await world.clock.sleepUntil(startedAt + first.atMs, signal);
    const ids = [first, ...others].map(({ viewer }) => viewer);
    for (const id of ids) people.moved(id, first.does === 'join');
    if (first.does === 'leave') await fleet?.leave(ids);
    else await fleet?.join(ids.flatMap((id) => launches.get(id) ?? []));
  };
  await Promise.all([...moments.values()].map(come));
}

async function pictureOfTheOutage(running: Running): Promise<void> {
  const { plan, world } = running.request;
  const inject = plan.actions.find(({ does }) => does === 'inject');
  if (!inject) return;
  const heal = plan.actions.find(({ does, atMs }) => does === 'heal' && atMs > inject.atMs);
  const untilMs = heal?.atMs ?? plan.disruptMs;
  const atMs = inject.atMs + (untilMs - inject.atMs) * DURING_SHARE;
  if (await succeeds(world.clock.sleep(atMs, running.signal))) await running.screenshot('during');
}
