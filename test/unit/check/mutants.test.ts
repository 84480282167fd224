// Whatever is in a file: it is read or refused by one clear error, never a crash, and no answer holds
// a value that nobody wrote. `npm run bench mutants` sends many more of the same, and measures time.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerOf, FILE_READERS, leakIn } from '../../support/fileReaders.ts';
import { mutantsOf } from '../../support/mutants.ts';

const RUNS = 60;

describe.each(FILE_READERS)('a changed $name', (reader) => {
  test('as it stands is read', async () => {
    for (const seed of reader.seeds) expect(leakIn(await reader.read(seed), '')).toBeUndefined();
  });

  test('is read or refused, never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(mutantsOf(reader.seeds), async (text) => {
        const answer = await answerOf(reader, text);
        expect(leakIn(answer, text)).toBeUndefined();
      }),
      { numRuns: RUNS, seed: 20_250_912 },
    );
  }, 60_000);
});
