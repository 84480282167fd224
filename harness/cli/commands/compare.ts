// `compare FILE --designs a,b`: the same scenario and seed on several designs (and variants),
// repeated, side by side where the machine carries it, else in turn; one table that tells
// differences from noise.

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { check } from '../../check/check.ts';
import { checkInputOf } from '../../check/fromScenario.ts';
import { compare } from '../../measure/compare.ts';
import type { Comparison } from '../../model/comparison.ts';
import { EXIT, HarnessError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { Report } from '../../model/report.ts';
import {
  COMPARISON_FILES,
  renderComparisonConsole,
  renderComparisonJson,
} from '../../../reports/compare.ts';
import { cannotWrite } from '../../run/recorder.ts';
import { findDesigns, parseScenario, variantsOf } from '../../scenario/load.ts';
import { readText } from '../../scenario/readText.ts';
import { announce, takes } from '../announce.ts';
import { ask, canAsk } from '../ask.ts';
import type { Command } from '../command.ts';
import { print, say } from '../terminal.ts';
import { catchInterrupt } from '../interrupt.ts';
import { inLanes, lanesOn } from '../lanes.ts';
import { planFor, planOptions, type PlanArguments } from '../planFor.ts';
import { numberOption } from '../numberOption.ts';
import { rehearse, settingFor, type Rehearsing, type Wishes } from '../rehearse.ts';
import { wishOptions } from '../wishOptions.ts';

/** A pipe or a file has no width: the table of three designs takes 125 columns. */
const PIPE_COLUMNS = 140;

interface CompareArguments extends PlanArguments, Wishes {
  readonly file: string;
  readonly designs: string | undefined;
  readonly variants: string | undefined;
  readonly repeat: number;
  readonly parallel: number | undefined;
  readonly json: boolean;
}

export const compareCommand: Command<CompareArguments> = {
  builder: (y) =>
    wishOptions(planOptions(y))
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('designs', { type: 'string', describe: 'names, separated by commas' })
      .option('variants', {
        type: 'string',
        describe: 'names, separated by commas; `all` for every variant and the file as it stands',
      })
      .option('repeat', {
        ...numberOption('repeat', {
          ...{ from: 1, to: 1000, whole: true },
          hint: 'three repeats give a useful interval',
        }),
        default: 1,
        describe: 'times each is played: two or more tell a difference from noise',
      })
      .option('parallel', {
        ...numberOption('parallel', {
          ...{ from: 1, to: 1000, whole: true },
          hint: 'leave it out to let the machine decide',
        }),
        describe: 'rehearsals at the same time; as many as the machine carries when not said',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print comparison.json' })
      .conflicts('design', 'designs')
      .conflicts('variant', 'variants')
      .example('$0 compare my.yaml --designs single-access,dual-access-bfd --repeat 3', '')
      .example('$0 compare my.yaml --variants all', 'the file and each of its variants, one table'),
  handler: compareDesigns,
};

async function compareDesigns(given: CompareArguments): Promise<void> {
  const argv = await withSomethingToCompare(given);
  const lanes = argv.parallel ?? lanesOn(availableParallelism());
  const entries = await entriesOf(argv);
  using interrupt = catchInterrupt();
  const setting = await settingFor(argv, interrupt.signal);
  const jobs = Array.from({ length: argv.repeat }, (_, n) =>
    entries.map((entry) => ({ entry, repeat: n + 1 })),
  ).flat();
  announceAll(
    jobs.map(({ entry }) => entry.plan),
    lanes,
  );
  const alone = lanes === 1 || jobs.length === 1;
  const wishes = alone ? argv : { ...argv, quiet: true };
  const work = async ({ entry, repeat }: (typeof jobs)[number], signal: AbortSignal) => ({
    entry,
    report: await once({ entry, repeat, of: argv.repeat }, { wishes, setting }, signal),
  });
  const played = await inLanes({ lanes, jobs, work }, interrupt.signal);
  for (const { entry, report } of played) entry.reports.push(report);
  const [first] = entries;
  if (!first) return;
  const { scenario, compress, seed } = first.plan;
  const comparison = {
    ...compare(scenario.name, entries.map(runsOf)),
    ...{ compress, seed },
  };
  await finishComparison(comparison, argv);
}

/** Asks for it on a terminal; elsewhere an error says what there is. */
async function withSomethingToCompare(argv: CompareArguments): Promise<CompareArguments> {
  const { file, design, designs, variant, variants } = argv;
  if ([design, designs, variant, variants].some((given) => given !== undefined)) return argv;
  const known = await designsFor(file);
  if (!canAsk())
    throw new HarnessError('ARGUMENT_INVALID', 'compare what: --designs or --variants', {
      target: '--designs',
      hint: `designs that ${file} can be played on: ${known.join(', ')}; variants: ${variantsOf(file).join(', ') || 'none'}`,
    });
  say(`${file} can be played on ${known.join(', ')}`);
  return {
    ...argv,
    designs: await ask('Which designs, separated by commas?', known.slice(0, 3).join(',')),
  };
}

/** Lists the designs it fits, in the order of their names. */
async function designsFor(file: string): Promise<readonly string[]> {
  const [text, designs] = [readText(file), await findDesigns(file)];
  parseScenario(text, file, designs);
  return Object.keys(designs)
    .toSorted()
    .filter((design) => {
      try {
        return Boolean(parseScenario(text, file, designs, { design }));
      } catch {
        return false;
      }
    });
}

/** One after the other in each lane. */
function announceAll(plans: readonly Plan[], lanes: number): void {
  const rounds = Math.ceil(plans.length / lanes);
  const each = plans.map(takes);
  announce(`${plans.length} rehearsals, ${lanes} at a time:`, {
    leastMs: rounds * Math.min(...each.map(({ leastMs }) => leastMs)),
    mostMs: rounds * Math.max(...each.map(({ mostMs }) => mostMs)),
  });
}

/** One row of the table. */
interface Entry {
  readonly name: string;
  readonly plan: Plan;
  readonly reports: Report[];
}

/** Every plan is made before anything is started: a mistake in the last must not cost the first. */
async function entriesOf(argv: CompareArguments): Promise<readonly Entry[]> {
  const designs = listOf(argv.designs) ?? [argv.design];
  const variants = variantsWanted(argv);
  const entries: Entry[] = [];
  for (const design of designs)
    for (const variant of variants) {
      const plan = await planFor(argv.file, { ...argv, design, variant });
      const name = [plan.scenario.design.name, variant].filter(Boolean).join(' / ');
      entries.push({ name, plan, reports: [] });
    }
  return entries;
}

function variantsWanted(argv: CompareArguments): readonly (string | undefined)[] {
  if (argv.variants === 'all') return [undefined, ...variantsOf(argv.file)];
  return listOf(argv.variants) ?? [argv.variant];
}

const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

interface Job {
  readonly entry: Entry;
  readonly repeat: number;
  readonly of: number;
}

async function once(
  { entry: { name, plan }, repeat, of }: Job,
  rehearsing: Rehearsing,
  signal: AbortSignal,
): Promise<Report> {
  const title = `${pc.bold(name)}, ${repeat} of ${of}`;
  say(`\n${title}`);
  const { report, end } = await rehearse(plan, rehearsing, signal);
  if (rehearsing.wishes.quiet) say(`${title}: ${report.verdict}`);
  for (const leftover of end.leftovers) say(`left behind: ${leftover}`);
  if (end.error && end.reason !== 'complete' && end.error.code !== 'STEADY_STATE_NOT_REACHED')
    throw end.error;
  return report;
}

function runsOf({ name, plan, reports }: Entry) {
  const { scenario } = plan;
  const checks =
    scenario.clock === undefined
      ? []
      : check(checkInputOf(scenario, { nowEpochMs: undefined })).findings.map(
          ({ rule, severity, text }) => `${severity}: ${text} (${rule})`,
        );
  return { design: { ...scenario.design, name }, reports, checks };
}

async function finishComparison(comparison: Comparison, argv: CompareArguments): Promise<void> {
  const dir = join(argv.out, comparison.scenario, 'comparison');
  const files = COMPARISON_FILES.map(({ file, render }) => ({
    path: join(dir, file),
    text: render(comparison),
  }));
  try {
    await mkdir(dir, { recursive: true });
    for (const { path, text } of files) await writeFile(path, text);
  } catch (error) {
    throw cannotWrite(dir, error);
  }
  const terminal = {
    columns: process.stdout.columns || PIPE_COLUMNS,
    colours: pc.isColorSupported,
  };
  const shown = argv.json
    ? renderComparisonJson(comparison)
    : `${renderComparisonConsole(comparison, terminal)}\n\nfiles\n${files.map(({ path }) => `  ${path}`).join('\n')}\n`;
  print(shown.trimEnd());
  process.exitCode = exitCodeOf(comparison);
}

/** A comparison fails with no design; it proves nothing when one of them could not be measured. */
const exitCodeOf = ({ designs }: Comparison): number =>
  designs.some(({ counted }) => counted === 0) ? EXIT.inconclusive : EXIT.pass;
