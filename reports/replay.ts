// The command that plays a run again, from what the report says of it.

import { writeCapacity } from '../harness/model/simulated.ts';
import type { Report } from '../harness/model/report.ts';

/** Undefined for a scenario built in TypeScript: it has no file to name. */
export function replayCommand(report: Report): string | undefined {
  const { run } = report;
  if (run.file === '') return undefined;
  const words = [
    `ecran-noir ${run.engine} ${shellWord(run.file)}`,
    run.otherDesign === true && `--design ${run.design}`,
    run.variant !== undefined && `--variant ${run.variant}`,
    run.otherPlayer !== undefined && `--player ${run.otherPlayer}`,
    ...agentWords(report),
    run.otherCount !== undefined && `--viewers ${run.otherCount}`,
    run.compress !== 1 && `--compress ${run.compress}`,
    `--seed ${run.seed}`,
  ];
  return words.filter(Boolean).join(' ');
}

function agentWords({ run, cohorts = [] }: Report): (string | false)[] {
  if (run.simulated && run.simulated.engine !== 'agents')
    return [`--engine ${run.simulated.engine}`];
  if (!run.simulated) return [];
  const { agents, exact, capacities = {} } = run.simulated.chosen ?? {};
  const viewers = Math.round(cohorts.reduce((sum, { weight }) => sum + weight, 0));
  return [
    `--engine agents --audience ${viewers}`,
    agents !== undefined && `--agents ${agents}`,
    exact === true && '--exact',
    ...Object.entries(capacities).map(([name, choice]) => writeCapacity(name, choice)),
  ];
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
