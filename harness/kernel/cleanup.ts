// Undoes what was started in reverse order, on every way out, each step within its own deadline.

import { systemClock, type Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';

export interface CleanupFailure {
  readonly what: string;
  readonly error: unknown;
}

export class CleanupStack implements AsyncDisposable {
  readonly #steps: { what: string; ms: number; undo: () => Promise<unknown> }[] = [];
  readonly #clock: Clock;
  #running: Promise<readonly CleanupFailure[]> | undefined;

  /** Takes the deadlines of its steps from the clock. */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /**
   * Registers an undo; `what` names it in messages. What is registered after the stack has run
   * (a start that was already under way when the run was interrupted) is undone at once.
   */
  push(what: string, undo: () => Promise<unknown>, ms = 10_000): void {
    this.#steps.push({ what, ms, undo });
    if (this.#running) this.#running = this.#running.then(() => this.#runAll());
  }

  /** Resolves when everything registered so far has been undone; does not start anything. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Runs all steps, newest first; a failing step does not stop the others. Safe to call twice. */
  run(): Promise<readonly CleanupFailure[]> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<readonly CleanupFailure[]> {
    const failures: CleanupFailure[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      const { what, ms, undo } = step;
      await withDeadline({ ms, what: `clean-up: ${what}`, clock: this.#clock }, undo).catch(
        (error: unknown) => failures.push({ what, error }),
      );
    }
    return failures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run();
  }
}
