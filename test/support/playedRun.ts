// A scenario played for real to its end, and what its report says.

import { readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { EXIT } from '../../harness/model/errors.ts';
import type { Report, ViewerResult } from '../../harness/model/report.ts';
import { ecranNoir, type CliOptions, type CliResult } from './cli.ts';

export interface PlayOptions extends CliOptions {
  readonly file: string;
  /** Folder for runs of this play. */
  readonly out: string;
  /** Further arguments of `run`. */
  readonly wishes?: readonly string[];
}

export interface PlayedRun {
  readonly report: Report;
  /** The run's own folder. */
  readonly dir: string;
  readonly result: CliResult;
}

/** Findings that name the machine, and not the chain, as the reason why nothing is proven. */
const MACHINE_RULES = ['control-suffered', 'unmeasured', 'stray-filler', 'fault-length'];

/**
 * Whatever its verdict; throws what it said when it came to none. A run that proves nothing because
 * the machine was busy is played once more, and the log says so.
 */
export async function playRun(options: PlayOptions): Promise<PlayedRun> {
  const played = await playOnce(options);
  return wasBusy(options.file, played.report) ? playOnce(options) : played;
}

/** Tells whether a run proves nothing because the machine was busy; the log says that it is played again. */
export function wasBusy(name: string, { verdict, findings }: Report): boolean {
  const busy = findings.filter(
    (one) => one.verdict === 'inconclusive' && MACHINE_RULES.includes(one.rule),
  );
  if (verdict !== 'inconclusive' || busy.length === 0) return false;
  const why = busy.map(({ rule, text }) => `${rule}: ${text}`).join('; ');
  console.warn(`${name} is played once more, the machine was busy: ${why}`);
  return true;
}

async function playOnce(options: PlayOptions): Promise<PlayedRun> {
  const { file, out, wishes = [], ...cli } = options;
  const result = await ecranNoir(['run', file, ...wishes, '--out', out], cli);
  if (result.exitCode === undefined || result.exitCode > EXIT.inconclusive)
    throw new Error(`${file} ended with ${result.exitCode}:\n${result.stderr}`);
  const parent = join(out, basename(file, '.yaml'));
  const dir = join(parent, readlinkSync(join(parent, 'latest')));
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
  return { report, dir, result };
}

export const viewersOf = (report: Report): readonly ViewerResult[] =>
  report.viewers.filter(({ control }) => !control);

/** Gives the part of a report that a reader of a failure wants to see. */
export const outcomeOf = ({ verdict, expectations, faults, findings }: Report) => ({
  verdict,
  unmet: expectations
    .filter((one) => one.verdict !== 'pass')
    .map(({ text, observed }) => `${text}: observed ${observed}`),
  unproven: faults
    .flatMap(({ name, proofs }) => proofs.map((proof) => ({ name, ...proof })))
    .filter(({ proven }) => !proven)
    .map(({ name, does, witness, observed }) => `${name} ${does}: ${witness}: ${observed}`),
  findings: findings.filter((one) => one.verdict !== 'pass').map(({ text }) => text),
});

const PASS = { verdict: 'pass', unmet: [], unproven: [], findings: [] };

/** Fails with the whole outcome in its message, so that a log of messages alone says why. */
export function expectPass(report: Report): void {
  const outcome = outcomeOf(report);
  expect(outcome, JSON.stringify(outcome, null, 1)).toEqual(PASS);
}
