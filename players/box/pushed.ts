// Listens to the alerts that are pushed to a set-top box: each line is all that is in force now. A
// connection that broke is made anew; what was shown stays until another line comes.

import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { systemClock } from '../../harness/kernel/clock.ts';
import type { ToldAlert } from '../../harness/model/alert.ts';

/** The wait before a box connects again. */
const AGAIN_MS = 1_000;

/** Resolves when the signal is aborted; never rejects. */
export async function listenForAlerts(
  url: string,
  tell: (alerts: readonly ToldAlert[]) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await readLines(url, tell, signal).catch(() => undefined);
    await systemClock.sleep(AGAIN_MS, signal).catch(() => undefined);
  }
}

async function readLines(
  url: string,
  tell: (alerts: readonly ToldAlert[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { ok, body } = await fetch(url, { signal });
  if (!ok || !body) return;
  const lines = createInterface({ input: Readable.fromWeb(body) });
  for await (const line of lines) tell(JSON.parse(line) as readonly ToldAlert[]);
}
