// Reads a scenario file and the design it names; all problems at once, each with its place.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { HarnessError } from '../model/errors.ts';
import type { Design, Scenario } from '../model/scenario.ts';
import { withCapFiles, type ReadFile } from './cap.ts';
import { checkPlan } from './checkPlan.ts';
import { withClockTimes } from './clockTimes.ts';
import { checkEnds, namesInDesign, namesWritten, NO_NAMES } from './designNames.ts';
import { designSchema, type DesignFile } from './designSchema.ts';
import { withPlayer } from './otherPlayer.ts';
import { readText } from './readText.ts';
import type { ReadDesign } from './place.ts';
import { checkScenario, checkTimed, toScenario } from './resolve.ts';
import { distinct, invalid } from './invalid.ts';
import { unknownName } from './suggest.ts';
import { checkDesign, toDesign } from './resolveDesign.ts';
import { scenarioSchema } from './schema.ts';
import { shape } from './shape.ts';
import { isMapping } from '../fields/mapping.ts';
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
  /** Player in its browsers; their own when not said. */
  readonly player?: string | undefined;
  /** Gives the text of a file that the scenario names, by its place beside it. */
  readonly readFile?: ReadFile;
}

/**
 * Reads `file`, and designs from `designs/` beside it, above it, and in the package.
 * @throws HarnessError SCENARIO_INVALID that lists every problem as `file:line:column  path: what`.
 */
export async function loadScenario(file: string, choice: ScenarioChoice = {}): Promise<Scenario> {
  const text = readScenarioFile(file);
  return parseScenario(text, file, findDesigns(file), { ...choice, readFile: besideFile(file) });
}

/** Reads what a scenario names, from the folder it is in. */
export const besideFile =
  (file: string): ReadFile =>
  (name) =>
    readText(isAbsolute(name) ? name : join(dirname(file), name));

/** Names of the variants of a file, in its order, without looking at what they say. */
export const listVariants = (file: string): readonly string[] =>
  variantNames(readSource(readScenarioFile(file), file));

/**
 * The same without touching the disk. Every variant is checked, whichever is chosen, unless another
 * design is: only the chosen one must fit that. Each timeline is laid out once, so that what
 * contradicts itself is refused here and not in the run.
 */
export function parseScenario(
  text: string,
  file: string,
  designs: DesignTexts,
  { variant, design, player, readFile }: ScenarioChoice = {},
): Scenario {
  const source = withCapFiles(readSource(text, file), readFile);
  const names = variantNames(source);
  if (design !== undefined && !Object.hasOwn(designs, design))
    throw new HarnessError(
      'ARGUMENT_INVALID',
      unknownName('design', design, Object.keys(designs).toSorted()),
      { target: '--design', hint: '`ecran-noir list designs` says what each is' },
    );
  if (variant !== undefined && !names.includes(variant)) throw noVariant(variant, file, names);
  const readOnce = onceEach((name: string) => readNamedDesign(name, designs));
  const read = (written: SourceFile) =>
    readScenario(player === undefined ? written : withPlayer(written, player), readOnce, design);
  const base = read(source);
  const variants = new Map(
    names
      .filter((name) => design === undefined || name === variant)
      .map((name) => [name, read(withVariant(source, name))]),
  );
  const needed = design === undefined || variant === undefined ? [base] : [];
  const own = needed.flatMap((read) => read.problems);
  const varied = [...variants.values()].flatMap((read) => read.problems);
  const problems = [...own, ...notTold(varied, own)];
  const found = [...problems, ...checkVariants(source)].filter(
    (one) => !source.problems.some((told) => isThere(one, told)),
  );
  const all = distinct([...source.problems, ...found]);
  const chosen = variant === undefined ? base : variants.get(variant);
  if (all.length > 0 || !chosen?.scenario) throw invalid(file, all);
  return {
    ...chosen.scenario,
    ...(variant !== undefined && { variant }),
    ...(design !== undefined && { otherDesign: true }),
    ...(player !== undefined && { otherPlayer: player }),
  };
}

/** Tells of two problems whether they stand at the same place. */
const isThere = (one: Problem, other: Problem): boolean =>
  one.file === other.file && one.line === other.line && one.column === other.column;

export interface ReadScenario {
  /** Undefined when there are problems. */
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
}

/** Variants are mostly of one design, which is read for the first of them. */
export function onceEach<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as V;
  };
}

type DesignReader = (name: string) => FoundDesign | { readonly unknown: string };

export function readScenario(
  written: SourceFile,
  designs: DesignReader,
  instead?: string,
): ReadScenario {
  const { source, problems: ofClock } = withClockTimes(written);
  const { value, problems } = shape(scenarioSchema, source);
  const design = findDesign(source, designs, instead);
  const others = [...ofClock, ...checkScenario(source, design)];
  const all = [...problems, ...notTold([...design.problems, ...others], problems)];
  const whole = all.length === 0 && value && design.design;
  const scenario = whole ? toScenario(value, design.design, source.file) : undefined;
  const timed = scenario ?? (design.problems.length === 0 ? onlyTimed(source, design) : undefined);
  return { scenario, problems: [...all, ...(timed ? checkPlan(timed, source) : [])] };
}

