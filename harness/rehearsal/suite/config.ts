// ecran-noir.config.yaml or .ts: options of `test` that a project always wants. A key is the name of
// an option; the command line goes before it.

import { lstatSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { choice, count, span, text } from '../../fields/fields.ts';
import { HarnessError, errorMessage } from '../../model/errors.ts';
import { invalid } from '../../scenario/invalid.ts';
import { readText } from '../../scenario/readText.ts';
import { shape } from '../../scenario/shape.ts';
import { isMapping } from '../../fields/mapping.ts';
import { readYaml } from '../../scenario/sourceFile.ts';
import { RUNTIMES } from '../wishes.ts';
import type { SuiteReporter } from '../../../reports/suite.ts';
import type { SuiteEngineName } from './engines.ts';

/** Here, because the help names them and loads no engine. */
export const ENGINE_NAMES = [
  'run',
  'virtual-player',
  'agents',
] as const satisfies readonly SuiteEngineName[];

/** Here for the same reason. */
export const REPORTER_NAMES = [
  'json',
  'junit',
  'markdown',
  'html',
] as const satisfies readonly SuiteReporter[];

const YAML_FILE = 'ecran-noir.config.yaml';
const TS_FILE = 'ecran-noir.config.ts';
const PAGE = 'docs/suite.md describes every key';

const words = (what: string) =>
  z.array(text(what), { error: 'expected a list' }).min(1, { error: 'expected at least one' });

const flag = z.boolean({ error: 'expected true or false' });

const configSchema = z
  .strictObject({
    files: words('A scenario file, a folder or a glob.'),
    tag: words('A tag.'),
    designs: words('Name of a design.'),
    players: words('Name of a player.'),
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
    keep: count('Runs of each series that keep more than their report.', 1, 1_000_000),
    out: text('The folder of the suite.'),
    reporters: z.array(choice('An output of the suite.', REPORTER_NAMES), {
      error: 'expected a list',
    }),
  })
  .partial();

/** The settings that ecran-noir.config.ts exports by default. */
export type SuiteConfig = z.input<typeof configSchema>;

/**
 * Reads the options that a file in the folder gives; none where there is no file.
 * @throws HarnessError SCENARIO_INVALID; ARGUMENT_INVALID where both files are there.
 */
export function readSuiteConfig(folder = '.'): Readonly<Record<string, unknown>> {
  // A link to nothing is there, too: somebody meant it to be read.
  const found = [YAML_FILE, TS_FILE].filter(
    (file) => lstatSync(join(folder, file), { throwIfNoEntry: false }) !== undefined,
  );
  if (found.length > 1)
    throw new HarnessError('ARGUMENT_INVALID', `both ${found.join(' and ')} are here`, {
      hint: 'keep one of them',
    });
  if (found[0] === undefined) return {};
  return found[0] === TS_FILE
    ? readModule(folder)
    : parseSuiteConfig(readText(join(folder, YAML_FILE)));
}

/** Reads the text of ecran-noir.config.yaml. @throws HarnessError SCENARIO_INVALID. */
export function parseSuiteConfig(yaml: string): Readonly<Record<string, unknown>> {
  const source = readYaml(yaml, YAML_FILE);
  const problems = [...source.problems];
  // An empty file says nothing.
  const isEmpty = source.data === null || source.data === undefined;
  if (problems.length === 0 && !isEmpty) problems.push(...shape(configSchema, source).problems);
  if (problems.length > 0) throw invalid(YAML_FILE, problems, PAGE);
  return isMapping(source.data) ? source.data : {};
}

/** Node strips the types. Keys are named without a place: a program has none for them. */
function readModule(folder: string): Readonly<Record<string, unknown>> {
  const { default: settings } = load(folder);
  const { success, error } = configSchema.safeParse(settings);
  if (success && isMapping(settings)) return settings;
  const problems = error?.issues.map(({ path, message }) => `  ${[...path, message].join(': ')}`);
  throw configInvalid(`${TS_FILE}, its default export\n${problems?.join('\n')}`);
}

function load(folder: string): { readonly default?: unknown } {
  const file = resolve(folder, TS_FILE);
  try {
    return createRequire(file)(file) as { default?: unknown };
  } catch (error) {
    throw configInvalid(
      `${TS_FILE}${findLine(error)} cannot be loaded: ${errorMessage(error)}`,
      error,
    );
  }
}

/** `:2:7`, where Node says it. */
const findLine = (error: unknown): string =>
  (error instanceof Error &&
    /ecran-noir\.config\.ts(:\d+(?::\d+)?)/.exec(error.stack ?? '')?.[1]) ||
  '';

const configInvalid = (message: string, cause?: unknown): HarnessError =>
  new HarnessError('SCENARIO_INVALID', message, { target: TS_FILE, hint: PAGE, cause });
