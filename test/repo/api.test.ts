// The example of the library in the README: it is the one that the compiler sees and a rehearsal test
// plays.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the example of the README is the one that is compiled and played', () => {
  const [, example = ''] = /```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const [, played = ''] =
    /^\/\/ .*\n\n([^]*)$/.exec(readFileSync('test/support/readmeExample.ts', 'utf8')) ?? [];
  expect(example).not.toBe('');
  expect(played.replace('../../harness/index.ts', 'ecran-noir')).toBe(example);
});
