// Sorts the output of a stage: telemetry into the history, words for people into its
// log file, and the last of them kept for messages.

import { appendLog } from '../kernel/appendLog.ts';
import type { Emit } from '../model/world.ts';
import { parseTelemetry, type FailedLine } from '../pipeline/contract.ts';

export interface StageVoice {
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
  /** The next `ready` it says, with the port; forgets an earlier one. */
  awaitReady(): Promise<number | undefined>;
  /** Gives the reason why it could not go on, in its own words. */
  readonly failure: () => FailedLine | undefined;
  /** The last lines it wrote, oldest first. */
  readonly lastLines: () => readonly string[];
  close(): Promise<void>;
}

const LAST_LINES = 20;

/** `onFailed` takes the message of a program that cannot go on; the log when not said. */
export function listenTo(
  instance: string,
  logFile: string,
  emit: Emit,
  onFailed?: (message: string) => void,
): StageVoice {
  const file = appendLog(logFile);
  const last: string[] = [];
  let failure: FailedLine | undefined;
  let ready = Promise.withResolvers<number | undefined>();
  const write = (line: string) => {
    file.write(`${line}\n`);
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  };
  const stdout = (text: string) => {
    const line = parseTelemetry(text);
    switch (line?.type) {
      case undefined:
        return write(text);
      case 'ready':
        return ready.resolve(line.port);
      case 'stats':
      case 'cmcd':
        return emit({ ...line, stage: instance });
      case 'note': {
        const { atEpochMs, detail } = line;
        return emit({ type: 'stage', atEpochMs, stage: instance, event: 'note', detail });
      }
      case 'failed':
        failure = line;
        return (onFailed ?? write)(line.message);
    }
  };
  return {
    stdout,
    stderr: write,
    awaitReady: () => {
      failure = undefined;
      ready = Promise.withResolvers();
      return ready.promise;
    },
    failure: () => failure,
    lastLines: () => [...last],
    close: () => new Promise((resolve) => void file.end(() => resolve())),
  };
}
