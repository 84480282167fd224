// The example of the library in the README: what it imports is there.

import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';

const [, example = ''] = /```ts\n([^]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];

test('the example of the README is TypeScript, and names what the package exports', async () => {
  const [, names = ''] =
    /import \{([^}]*)\} from 'ecran-noir'/.exec(stripTypeScriptTypes(example)) ?? [];
  const wanted = names.split(',').map((name) => name.trim());
  expect(wanted.length).toBeGreaterThan(3);
  expect(Object.keys(await import('../../harness/index.ts'))).toEqual(
    expect.arrayContaining(wanted),
  );
});