/** Leaves out what follows from a mistake in the same place. */
function notTold(problems: readonly Problem[], told: readonly Problem[]): readonly Problem[] {
  const keyOf = ({ file, path }: Problem) => `${file}\n${path}`;
  const places = new Set(told.filter(({ path }) => path !== '').map(keyOf));
  return problems.filter((problem) => !places.has(keyOf(problem)));
}

/** Its windows and faults, when nothing is wrong with those: their timeline is looked at all the same. */
function onlyTimed(source: SourceFile, read: ReadDesign): Scenario | undefined {
  const { design } = read;
  if (!design || checkTimed(source, read).length > 0) return undefined;
  const { windows, faults } = isMapping(source.data) ? source.data : {};
  const data = { ...NOTHING_ELSE, windows, faults };
  const { value } = shape(scenarioSchema, { ...source, data });
  return value && toScenario(value, design, source.file);
}

const NOTHING_ELSE = {
  name: 'timeline',
  title: 'Its timeline',
  kind: 'drill',
  design: 'its-own',
  expect: ['recovered == 100%'],
};

const noVariant = (variant: string, file: string, known: readonly string[]): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', unknownName('variant', variant, known), {
    target: file,
    hint: 'variants are written in the scenario under `variants:` (docs/scenario.md)',
  });

/** One design on its own, checked like one that a scenario names. */
export function parseDesign(text: string, file: string): Design {
  const source = readSource(text, file);
  const { design, problems } = readDesign(source, []);
  const all = [...source.problems, ...problems];
  if (all.length > 0 || !design) throw invalid(file, all);
  return design;
}

export function readSource(text: string, file: string): SourceFile {
  const source = readYaml(text, file);
  if (source.data === undefined) throw invalid(file, source.problems);
  if (source.data === null) throw invalid(file, [source.problemAt([], 'the file is empty')]);
  return source;
}

interface FoundDesign extends ReadDesign {
  readonly problems: readonly Problem[];
}

const notFound = (problems: readonly Problem[]): FoundDesign => ({
  design: undefined,
  names: NO_NAMES,
  problems,
});

/** A design written inline is checked in place; its shape has been reported with the scenario. */
function findDesign(source: SourceFile, designs: DesignReader, instead?: string): FoundDesign {
  const named = instead ?? valueAt(source.data, ['design']);
  if (isMapping(named)) {
    const { value } = shape(designSchema, source, ['design']);
    return designFound(value, source, ['design']);
  }
  if (typeof named !== 'string') return notFound([]);
  const read = designs(named);
  return 'unknown' in read ? notFound([source.problemAt(['design'], read.unknown)]) : read;
}

export function readNamedDesign(name: string, designs: DesignTexts): ReturnType<DesignReader> {
  const written = Object.hasOwn(designs, name) ? designs[name] : undefined;
  if (!written) return { unknown: unknownName('design', name, Object.keys(designs).toSorted()) };
  const design = readYaml(written.text, written.file);
  if (design.data === undefined) return notFound(design.problems);
  const read = readDesign(design, []);
  return { ...read, problems: [...design.problems, ...read.problems] };
}

function readDesign(source: SourceFile, path: Path): FoundDesign {
  const { value, problems } = shape(designSchema, source, path);
  const read = designFound(value, source, path);
  return { ...read, problems: [...problems, ...notTold(read.problems, problems)] };
}

/** Handed on even with problems, so that faults are still held against what it names. */
function designFound(file: DesignFile | undefined, source: SourceFile, path: Path): FoundDesign {
  if (!file)
    return {
      design: undefined,
      names: namesWritten(source, path),
      problems: checkEnds(source, path),
    };
  const design = toDesign(file, source.file);
  const problems = checkDesign(design, source, path);
  return { design, names: namesInDesign(design), problems };
}

export const readScenarioFile = (file: string): string =>
  readText(
    file,
    `name a scenario file; those that come with ecran-noir are in ${packagedScenarios()}`,
  );

/** Nearest folder wins: beside the scenario, above it, then the ones that come with the package. */
export function findDesigns(file: string): DesignTexts {
  const folders = [
    join(packagedScenarios(), 'designs'),
    join(dirname(file), '..', 'designs'),
    join(dirname(file), 'designs'),
  ];
  const designs: Record<string, DesignTexts[string]> = {};
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      const path = join(folder, entry);
      // Read when it is asked for: most are not.
      designs[basename(entry, '.yaml')] = {
        file: path,
        get text() {
          return readText(path);
        },
      };
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
