// `npm test`: sets up what the tests need, runs every test, and ends with one line that counts them.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface VitestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that could not be loaded count as suites only: they must not pass for green. */
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'ecran-noir-tests-'));
try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): number {
  if (!run('node', ['harness/cli/main.ts', 'setup'])) return 69;
  const file = join(folder, 'results.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = run('vitest', [...args, ...process.argv.slice(2)]);
  const summary = JSON.parse(readFileSync(file, 'utf8')) as VitestSummary;
  const skipped = summary.numPendingTests + summary.numTodoTests;
  const failed = summary.numFailedTests || (summary.success ? 0 : 1);
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  process.stdout.write(`${summary.numPassedTests} passed, ${failed} failed${tail}\n`);
  return ok && failed === 0 ? 0 : 1;
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
