// The command that plays a run again, from what the report says of it.

import type { Report } from '../harness/model/report.ts';

/** Undefined for a scenario built in TypeScript: it has no file to name. */
export function replayCommand({ run, cohorts = [] }: Report): string | undefined {
  if (run.file === '') return undefined;
  const viewers = Math.round(cohorts.reduce((sum, { weight }) => sum + weight, 0));
  const agents = run.simulated?.engine === 'agents' ? ` --engine agents --audience ${viewers}` : '';
  const compress = run.compress === 1 ? '' : ` --compress ${run.compress}`;
  const variant = run.variant === undefined ? '' : ` --variant ${run.variant}`;
  return `ecran-noir ${run.engine} ${shellWord(run.file)}${variant}${agents}${compress} --seed ${run.seed}`;
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
