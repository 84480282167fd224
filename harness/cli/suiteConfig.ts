// ecran-noir.config.yaml: options of `test` that a project always wants. A key is the name of an
// option; what the command line says goes before it.

import { existsSync } from 'node:fs';
import { z } from 'zod';
import { choice, count, span, text } from '../fields/fields.ts';
import { invalid } from '../scenario/invalid.ts';
import { readText } from '../scenario/readText.ts';
import { shape } from '../scenario/shape.ts';
import { isMapping, readYaml } from '../scenario/sourceFile.ts';
import { RUNTIMES } from './wishOptions.ts';
import { ENGINE_NAMES } from './suiteEngines.ts';

const CONFIG_FILE = 'ecran-noir.config.yaml';

const words = (what: string) =>
  z.array(text(what), { error: 'expected a list' }).min(1, { error: 'expected at least one' });

const flag = z.boolean({ error: 'expected true or false' });

const configSchema = z
  .strictObject({
    files: words('A scenario file, a folder or a glob.'),
    tag: words('A tag.'),
    designs: words('Name of a design.'),
    variants: flag,
    engine: choice('The engine that plays.', ENGINE_NAMES),
    runtime: choice('The runtime that starts the stages.', RUNTIMES),
    compress: z
      .number({ error: 'expected a number' })
      .min(1, { error: 'expected a number of at least 1' }),
    seed: count('Seed of everything random.', 0, 0x7fffffff),
    viewers: count('Viewers of every scenario.', 1, 100_000_000),
    repeat: count('Times each is played.', 1, 1000),
    retries: count('More attempts for an inconclusive run.', 0, 10),
    parallel: count('Scenarios at the same time.', 1, 1000),
    within: span('Time for the whole suite.'),
    'fail-fast': flag,
    baseline: text('last-good, or a commit.'),
    'fail-on': choice('Reasons to fail beside expectations.', ['regression']),
    runs: text('The folder of earlier runs.'),
    out: text('The folder of the suite.'),
  })
  .partial();

/** The options that the file in this folder gives; none where there is no file. Throws SCENARIO_INVALID. */
export function readSuiteConfig(): Readonly<Record<string, unknown>> {
  if (!existsSync(CONFIG_FILE)) return {};
  const source = readYaml(readText(CONFIG_FILE), CONFIG_FILE);
  const problems = [...source.problems];
  // An empty file says nothing.
  const isEmpty = source.data === null || source.data === undefined;
  if (problems.length === 0 && !isEmpty) problems.push(...shape(configSchema, source).problems);
  if (problems.length > 0)
    throw invalid(CONFIG_FILE, problems, 'docs/suite.md describes every key');
  return isMapping(source.data) ? source.data : {};
}
