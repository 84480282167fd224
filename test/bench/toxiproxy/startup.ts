// Measures how soon and how large `ecran-noir toxiproxy` is when its API listens, beside a Node that does nothing.

import { spawnSync } from 'node:child_process';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { SERVER_FLAGS } from '../../../harness/toxiproxy/embedded.ts';
import { median, print } from './figures.ts';
import { startProgram } from './program.ts';

const ROUNDS = 9;
const MB = 1e6;

export async function benchStartup(): Promise<void> {
  const bareMs: number[] = [];
  const readyMs: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bareMs.push(timed(() => spawnSync(process.execPath, ['-e', '0'])));
    const startedAtMs = systemClock.epochMs();
    await using server = await startProgram('../../../harness/cli/launch.js', [
      'toxiproxy',
      ...SERVER_FLAGS,
    ]);
    readyMs.push(systemClock.epochMs() - startedAtMs);
    resident.push(server.rssBytes() / MB);
  }
  const ratio = median(readyMs) / median(bareMs);
  print(
    'ecran-noir toxiproxy, from its start to its API',
    `${median(readyMs).toFixed(0)} ms, ${ratio.toFixed(1)} times a Node that does nothing (goal: under 500 ms)`,
    `${median(resident).toFixed(0)} MB resident (goal: under 60)`,
  );
}

function timed(act: () => unknown): number {
  const startedAtMs = systemClock.epochMs();
  act();
  return systemClock.epochMs() - startedAtMs;
}
