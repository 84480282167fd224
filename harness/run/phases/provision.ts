// The provision phase: runtime, links and fleet start side by side; the pipeline starts on the first
// two, up to where the picture comes from, which begins when the fleet is there.

import { findFleet } from '../../../players/registry.ts';
import { allOrFirstError } from '../../kernel/allOrFirstError.ts';
import { HarnessError } from '../../model/errors.ts';
import { countsBorders } from '../../design/countedLinks.ts';
import { segmentsToStart } from '../../model/scenario.ts';
import type { Foundation, StartedStage } from '../../model/world.ts';
import { provision, type StartedPipeline } from '../provision.ts';
import { recordPassedBytes } from '../passedBytes.ts';
import type { Running } from '../running.ts';

/** A container engine that is being restarted is waited for. */
const DISPOSE_MS = { runtime: 90_000, links: 20_000, browser: 20_000 } as const;

const isBox = (player: string): boolean => findFleet(player) === 'boxes';

const NO_STAGES: StartedPipeline['stages'] = new Map();

export async function provisionRun(running: Running): Promise<StartedPipeline> {
  running.enter('provision');
  const { request, signal } = running;
  const fleet = own(running, 'browser', request.world.startFleet(signal)).then(
    (started) => (running.fleet = started),
  );
  const [pipeline, { browser }] = await allOrFirstError([startChain(running, fleet), fleet]);
  running.note(`viewers in ${browser}`);
  signal.throwIfAborted();
  return pipeline;
}

/** Encoders wait for the browser: a processor that starts one would keep the first pictures waiting. */
async function startChain(
  running: Running,
  beforePicture: Promise<unknown>,
): Promise<StartedPipeline> {
  const { request, cleanup, signal } = running;
  const { startRuntime, startLinks } = request.world;
  const [runtime, links] = await allOrFirstError([
    own(running, 'runtime', startRuntime(signal)),
    own(running, 'links', startLinks(signal)),
  ]);
  running.links = links;
  request.recorder.emit({ type: 'environment', toxiproxy: links.description });
  running.note(`links through ${links.description}`);
  cleanup.push(
    'bytes over links',
    () => recordPassedBytes(running, NO_STAGES, 'all ended'),
    DISPOSE_MS.links,
  );
  const pipeline = await provision({
    design: request.plan.scenario.design,
    countsBorders: countsBorders(request.plan.scenario),
    hasControlBox: request.viewers.some(({ control, player }) => control && isBox(player)),
    runtime,
    links,
    cleanup,
    onExit: (stage) => void blameExit(running, stage),
    probe: request.world.probe,
    beforePicture,
    segments: segmentsToStart(request.plan.scenario),
    clock: request.world.clock,
    signal,
  });
  const count = () => recordPassedBytes(running, pipeline.stages, 'stages end');
  cleanup.push('bytes over interfaces', count, DISPOSE_MS.links);
  return pipeline;
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
