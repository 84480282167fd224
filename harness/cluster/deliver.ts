// The end of a shard whose folder nobody else sees: its files go to the collector of the suite.

import { globSync, openAsBlob, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { tokenHeader } from '../kernel/token.ts';
import { errorMessage } from '../model/errors.ts';
import { refused, type Collecting } from './cluster.ts';

const ATTEMPTS = 5;
const PAUSE_MS = 1_000;
const PUT_MS_MAX = 120_000;

/** The file `last` comes behind all others: where it is, all is there. Throws CLUSTER_UNAVAILABLE. */
export async function deliverFolder(
  dir: string,
  last: string,
  to: Collecting,
  clock: Clock = systemClock,
): Promise<void> {
  const files = globSync('**/*', { cwd: dir }).filter(
    (file) => file !== last && statSync(join(dir, file)).isFile(),
  );
  for (const file of [...files, last]) await deliverFile(dir, file, to, clock);
}

/** Tries again, so that a network that fails for a moment does not cost what was played for hours. */
async function deliverFile(dir: string, file: string, to: Collecting, clock: Clock): Promise<void> {
  const url = `${to.url}/${file.split('/').map(encodeURIComponent).join('/')}`;
  for (let attempt = 1; ; attempt++)
    try {
      return await putFile(join(dir, file), url, to.token);
    } catch (error) {
      const hint = 'name with --collect-at how shards reach the machine that submitted them';
      const { cause } = error as Error;
      const why = [errorMessage(error), ...(cause === undefined ? [] : [errorMessage(cause)])].join(
        ': ',
      );
      if (attempt === ATTEMPTS) throw refused(`cannot deliver ${file} to ${url}: ${why}`, hint);
      await clock.sleep(PAUSE_MS * attempt);
    }
}

async function putFile(path: string, url: string, token: string): Promise<void> {
  const { status } = await fetch(url, {
    method: 'PUT',
    headers: tokenHeader(token),
    body: await openAsBlob(path),
    signal: AbortSignal.timeout(PUT_MS_MAX),
  });
  if (status !== 201) throw new Error(`the answer is ${status}`);
}
