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
import { variantsOf } from '../../scenario/load.ts';
import type { Command } from '../command.ts';
import { catchInterrupt } from '../interrupt.ts';
import { inLanes, lanesOn } from '../lanes.ts';
import { planFor, planOptions, type PlanArguments } from '../planFor.ts';
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
        type: 'number',
        default: 1,
        describe: 'times each is played: two or more tell a difference from noise',
      })
      .option('parallel', {
        type: 'number',
        describe: 'rehearsals at the same time; as many as the machine carries when not said',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print comparison.json' })
      .conflicts('design', 'designs')
      .conflicts('variant', 'variants')
      .example('$0 compare my.yaml --designs single-access,dual-access-bfd --repeat 3', '')
      .example('$0 compare my.yaml --variants all', 'the file and each of its variants, one table'),
  handler: compareDesigns,
};

async function compareDesigns(argv: CompareArguments): Promise<void> {
  requireWhole('--repeat', argv.repeat, 'three repeats give a useful interval');
  const lanes = argv.parallel ?? lanesOn(availableParallelism());
  requireWhole('--parallel', lanes, 'leave it out to let the machine decide');
  const entries = await entriesOf(argv);
  using interrupt = catchInterrupt((text) => process.stderr.write(`${text}\n`));
  const setting = await settingFor(argv, interrupt.signal);
  const jobs = Array.from({ length: argv.repeat }, (_, n) =>
    entries.map((entry) => ({ entry, repeat: n + 1 })),
  ).flat();
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
  process.stderr.write(`\n${title}\n`);
  const { report, end } = await rehearse(plan, rehearsing, signal);
  if (rehearsing.wishes.quiet) process.stderr.write(`${title}: ${report.verdict}\n`);
  for (const leftover of end.leftovers) process.stderr.write(`left behind: ${leftover}\n`);
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
  process.stdout.write(shown);
  process.exitCode = exitCodeOf(comparison);
}

/** A comparison fails with no design; it proves nothing when one of them could not be measured. */
const exitCodeOf = ({ designs }: Comparison): number =>
  designs.some(({ counted }) => counted === 0) ? EXIT.inconclusive : EXIT.pass;

function requireWhole(option: string, value: number, hint: string): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new HarnessError('ARGUMENT_INVALID', `${option} ${value}: expected a whole number from 1`, {
    target: option,
    hint,
  });
}
