// A suite on a cluster that something happens to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAIN } from './cli.ts';

export interface SuiteCall {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Does something once the suite has printed what is waited for; answers its exit code. */
export async function disturbSuite(
  { words, cwd, env }: SuiteCall,
  when: RegExp,
  act: (interrupt: () => void) => unknown,
): Promise<number> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const read = (text: string) => void (when.test((said += text)) && resolve());
    child.stderr.setEncoding('utf8').on('data', read);
    child.stderr.once('end', () => reject(new Error(`it ended before ${String(when)}: ${said}`)));
  });
  await act(() => child.kill('SIGINT'));
  const [exitCode] = (await ended) as [number];
  return exitCode;
}
