// The space of a search: every combination of the values of its knobs, by number.

import { crc32 } from 'node:zlib';
import { badArgument, type HarnessError } from '../model/errors.ts';
import { listGroups, type Expectation, type Scenario } from '../model/scenario.ts';
import { parseExpectation, pointAt } from '../scenario/expectation.ts';
import { invalid } from '../scenario/invalid.ts';
import { KNOBS, readCapacity, withoutIdle } from '../scenario/knobs.ts';
import type { Opened } from '../scenario/openScenario.ts';
import { searchSchema } from '../scenario/searchSchema.ts';
import { shape } from '../scenario/shape.ts';
import type { Mapping } from '../fields/mapping.ts';
import { showPath, type Path, type Problem } from '../scenario/sourceFile.ts';

export interface KnobValues {
  readonly name: string;
  readonly values: readonly { readonly word: string; readonly cost: number }[];
}

export interface Space {
  readonly audience: number | undefined;
  readonly limits: readonly Expectation[];
  readonly knobs: readonly KnobValues[];
  readonly size: number;
}

/** The value of each knob, by its name. */
export type Words = Readonly<Record<string, string>>;

/** `limits` are those of the command line, in place of the file's. Throws SCENARIO_INVALID, ARGUMENT_INVALID. */
export function readSpace({ source, file }: Opened, limits: readonly string[] = []): Space {
  const { search } = source.data as { readonly search?: unknown };
  const { value } =
    search === undefined ? { value: undefined } : shape(searchSchema, source, ['search']);
  const lines = limits.length > 0 ? limits : (value?.limits ?? []);
  if (lines.length === 0)
    throw badArgument(
      '--limit',
      `${file} says no limit that a design must keep`,
      "add `search: { limits: [...] }` to it, or --limit 'p99(blackScreen) < 5s'",
    );
  const knobs = Object.entries(value?.knobs ?? {}).map(([name, values = []]) => ({ name, values }));
  const size = knobs.reduce((product, { values }) => product * values.length, 1);
  return { audience: value?.audience, limits: lines.map(readLimit), knobs, size };
}

function readLimit(text: string): Expectation {
  const { expectation, mistake } = parseExpectation(text);
  if (expectation) return expectation;
  throw badArgument(
    '--limit',
    `${mistake.message}\n  ${pointAt(text, mistake.at).replace('\n', '\n  ')}`,
    'a limit reads like an expectation: docs/scenario.md has the grammar',
  );
}

/** The digits of a design's number, one a knob, the last one changes first. */
export function toDigits({ knobs }: Space, design: number): number[] {
  let rest = design;
  return knobs
    .toReversed()
    .map(({ values }) => {
      const digit = rest % values.length;
      rest = Math.floor(rest / values.length);
      return digit;
    })
    .toReversed();
}

export function chooseWords(space: Space, design: number): Words {
  const digits = toDigits(space, design);
  return Object.fromEntries(
    space.knobs.map(({ name, values }, i) => [name, values[digits[i]!]!.word]),
  );
}

/** Thousandths are kept: costs are sums of decimals. */
export function sumCosts(space: Space, design: number): number {
  const digits = toDigits(space, design);
  const sum = space.knobs.reduce((cost, { values }, i) => cost + values[digits[i]!]!.cost, 0);
  return Math.round(sum * 1000) / 1000;
}

export interface Built {
  readonly scenario: Scenario;
  /** The data of its file, the design written in it. */
  readonly data: Mapping;
  /** Requests a second that each class of edges can serve; undefined where nothing limits it. */
  readonly capacity: number | undefined;
}

/** Gives a design of the space, or what is wrong with it. */
export function build(
  opened: Opened,
  words: Words,
): Built | { readonly problems: readonly Fault[] } {
  const { capacity: written, ...others } = words;
  const capacity = written === undefined ? undefined : readCapacity(written);
  if (written !== undefined && capacity === undefined)
    return { problems: [{ path: '', message: CAPACITY }] };
  const data = setKnobs(opened, others);
  const { scenario, problems } = opened.read(data);
  if (!scenario) return { problems };
  const late = tooFarBack(scenario);
  return late ? { problems: [{ path: '', message: late }] } : { scenario, data, capacity };
}

type Fault = Pick<Problem, 'path' | 'message'>;
const CAPACITY = 'expected requests a second above 0, such as 500k or 2M';

/** A player cannot stay behind the live edge by more than the playlist holds. */
function tooFarBack({ viewers, design }: Scenario): string | undefined {
  const { playlistSegments } = design.media;
  const backs = listGroups({ viewers }).map(({ config }) =>
    Number(config['liveSyncDurationCount'] ?? 0),
  );
  return Math.max(...backs) < playlistSegments
    ? undefined
    : `expected fewer than the ${playlistSegments} segments of a playlist`;
}

