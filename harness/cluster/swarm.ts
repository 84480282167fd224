// Docker Swarm: a job service a shard. Of one service with a task a shard nobody could tell which
// shard a task is: the first number is written as the id of its node.

import { ask } from './ask.ts';
import {
  COLLECTOR_TOKEN,
  listIndexes,
  quoted,
  wordsInImage,
  type Cluster,
  type ShardJob,
  type ShardState,
} from './cluster.ts';

export const swarm: Cluster = {
  playsInImage: true,
  describe: (job) =>
    listIndexes(job)
      .map((index) => writeCall(job, index).map(quoted).join(' '))
      .join('\n'),
  submit: async (job) => {
    const names = listIndexes(job).map((index) => nameService(job, index));
    const remove = () => ask(['docker', 'service', 'rm', ...names]);
    const env = { [COLLECTOR_TOKEN]: job.collector.token };
    const made = await Promise.allSettled(
      listIndexes(job).map((index) => ask(writeCall(job, index), { env })),
    );
    const refused = made.find((one) => one.status === 'rejected');
    if (refused) {
      // Complains about those that were not made.
      await remove().catch(() => undefined);
      throw refused.reason;
    }
    return {
      name: `services ${names[0]} to ${names.at(-1)}`,
      look: () => lookAt(names),
      lastWords: (index) =>
        ask(['sh', '-c', 'exec docker service logs --raw --tail 5 "$0" 2>&1', names[index - 1]!], {
          timeoutMs: LOGS_MS_MAX,
        }),
      remove,
    };
  },
};

/** The log of a task whose node is gone never comes. */
const LOGS_MS_MAX = 10_000;

const nameService = ({ name }: ShardJob, index: number): string => `${name}-${index}`;

/** The token comes from the environment of the call: other users can read its words. */
const writeCall = (job: ShardJob, index: number): readonly string[] => [
  ...['docker', 'service', 'create', '--detach', '--quiet', '--name', nameService(job, index)],
  ...['--mode', 'replicated-job', '--restart-condition', 'none', '--with-registry-auth'],
  ...['--user', '10001:10001', '--cap-drop', 'ALL', '--env', 'HOME=/tmp'],
  ...['--mount', 'type=tmpfs,target=/dev/shm,tmpfs-size=1073741824'],
  ...['--reserve-cpu', String(job.cpus), '--reserve-memory', `${job.memoryMb}M`],
  ...['--limit-memory', `${job.memoryMb}M`, '--env', COLLECTOR_TOKEN],
  ...['--entrypoint', 'ecran-noir', job.image, ...wordsInImage(job)],
  ...['--shard', `${index}/${job.shards}`],
];

/** A line of `docker service ps`. */
interface Task {
  /** The service, a dot, and what stands for the number of the task. */
  readonly Name: string;
  readonly Node: string;
  /** `Running 3 seconds ago` */
  readonly CurrentState: string;
  readonly Error: string;
}

async function lookAt(names: readonly string[]): Promise<readonly ShardState[]> {
  const json = ['--format', '{{json .}}'];
  const [tasks, nodes] = await Promise.all([
    ask(['docker', 'service', 'ps', '--no-trunc', ...json, ...names]),
    ask(['docker', 'node', 'ls', ...json]),
  ]);
  return readTasks(names, tasks, nodes);
}

/** Reads `docker service ps` and `docker node ls`, a JSON object a line. */
export function readTasks(names: readonly string[], tasks: string, nodes: string): ShardState[] {
  const down = readLines<{ readonly Hostname: string; readonly Status: string }>(nodes)
    .filter(({ Status }) => Status === 'Down')
    .map(({ Hostname }) => Hostname);
  const all = readLines<Task>(tasks);
  return names.map((name, at) => {
    const states = all
      .filter(({ Name }) => Name.startsWith(`${name}.`))
      .map((task) => readTask(at + 1, task, down));
    // Swarm makes another task where the first lost its node.
    return states.at(-1) ?? { index: at + 1, phase: 'waiting' };
  });
}

const readLines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

const RUNS = new Set(['Preparing', 'Starting', 'Running']);
const WAITS = new Set(['New', 'Allocated', 'Pending', 'Assigned', 'Accepted', 'Ready']);

function readTask(index: number, task: Task, down: readonly string[]): ShardState {
  const { Node: node, CurrentState, Error: said } = task;
  const [state = ''] = CurrentState.split(' ');
  const place = { index, ...(node !== '' && { node }) };
  if (state === 'Complete') return { ...place, phase: 'ended' };
  if (down.includes(node)) return { ...place, phase: 'ended', reason: 'its node is down' };
  if (RUNS.has(state)) return { ...place, phase: 'running' };
  const reason = said.replace(/^"|"$/g, '');
  if (!WAITS.has(state))
    return { ...place, phase: 'ended', reason: reason || `its task is ${state.toLowerCase()}` };
  return { ...place, phase: 'waiting', ...(reason !== '' && { reason }) };
}
