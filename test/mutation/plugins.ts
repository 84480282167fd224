// Parts of ours in Stryker: it spares the words that people read, because another wording is no fault
// that a test should find, it says at once which change no test noticed, and it can try a sample.

import { readFileSync } from 'node:fs';
import { CheckStatus, type Checker, type CheckResult } from '@stryker-mutator/api/check';
import type { Mutant, MutantResult } from '@stryker-mutator/api/core';
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import type { Reporter } from '@stryker-mutator/api/report';
import { seededRandom } from '../../harness/kernel/random.ts';

/** A part of the code, as far as it is looked at. */
interface CodePath {
  isStringLiteral(): boolean;
  isTemplateLiteral(): boolean;
  readonly node: {
    readonly value: string;
    readonly quasis: readonly { readonly value: { readonly raw: string } }[];
  };
}

/** Takes a text with a space for a sentence: names of kinds, rules and classes have none. */
function shouldIgnore(path: CodePath): string | undefined {
  const text = path.isStringLiteral()
    ? path.node.value
    : path.isTemplateLiteral()
      ? path.node.quasis.map(({ value }) => value.raw).join('')
      : '';
  return text.includes(' ') ? 'words that people read' : undefined;
}

/** A constant is made once, when its file is loaded: a change of it was not really tried. */
const isTried = (mutant: MutantResult): boolean => mutant.static !== true;

export const isNoticed = (mutant: MutantResult): boolean =>
  isTried(mutant) && (mutant.status === 'Killed' || mutant.status === 'Timeout');

export const isMissed = (mutant: MutantResult): boolean =>
  isTried(mutant) && (mutant.status === 'Survived' || mutant.status === 'NoCoverage');

/** Says now and then how far it is. */
const TOLD_EACH = 50;

class Missed implements Reporter {
  #noticed = 0;
  #missed = 0;

  onMutantTested(mutant: Readonly<MutantResult>): void {
    if (isMissed(mutant)) process.stdout.write(described(mutant));
    if (isMissed(mutant)) this.#missed++;
    else if (isNoticed(mutant)) this.#noticed++;
    else return;
    if ((this.#missed + this.#noticed) % TOLD_EACH === 0)
      process.stderr.write(`so far ${this.#noticed} noticed, ${this.#missed} missed\n`);
  }
}

function described({ fileName, location, replacement, status }: MutantResult): string {
  const { start, end } = location;
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  const text = lines
    .map((line, i) =>
      line.slice(i === 0 ? start.column - 1 : 0, i === last ? end.column - 1 : undefined),
    )
    .join(' ');
  const short = (code: string) => code.replaceAll(/\s+/g, ' ').slice(0, 100);
  const seen = status === 'NoCoverage' ? ' (no test comes here)' : '';
  const place = `${fileName.slice(fileName.indexOf('harness/'))}:${start.line}`;
  return `${place}${seen}\n  - ${short(text)}\n  + ${short(replacement ?? '')}\n`;
}

/** Lets a share of the mutants through, drawn by the seed: `MUTANTS_SAMPLED=30:1` is 30 % by seed 1. */
class Sample implements Checker {
  readonly #wish = (process.env['MUTANTS_SAMPLED'] ?? '100:1').split(':').map(Number);

  init = (): Promise<void> => Promise.resolve();

  check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    return Promise.resolve(Object.fromEntries(mutants.map((one) => [one.id, this.#result(one)])));
  }

  #result({ fileName, location, replacement }: Mutant): CheckResult {
    const [percent = 100, seed = 1] = this.#wish;
    const file = fileName.slice(fileName.lastIndexOf('harness/'));
    const label = `${file} ${JSON.stringify(location)} ${replacement}`;
    return seededRandom(seed).fork(label).next() * 100 < percent
      ? { status: CheckStatus.Passed }
      : { status: CheckStatus.CompileError, reason: 'not in the sample' };
  }
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'sentences', { shouldIgnore }),
  declareClassPlugin(PluginKind.Reporter, 'missed', Missed),
  declareClassPlugin(PluginKind.Checker, 'sample', Sample),
];
