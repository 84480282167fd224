// `npm run bench [name…]`: runs the named benchmarks, or all; each is a file beside this one.

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { printError } from '../../harness/cli/printError.ts';

interface Bench {
  readonly main: () => Promise<void>;
}

/** Programs need no compiler then, which is how the command line starts them. */
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/compiled');

const available = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark called ${unknown.join(', ')}; there are: ${available.join(', ')}\n`,
  );
  process.exitCode = 64;
} else {
  for (const name of wanted.length > 0 ? wanted : available) {
    process.stdout.write(`\n== ${name}\n`);
    const bench = (await import(`./${name}.ts`)) as Bench;
    await bench.main().catch((error: unknown) => {
      process.exitCode = printError(error, { json: false });
    });
  }
}
