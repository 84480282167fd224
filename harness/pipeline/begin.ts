// The word on standard input that lets a stage program begin, where it has to wait for one.

import { once } from 'node:events';
import { createInterface } from 'node:readline';

export const BEGIN = '{"begin":true}';

/** Standard input flows on, so that its end is noticed. */
export async function untilTold(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  await once(lines, 'line');
  lines.close();
  process.stdin.resume();
}
