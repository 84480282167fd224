// Keeps the newest runs of each series whole. Of older ones the report stays: every figure over time is
// made of it, only the record behind it is gone.

import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nameSeries, type IndexedRun } from '../model/indexedRun.ts';

export interface Stripped {
  readonly dir: string;
  readonly bytes: number;
}

/** The runs that would be stripped, with what each would free; those that are bare already are not among them. */
export function findOldRuns(
  root: string,
  runs: readonly IndexedRun[],
  keep: number,
): readonly Stripped[] {
  const old = [...Map.groupBy(runs, nameSeries).values()].flatMap((own) =>
    own.slice(0, Math.max(0, own.length - keep)),
  );
  return old
    .map(({ dir }) => ({
      dir,
      bytes: removableIn(join(root, dir)).reduce(
        (sum, name) => sum + measureSize(join(root, dir, name)),
        0,
      ),
    }))
    .filter(({ bytes }) => bytes > 0);
}

/** Throws the system's error for what cannot be removed. */
export function stripRun(root: string, { dir }: Stripped): void {
  for (const name of removableIn(join(root, dir)))
    rmSync(join(root, dir, name), { recursive: true, force: true });
}

/** Only what a run writes: nobody's own notes beside it. */
const WRITTEN =
  /^(?:journal\.ndjson|report\.(?:html|md)|junit\.xml|metrics\.prom|screenshots|logs)$/;

const removableIn = (dir: string): string[] =>
  readdirSync(dir).filter((name) => WRITTEN.test(name));

function measureSize(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path, { recursive: true })
    .map((name) => lstatSync(join(path, String(name))))
    .reduce((sum, { size }) => sum + size, 0);
}
