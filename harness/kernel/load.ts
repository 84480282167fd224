// Reads from Linux how busy this machine is (proc(5), and pressure stall information where the
// kernel keeps it). Platforms without /proc say nothing.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isBusy, loadText, type BUSY_LOAD, type MachineLoad } from '../model/machine.ts';

/** Processor time since the start of the machine, in its own ticks. */
export interface CpuTicks {
  readonly all: number;
  readonly stolen: number;
}

export interface LoadReading {
  readonly load: MachineLoad;
  readonly ticks: CpuTicks | undefined;
}

/** Undefined where there is nothing to read; `before` is an earlier reading's. */
export function readLoad(before?: CpuTicks, proc = '/proc'): LoadReading | undefined {
  const average = /^(\S+) \S+ \S+ (\d+)\//.exec(read(proc, 'loadavg'));
  if (!average) return undefined;
  const ticks = parseTicks(read(proc, 'stat'));
  const waiting = /^some avg10=(\S+)/.exec(read(proc, 'pressure/cpu'))?.[1];
  const stealShare = before && ticks ? stolenShare(before, ticks) : undefined;
  const load = {
    load: Number(average[1]),
    running: Number(average[2]),
    ...(waiting !== undefined && { waitingShare: Number(waiting) / 100 }),
    stealShare,
  };
  return { load, ticks };
}

function read(proc: string, file: string): string {
  try {
    return readFileSync(join(proc, file), 'utf8');
  } catch {
    return '';
  }
}

/** `cpu user nice system idle iowait irq softirq steal …`; guests are part of user and nice. */
function parseTicks(stat: string): CpuTicks | undefined {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').map(Number);
  if (!fields || fields.length < 8) return undefined;
  return { all: fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), stolen: fields[7] ?? 0 };
}

function stolenShare(before: CpuTicks, now: CpuTicks): number | undefined {
  const all = now.all - before.all;
  return all > 0 ? (now.stolen - before.stolen) / all : undefined;
}

/** Gives the words for a message when the machine is busy at this moment, else undefined. */
export function busyText(
  when: keyof typeof BUSY_LOAD = 'during',
  proc?: string,
): string | undefined {
  const reading = readLoad(undefined, proc);
  const cores = availableParallelism();
  if (!reading || !isBusy(reading.load, cores, when)) return undefined;
  return `This machine is busy: ${loadText(reading.load, cores)}.`;
}

/** A hint, and that the machine is busy when it is; undefined for neither. */
export const withBusyText = (hint?: string): string | undefined =>
  [hint, busyText()].filter((text) => text !== undefined).join(' ') || undefined;
