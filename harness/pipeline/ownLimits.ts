// Reads what the kernel allows a stage, and for how long it has held it back, inside the stage:
// from the control group of its container, of the first or the second version.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageStats } from './contract.ts';

type Limits = Pick<StageStats, 'throttledMs' | 'memoryLimitMb'>;

/** Nothing where there is no such folder, or no limit. */
export function readOwnLimits(folder: string | undefined): Limits {
  if (folder === undefined) return {};
  return { throttledMs: throttled(folder), memoryLimitMb: memoryLimit(folder) };
}

function throttled(folder: string): number | undefined {
  const second = numberAfter(read(folder, 'cpu.stat'), 'throttled_usec');
  if (second !== undefined) return Math.round(second / 1e3);
  const first = numberAfter(read(folder, 'cpu', 'cpu.stat'), 'throttled_time');
  return first === undefined ? undefined : Math.round(first / 1e6);
}

/** Without a limit the kernel says so, or says more memory than there is. */
const NO_LIMIT_MB = 2 ** 30;

function memoryLimit(folder: string): number | undefined {
  const said = read(folder, 'memory.max') ?? read(folder, 'memory', 'memory.limit_in_bytes');
  const limitMb = Math.ceil(Number(said ?? Number.NaN) / 2 ** 20);
  return limitMb < NO_LIMIT_MB ? limitMb : undefined;
}

function numberAfter(text: string | undefined, key: string): number | undefined {
  const [, value] = new RegExp(`^${key} (\\d+)$`, 'm').exec(text ?? '') ?? [];
  return value === undefined ? undefined : Number(value);
}

function read(...path: readonly string[]): string | undefined {
  try {
    return readFileSync(join(...path), 'utf8');
  } catch {
    return undefined;
  }
}
