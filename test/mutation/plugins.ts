// Parts of ours in Stryker: it spares the words that people read, because another wording is no fault
// that a test should find, and it says at once which change no test noticed.

import { readFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import type { Reporter } from '@stryker-mutator/api/report';

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
    .slice(start.line, end.line + 1);
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

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'sentences', { shouldIgnore }),
  declareClassPlugin(PluginKind.Reporter, 'missed', Missed),
];
