// The option of those commands that take threads.

import { availableParallelism } from 'node:os';
import { numberOption } from './numberOption.ts';

export const workersOption = {
  ...numberOption('workers', {
    from: 1,
    to: 256,
    whole: true,
    hint: 'leave it out to take every core; the answer is the same',
  }),
  default: availableParallelism(),
} as const;
