// The provision phase: runtime and links start side by side, then the pipeline on them. The fleet, which
// nothing of the pipeline needs, starts beside all of it.

import { allOrFirstError } from '../../kernel/allOrFirstError.ts';
import { HarnessError } from '../../model/errors.ts';
import { countsBorders } from '../../design/countedLinks.ts';
import { segmentsToStart } from '../../model/scenario.ts';
import type { Foundation, LinkControl, Runtime, StartedStage } from '../../model/world.ts';
import { provision, type StartedPipeline } from '../provision.ts';
import { recordPassedBytes } from '../passedBytes.ts';
import type { Running } from '../running.ts';

/** A container engine that is being restarted is waited for. */
const DISPOSE_MS = { runtime: 90_000, links: 20_000, browser: 20_000 } as const;

const NO_STAGES: StartedPipeline['stages'] = new Map();

export async function provisionRun(running: Running): Promise<StartedPipeline> {
  running.enter('provision');
  const failed = new AbortController();
  const signal = AbortSignal.any([running.signal, failed.signal]);
  const fleet = startFleet(running, signal);
  // Without viewers nothing else has to be waited for.
  fleet.catch((error: unknown) => failed.abort(error));
  const [, pipeline] = await allOrFirstError([fleet, startPipeline(running, signal)]);
  running.signal.throwIfAborted();
  return pipeline;
}

async function startFleet(running: Running, signal: AbortSignal): Promise<void> {
  running.fleet = await own(running, 'browser', running.request.world.startFleet(signal));
  running.note(`viewers in ${running.fleet.browser}`);
}

async function startPipeline(running: Running, signal: AbortSignal): Promise<StartedPipeline> {
  const { request, cleanup } = running;
  const [runtime, links] = await startGround(running, signal);
  cleanup.push(
    'bytes over links',
    () => recordPassedBytes(running, NO_STAGES, 'all ended'),
    DISPOSE_MS.links,
  );
  const pipeline = await provision({
    design: request.plan.scenario.design,
    countsBorders: countsBorders(request.plan.scenario),
    runtime,
    links,
    cleanup,
    onExit: (stage) => void blameExit(running, stage),
    probe: request.world.probe,
    segments: segmentsToStart(request.plan.scenario),
    clock: request.world.clock,
    signal,
  });
  const { stages } = pipeline;
  const count = () => recordPassedBytes(running, stages, 'stages end');
  cleanup.push('bytes over interfaces', count, DISPOSE_MS.links);
  return pipeline;
}

async function startGround(
  running: Running,
  signal: AbortSignal,
): Promise<readonly [Runtime, LinkControl]> {
  const { request } = running;
  const { startRuntime, startLinks } = request.world;
  const [runtime, links] = await allOrFirstError([
    own(running, 'runtime', startRuntime(signal)),
    own(running, 'links', startLinks(signal)),
  ]);
  running.links = links;
  request.recorder.emit({ type: 'environment', toxiproxy: links.description });
  running.note(`links through ${links.description}`);
  return [runtime, links];
}

/** Registers the undo the moment a part exists; one that is lost ends the run. */
async function own<T extends Foundation>(
  running: Running,
  what: keyof typeof DISPOSE_MS,
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  const dispose = () => Promise.resolve(started[Symbol.asyncDispose]());
  running.cleanup.push(what, dispose, DISPOSE_MS[what]);
  void started.lost?.then((error) => {
    if (!running.settling) running.request.stop.abort(error);
  });
  return started;
}

/** Ends the run when a stage ended though nobody asked it to. */
async function blameExit(running: Running, { instance, exited }: StartedStage): Promise<void> {
  const { asked, code, signal, lastLines, blame } = await exited;
  if (asked || running.settling) return;
  const how = signal ? `by ${signal}` : `with code ${code ?? '?'}`;
  const lines = lastLines.map((line) => `  ${line}`).join('\n');
  const unasked = `${instance} ended ${how}, no fault asked for it\n${lines}`;
  const hint = `read logs/${instance}.log in the run folder`;
  running.request.stop.abort(
    blame ?? new HarnessError('STAGE_FAILED', unasked, { target: instance, hint }),
  );
}
