// `npm run mutate [folder…]`: changes the code piece by piece, and says which changes no unit test
// notices. Results are kept in runs/mutants, so that the next time only what changed is tried again.

import type { LogLevel } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { parseArgs } from 'node:util';
import { isMissed, isNoticed } from './plugins.ts';

interface Folder {
  /** Share of the mutants in percent that tests must notice. */
  readonly wanted: number;
  /** Those held responsible for it: folders of test/unit, or files of test. */
  readonly tests: readonly string[];
}

const integration = (name: string) => `integration/toxiproxy/${name}.test.ts`;

const FOLDERS: Readonly<Record<string, Folder>> = {
  routing: { wanted: 90, tests: ['routing'] },
  witness: { wanted: 90, tests: ['witness', 'run'] },
  measure: { wanted: 90, tests: ['measure'] },
  faults: { wanted: 80, tests: ['scenario', 'witness', 'run'] },
  'check/rules': { wanted: 80, tests: ['check'] },
  // Sockets are held by answers that were recorded from the official server, and by real traffic.
  'toxiproxy/server': {
    wanted: 80,
    tests: ['toxiproxy', ...['official', 'api', 'cut', 'traffic'].map(integration)],
  },
};

const HELP = `npm run mutate [-- folder…]

Changes the code of these folders piece by piece, runs the tests that are responsible for it on
each change, and prints the changes that no test noticed. Constants of a file and words that people
read are left as they are.

folders: ${Object.keys(FOLDERS).join(', ')}
a part of one is named by its path: measure/faults.ts
--sample PERCENT[:SEED] tries a random share of the changes, drawn by the seed (1)
exit codes: 0 every folder has its score, 1 one has not, 64 no such folder
`;

/** A busy machine is not taken for a change that never ends. */
const SLOWEST_TEST_MS = 30_000;

/** Finds the listed folder that this one is, or is a part of. */
const listed = (path: string): Folder | undefined =>
  Object.entries(FOLDERS).find(([name]) => path === name || path.startsWith(`${name}/`))?.[1];

async function mutate(path: string, { tests, wanted }: Folder, sample?: string): Promise<boolean> {
  process.env['TESTED_BY'] = tests.join(',');
  const kept = `${path} ${sample ?? ''}`.trim().replaceAll(/[/ :]/g, '-');
  const results = await new Stryker({
    mutate: [`harness/${path}${path.endsWith('.ts') ? '' : '/**/*.ts'}`],
    plugins: ['@stryker-mutator/vitest-runner', `${import.meta.dirname}/plugins.ts`],
    ignorers: ['sentences'],
    checkers: sample === undefined ? [] : ['sample'],
    ignoreStatic: true,
    ignorePatterns: ['dist', 'runs'],
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutation/vitest.config.ts' },
    concurrency: 1,
    timeoutMS: SLOWEST_TEST_MS,
    dryRunTimeoutMinutes: 30,
    reporters: ['missed'],
    logLevel: 'error' as LogLevel,
    incremental: true,
    incrementalFile: `runs/mutants/${kept}.json`,
  }).runMutationTest();
  const noticed = results.filter(isNoticed).length;
  const all = noticed + results.filter(isMissed).length;
  const percent = all === 0 ? 100 : (noticed / all) * 100;
  const late = results.filter(({ status }) => status === 'Timeout').length;
  const score = `${noticed} of ${all} noticed (${late} never ended), ${percent.toFixed(1)} %, wanted ${wanted} %`;
  process.stdout.write(`== ${path}${sample === undefined ? '' : `, sample ${sample}`}: ${score}\n`);
  return percent >= wanted;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { sample: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const { sample } = values;
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const wishes = (positionals.length > 0 ? positionals : Object.keys(FOLDERS)).map((path) =>
    path.replace(/^harness\//, '').replace(/\/$/, ''),
  );
  const unknown = wishes.filter((path) => listed(path) === undefined);
  if (unknown.length > 0 || !/^\d+(:\d+)?$/.test(sample ?? '1')) {
    process.stderr.write(`cannot use ${[...unknown, sample].join(' ')}\n\n${HELP}`);
    return 64;
  }
  if (sample !== undefined) process.env['MUTANTS_SAMPLED'] = sample;
  let isEnough = true;
  for (const path of wishes) {
    const folder = listed(path);
    if (folder && !(await mutate(path, folder, sample))) isEnough = false;
  }
  return isEnough ? 0 : 1;
}

process.exitCode = await main();
