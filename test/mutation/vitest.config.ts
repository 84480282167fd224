// Runs the tests that `run.ts` names, on changed code.
import { defineConfig } from 'vitest/config';

const responsible = (process.env['TESTED_BY'] ?? '').split(',');

export default defineConfig({
  test: {
    include: responsible.map((name) =>
      name.endsWith('.ts') ? `test/${name}` : `test/unit/${name}/**/*.test.ts`,
    ),
    // Takes long, and holds whole rooms rather than one change: what only these notice counts as missed.
    exclude: [
      '**/{mutants,growth,hostileFiles,versions,properties,shortFaults,plan,links}.test.ts',
    ],
    testTimeout: 60_000,
    isolate: false,
  },
});
