// Whatever somebody sends: it is read, or refused by one clear error. `npm run fuzz` sends many more
// of the same; an input that it finds is kept in test/fuzz/seeds, and tried here for ever.

import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { API } from '../fuzz/targets/api.ts';
import { mistakeOf } from '../fuzz/target.ts';
import { TARGETS } from '../fuzz/targets.ts';

const RUNS = 30;
const SEED = 20_250_912;

/** The API listens: it is tried by the tests that may use the network. */
describe.each(TARGETS.filter((target) => target !== API))('$name', (target) => {
  test('is read as it stands', async () => {
    for (const seed of target.seeds) {
      let answer: unknown;
      const feed = async (input: string) => (answer = await target.feed(input));
      expect(await mistakeOf({ ...target, feed }, seed)).toBeUndefined();
      expect(answer).toBeTypeOf('string');
    }
  });

  test('is read or refused when it is changed, and so is what was once found', async () => {
    const found = globSync(`test/fuzz/seeds/${target.name}/*`);
    const changed = fc.sample(target.mutants(target.seeds), { numRuns: RUNS, seed: SEED });
    for (const input of [...found.map((file) => readFileSync(file, 'utf8')), ...changed])
      expect(await mistakeOf(target, input), input.slice(0, 2_000)).toBeUndefined();
  }, 60_000);
});
