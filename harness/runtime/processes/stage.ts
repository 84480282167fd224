// A stage over all its lives: a fault may end one and begin another on the same port, with the
// files of the one before, as a machine does that was switched off and on.

import { HarnessError } from '../../model/errors.ts';
import type { StageExit, StageFaults, StartedStage } from '../../model/world.ts';
import { launchStage, type StageProcess, type StageProcessOptions } from './stageProcess.ts';

/** `afterwards` runs once, when there will be no more lives; stop() waits for it. */
export async function startStage(
  options: StageProcessOptions,
  afterwards: () => Promise<void>,
  signal: AbortSignal,
): Promise<StartedStage> {
  const { config, emit } = options;
  const { instance } = config;
  const first = await launchStage(options, signal);
  const { address } = first;
  const lives = {
    now: first,
    again: () =>
      launchStage({ ...options, config: { ...config, listen: address ?? config.listen } }, noAbort),
  };
  const life = watchLives(first);
  const clean = life.exited.then(afterwards);
  const note = (detail: string) => emit({ type: 'stage', stage: instance, event: 'note', detail });
  const stop = async () => {
    life.finish();
    await lives.now.stop();
    await clean;
  };
  return {
    instance,
    address,
    hostAddress: address,
    exited: life.exited,
    stop,
    command: (message) => {
      if (!life.isAlive()) return Promise.reject(notRunning(instance));
      lives.now.command(message);
      return Promise.resolve();
    },
    faults: stageFaults(instance, lives, life, note),
    [Symbol.asyncDispose]: stop,
  };
}

/** A restart has its own deadline and no caller that may give it up. */
const noAbort = new AbortController().signal;

const notRunning = (instance: string): HarnessError =>
  new HarnessError('STAGE_FAILED', `${instance} is not running`, { target: instance });

interface Lives {
  now: StageProcess;
  readonly again: () => Promise<StageProcess>;
}

interface LifeWatch {
  /** Settles with the first end that no fault caused. */
  readonly exited: Promise<StageExit>;
  readonly isAlive: () => boolean;
  readonly watch: (process: StageProcess) => void;
  /** There will be no more lives: whatever ends now was asked to. */
  readonly finish: () => void;
}

function watchLives(first: StageProcess): LifeWatch {
  const ended = Promise.withResolvers<StageExit>();
  let alive = 0;
  let finished = false;
  let last: StageExit | undefined;
  const watch = (process: StageProcess) => {
    alive++;
    void process.exited.then((exit) => {
      alive--;
      last = exit;
      // An end that was asked for, and not by stop(), is a fault's: another life may begin.
      if (!exit.asked || finished) ended.resolve(exit);
    });
  };
  watch(first);
  return {
    exited: ended.promise,
    watch,
    isAlive: () => alive > 0,
    finish: () => {
      finished = true;
      if (alive === 0 && last) ended.resolve(last);
    },
  };
}

function stageFaults(
  instance: string,
  lives: Lives,
  life: LifeWatch,
  note: (detail: string) => void,
): StageFaults {
  const cannot = (what: string) => () =>
    Promise.reject(
      new HarnessError('TOOL_UNFIT', `${instance}: the processes runtime cannot ${what}`, {
        target: instance,
        hint: 'Use --runtime containers, where an engine can.',
      }),
    );
  const end = async (what: string, work: () => Promise<void>) => {
    if (life.isAlive()) note(what);
    await work();
  };
  const kill = () => end('killed', () => lives.now.kill());
  const done = (work: () => void) => () => Promise.resolve(work());
  return {
    kill,
    shutDown: () => end('shut down', () => lives.now.stop()),
    restart: async () => {
      await kill();
      lives.now = await lives.again();
      life.watch(lives.now);
    },
    pause: done(() => lives.now.pause()),
    resume: done(() => lives.now.resume()),
    disconnect: cannot('take a stage off the network'),
    reconnect: cannot('take a stage off the network'),
    squeeze: cannot('limit the processor or memory of a stage'),
    release: cannot('limit the processor or memory of a stage'),
  };
}
