// One run, phase by phase: provision, steady, disrupt, recover, judge, teardown. Whatever ends it
// (the end, an error, Ctrl-C, a full disk), it heals, lets the viewers leave, and cleans up, in
// that order. What viewers saw is in the journal; this only makes things happen.

import { CleanupStack } from '../kernel/cleanup.ts';
import type { Clock } from '../kernel/clock.ts';
import { waitFor, withDeadline } from '../kernel/deadline.ts';
import { withBusyText } from '../kernel/load.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import type {
  EndRecord,
  HistoryRecord,
  ScreenshotRecord,
  StatsRecord,
  ViewerDescription,
} from '../model/history.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type {
  Foundation,
  LinkControl,
  PlayerFleet,
  Probe,
  Runtime,
  StartedStage,
} from '../model/world.ts';
import { playTimeline } from './actions.ts';
import { turnsOf } from './audience.ts';
import { createActions, type Actions } from './carryOut.ts';
import { keepStats } from './prove.ts';
import { provision, type StartedPipeline } from './provision.ts';
import type { Recorder } from './recorder.ts';
import { createSteadyWatch, type SteadyWatch } from './steadyWatch.ts';
import { channelsOf, CONTROL_CHANNEL } from '../design/flows.ts';

/** The needs of a run; each is started in the provision phase and disposed of at the end. */
export interface World {
  readonly clock: Clock;
  readonly startRuntime: (signal: AbortSignal) => Promise<Runtime>;
  readonly startLinks: (signal: AbortSignal) => Promise<LinkControl>;
  readonly startFleet: (signal: AbortSignal) => Promise<PlayerFleet>;
  readonly probe: Probe;
}

/** Watches the run live; `run` only asks it, so that judging stays in its own room. */
export interface Guardrails {
  readonly record: (record: HistoryRecord) => void;
  /** The first one that is broken at this moment. */
  readonly breach: (atMs: number) => { readonly text: string } | undefined;
}

export interface RunRequest {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
  readonly world: World;
  readonly recorder: Recorder;
  readonly startedAtEpochMs: number;
  /** Stores a picture of the wall; answers the file's name relative to the run folder. */
  readonly saveScreenshot: (moment: ScreenshotRecord['moment'], png: Uint8Array) => Promise<string>;
  /** The work done in the disrupt phase instead of the plan's timeline. */
  readonly exercise?: Exercise;
  /** The guardrails, asked from the first fault until everybody has recovered. */
  readonly guardrails?: Guardrails;
  /** Aborted by the user (Ctrl-C). */
  readonly signal: AbortSignal;
  /** Aborts the run from within: a stage that died, a journal that cannot be written. */
  readonly stop: AbortController;
}

/** Rejects when it cannot be done; viewers are steady when it begins. */
export type Exercise = (on: {
  readonly pipeline: StartedPipeline;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}) => Promise<void>;

export interface RunEnd {
  readonly reason: EndRecord['reason'];
  readonly error: HarnessError | undefined;
  /** The things that could not be undone; empty when the machine is as it was. */
  readonly leftovers: readonly string[];
}

const HEAL_MS = 10_000;
const LEAVE_MS = 5_000;
/** A container engine that is being restarted is waited for. */
const DISPOSE_MS = { runtime: 90_000, links: 20_000, browser: 20_000 } as const;
const GUARD_EVERY_MS = 500;
/** The screenshot of the outage is taken this far into the first cut: buffers have drained. */
const DURING_SHARE = 0.75;

/** Never rejects: how it ended is in the answer and in the journal. */
export async function run(request: RunRequest): Promise<RunEnd> {
  const cleanup = new CleanupStack();
  const signal = AbortSignal.any([request.signal, request.stop.signal]);
  const rehearsal = new Rehearsal(request, cleanup, signal);
  let ending: Ending;
  try {
    await rehearsal.play();
    ending = { reason: 'complete', error: undefined, detail: undefined };
  } catch (error) {
    ending = endingOf(error, request);
    request.stop.abort(error);
  }
  await rehearsal.settle();
  const { emit } = request.recorder;
  emit({ type: 'phase', phase: 'teardown' });
  const failures = await cleanup.run();
  const { reason, error, detail } = ending;
  emit({ type: 'end', reason, ...(detail ? { detail } : {}) });
  const leftovers = failures.map(({ what, error }) => `${what}: ${messageOf(error)}`);
  return { reason, error, leftovers };
}

interface Ending extends Pick<RunEnd, 'reason' | 'error'> {
  readonly detail: string | undefined;
}

/** Ends a run that has shown enough: no failure of the harness, and no success. */
class GuardrailBroken extends Error {}

class Rehearsal {
  readonly #request: RunRequest;
  readonly #cleanup: CleanupStack;
  readonly #signal: AbortSignal;
  readonly #watch: SteadyWatch;
  readonly #stats: readonly StatsRecord[];
  #links: LinkControl | undefined;
  #fleet: PlayerFleet | undefined;
  #settling = false;

