// Faults of a stage that note what was done instead of doing it.

import type { StageFaults } from '../../harness/model/world.ts';

const NAMES = [
  'kill',
  'shutDown',
  'restart',
  'pause',
  'resume',
  'disconnect',
  'reconnect',
  'squeeze',
  'release',
] as const satisfies readonly (keyof StageFaults)[];

export const notedFaults = (done: unknown[]): StageFaults =>
  Object.fromEntries(
    NAMES.map((name) => [name, async () => void done.push(name)]),
  ) as unknown as StageFaults;
