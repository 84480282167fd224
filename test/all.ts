// `npm test`: sets up what the tests need, runs every test, and ends with one line that counts them.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

interface VitestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly TestFile[];
}

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly TestResult[];
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[] | null;
}

const NOTHING: VitestSummary = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: false,
  testResults: [],
};

/** Files whose time is printed at the end. */
const SLOWEST = 15;

/** One after the other: what is measured, or swept, wants the machine for itself. */
const ROUNDS = [['unit', 'repo', 'simulation'], ['integration'], ['rehearsal']] as const;

const folder = mkdtempSync(join(tmpdir(), 'ecran-noir-tests-'));
try {
  process.exitCode = main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): number {
  if (!run('node', ['harness/cli/main.ts', 'setup', '--screen'])) return 69;
  const summaries = ROUNDS.map(runTests);
  const sum = (count: (summary: VitestSummary) => number) =>
    summaries.reduce((total, summary) => total + count(summary), 0);
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
  const failed = sum(({ numFailedTests, success }) => numFailedTests || (success ? 0 : 1));
  const files = summaries.flatMap(({ testResults }) => testResults);
  printSlowest(files);
  files.forEach(printFailures);
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  process.stdout.write(
    `${sum(({ numPassedTests }) => numPassedTests)} passed, ${failed} failed${tail}\n`,
  );
  return failed === 0 ? 0 : 1;
}

/** Prints the files that took longest, in seconds. */
function printSlowest(files: readonly TestFile[]): void {
  const seconds = ({ startTime, endTime }: TestFile) => Math.round((endTime - startTime) / 1_000);
  for (const file of files.toSorted((a, b) => seconds(b) - seconds(a)).slice(0, SLOWEST))
    process.stdout.write(`${seconds(file)} s ${relative('.', file.name)}\n`);
}

/** Prints each test that failed once more, so that the end of a long log says which they are. */
function printFailures({ name, status, message, assertionResults }: TestFile): void {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  for (const test of failed)
    process.stdout.write(
      `FAILED ${relative('.', name)}: ${test.fullName}\n${test.failureMessages?.join('\n') ?? ''}\n`,
    );
  if (failed.length === 0 && status === 'failed')
    process.stdout.write(`FAILED ${relative('.', name)}\n${message}\n`);
}

/** A round that ends without results, or whose exit code says otherwise, counts as failed. */
function runTests(projects: readonly string[]): VitestSummary {
  const file = join(folder, `${projects.join('-')}.json`);
  const ok = run('vitest', [
    'run',
    ...projects.map((project) => `--project=${project}`),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ]);
  if (!existsSync(file)) return NOTHING;
  const summary = JSON.parse(readFileSync(file, 'utf8')) as VitestSummary;
  return { ...summary, success: summary.success && ok };
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