function setKnobs({ source, withDesign }: Opened, words: Words): Mapping {
  const rest = Object.fromEntries(
    Object.entries(source.data as Mapping).filter(
      ([key]) => key !== 'search' && key !== 'variants',
    ),
  );
  const { design, ...others } = words;
  const named = design === undefined ? rest : KNOBS['design']!.set(rest, design);
  const set = Object.entries(others).reduce(
    (data, [name, word]) => KNOBS[name]!.set(data, word),
    withDesign(named),
  );
  return withoutIdle(set);
}

/** Tells what is wrong with a scenario that is whole by itself. */
export type Refusals = (scenario: Scenario) => readonly Refused[];

interface Refused {
  readonly path: Path;
  readonly message: string;
}

/** The designs of a space that differ in anything. */
export interface Distinct {
  /** Their numbers, in order; of those that are alike the cheapest. */
  readonly designs: readonly number[];
  /** Segments a second that a viewer asks for: playing takes longer the more there are. */
  readonly paceOf: (design: number) => number;
  /** Hexadecimal; another one where anything in the file, a design or the knobs is another. */
  readonly sum: string;
}

/** Builds every design of a space. Throws SCENARIO_INVALID. */
export function distinctDesigns(opened: Opened, space: Space, refusals: Refusals): Distinct {
  requireEffect(opened, space);
  const cheapest = new Map<string, number>();
  const pace = new Map<number, number>();
  let sum = 0;
  for (let design = 0; design < space.size; design++) {
    const built = build(opened, chooseWords(space, design));
    if ('problems' in built || refusals(built.scenario).length > 0)
      throw contradiction(opened, space, chooseWords(space, design), refusals);
    const { scenario, data, capacity } = built;
    const { design: chain, viewers, windows, faults } = scenario;
    sum = crc32(JSON.stringify([data, capacity, sumCosts(space, design)]), sum);
    pace.set(design, 1000 / chain.media.segmentMs);
    const key = JSON.stringify([{ ...chain, name: '' }, viewers, windows, faults, capacity]);
    const known = cheapest.get(key);
    if (known === undefined || sumCosts(space, design) < sumCosts(space, known))
      cheapest.set(key, design);
  }
  return {
    designs: [...cheapest.values()].toSorted((a, b) => a - b),
    paceOf: (design) => pace.get(design) ?? 0,
    sum: sum.toString(16),
  };
}

/** A knob must have something to act on, in one of the designs at least. */
function requireEffect(opened: Opened, { knobs }: Space): void {
  const designs = knobs.find(({ name }) => name === 'design')?.values ?? [];
  const bases = [{}, ...designs.map(({ word }) => ({ design: word }))];
  const problems = knobs
    .filter(({ name, values }) =>
      bases.every((words) => {
        const data = setKnobs(opened, words);
        return values.every(({ word }) => KNOBS[name]!.set(data, word) === data);
      }),
    )
    .map(({ name }) =>
      opened.source.problemAt(['search', 'knobs', name], 'nothing in the design takes it', 'key'),
    );
  if (problems.length > 0) throw invalid(opened.file, problems, PAGE);
}

const PAGE = 'docs/search.md describes the knobs';

/** Names the values of an impossible design that another value in their place would mend. */
function contradiction(
  opened: Opened,
  { knobs }: Space,
  words: Words,
  refusals: Refusals,
): HarnessError {
  const wrongWith = (some: Words): readonly Fault[] => {
    const built = build(opened, some);
    return 'problems' in built
      ? built.problems
      : refusals(built.scenario).map(({ path, message }) => ({ path: showPath(path), message }));
  };
  const guilty = knobs.filter(({ name, values }) =>
    values.some(({ word }) => wrongWith({ ...words, [name]: word }).length === 0),
  );
  const alone = knobs.filter(({ name }) => wrongWith({ [name]: words[name]! }).length > 0);
  const [first, ...others] = (guilty.length > 0 ? guilty : alone).map(({ name }) => name);
  const [wrong] = wrongWith(words);
  const beside = others.map((name) => `${name}: ${words[name]}`).join(', ');
  const where = wrong!.path === '' ? '' : `${wrong!.path}: `;
  const message = `${beside === '' ? '' : `contradicts ${beside}; `}${where}${wrong!.message}`;
  const path = first === undefined ? [] : ['search', 'knobs', first, words[first]!];
  return invalid(opened.file, [opened.source.problemAt(path, message)], PAGE);
}
