// The state that the phases of one run share.

import type { CleanupStack } from '../kernel/cleanup.ts';
import { waitFor, withDeadline } from '../kernel/deadline.ts';
import { errorMessage } from '../model/errors.ts';
import type { ScreenshotRecord, StatsRecord } from '../model/history.ts';
import type { Phase } from '../model/plan.ts';
import type { LinkControl, PlayerFleet } from '../model/world.ts';
import { keepStats } from './prove.ts';
import type { RunRequest } from './request.ts';
import { createSteadyWatch, type SteadyWatch } from './steadyWatch.ts';

const SCREENSHOT_MS = 5_000;

export class Running {
  readonly request: RunRequest;
  readonly cleanup: CleanupStack;
  /** Aborted by the user or from within. */
  readonly signal: AbortSignal;
  readonly watch: SteadyWatch;
  readonly stats: readonly StatsRecord[];
  links: LinkControl | undefined;
  fleet: PlayerFleet | undefined;
  /** True from when it is over: what ends from then on was asked to. */
  settling = false;

  constructor(request: RunRequest, cleanup: CleanupStack) {
    this.request = request;
    this.cleanup = cleanup;
    this.signal = AbortSignal.any([request.signal, request.stop.signal]);
    this.watch = createSteadyWatch(request);
    request.recorder.subscribe(this.watch.record);
    if (request.guardrails) request.recorder.subscribe(request.guardrails.record);
    this.stats = keepStats(request.recorder);
  }

  enter(phase: Phase): void {
    this.signal.throwIfAborted();
    this.request.recorder.emit({ type: 'phase', phase });
  }

  note(text: string, level: 'info' | 'warning' = 'info'): void {
    this.request.recorder.emit({ type: 'log', level, text });
  }

  nowMs(): number {
    return this.request.world.clock.epochMs() - this.request.startedAtEpochMs;
  }

  /** Rejects in time, and at once when nobody can see it any more. */
  everybodySees(withinMs: number): Promise<true> {
    const options = {
      ms: withinMs,
      what: 'every viewer to see the programme',
      everyMs: 100,
      signal: this.signal,
      clock: this.request.world.clock,
    };
    return waitFor(options, () => {
      const lost = this.watch.lostBefore();
      if (lost !== undefined) throw new Error(lost);
      return this.watch.waitingFor(this.nowMs()).length === 0 ? true : undefined;
    });
  }

  async screenshot(moment: ScreenshotRecord['moment']): Promise<void> {
    await this.attempt(`screenshot ${moment}`, SCREENSHOT_MS, async () => {
      const png = await this.fleet?.screenshot();
      if (!png) return;
      const file = await this.request.saveScreenshot(moment, png);
      this.request.recorder.emit({ type: 'screenshot', moment, file });
    });
  }

  /** Does work that the run can go on without. */
  async attempt(what: string, ms: number, work: () => Promise<unknown>): Promise<void> {
    await withDeadline({ ms, what, clock: this.request.world.clock }, work).catch(
      (error: unknown) => this.note(`${what}: ${errorMessage(error)}`, 'warning'),
    );
  }
}
