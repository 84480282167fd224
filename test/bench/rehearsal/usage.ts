// The processor time and the memory of a rehearsal by its parts, as a user runs it.

import { execa } from 'execa';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { EXIT } from '../../../harness/model/errors.ts';
import { descendantsOf } from '../../support/processTree.ts';
import { textOf } from '../../support/textOf.ts';

const SAMPLE_MS = 1_000;
const RUN_MS_MAX = 180_000;
/** Linux counts processor time in these for everybody (USER_HZ). */
const TICK_MS = 10;

export interface Usage {
  readonly startedAtEpochMs: number;
  /** Resident memory of the harness process, sampled. */
  readonly harness: readonly { readonly atEpochMs: number; readonly mb: number }[];
  readonly byPart: ReadonlyMap<string, number>;
  readonly ms: number;
}

/** Runs the command line and looks at its processes while it runs. */
export async function rehearse(
  file: string,
  out: string,
  more: readonly string[] = [],
): Promise<Usage> {
  const startedAtEpochMs = systemClock.epochMs();
  const args = ['run', file, '--runtime', 'processes', '--out', out, '--quiet', ...more];
  const child = execa(process.execPath, ['harness/cli/launch.js', ...args], {
    timeout: RUN_MS_MAX,
    forceKillAfterDelay: 20_000,
    reject: false,
    stdin: 'ignore',
  });
  const used = new Map<number, { readonly part: string; readonly ms: number }>();
  const harness: { atEpochMs: number; mb: number }[] = [];
  const look = () => {
    const { pid } = child;
    if (pid === undefined) return;
    harness.push({ atEpochMs: systemClock.epochMs(), mb: residentMb(pid) });
    used.set(pid, { part: 'harness', ms: processorMs(pid) });
    for (const { pid: of, command } of descendantsOf(pid))
      used.set(of, { part: partOf(of, command), ms: processorMs(of) });
  };
  const timer = setInterval(look, SAMPLE_MS);
  const { stderr, exitCode } = await child;
  clearInterval(timer);
  if (exitCode !== EXIT.pass && exitCode !== EXIT.inconclusive)
    console.log(`exit code ${exitCode}: ${stderr}`);
  const byPart = new Map<string, number>();
  for (const { part, ms } of used.values()) byPart.set(part, (byPart.get(part) ?? 0) + ms);
  return { startedAtEpochMs, harness, byPart, ms: systemClock.epochMs() - startedAtEpochMs };
}

function partOf(pid: number, command: string): string {
  if (/rgba|players.box/.test(textOf(`/proc/${pid}/cmdline`))) return 'boxes';
  if (/chrom/.test(command)) return 'browser';
  if (/toxiproxy/.test(command)) return 'toxiproxy';
  if (/ffmpeg/.test(command)) return 'ffmpeg';
  return 'stages';
}

function residentMb(pid: number): number {
  const status = textOf(`/proc/${pid}/status`);
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

/** Fields 14 and 15 of proc(5), user and system; the name before them may hold anything. */
function processorMs(pid: number): number {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}
