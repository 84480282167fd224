// Looks at what a run is like after something happened to the harness: what it said, what it left
// behind, and what it claims. The one place that knows where leftovers are.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeJournal } from '../../harness/measure/judgeJournal.ts';
import type { ActionRecord } from '../../harness/model/history.ts';
import type { Report } from '../../harness/model/report.ts';
import type { Engine } from '../../harness/runtime/containers/engine.ts';
import { findLeftovers, sweepLeftovers } from '../../harness/runtime/containers/sweep.ts';
import { allGone, type ProcessId } from '../support/processTree.ts';
import type { StartedRun } from '../support/startedRun.ts';
import type { Harm, Prepared } from './harms.ts';

/** "No child lives longer than a few seconds." */
const GONE_MS = 8_000;

export interface Aftermath {
  readonly code: number | null;
  readonly report: Report | undefined;
  /** It was over before anything could happen to it. */
  readonly early: boolean;
  /** Everything that is not as it must be; empty when all is well. */
  readonly wrong: readonly string[];
}

export interface Ended {
  readonly run: StartedRun;
  readonly harm: Harm;
  readonly code: number | null;
  /** It was over before anything could happen to it. */
  readonly early: boolean;
  /** All processes that were seen. */
  readonly tree: readonly ProcessId[];
  readonly engine: Engine | undefined;
  readonly prepared: Prepared;
}

export async function aftermathOf(ended: Ended): Promise<Aftermath> {
  const killed = ended.run.child.signalCode !== null;
  const report = reportOf(ended.run, killed);
  return {
    code: ended.code,
    early: ended.early,
    report,
    wrong: [
      ...wrongCode(ended),
      ...wrongWords(ended),
      ...wrongReport(ended, report),
      ...notHealed(ended.run.journal()),
      ...((await ended.prepared.left?.()) ?? []).map((name) => `left ${name}`),
      ...(await leftBehind(ended, killed)),
    ],
  };
}

/** Before the harness listens to signals they end it at once, and then nothing has begun. */
const diedYoung = ({ run, harm }: Ended): boolean =>
  run.child.signalCode?.toLowerCase() === harm.kind && run.journal() === '';

function wrongCode(ended: Ended): string[] {
  const { code, harm, early, run } = ended;
  if (diedYoung(ended) || (early && [0, 2].includes(code ?? -1))) return [];
  if (harm.codes.includes(code)) return [];
  return [`exit code ${code}, expected ${harm.codes.join(' or ')}: ${run.said().slice(-600)}`];
}

function wrongWords(ended: Ended): string[] {
  const { run, harm, early } = ended;
  const said = run.said();
  const errors = said.match(/^error/gim) ?? [];
  return [
    ...(errors.length > 1 ? [`${errors.length} errors instead of one: ${said.slice(-800)}`] : []),
    ...(/^\s+at .*:\d+:\d+/m.test(said) ? [`a stack trace: ${said.slice(-800)}`] : []),
    ...(said.includes('left behind') ? [`says that it left something: ${said.slice(-400)}`] : []),
    ...(harm.says && !early && !diedYoung(ended) ? saysOnce(said, harm.says) : []),
  ];
}

function saysOnce(said: string, words: RegExp): string[] {
  const times = [...said.matchAll(new RegExp(words.source, 'gm'))].length;
  return times === 1 ? [] : [`says ${words.source} ${times} times: ${said.slice(-600)}`];
}

/** Gives the report that the run wrote; of a harness that was killed what its journal says. */
function reportOf(run: StartedRun, killed: boolean): Report | undefined {
  const file = join(run.dir() ?? '', 'report.json');
  if (!killed)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined;
  const lines = run.journal().split('\n');
  return lines.length > 1 ? judgeJournal(lines, 'journal') : undefined;
}

function wrongReport({ run, early, harm }: Ended, report: Report | undefined): string[] {
  if (!report)
    return run.journal() === ''
      ? []
      : [`no report of what there was: ${run.said()}\n${run.journal().slice(-2_000)}`];
  const { verdict, run: told } = report;
  const rules = report.findings.map(({ rule }) => rule);
  const why = rules.join(', ');
  const seen = report.expectations.map(({ text, observed }) => `${text}: ${observed}`).join(', ');
  if (verdict === 'fail') return [`a fail that the scenario did not make: ${seen}; ${why}`];
  const cutShort = !early && !harm.codes.includes(0);
  if (cutShort && told.ended !== 'complete' && verdict !== 'inconclusive')
    return [`${verdict}, although it was cut short (${told.ended})`];
  if (!early && harm.finding !== undefined && !rules.includes(harm.finding))
    return [`no finding ${harm.finding} among ${why}`];
  const blamed = report.viewers.flatMap(({ interruptions }) =>
    interruptions.filter(({ glitch, cause }) => !glitch && cause === undefined),
  );
  return blamed.length === 0 || verdict === 'inconclusive'
    ? []
    : [`a black screen that nothing explains in a ${verdict}: ${why}`];
}

/** A run that was played to its end took back every fault; any other heals all at once as it ends. */
function notHealed(journal: string): string[] {
  if (!journal.includes('"reason":"complete"')) return [];
  const done = journal
    .split('\n')
    .filter((line) => line.startsWith('{"type":"action"'))
    .map((line) => JSON.parse(line) as ActionRecord);
  const count = (does: string) =>
    done.filter((action) => action.does === does && action.error === undefined).length;
  return count('inject') > count('heal') ? ['a fault was not healed'] : [];
}

/** Processes at once, folders and what is on the engine at the next start at the latest. */
async function leftBehind(ended: Ended, killed: boolean): Promise<string[]> {
  const { run, tree, engine } = ended;
  const alive = await allGone(tree, GONE_MS).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  if (killed) await sweepLeftovers(engine);
  const left = (await findLeftovers(engine)).filter(({ owner }) => owner.pid === run.child.pid);
  return [...alive, ...left.map(({ kind, name, state }) => `left: ${state} ${kind} ${name}`)];
}
