// `compare FILE --designs a,b`: one table of several designs (and variants) that tells differences
// from noise.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import type { Comparison } from '../../model/comparison.ts';
import { EXIT, badArgument } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { renderComparisonConsole, renderComparisonJson } from '../../../reports/compare.ts';
import { playComparison, plansToCompare, writeComparison } from '../../rehearsal/compare.ts';
import { lanesOn } from '../../rehearsal/lanes.ts';
import { settingFor } from '../../rehearsal/setting.ts';
import { besideFile, findDesigns, parseScenario, listVariants } from '../../scenario/load.ts';
import { unknownName } from '../../scenario/suggest.ts';
import { readText } from '../../scenario/readText.ts';
import { takes } from '../../rehearsal/takes.ts';
import { announce } from '../announce.ts';
import { ask, canAsk } from '../ask.ts';
import { catchInterrupt } from '../interrupt.ts';
import { liveScreen } from '../liveScreen.ts';
import { fileList, print, say, terminalHere } from '../terminal.ts';
import type { CompareArguments } from '../commands/compare.ts';

/** A pipe or a file has no width: the table of three designs takes 125 columns. */
const PIPE_COLUMNS = 140;

export async function compareDesigns(given: CompareArguments): Promise<void> {
  const argv = await withSomethingToCompare(given);
  const { file, repeat, parallel } = argv;
  const lanes = parallel ?? lanesOn(availableParallelism());
  const designs = splitList(argv.designs) ?? [argv.design];
  const [first, ...rest] = await plansToCompare(file, argv, {
    designs,
    variants: variantsWanted(argv),
  });
  if (!first) return;
  const rows = [first, ...rest] as const;
  using interrupt = catchInterrupt();
  const plans = Array.from({ length: repeat }, () => rows.map(({ plan }) => plan)).flat();
  const setting = await settingFor(argv, interrupt.signal, plans);
  announceAll(plans, lanes);
  const quiet = argv.quiet || (lanes > 1 && plans.length > 1);
  const titleOf = (name: string, n: number) => `${pc.bold(name)}, ${n} of ${repeat}`;
  const comparison = await playComparison(
    {
      rows,
      repeat,
      lanes,
      setting,
      watch: liveScreen({ quiet }),
      onStart: (name, n) => say(`\n${titleOf(name, n)}`),
      onEnd: (name, n, { report, end }) => {
        if (quiet) say(`${titleOf(name, n)}: ${report.verdict}`);
        for (const leftover of end.leftovers) say(`left behind: ${leftover}`);
      },
    },
    interrupt.signal,
  );
  await finishComparison(comparison, argv);
}

/** Asks for it on a terminal; elsewhere an error says what there is. */
async function withSomethingToCompare(argv: CompareArguments): Promise<CompareArguments> {
  const { file, design, designs, variant, variants } = argv;
  if ([design, designs, variant, variants].some((given) => given !== undefined)) return argv;
  const known = await designsFor(file);
  if (!canAsk())
    throw badArgument(
      '--designs',
      'compare what: --designs or --variants',
      `designs that ${file} can be played on: ${known.join(', ')}; variants: ${listVariants(file).join(', ') || 'none'}`,
    );
  say(`${file} can be played on ${known.join(', ')}`);
  return {
    ...argv,
    designs: await ask({
      question: 'Which designs, separated by commas?',
      otherwise: known.slice(0, 3).join(','),
      wrongWith: (answer) => {
        const unknown = splitList(answer)?.find((name) => !known.includes(name));
        return unknown === undefined ? undefined : unknownName('design', unknown, known);
      },
    }),
  };
}

/** Lists the designs it fits, in the order of their names. */
async function designsFor(file: string): Promise<readonly string[]> {
  const [text, designs] = [readText(file), findDesigns(file)];
  const readFile = besideFile(file);
  parseScenario(text, file, designs, { readFile });
  return Object.keys(designs)
    .toSorted()
    .filter((design) => {
      try {
        return Boolean(parseScenario(text, file, designs, { design, readFile }));
      } catch {
        return false;
      }
    });
}

/** One after the other in each lane. */
function announceAll(plans: readonly Plan[], lanes: number): void {
  const rounds = Math.ceil(plans.length / lanes);
  const each = plans.map(takes);
  const all = {
    leastMs: rounds * Math.min(...each.map(({ leastMs }) => leastMs)),
    mostMs: rounds * Math.max(...each.map(({ mostMs }) => mostMs)),
  };
  if (plans.length === 1) announce('1 rehearsal', all);
  else announce(`${plans.length} rehearsals, ${lanes} at a time,`, all, 'take');
}

function variantsWanted(argv: CompareArguments): readonly (string | undefined)[] {
  if (argv.variants === 'all') return [undefined, ...listVariants(argv.file)];
  return splitList(argv.variants) ?? [argv.variant];
}

const splitList = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

async function finishComparison(comparison: Comparison, argv: CompareArguments): Promise<void> {
  const dir = join(argv.out, comparison.scenario, 'comparison');
  const files = await writeComparison(dir, comparison);
  const terminal = terminalHere(PIPE_COLUMNS);
  const shown = argv.json
    ? renderComparisonJson(comparison)
    : `${renderComparisonConsole(comparison, terminal)}\n${fileList(files)}`;
  print(shown.trimEnd());
  process.exitCode = comparisonExit(comparison);
}

/** A comparison fails with no design; it proves nothing when one of them could not be measured. */
const comparisonExit = ({ designs }: Comparison): number =>
  designs.some(({ counted }) => counted === 0) ? EXIT.inconclusive : EXIT.pass;
