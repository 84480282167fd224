// The costs of the night by agents: each figure is the median of processes of their own that keep compiled
// code between starts, as the command line does.

import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentChoices } from '../../../harness/model/simulated.ts';
import { rehearseAgents } from '../../../harness/rehearsal/simulateAgents.ts';
import { plan } from '../../../harness/scenario/plan.ts';
import { makeFolder } from '../../support/makeFolder.ts';
import { AUDIENCE, bigNight } from './night.ts';

/** One process tells it of itself. */
export interface Cost {
  /** From the scenario in memory to the losses of everybody. */
  readonly playCpuS: number;
  /** From the start of the process, with its modules and the scenario. */
  readonly wholeCpuS: number;
  readonly peakMb: number;
  readonly agents: number;
  readonly events: number;
  readonly p99Ms: number;
}

const GOAL = {
  nightCpuS: 0.5,
  stormCpuS: 1,
  exactCpuS: 10,
  exactMb: 200,
  apartS: 0.25,
  reportMb: 3,
};
const PROCESSES = 5;

type Say = (what: string, value: string) => void;

export async function costs(say: Say): Promise<void> {
  using folder = makeFolder();
  const play = (design: string, choices: Partial<AgentChoices> = {}): Cost =>
    playOnce(design, choices, join(folder.path, 'code'));
  const several = (design: string, choices: Partial<AgentChoices> = {}): Cost =>
    median(Array.from({ length: PROCESSES }, () => play(design, choices)));
  say('counted', `processor time from the scenario in memory to everybody's losses, all threads`);
  say(
    '  processes',
    `median of ${PROCESSES}, whose compiled code is kept as the command line keeps it`,
  );
  tell(say, 'the first process, which keeps the code', play('single-access'));
  const sample = several('single-access');
  tell(say, 'the night, 4000 agents', sample, GOAL.nightCpuS);
  const exact = several('single-access', { exact: true });
  tell(say, '  everybody', exact, GOAL.exactCpuS);
  judge(say, '  its memory at its peak, MB', exact.peakMb, GOAL.exactMb);
  const more = several('single-access', { agents: 16_000 });
  tell(say, '  16 000 agents', more);
  say('  work, 16 000 / 4000', (more.playCpuS / sample.playCpuS).toFixed(1));
  const apartS = Math.abs(more.p99Ms - sample.p99Ms) / 1000;
  judge(say, '  p99 of 4000 less p99 of 16 000, s', apartS, GOAL.apartS);
  const p99s = [sample, exact].map(({ p99Ms }) => `${(p99Ms / 1000).toFixed(2)} s`);
  say('  p99 sampled and exact', p99s.join(', '));
  tell(say, 'a storm of reloads, 4000 agents', several('stale-503'), GOAL.stormCpuS);
  tell(say, '  everybody', several('stale-503', { exact: true }), GOAL.exactCpuS);
  await measureReport(say);
}

function playOnce(design: string, choices: Partial<AgentChoices>, code: string): Cost {
  const args = [join(import.meta.dirname, 'program.ts'), design, JSON.stringify(choices)];
  const env = { ...process.env, NODE_COMPILE_CACHE: code };
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })) as Cost;
}

/** Gives that of each cost by itself; what is played is the same each time. */
function median(costs: readonly Cost[]): Cost {
  const of = (name: keyof Cost): number =>
    costs.map((cost) => cost[name]).toSorted((a, b) => a - b)[Math.floor(costs.length / 2)]!;
  const [playCpuS, wholeCpuS, peakMb] = [of('playCpuS'), of('wholeCpuS'), of('peakMb')];
  return { ...costs[0]!, playCpuS, wholeCpuS, peakMb };
}

function tell(say: Say, what: string, cost: Cost, mostS?: number): void {
  say(what, `${cost.agents} agents, ${cost.events} events`);
  if (mostS === undefined) say('  its processor time, s', cost.playCpuS.toFixed(2));
  else judge(say, '  its processor time, s', cost.playCpuS, mostS);
  const whole = `${cost.wholeCpuS.toFixed(2)}, peak ${cost.peakMb.toFixed(0)} MB`;
  say('  the whole process with its start, s', whole);
}

function judge(say: Say, what: string, figure: number, most: number): void {
  const isReached = figure <= most;
  say(what, `${figure.toFixed(2)}, goal ${most}: ${isReached ? 'reached' : 'NOT REACHED'}`);
  if (!isReached) process.exitCode = 1;
}

/** The size of the page of everybody, of 110 channels. */
async function measureReport(say: Say): Promise<void> {
  using folder = makeFolder();
  const scenario = await bigNight('single-access');
  const choices = { audience: AUDIENCE, agents: undefined, exact: true, capacities: {} };
  const made = plan(scenario, { compress: 1, seed: 1 });
  const { files } = await rehearseAgents(made, choices, folder.path);
  const page = files.find((file) => file.endsWith('report.html'))!;
  judge(say, 'the report of everybody, MB', statSync(page).size / 1e6, GOAL.reportMb);
}
