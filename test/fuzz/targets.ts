// The targets of `npm run fuzz`. Adding one is a file and a line here.

import { API } from './targets/api.ts';
import { EXCHANGE } from './targets/exchange.ts';
import { FILE_TARGETS } from './targets/files.ts';
import { JOURNALS } from './targets/journal.ts';
import { PARTS } from './targets/shards.ts';
import { STREAM } from './targets/stream.ts';
import { TELEMETRY } from './targets/telemetry.ts';
import { WORDS } from './targets/words.ts';
import { WORKER } from './targets/worker.ts';
import type { Target } from './target.ts';

export const TARGETS: readonly Target[] = [
  ...FILE_TARGETS,
  ...EXCHANGE,
  ...JOURNALS,
  TELEMETRY,
  WORKER,
  STREAM,
  PARTS,
  API,
  WORDS,
];

export const targetNamed = (name: string): Target => TARGETS.find((one) => one.name === name)!;
