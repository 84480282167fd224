// The processor time of a browser, and the functions that a page's main thread is in.

import type { Browser, CDPSession } from 'puppeteer';
import { systemClock } from '../../../harness/kernel/clock.ts';

/** Seconds of processor time so far, and the time of the page in seconds. */
export async function readTimes(browser: Browser, session: CDPSession) {
  const whole = await browser.target().createCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
  return {
    browser: processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    mainThread: metric('TaskDuration'),
    script: metric('ScriptDuration'),
    atSeconds: metric('Timestamp'),
  };
}

const PROFILE_MS = 5_000;
const PROFILED = 12;

/** The functions in which the main thread was most, by themselves. */
export async function profile(session: CDPSession): Promise<readonly string[]> {
  await session.send('Profiler.enable');
  await session.send('Profiler.start');
  await systemClock.sleep(PROFILE_MS);
  const { profile: taken } = await session.send('Profiler.stop');
  const { nodes, samples = [], timeDeltas = [] } = taken;
  const names = new Map(
    nodes.map(({ id, callFrame }) => [id, callFrame.functionName || '(anonymous)']),
  );
  const selfMs = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    selfMs.set(name, (selfMs.get(name) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  }
  return [...selfMs]
    .filter(([name]) => name !== '(idle)')
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, PROFILED)
    .map(([name, ms]) => `${((100 * ms) / PROFILE_MS).toFixed(2)} % ${name}`);
}
