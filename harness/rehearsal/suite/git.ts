// Asks git which commit this is, and what has changed since another one.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { HarnessError, errorMessage } from '../../model/errors.ts';

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const git = async (...args: string[]): Promise<string> => {
  const options = { maxBuffer: OUTPUT_BYTES_MAX };
  const { stdout } = await promisify(execFile)('git', args, options);
  return stdout.trim();
};

/** The commit of this folder, with `-dirty` where tracked files were changed; undefined outside of git. */
export const readCommit = (): Promise<string | undefined> =>
  git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*').catch(() => undefined);

/** The commit that a name stands for. Throws ARGUMENT_INVALID for one that git does not know. */
export const resolveCommit = (ref: string, option: string): Promise<string> =>
  git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`).catch((error: unknown) => {
    throw unknownRef(ref, option, error);
  });

/** Absolute paths of what differs from a commit, new files that git does not know yet among them. */
export async function listChangedFiles(ref: string): Promise<ReadonlySet<string>> {
  const commit = await resolveCommit(ref, '--only-changed');
  const root = await git('rev-parse', '--show-toplevel');
  const lists = await Promise.all([
    git('-C', root, 'diff', '--name-only', '-z', commit),
    git('-C', root, 'ls-files', '--others', '--exclude-standard', '-z'),
  ]);
  const names = lists.flatMap((list) => list.split('\0')).filter((name) => name !== '');
  return new Set(names.map((name) => resolve(root, name)));
}

const unknownRef = (ref: string, option: string, cause: unknown): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', `${option} ${ref}: git knows no such commit here`, {
    target: option,
    hint: `name a branch, a tag or a commit of this repository; a shallow clone has few (fetch-depth: 0). git said: ${errorMessage(cause).trim().split('\n').at(-1)}`,
    cause,
  });
