// Lists the processes that a process has started, and tells whether any of them still lives. Linux: reads /proc.

import { readdirSync, readFileSync } from 'node:fs';
import { waitFor } from '../../harness/kernel/deadline.ts';

/** A process by number and start time, because numbers are used again. */
export interface ProcessId {
  readonly pid: number;
  readonly startTime: string;
  readonly command: string;
}

interface Stat extends ProcessId {
  readonly parent: number;
  readonly state: string;
}

/** All descendants at this moment. */
export function descendantsOf(pid: number): readonly ProcessId[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf);
  const living = all.filter((stat) => stat !== undefined);
  const found: Stat[] = [];
  for (let parents = [pid]; parents.length > 0;) {
    const children = living.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map((child) => child.pid);
  }
  return found;
}

export const stillAlive = (processes: readonly ProcessId[]): readonly ProcessId[] =>
  processes.filter(({ pid, startTime }) => {
    const now = statOf(String(pid));
    return now?.startTime === startTime && now.state !== 'Z';
  });

/** Waits until all are gone; the error names those that are not. */
export async function allGone(processes: readonly ProcessId[], withinMs: number): Promise<void> {
  await waitFor({ ms: withinMs, what: 'processes to end', everyMs: 100 }, () =>
    stillAlive(processes).length === 0 ? true : undefined,
  ).catch(() => {
    const left = stillAlive(processes).map(({ pid, command }) => `${pid} ${command}`);
    if (left.length > 0) throw new Error(`still alive after ${withinMs} ms:\n${left.join('\n')}`);
  });
}

/** Field numbers of proc(5); the name stands in parentheses and may hold anything. */
function statOf(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent = '0'] = fields;
    return {
      pid: Number(pid),
      parent: Number(parent),
      state,
      startTime: fields[19] ?? '',
      command,
    };
  } catch {
    return undefined;
  }
}
