// Runs the unit tests of the folders that `run.ts` names, on changed code.
import { defineConfig } from 'vitest/config';

const folders = (process.env['TESTED_BY'] ?? '').split(',');

export default defineConfig({
  test: {
    include: folders.map((folder) => `test/unit/${folder}/**/*.test.ts`),
    // Takes long, and holds whole rooms rather than one change: what only these notice counts as missed.
    exclude: [
      '**/{mutants,growth,hostileFiles,versions,properties,shortFaults,plan,links}.test.ts',
    ],
    testTimeout: 60_000,
    isolate: false,
  },
});
