// A container that is no stage of the design but needed beside it: the proxy, the browser. Ready is
// a line of JSON on its standard output with `type: "ready"`.

import { join } from 'node:path';
import { appendLog } from '../../kernel/appendLog.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError, type ErrorCode } from '../../model/errors.ts';
import { parseObject } from '../../kernel/parseObject.ts';
import { startContainer, type StartedContainer } from './container.ts';
import type { ContainerSpec } from './containerSpec.ts';

export interface CompanionSpec extends Omit<ContainerSpec, 'onStdout' | 'onStderr'> {
  readonly logDir: string;
  /** Code of the error when it does not get ready. */
  readonly code: ErrorCode;
  /** Lines of JSON that it says later. */
  readonly onLine?: (line: string) => void;
}

export interface Companion {
  readonly container: StartedContainer;
  /** The line it said when it was ready. */
  readonly said: Readonly<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

const READY_MS = 30_000;
const LAST_LINES = 20;

export async function startCompanion(spec: CompanionSpec, signal: AbortSignal): Promise<Companion> {
  const { logDir, code, onLine, ...rest } = spec;
  const { instance } = spec;
  const log = appendLog(join(logDir, `${instance}.log`));
  const lines: string[] = [];
  const onStderr = (line: string) => {
    log.write(`${line}\n`);
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
  };
  const ready = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const onStdout = (line: string) => {
    const object = parseObject(line);
    if (object?.['type'] === 'ready') ready.resolve(object);
    else if (object && onLine) onLine(line);
    else onStderr(line);
  };
  const container = await startContainer({ ...rest, onStdout, onStderr }, signal);
  const stop = async () => {
    await container.remove();
    log.end();
  };
  try {
    const what = `${instance} to be ready`;
    const said = await withDeadline({ ms: READY_MS, what, code, signal }, () =>
      Promise.race([ready.promise, container.exited.then(() => undefined)]),
    );
    if (said) return { container, said, stop };
    throw new HarnessError(code, [`${instance} ended`, ...lines].join('\n  '), {
      target: instance,
      hint: `look into logs/${instance}.log in the run folder`,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}
