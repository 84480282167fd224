// Calls the programs of a cluster (sbatch, docker) and makes their refusals ours.

import { execa } from 'execa';
import { HarnessError, errorMessage } from '../model/errors.ts';
import { refused } from './cluster.ts';

export interface AskOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** The standard output of a program. Throws TOOL_MISSING, CLUSTER_UNAVAILABLE with its words. */
export async function ask(words: readonly string[], options: AskOptions = {}): Promise<string> {
  const { input = '', env = {}, timeoutMs = 60_000 } = options;
  const [program = '', ...args] = words;
  try {
    return (await execa(program, args, { input, env, timeout: timeoutMs })).stdout;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    if (code === 'ENOENT')
      throw new HarnessError('TOOL_MISSING', `${program} is not installed`, {
        target: program,
        hint: 'call this on a machine from which jobs are submitted (docs/clusters.md)',
      });
    const said = stderr?.trim() || errorMessage(error);
    throw refused(`${program} refuses: ${said}`, 'see what it takes in docs/clusters.md', error);
  }
}
