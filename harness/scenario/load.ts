// Reads a scenario file and the design it names; all problems at once, each with its place.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HarnessError } from '../model/errors.ts';
import type { Design, Scenario } from '../model/scenario.ts';
import { withClockTimes } from './clockTimes.ts';
import { designSchema } from './designSchema.ts';
import { plan } from './plan.ts';
import { checkScenario, toScenario } from './resolve.ts';
import { checkDesign, toDesign, unknownName } from './resolveDesign.ts';
import { scenarioSchema } from './schema.ts';
import { shape } from './shape.ts';
import { readYaml, valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { checkVariants, variantNames, withVariant } from './variant.ts';

/** Designs that a scenario can name: text and file by name. */
export type DesignTexts = Readonly<
  Record<string, { readonly text: string; readonly file: string }>
>;

export interface ScenarioChoice {
  /** A variant of the file; the file as it stands when not said. */
  readonly variant?: string | undefined;
  /** Name of another design to play it on. */
  readonly design?: string | undefined;
}

/**
 * Reads `file`, and designs from `designs/` beside it, above it, and in the package.
 * @throws HarnessError SCENARIO_INVALID that lists every problem as `file:line:column  path: what`.
 */
export async function loadScenario(file: string, choice: ScenarioChoice = {}): Promise<Scenario> {
  const text = await readScenarioFile(file);
  return parseScenario(text, file, await findDesigns(file), choice);
}

/** Names of the variants of a file, in its order, without looking at what they say. */
export async function variantsOf(file: string): Promise<readonly string[]> {
  return variantNames(readSource(await readScenarioFile(file), file));
}

/**
 * The same without touching the disk. Every variant is checked, whichever is chosen; the timeline
 * is laid out once, so that what contradicts itself is refused here and not in the run.
 */
export function parseScenario(
  text: string,
  file: string,
  designs: DesignTexts,
  choice: ScenarioChoice = {},
): Scenario {
  const source = readSource(text, file);
  const base = readScenario(source, designs, choice.design);
  const variants = new Map(
    variantNames(source).map((name) => [
      name,
      readScenario(withVariant(source, name), designs, choice.design),
    ]),
  );
  const problems = [base, ...variants.values()].flatMap((read) => read.problems);
  const all = distinct([...problems, ...checkVariants(source)]);
  if (all.length > 0) throw invalid(file, all);
  const { variant } = choice;
  const chosen = variant === undefined ? base : variants.get(variant);
  if (!chosen?.scenario) throw noVariant(variant ?? '', file, [...variants.keys()]);
  plan(chosen.scenario, { compress: 1, seed: chosen.scenario.seed });
  return variant === undefined ? chosen.scenario : { ...chosen.scenario, variant };
}

interface ReadScenario {
  /** Undefined when there are problems. */
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
}

function readScenario(written: SourceFile, designs: DesignTexts, instead?: string): ReadScenario {
  const { source, problems: ofClock } = withClockTimes(written);
  const { value, problems } = shape(scenarioSchema, source);
  const design = designOf(source, designs, instead);
  const all = [...ofClock, ...problems, ...design.problems, ...checkScenario(source, design.value)];
  const whole = all.length === 0 && value && design.value;
  return {
    scenario: whole ? toScenario(value, design.value, source.file) : undefined,
    problems: all,
  };
}

/** What is wrong in the file itself shows in each of its variants. */
function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column, message } = problem;
    const key = JSON.stringify([file, line, column, message]);
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}

const noVariant = (variant: string, file: string, known: readonly string[]): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', unknownName('variant', variant, known), { target: file });

/** One design on its own, checked like one that a scenario names. */
export function parseDesign(text: string, file: string): Design {
  const source = readSource(text, file);
  const { value, problems } = readDesign(source, []);
  if (problems.length > 0 || !value) throw invalid(file, problems);
  return value;
}

function readSource(text: string, file: string): SourceFile {
  const source = readYaml(text, file);
  if (source.problems.length > 0) throw invalid(file, source.problems);
  if (source.data === null) throw invalid(file, [source.problemAt([], 'the file is empty')]);
  return source;
}

interface FoundDesign {
  readonly value: Design | undefined;
  readonly problems: readonly Problem[];
}

/** A design written inline is checked in place; its shape has been reported with the scenario. */
function designOf(source: SourceFile, designs: DesignTexts, instead?: string): FoundDesign {
  const named = instead ?? valueAt(source.data, ['design']);
  if (typeof named !== 'string') {
    const { value } = shape(designSchema, source, ['design']);
    return value ? checked(value, source, ['design']) : { value: undefined, problems: [] };
  }
  const found = Object.hasOwn(designs, named) ? designs[named] : undefined;
  if (!found) {
    const message = unknownName('design', named, Object.keys(designs).toSorted());
    return { value: undefined, problems: [source.problemAt(['design'], message)] };
  }
  const design = readYaml(found.text, found.file);
  return design.problems.length > 0
    ? { value: undefined, problems: design.problems }
    : readDesign(design, []);
}

function readDesign(source: SourceFile, path: Path): FoundDesign {
  const { value, problems } = shape(designSchema, source, path);
  return value ? checked(value, source, path) : { value: undefined, problems };
}

/** Handed on even with problems, so that faults are still held against its links. */
function checked(
  file: Parameters<typeof toDesign>[0],
  source: SourceFile,
  path: Path,
): FoundDesign {
  const value = toDesign(file);
  return { value, problems: checkDesign(value, source, path) };
}

/** Every problem of a file in one error, sorted, each with its place. */
export function invalid(file: string, problems: readonly Problem[]): HarnessError {
  const lines = problems
    .toSorted((a, b) => order(a, file) - order(b, file) || a.line - b.line || a.column - b.column)
    .map(
      ({ file, line, column, path, message }) =>
        `  ${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`,
    );
  const many = lines.length === 1 ? '1 problem' : `${lines.length} problems`;
  return new HarnessError('SCENARIO_INVALID', `${many} in ${file}\n${lines.join('\n')}`, {
    target: file,
    hint: 'mend the lines above; docs/scenario.md describes every key',
  });
}

/** The scenario's own file first, then the design's. */
const order = (problem: Problem, file: string): number => (problem.file === file ? 0 : 1);

async function readScenarioFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : String(code ?? error);
    throw new HarnessError('SCENARIO_INVALID', `cannot read ${file}: ${why}`, {
      target: file,
      hint: `name a scenario file; those that come with ecran-noir are in ${packagedScenarios()}`,
      cause: error,
    });
  }
}

/** Nearest folder wins: beside the scenario, above it, then the ones that come with the package. */
export async function findDesigns(file: string): Promise<DesignTexts> {
  const folders = [
    join(packagedScenarios(), 'designs'),
    join(dirname(file), '..', 'designs'),
    join(dirname(file), 'designs'),
  ];
  const designs: Record<string, { text: string; file: string }> = {};
  for (const folder of folders) {
    const files = await readdir(folder).catch(() => []);
    for (const entry of files.filter((name) => name.endsWith('.yaml'))) {
      const path = join(folder, entry);
      designs[basename(entry, '.yaml')] = { text: await readFile(path, 'utf8'), file: path };
    }
  }
  return designs;
}

/** The package's own scenarios folder, from the sources as from the built files. */
export function packagedScenarios(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'scenarios', 'designs')) && dirname(folder) !== folder)
    folder = dirname(folder);
  return join(folder, 'scenarios');
}
