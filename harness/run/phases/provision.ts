// The provision phase: runtime, links and fleet start side by side, then the pipeline on them.

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
  const { request, cleanup, signal } = running;
  const [runtime, links] = await startWorld(running);
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
  signal.throwIfAborted();
  return pipeline;
}

async function startWorld(running: Running): Promise<readonly [Runtime, LinkControl]> {
  const { request, signal } = running;
  const { startRuntime, startLinks, startFleet } = request.world;
  const starting = [
    own(running, 'runtime', startRuntime(signal)),
    own(running, 'links', startLinks(signal)).then((links) => (running.links = links)),
    own(running, 'browser', startFleet(signal)).then((fleet) => (running.fleet = fleet)),
  ] as const;
  const results = await Promise.allSettled(starting);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  const [runtime, links, fleet] = await Promise.all(starting);
  request.recorder.emit({ type: 'environment', toxiproxy: links.description });
  running.note(`links through ${links.description}`);
  running.note(`viewers in ${fleet.browser}`);
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
