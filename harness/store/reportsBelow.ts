// Finds the reports of runs below a folder, with the commit of the suite that they belong to.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FoundReport {
  /** From the folder that was searched; with forward slashes. */
  readonly dir: string;
  readonly file: string;
  readonly commit: string | undefined;
}

/** runs/suite-TIME/runs/KEY is three below; downloads of a CI system put a few above. */
const DEPTH_MAX = 7;

/** No link is followed: `latest` names a run that is found by itself. */
export function* reportsBelow(
  root: string,
  dir = '',
  commit: string | undefined = undefined,
): Generator<FoundReport> {
  const entries = readdirSync(join(root, dir), { withFileTypes: true });
  const files = new Set(entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])));
  if (files.has('report.json')) {
    yield { dir, file: join(root, dir, 'report.json'), commit };
    return;
  }
  if (dir.split('/').length > DEPTH_MAX) return;
  const own = files.has('suite.json') ? commitIn(join(root, dir, 'suite.json')) : commit;
  for (const entry of entries)
    if (entry.isDirectory())
      yield* reportsBelow(root, dir === '' ? entry.name : `${dir}/${entry.name}`, own);
}

function commitIn(file: string): string | undefined {
  try {
    const { commit } = JSON.parse(readFileSync(file, 'utf8')) as { commit?: unknown };
    return typeof commit === 'string' ? commit : undefined;
  } catch {
    return undefined;
  }
}
