// Slurm: one job array, a task a shard. The folder of the suite and this installation are shared by
// its machines. States come from the controller, which knows those of the last minutes without a
// database of accounts.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './ask.ts';
import { readIndexes } from './readIndexes.ts';
import { quoted, type Cluster, type ShardJob, type ShardState } from './cluster.ts';

export const slurm: Cluster = {
  playsInImage: false,
  describe: writeScript,
  submit: async (job) => {
    const id = (await ask(['sbatch', '--parsable'], { input: writeScript(job) }))
      .split(';')[0]!
      .trim();
    return {
      name: `job ${id}`,
      look: () => lookAt(id),
      lastWords: (index) => readFile(logFile(job, String(index)), 'utf8').catch(() => ''),
      remove: () => ask(['scancel', '--quiet', id]),
    };
  },
};

const logFile = ({ dir }: ShardJob, index: string): string => join(dir, `${index}.log`);

function writeScript(job: ShardJob): string {
  const { name, shards, cpus, memoryMb, dir, words } = job;
  const call = [process.execPath, process.argv[1] ?? 'ecran-noir', ...words].map(quoted);
  const options = [
    `--job-name=${name}`,
    `--array=1-${shards}`,
    `--cpus-per-task=${cpus}`,
    `--mem=${memoryMb}M`,
    // A task that was played twice would find its own folder.
    '--no-requeue',
    `--chdir=${JSON.stringify(process.cwd())}`,
    `--output=${JSON.stringify(logFile(job, '%a'))}`,
  ];
  return `#!/bin/sh
${options.map((option) => `#SBATCH ${option}`).join('\n')}
exec ${call.join(' ')} --shard "$SLURM_ARRAY_TASK_ID/${shards}" --out ${quoted(dir)}/"$SLURM_ARRAY_TASK_ID"
`;
}

/** The controller forgets a job some minutes after its end. */
const lookAt = (id: string): Promise<readonly ShardState[]> =>
  ask(['scontrol', '--oneliner', 'show', 'job', id]).then(readTasks, (error: Error) => {
    if (/invalid job id/i.test(error.message)) return [];
    throw error;
  });

/** Reads `scontrol --oneliner show job`: a line a task, and one for all those that still wait. */
export const readTasks = (text: string): ShardState[] => text.split('\n').flatMap(readTask);

function readTask(line: string): ShardState[] {
  const field = (name: string): string => new RegExp(`\\b${name}=(\\S*)`).exec(line)?.[1] ?? '';
  const state = field('JobState');
  if (state === '') return [];
  const [node, why] = [field('NodeList'), field('Reason')];
  const known = { ...(node !== '' && node !== '(null)' && { node }) };
  return readIndexes(field('ArrayTaskId')).map((index) => {
    if (state === 'PENDING') return { index, phase: 'waiting', reason: why };
    if (RUNS.has(state)) return { index, phase: 'running', ...known };
    const reason = readEnd(state, field('ExitCode'));
    return { index, phase: 'ended', ...known, ...(reason !== undefined && { reason }) };
  });
}

const RUNS = new Set(['RUNNING', 'CONFIGURING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING']);

/** A shard that wrote its verdict ends with 0, 1 or 2, and `FAILED` says no more than that. */
function readEnd(state: string, exitCode: string): string | undefined {
  if (state === 'COMPLETED' || (state === 'FAILED' && /^[012]:0$/.test(exitCode))) return undefined;
  const [code, signal] = exitCode.split(':');
  const by = signal !== undefined && signal !== '0' ? `signal ${signal}` : `exit code ${code}`;
  return ENDS[state] ?? `${state}, ${by}`;
}

const ENDS: Readonly<Record<string, string>> = {
  NODE_FAIL: 'its node failed',
  BOOT_FAIL: 'its node did not start',
  TIMEOUT: 'the time limit of its partition or account was over',
  OUT_OF_MEMORY: 'it needed more memory than it was given',
  CANCELLED: 'somebody cancelled it',
  PREEMPTED: 'another job took its place',
};
