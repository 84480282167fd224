// The lives of a stage in a container: a fault may end one and begin another. Tells ends that were
// asked for from those that were not, and says each in the history.

import { findRole } from '../../design/roles.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Emit, StageExit, StageLaunch } from '../../model/world.ts';
import { READY_WITHIN_MS } from '../../pipeline/contract.ts';
import type { ContainerExit, StartedContainer } from './container.ts';
import type { ContainerLimits } from './containerSpec.ts';
import type { StageVoice } from '../stageVoice.ts';

export interface LivingStage {
  readonly launch: StageLaunch;
  readonly container: StartedContainer;
  readonly voice: StageVoice;
  readonly say: SayStage;
}

export type SayStage = (
  event: 'starting' | 'ready' | 'stopping' | 'exited' | 'note',
  detail?: string,
  viewersAt?: string,
) => void;

export interface StageLife {
  /** Settles with the first end that no fault caused. */
  readonly exited: Promise<StageExit>;
  /** The next end is the work of a fault, and not the end of the stage. */
  expectEnd(): void;
  /** No end is the work of a fault any more. */
  expectNoEnd(): void;
  isRunning(): boolean;
  /** Watches the life that has just begun. */
  watch(): void;
  /** There will be no more lives; whatever ends now was asked to. */
  finish(): void;
}

export const stageLimits = ({ stage }: Pick<StageLaunch, 'stage'>): ContainerLimits => ({
  memoryMb: stage.resources?.memoryMb ?? findRole(stage).memoryMb,
  cpus: stage.resources?.cpus,
});

export const tellExit =
  (emit: Emit, stage: string): SayStage =>
  (event, detail, viewersAt) =>
    emit({
      type: 'stage',
      stage,
      event,
      ...(detail === undefined ? {} : { detail }),
      ...(viewersAt === undefined ? {} : { viewersAt }),
    });

export function watchLives({ launch, container, voice, say }: LivingStage): StageLife {
  const ended = Promise.withResolvers<StageExit>();
  let expected = false;
  let finished = false;
  let running = false;
  const onEnd = (exit: ContainerExit) => {
    const how = describeExit(launch, exit);
    if (exit.outOfMemory || exit.code === null) voice.stderr(`${launch.instance} ${how}`);
    say('exited', how);
    running = false;
    if (expected && !finished) return;
    const { code } = exit;
    const blame = knownCause(launch, exit);
    ended.resolve({
      code,
      signal: exitSignal(code),
      asked: finished,
      lastLines: voice.lastLines(),
      ...(blame && { blame }),
    });
  };
  const watch = () => {
    expected = false;
    running = true;
    void container.exited.then(onEnd);
  };
  watch();
  return {
    exited: ended.promise,
    expectEnd: () => void (expected = true),
    // The work of a fault that has been done already stays what it was.
    expectNoEnd: () => void (expected &&= !running),
    isRunning: () => running,
    watch,
    finish: () => {
      finished = true;
      // A fault ended it and nothing began again: there is no other end to wait for.
      if (expected) ended.resolve({ code: null, signal: null, asked: true, lastLines: [] });
    },
  };
}

/** Resolves with the port it serves on. Throws what the program said, or STAGE_FAILED. */
export function becomeReady(
  living: LivingStage,
  ready: Promise<number | undefined>,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const { instance } = living.launch;
  const ended = living.container.exited.then((exit) => {
    throw failedToStart(living, exit);
  });
  return withDeadline(
    {
      ms: READY_WITHIN_MS,
      what: `${instance} to be ready`,
      code: 'STAGE_FAILED',
      hint: logHint(instance),
      ...(signal ? { signal } : {}),
    },
    () => Promise.race([ready, ended]),
  );
}

function failedToStart({ launch, voice }: LivingStage, exit: ContainerExit): HarnessError {
  const { instance, stage } = launch;
  const blame = knownCause(launch, exit);
  if (blame) return blame;
  const said = voice.failure();
  // An engine may miss that it was the kernel for want of memory, and nobody else kills at a start.
  const isKilled = exitSignal(exit.code) === 'SIGKILL';
  const why = isKilled
    ? `, maybe killed for memory (limit ${stageLimits(launch).memoryMb} MB)`
    : '';
  const how = [`${instance} ${describeExit(launch, exit)}${why}`, ...voice.lastLines()];
  const message = said ? `${instance}: ${said.message}` : how.join('\n  ');
  const hint = said?.hint ?? (isKilled ? memoryHint(stage) : logHint(instance));
  return new HarnessError(said?.code ?? 'STAGE_FAILED', message, { target: instance, hint });
}

/** Gives the error for its end, where that was no doing of the program. Public for its test. */
export function knownCause(launch: StageLaunch, exit: ContainerExit): HarnessError | undefined {
  const { instance, stage } = launch;
  const message = `${instance} ${describeExit(launch, exit)}`;
  if (exit.outOfMemory) {
    const hint = memoryHint(stage);
    return new HarnessError('STAGE_FAILED', message, { target: instance, hint });
  }
  if (exit.code !== null) return undefined;
  const hint =
    'see whether `docker version` answers; what an engine keeps that is not back soon, the next start removes, or `ecran-noir clean`';
  return new HarnessError('ENGINE_UNAVAILABLE', message, { target: instance, hint });
}

const memoryHint = ({ name }: StageLaunch['stage']): string =>
  `give stage ${name} more memory in the design, as in resources: { memory: 1GB }`;

const logHint = (instance: string): string => `look into logs/${instance}.log in the run folder`;

/** A clause for messages: `ended with code 1`, `was killed for memory (limit 64 MB)`. */
export function describeExit(launch: StageLaunch, { code, outOfMemory }: ContainerExit): string {
  const { memoryMb } = stageLimits(launch);
  if (outOfMemory) return `was killed for memory (limit ${memoryMb} MB)`;
  if (code === null) return 'was lost: the container engine does not answer any more';
  return `ended with code ${code}`;
}

/** 128 + n is how engines say that signal n ended it. */
const exitSignal = (code: number | null): string | null =>
  code === 137 ? 'SIGKILL' : code === 143 ? 'SIGTERM' : null;
