// The option of `test` and `merge` on the outputs of a suite.

import { REPORTER_NAMES } from '../rehearsal/suite/config.ts';
import { listOption } from './options.ts';

export const reportersOption = {
  ...listOption,
  coerce: (given: unknown) => listOption.coerce(given).map(readName),
  describe: `outputs beside suite.json: ${REPORTER_NAMES.slice(1).join(', ')}; all when not said`,
};

function readName(word: string): (typeof REPORTER_NAMES)[number] {
  const name = REPORTER_NAMES.find((known) => known === word);
  if (name) return name;
  throw new Error(`--reporters ${word}: expected some of ${REPORTER_NAMES.join(', ')}`);
}
