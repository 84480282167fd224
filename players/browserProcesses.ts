// A browser replaces its GPU and network processes when they end, and says nothing of it; but pictures
// and requests were lost, and no fault asked for it. The browser itself is asked which ones it has.

import type { Browser } from 'puppeteer';
import { systemClock } from '../harness/kernel/clock.ts';

/** Types as `SystemInfo.getProcessInfo` names them, and as people do. */
const WATCHED = new Map([
  ['GPU', 'GPU process'],
  ['network.mojom.NetworkService', 'network service'],
]);
const ASK_EVERY_MS = 1_000;

/**
 * Calls back once, when one of them has ended, with the last moment at which all were there; over when
 * the browser is or `signal` is aborted.
 */
export async function watchProcesses(
  browser: Browser,
  onEnded: (why: string, sinceEpochMs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const first = new Map<string, number>();
  try {
    const session = await browser.target().createCDPSession();
    let thereAtEpochMs = systemClock.epochMs();
    for (;;) {
      const askedAtEpochMs = systemClock.epochMs();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const now = new Map(processInfo.map(({ type, id }) => [type, id]));
      const [ended] = [...first].find(([type, id]) => now.get(type) !== id) ?? [];
      if (ended !== undefined)
        return onEnded(`the browser's ${WATCHED.get(ended)} ended`, thereAtEpochMs);
      thereAtEpochMs = askedAtEpochMs;
      for (const [type, id] of now) if (WATCHED.has(type) && !first.has(type)) first.set(type, id);
      await systemClock.sleep(ASK_EVERY_MS, signal);
    }
  } catch {
    // The browser is gone, which is told of elsewhere, or nobody wants to know any more.
  }
}
