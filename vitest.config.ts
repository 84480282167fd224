// Five rooms of tests: unit (no clock, no network), repo (the code base itself), simulation (whole
// rehearsals in virtual time), integration (one part with real processes and sockets, two files at a
// time), rehearsal (one file at a time: what viewers see, measured in real time, and what killed runs
// leave, which any other start would sweep). Nothing is retried.
import { defineConfig } from 'vitest/config';

const REAL = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Tests compare output as plain text, also where the machine asks for colours (CI=true).
  env: { NO_COLOR: '1' },
};

export default defineConfig({
  test: {
    projects: [
      {
        // They are pure, so that the files of a worker share what they import.
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Each takes milliseconds; a busy machine stretches them.
          testTimeout: 60_000,
          isolate: false,
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
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...REAL,
          // Memory that stays behind is only known after a collection.
          execArgv: ['--expose-gc'],
        },
      },
      {
        test: {
          name: 'rehearsal',
          include: ['test/rehearsal/**/*.test.ts', 'test/browser/**/*.test.ts'],
          ...REAL,
          fileParallelism: false,
        },
      },
    ],
  },
});