  constructor(request: RunRequest, cleanup: CleanupStack, signal: AbortSignal) {
    this.#request = request;
    this.#cleanup = cleanup;
    this.#signal = signal;
    this.#watch = createSteadyWatch(request);
    request.recorder.subscribe(this.#watch.record);
    if (request.guardrails) request.recorder.subscribe(request.guardrails.record);
    this.#stats = keepStats(request.recorder);
  }

  async play(): Promise<void> {
    const pipeline = await this.#provision();
    await this.#reachSteadyState(pipeline);
    void this.#guard();
    const { proofs } = await this.#timelineOrExercise(pipeline);
    await this.#recover();
    await proofs;
  }

  /** Ends the run when a guardrail breaks; over when the run is. */
  async #guard(): Promise<void> {
    const { guardrails, world, stop } = this.#request;
    if (!guardrails) return;
    while (!this.#settling && !this.#signal.aborted) {
      const breach = guardrails.breach(this.#nowMs());
      if (breach) stop.abort(new GuardrailBroken(breach.text));
      await world.clock.sleep(GUARD_EVERY_MS, this.#signal).catch(() => undefined);
    }
  }

  async #timelineOrExercise(
    pipeline: StartedPipeline,
  ): Promise<{ readonly proofs: Promise<unknown> }> {
    const { exercise, plan, recorder, world } = this.#request;
    if (!exercise) {
      const actions = this.#actions(pipeline);
      await actions.askBefore(plan.actions);
      return this.#disrupt(actions);
    }
    this.#enter('disrupt');
    await exercise({ pipeline, recorder, clock: world.clock, signal: this.#signal });
    return { proofs: Promise.resolve() };
  }

  /** Heals everything and lets the viewers leave. What cannot be done goes with its server. */
  async settle(): Promise<void> {
    this.#settling = true;
    await this.#try('heal all links', HEAL_MS, async () => this.#links?.reset());
    await this.#try('viewers leave', LEAVE_MS, async () => this.#fleet?.leave());
  }

  async #provision(): Promise<StartedPipeline> {
    this.#enter('provision');
    const { world, plan } = this.#request;
    const { design } = plan.scenario;
    const [runtime, links] = await this.#startWorld(world);
    const pipeline = await provision({
      design,
      runtime,
      links,
      cleanup: this.#cleanup,
      onExit: (stage) => void this.#onExit(stage),
      probe: world.probe,
      signal: this.#signal,
    });
    this.#signal.throwIfAborted();
    return pipeline;
  }

  /** The three start side by side; each has its undo registered the moment it exists. */
  async #startWorld(world: World): Promise<[Runtime, LinkControl, PlayerFleet]> {
    const owned = async <T extends Foundation>(
      what: keyof typeof DISPOSE_MS,
      starting: Promise<T>,
    ) => {
      const started = await starting;
      const dispose = () => Promise.resolve(started[Symbol.asyncDispose]());
      this.#cleanup.push(what, dispose, DISPOSE_MS[what]);
      void started.lost?.then((error) => {
        if (!this.#settling) this.#request.stop.abort(error);
      });
      return started;
    };
    const results = await Promise.allSettled([
      owned('runtime', world.startRuntime(this.#signal)),
      owned('links', world.startLinks(this.#signal)).then((links) => (this.#links = links)),
      owned('browser', world.startFleet(this.#signal)).then((fleet) => (this.#fleet = fleet)),
    ]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const [runtime, links, fleet] = results.map(
      (r) => (r as PromiseFulfilledResult<unknown>).value,
    );
    this.#request.recorder.emit({
      type: 'environment',
      toxiproxy: (links as LinkControl).description,
    });
    this.#note(`links through ${(links as LinkControl).description}`);
    this.#note(`viewers in ${(fleet as PlayerFleet).browser}`);
    return [runtime as Runtime, links as LinkControl, fleet as PlayerFleet];
  }

  async #reachSteadyState(pipeline: StartedPipeline): Promise<void> {
    this.#enter('steady');
    const { viewers, plan } = this.#request;
    const channels = [...channelsOf(plan.scenario.design), CONTROL_CHANNEL];
    const turns = turnsOf(viewers);
    const launches = viewers.map((description, index) => {
      const channel = channels.find(({ number }) => number === description.channelNumber);
      if (!channel) throw new HarnessError('INTERNAL', `no channel for viewer ${description.id}`);
      const url = pipeline.playlistOf(channel, turns[index] ?? 0);
      return { description, url, mediaFrom: pipeline.mediaFrom };
    });
    await this.#fleet?.join(launches);
    const { withinMs } = plan.scenario.steady;
    await this.#everybodySees(withinMs).catch((error: unknown) => {
      throw this.#signal.aborted ? (this.#signal.reason as Error) : this.#notSteady(error);
    });
    await this.#screenshot('before');
  }

  #notSteady(cause: unknown): HarnessError {
    const waiting = this.#watch.waitingFor(this.#nowMs());
    const { withinMs, holdMs } = this.#request.plan.scenario.steady;
    return new HarnessError(
      'STEADY_STATE_NOT_REACHED',
      `no steady state within ${withinMs / 1000} s: ${waiting.join(', ')} did not show the programme for ${holdMs / 1000} s without a break`,
      {
        cause,
        hint: withBusyText(
          'Try fewer viewers (--viewers), or look into the stage logs of the run.',
        ),
      },
    );
  }

  #actions(pipeline: StartedPipeline): Actions {
    const { plan, recorder, world, startedAtEpochMs } = this.#request;
    return createActions({
      design: plan.scenario.design,
      pipeline,
      stats: this.#stats,
      recorder,
      clock: world.clock,
      runStartedAtEpochMs: startedAtEpochMs,
      probe: world.probe,
      seed: plan.seed,
      signal: this.#signal,
    });
  }

  async #disrupt(player: Actions): Promise<{ readonly proofs: Promise<unknown> }> {
    this.#enter('disrupt');
    const { plan, recorder, world, startedAtEpochMs } = this.#request;
    const picture = this.#pictureOfTheOutage();
    const { proofs } = await playTimeline({
      plan,
      player,
      emit: recorder.emit,
      clock: world.clock,
      runStartedAtEpochMs: startedAtEpochMs,
      signal: this.#signal,
    });
    await picture;
    return { proofs };
  }

  async #pictureOfTheOutage(): Promise<void> {
    const { actions } = this.#request.plan;
    const inject = actions.find(({ does }) => does === 'inject');
    const heal = actions.find(({ does, atMs }) => does === 'heal' && atMs > (inject?.atMs ?? 0));
    if (!inject) return;
    const untilMs = heal?.atMs ?? this.#request.plan.disruptMs;
    const atMs = inject.atMs + (untilMs - inject.atMs) * DURING_SHARE;
    const waited = this.#request.world.clock.sleep(atMs, this.#signal).then(
      () => true,
      () => false,
    );
    if (await waited) await this.#screenshot('during');
  }

  /** Waits for viewers to come back. Judge tells whether all did; a passed deadline is no error. */
  async #recover(): Promise<void> {
    this.#enter('recover');
    const { recoverWithinMs } = this.#request.plan;
    await this.#everybodySees(recoverWithinMs).catch((error: unknown) => {
      if (this.#signal.aborted) throw error;
    });
    await this.#screenshot('after');
  }

  #everybodySees(withinMs: number): Promise<true> {
    const options = { ms: withinMs, what: 'every viewer to see the programme', everyMs: 100 };
    return waitFor({ ...options, signal: this.#signal }, () =>
      this.#watch.waitingFor(this.#nowMs()).length === 0 ? true : undefined,
    );
  }

  async #screenshot(moment: ScreenshotRecord['moment']): Promise<void> {
    const taken = async () => {
      const png = await this.#fleet?.screenshot();
      if (!png) return;
      const file = await this.#request.saveScreenshot(moment, png);
      this.#request.recorder.emit({ type: 'screenshot', moment, file });
    };
    await this.#try(`screenshot ${moment}`, LEAVE_MS, taken);
  }

  async #onExit(stage: StartedStage): Promise<void> {
    const { asked, code, signal, lastLines, blame } = await stage.exited;
    if (asked || this.#settling) return;
    if (blame) return this.#request.stop.abort(blame);
    const how = signal ? `by ${signal}` : `with code ${code ?? '?'}`;
    const lines = lastLines.map((line) => `  ${line}`).join('\n');
    this.#request.stop.abort(
      new HarnessError(
        'STAGE_FAILED',
        `${stage.instance} ended ${how}, no fault asked for it\n${lines}`,
        {
          target: stage.instance,
          hint: `read logs/${stage.instance}.log in the run folder`,
        },
      ),
    );
  }

  /** Does work that the run can go on without. */
  async #try(what: string, ms: number, work: () => Promise<unknown>): Promise<void> {
    await withDeadline({ ms, what }, work).catch((error: unknown) =>
      this.#note(`${what}: ${messageOf(error)}`, 'warning'),
    );
  }

  #enter(phase: Phase): void {
    this.#signal.throwIfAborted();
    this.#request.recorder.emit({ type: 'phase', phase });
  }

  #note(text: string, level: 'info' | 'warning' = 'info'): void {
    this.#request.recorder.emit({ type: 'log', level, text });
  }

  #nowMs(): number {
    return this.#request.world.clock.epochMs() - this.#request.startedAtEpochMs;
  }
}

function endingOf(error: unknown, request: RunRequest): Ending {
  const because = (reason: RunEnd['reason'], harnessError: HarnessError): Ending => ({
    ...{ reason, error: harnessError, detail: harnessError.message },
  });
  if (request.signal.aborted)
    return because('interrupted', new HarnessError('INTERRUPTED', 'interrupted', { cause: error }));
  const first: unknown = request.stop.signal.aborted ? request.stop.signal.reason : error;
  if (first instanceof GuardrailBroken)
    return { reason: 'guardrail', error: undefined, detail: first.message };
  if (first instanceof HarnessError) return because('error', first);
  const message = first instanceof Error ? (first.stack ?? first.message) : String(first);
  return because('error', new HarnessError('INTERNAL', message, { cause: first }));
}
