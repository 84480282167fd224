// The option of those commands that take threads.

import { availableParallelism } from 'node:os';
import { wholeOption } from './numberOption.ts';

export const workersOption = {
  ...wholeOption('workers', [1, 256], 'leave it out to take every core; the answer is the same'),
  default: availableParallelism(),
} as const;
