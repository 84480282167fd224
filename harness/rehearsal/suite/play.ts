// The loop of a suite: entries one by one (or a few at a time), inconclusive ones again, until all
// are played, the time is up, or somebody ends it. It knows no engine and no clock of its own.

import { join } from 'node:path';
import { findReasons, measureRun } from '../../measure/suite.ts';
import { EXIT, HarnessError, errorMessage } from '../../model/errors.ts';
import type { LeftOut, SuiteAttempt, SuiteResult } from '../../model/suite.ts';
import { inLanes } from '../lanes.ts';
import type { PlayScenario } from './engines.ts';
import type { SuiteEntry } from './entries.ts';

export interface SuitePlaying {
  /** In the order in which they are started. */
  readonly entries: readonly SuiteEntry[];
  readonly play: PlayScenario;
  /** The folder of the suite. */
  readonly dir: string;
  /** More attempts for an inconclusive run. */
  readonly retries: number;
  /** No entry is started whose expected time does not fit. */
  readonly withinMs: number | undefined;
  /** Nothing is started after the first fail. */
  readonly failFast: boolean;
  /** Entries at the same time. */
  readonly lanes: number;
  readonly nowMs: () => number;
  readonly onStart: (entry: SuiteEntry, attempt: number) => void;
  readonly onEnd: (entry: SuiteEntry, attempt: SuiteAttempt) => void;
}

/** Never rejects for what happens to a run: that is in its result. */
export async function playSuite(playing: SuitePlaying, signal: AbortSignal) {
  const results: SuiteResult[] = [];
  const leftOut: LeftOut[] = [];
  const startedMs = playing.nowMs();
  const whyNot = ({ expectedMs }: SuiteEntry): string | undefined => {
    if (signal.aborted) return 'the suite was interrupted';
    const failed = playing.failFast && results.find(({ verdict }) => verdict === 'fail');
    if (failed) return `${failed.key} failed before, and --fail-fast was asked for`;
    const { withinMs = Infinity } = playing;
    const wouldEndMs = playing.nowMs() - startedMs + expectedMs;
    return wouldEndMs > withinMs ? 'it did not fit into the time of --within' : undefined;
  };
  const work = async (entry: SuiteEntry): Promise<void> => {
    const reason = whyNot(entry);
    if (reason === undefined) results.push(await playEntry(entry, playing, signal));
    else leftOut.push({ key: entry.key, reason });
  };
  // The lanes are ended by nothing: what was not started yet is left out with its reason.
  const { lanes, entries: jobs } = playing;
  await inLanes({ lanes, jobs, work }, new AbortController().signal);
  return { results, leftOut };
}

async function playEntry(
  entry: SuiteEntry,
  playing: SuitePlaying,
  signal: AbortSignal,
): Promise<SuiteResult> {
  const attempts: SuiteAttempt[] = [];
  for (;;) {
    playing.onStart(entry, attempts.length + 1);
    const { attempt, again } = await playOnce(entry, attempts.length, playing, signal);
    attempts.push(attempt);
    playing.onEnd(entry, attempt);
    if (again && attempts.length <= playing.retries && !signal.aborted) continue;
    const { key, file, plan, expectedMs } = entry;
    const { name: scenario, title, design } = plan.scenario;
    const { compress, seed } = plan;
    const named = { key, scenario, title, file, design: design.name, seed, compress };
    return { ...named, expectedMs, verdict: attempt.verdict, attempts };
  }
}

/** Another attempt may end otherwise where this one proved nothing and the call was right. */
async function playOnce(
  { key, plan }: SuiteEntry,
  before: number,
  { play, dir }: SuitePlaying,
  signal: AbortSignal,
): Promise<{ readonly attempt: SuiteAttempt; readonly again: boolean }> {
  const folder = `runs/${key}${before === 0 ? '' : `~retry${before}`}`;
  try {
    const { report, error } = await play(plan, join(dir, folder), signal);
    const verdict =
      error !== undefined && report.verdict === 'pass' ? 'inconclusive' : report.verdict;
    const attempt: SuiteAttempt = {
      verdict,
      dir: folder,
      startedAt: report.run.startedAt,
      lengthMs: report.run.endedAtMs,
      reasons: [...(error === undefined ? [] : [firstLine(error)]), ...findReasons(report)],
      figures: measureRun(report),
    };
    return { attempt, again: verdict === 'inconclusive' };
  } catch (error) {
    const attempt = { verdict: 'inconclusive', reasons: [explain(error)], figures: {} } as const;
    return { attempt, again: mayEndOtherwise(error) };
  }
}

/** Wrong scenarios, missing tools and full disks are the same the next time. */
function mayEndOtherwise(error: unknown): boolean {
  if (!(error instanceof HarnessError)) return true;
  const lasting: readonly number[] = [EXIT.usage, EXIT.cannotWrite, EXIT.interrupted];
  return !lasting.includes(error.exitCode) && !/^TOOL_/.test(error.code);
}

/** With the hint: nobody else says how to mend it. */
function explain(error: unknown): string {
  const hint = error instanceof HarnessError && error.hint ? ` (${error.hint})` : '';
  const code = error instanceof HarnessError ? error.code : 'INTERNAL';
  return `${code}: ${errorMessage(error).replace(/\s*\n\s*/g, ' ')}${hint}`;
}

const firstLine = (error: unknown): string => errorMessage(error).split('\n')[0] ?? '';
