// The example of the library in the README: it is the one that the compiler sees and a rehearsal test
// plays.

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as library from '../../harness/index.ts';

test('the example of the README is the one that is compiled and played', () => {
  const [, example = ''] = /```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const [, played = ''] =
    /^\/\/ .*\n\n([^]*)$/.exec(readFileSync('test/support/readmeExample.ts', 'utf8')) ?? [];
  expect(example).not.toBe('');
  expect(played.replace('../../harness/index.ts', 'ecran-noir')).toBe(example);
});

/** Those are for who adds to the code base. */
const FOR_CONTRIBUTORS = /adding-a-/;

test('examples for users import from the package, by names that it has', () => {
  const pages = ['README.md', ...globSync('docs/*.md')].filter(
    (page) => !FOR_CONTRIBUTORS.test(page),
  );
  const blocks = pages.flatMap(
    (page) => readFileSync(page, 'utf8').match(/```ts\n[^]*?```/g) ?? [],
  );
  const imports = blocks.flatMap((block) => [
    ...block.matchAll(/^import \{(.*?)\} from '(.*)';$/gm),
  ]);
  expect(imports.length).toBeGreaterThan(3);
  for (const [, names = '', from] of imports) {
    expect(from).toBe('ecran-noir');
    for (const name of names.split(',')) expect(Object.keys(library)).toContain(name.trim());
  }
});
