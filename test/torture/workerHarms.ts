// Harms of a run whose viewers are on workers: one of them ends, or the run itself.

import { waitFor } from '../../harness/kernel/deadline.ts';
import { EXIT } from '../../harness/model/errors.ts';
import { findLeftovers, sweepLeftovers } from '../../harness/runtime/containers/sweep.ts';
import { startWorker, type StartedWorker } from '../support/farMachine.ts';
import { PLAYING, type Harm, type Prepared } from './harms.ts';
import { BROWSER, endVictim } from './victims.ts';

const env = { ECRAN_NOIR_WALL_TOKEN: 'a token of the torture' };
/** Another address of this machine than the one that stages listen at. */
const LISTEN = '127.0.0.2:0';
const WAITS_MS = 60_000;
const ENDED_MS = 40_000;

/** A run with a viewer on each of two workers; the first is the one that something happens to. */
const twoWorkers =
  (codes: readonly (readonly (number | null)[])[]) => async (): Promise<Prepared> => {
    let workers: readonly StartedWorker[] = [];
    return {
      env,
      more: ['--viewers', '2', '--wall-workers', '2', '--wall-listen', LISTEN],
      beside: async (run) => {
        const url = await waitFor({ ms: WAITS_MS, what: 'the run to wait for workers' }, () => {
          if (run.child.exitCode !== null) throw new Error(run.said());
          return /--join (\S+)/.exec(run.said())?.[1];
        });
        workers = ['first', 'second'].map((name) =>
          startWorker(['--join', url, '--name', name], { env }),
        );
      },
      pids: () => workers.flatMap(({ child }) => child.pid ?? []),
      left: async () => (await Promise.all(workers.map((one, i) => leftBy(one, codes[i]!)))).flat(),
      shut: async () => workers.forEach(({ child }) => child.kill('SIGKILL')),
    };
  };

async function leftBy(
  { child, ended, said }: StartedWorker,
  codes: readonly (number | null)[],
): Promise<readonly string[]> {
  const code = await ended(ENDED_MS);
  if (child.signalCode !== null) await sweepLeftovers();
  const left = (await findLeftovers()).filter(({ owner }) => owner.pid === child.pid);
  return [
    ...left.map(({ kind, name }) => `by a worker: ${kind} ${name}`),
    ...(codes.includes(code) ? [] : [`by a worker: exit code ${code}, ${said().slice(-300)}`]),
  ];
}

const harm = (
  name: string,
  codes: readonly (readonly (number | null)[])[],
  more: Pick<Harm, 'befall' | 'codes'> & Partial<Harm>,
): Harm => ({
  kind: 'worker',
  name,
  runtimes: ['processes'],
  moments: PLAYING,
  prepare: twoWorkers(codes),
  ...more,
});

/** The run goes on with those who are left. */
const LOSES_ONE = { codes: [EXIT.inconclusive], finding: 'worker-lost' } as const;
const first = ({ pids }: Prepared): number => pids?.()[0] ?? 0;

export const WORKER_HARMS: readonly Harm[] = [
  harm('SIGKILL for a worker', [[null], [EXIT.pass]], {
    ...LOSES_ONE,
    befall: (_, prepared) => void process.kill(first(prepared), 'SIGKILL'),
  }),
  harm('SIGTERM for a worker', [[EXIT.interrupted], [EXIT.pass]], {
    ...LOSES_ONE,
    befall: (_, prepared) => void process.kill(first(prepared), 'SIGTERM'),
  }),
  harm('the browser of a worker ends', [[EXIT.unavailable], [EXIT.pass]], {
    ...LOSES_ONE,
    befall: (_, prepared) => endVictim(first(prepared), BROWSER[0]!),
  }),
  harm('SIGKILL for the run of workers', [[EXIT.unavailable], [EXIT.unavailable]], {
    codes: [null],
    befall: ({ child }) => void child.kill('SIGKILL'),
  }),
];
