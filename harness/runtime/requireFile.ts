// A file of a user's that becomes a programme: a regular one, because pipes and devices have no end.

import { stat } from 'node:fs/promises';
import { findRole } from '../design/roles.ts';
import { HarnessError } from '../model/errors.ts';
import type { Stage } from '../model/scenario.ts';

/** Throws STAGE_FAILED for a stage whose file is missing, or is none. */
export async function requireFile(stage: Stage): Promise<void> {
  const path = findRole(stage).file?.(stage)?.path;
  if (path === undefined || (await stat(path).catch(() => undefined))?.isFile() === true) return;
  throw new HarnessError('STAGE_FAILED', `${stage.name} finds no file at ${path}`, {
    target: path,
    hint: 'name a video file; a relative path begins in the folder of the file that says it',
  });
}
