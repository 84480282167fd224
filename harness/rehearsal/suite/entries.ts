// From files to what a suite plays: one entry a scenario, variant, design and repeat.

import { resolve } from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { Scenario } from '../../model/scenario.ts';
import {
  findDesigns,
  loadScenario,
  listVariants,
  type ScenarioChoice,
} from '../../scenario/load.ts';
import { planAnywhere } from '../plan.ts';
import type { SuiteEngine } from './engines.ts';

export interface SuiteEntry {
  /**
   * `night+on-time@dual-access=shaka~2`: the scenario, its variant, another design, another player, the
   * repeat from the second on.
   */
  readonly key: string;
  readonly plan: Plan;
  readonly file: string;
  readonly expectedMs: number;
}

/** The choice of scenarios for a suite, and the changes to each of them. */
export interface SuiteWishes {
  /** Scenarios whose expectations hold no further are played less compressed. */
  readonly compress: number;
  readonly seed: number | undefined;
  readonly viewers: number | undefined;
  /** Every variant beside the file as it stands. */
  readonly variants: boolean;
  /** Instead of the design of each scenario; its own where there is none. */
  readonly designs: readonly string[];
  /** In its browsers; those of each scenario where there is none. */
  readonly players: readonly string[];
  readonly repeat: number;
  /** One of these is enough; the kind of a scenario is one of its tags. */
  readonly tags: readonly string[];
  readonly grep: RegExp | undefined;
  /** Absolute paths; undefined where it does not matter what changed. */
  readonly changed: ReadonlySet<string> | undefined;
}

/**
 * Plans every scenario before anything is started; sorted by key.
 * @throws HarnessError SCENARIO_INVALID with the problems of all files, ARGUMENT_INVALID.
 */
export async function planSuite(
  files: readonly string[],
  wishes: SuiteWishes,
  engine: SuiteEngine,
): Promise<readonly SuiteEntry[]> {
  const errors: HarnessError[] = [];
  const entries: SuiteEntry[] = [];
  for (const file of files)
    await planFile(file, wishes, engine).then(
      (planned) => entries.push(...planned),
      (error: unknown) => {
        if (!(error instanceof HarnessError)) throw error;
        errors.push(error);
      },
    );
  const [first] = errors;
  if (first)
    throw new HarnessError(first.code, errors.map(({ message }) => message).join('\n'), {
      ...(first.hint && { hint: first.hint }),
    });
  refuseSameKeys(entries);
  return entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function planFile(
  file: string,
  wishes: SuiteWishes,
  engine: SuiteEngine,
): Promise<SuiteEntry[]> {
  const planned: SuiteEntry[] = [];
  for (const choice of choicesFor(file, wishes)) {
    const scenario = await loadScenario(file, choice);
    const name = nameEntry(scenario.name, choice);
    if (!isWanted(scenario, name, wishes)) continue;
    const compress = Math.min(wishes.compress, scenario.compressAtMost ?? Infinity);
    const plan = planAnywhere(scenario, { ...wishes, compress });
    const entry = { plan, file, expectedMs: Math.round(engine.expectMs(plan)) };
    planned.push({ ...entry, key: name });
    for (let n = 2; n <= wishes.repeat; n++) planned.push({ ...entry, key: `${name}~${n}` });
  }
  return planned;
}

function choicesFor(file: string, { variants, designs, players }: SuiteWishes): ScenarioChoice[] {
  const orNone = (names: readonly string[]) => (names.length > 0 ? names : [undefined]);
  return orNone(designs).flatMap((design) =>
    orNone(players).flatMap((player) =>
      [undefined, ...(variants ? listVariants(file) : [])].map((variant) => ({
        design,
        player,
        variant,
      })),
    ),
  );
}

const nameEntry = (scenario: string, { variant, design, player }: ScenarioChoice): string =>
  [scenario, variant && `+${variant}`, design && `@${design}`, player && `=${player}`].join('');

function isWanted(scenario: Scenario, name: string, { tags, grep, changed }: SuiteWishes): boolean {
  const { file } = scenario;
  const own = [scenario.kind, ...(scenario.tags ?? [])];
  const design = findDesigns(file)[scenario.design.name]?.file ?? file;
  return (
    (tags.length === 0 || tags.some((tag) => own.includes(tag))) &&
    (grep === undefined || grep.test(`${name} ${scenario.title} ${file}`)) &&
    (changed === undefined || [file, design].some((path) => changed.has(resolve(path))))
  );
}

function refuseSameKeys(entries: readonly SuiteEntry[]): void {
  const known = new Map<string, SuiteEntry>();
  for (const entry of entries) {
    const other = known.get(entry.key);
    if (other)
      throw new HarnessError(
        'ARGUMENT_INVALID',
        `two scenarios are called ${entry.key}: ${other.file} and ${entry.file}`,
        { target: entry.file, hint: 'give one of them another name: results are known by it' },
      );
    known.set(entry.key, entry);
  }
}
