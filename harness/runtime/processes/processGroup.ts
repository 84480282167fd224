// Signals for a stage program together with the tools it started: one process group each.

import { spawn, type ChildProcess } from 'node:child_process';

/** A group that is already gone is no error. */
export function signalGroup(leader: ChildProcess, signal: NodeJS.Signals): void {
  if (leader.pid === undefined) return;
  try {
    process.kill(-leader.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export interface StoppedTime {
  goOn(): void;
}

/**
 * Stops the group. A stopped process does not notice that the harness died, so a shell waits on a
 * pipe from the harness and lets the group go on when the pipe closes.
 */
export function stopTime(leader: ChildProcess): StoppedTime {
  const guard = spawn(
    '/bin/sh',
    ['-c', 'read -r _; kill -s CONT -- "-$1"', 'guard', `${leader.pid}`],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  signalGroup(leader, 'SIGSTOP');
  return {
    goOn: () => {
      signalGroup(leader, 'SIGCONT');
      guard.stdin.end();
    },
  };
}
