// Runs the command line as a user does, with a bound, and tells how it ended.

import { execa, type ExecaError } from 'execa';

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

export const MAIN = `${process.cwd()}/harness/cli/launch.js`;

export async function ecranNoir(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const { env = {}, cwd = process.cwd(), timeoutMs = 60_000 } = options;
  const result = await execa(process.execPath, [MAIN, ...args], {
    env: { NO_COLOR: '1', ...env },
    cwd,
    timeout: timeoutMs,
    reject: false,
    stdin: 'ignore',
  });
  if ((result as unknown as ExecaError).timedOut)
    throw new Error(`ecran-noir ${args.join(' ')} took over ${timeoutMs} ms`);
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}
