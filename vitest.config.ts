// Five rooms of tests: unit (no clock, no network), repo (the code base itself), simulation (whole
// rehearsals in virtual time), integration (one part with real processes and sockets, two files at a
// time), rehearsal (one file at a time: what viewers see, measured in real time, and what killed runs
// leave, which any other start would sweep). Nothing is retried.
import { defineConfig } from 'vitest/config';

// Node reads TypeScript itself: what is imported needs no other compiler, and calls between modules
// are those of the product.
const NATIVE = { viteModuleRunner: false, nodeLoader: false } as const;

const REAL = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  env: {
    // Tests compare output as plain text, also where the machine asks for colours (CI=true).
    NO_COLOR: '1',
    // Programs of ours need no compiler, as under the command line.
    NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/compiled`,
  },
};

export default defineConfig({
  test: {
    // Vitest leaves one processor to itself, which has nothing to do once the files are read.
    maxWorkers: '100%',
    projects: [
      {
        // They are pure, so that the files of a worker share what they import.
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Each takes milliseconds; a busy machine stretches them.
          testTimeout: 60_000,
          isolate: false,
          experimental: NATIVE,
        },
      },
      { test: { name: 'repo', include: ['test/repo/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: REAL.testTimeout,
          hookTimeout: REAL.hookTimeout,
          isolate: false,
          experimental: NATIVE,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...REAL,
          // Memory that stays behind is only known after a collection.
          execArgv: ['--expose-gc'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'rehearsal',
          include: ['test/rehearsal/**/*.test.ts', 'test/browser/**/*.test.ts'],
          ...REAL,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
