// `npm run fuzz`: sends changed inputs into everything that reads what others wrote, and says what was
// not read or refused as it must be.

import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { numberWish } from '../support/numberWish.ts';
import { TARGETS } from './targets.ts';
import type { Target } from './target.ts';
import { watchCampaign, type Found, type Result } from './watch.ts';
import { callCampaign } from '../support/campaign.ts';

const NAMES = TARGETS.map(({ name }) => name);
const FOLDER = 'runs/fuzz';

const HELP = `npm run fuzz [-- target… [options]]

Changes sound inputs (files, journals, lines of stages, calls of the API, words of the command line),
and those again that made the program go a new way. Each must be read, or refused by one clear error:
no crash, nothing that takes longer than 2 s of processor, nothing in an answer that nobody wrote, and
no acceptance of what cannot be. An input that was not is written into ${FOLDER}; put it into
test/fuzz/seeds/TARGET, where \`npm test\` tries it again.

  targets         ${NAMES.join(', ')} (all)
  --runs N        inputs in all (100000)
  --seed N        another seed, other changes (1)
  --seeds GLOB    files to begin from, beside those of the targets that are named
  --within N      starts no target after so many minutes, and stops the one that runs (120)

examples:
  npm run fuzz -- calendar mail --runs 20000 --seeds 'notices/*.eml'
  npm run fuzz -- --seed $RANDOM --within 60

exit codes: 0 nothing was found, 1 something was, 2 not all inputs were sent, 64 wrong options,
130 interrupted
`;

interface Wishes {
  readonly targets: readonly Target[];
  readonly runs: number;
  readonly seed: number;
  readonly seeds: readonly string[];
  readonly withinMs: number;
}

/** Throws what is wrong with the words. */
function wishesOf(words: readonly string[]): Wishes {
  const text = { type: 'string' } as const;
  const options = { runs: text, seed: text, seeds: text, within: text } as const;
  const { values, positionals } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
  });
  const { runs = '100000', seed = '1', seeds, within = '120' } = values;
  const unknown = positionals.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    throw new Error(`no target called ${unknown.join(', ')}: ${NAMES.join(', ')}`);
  if (seeds !== undefined && positionals.length === 0)
    throw new Error(`--seeds ${seeds}: name the targets that they are for`);
  return {
    targets: TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    runs: numberWish('runs', runs, { from: 1, to: 1e9 }),
    seed: numberWish('seed', seed, { to: 0x7fffffff }),
    seeds: seeds === undefined ? [] : textsOf(seeds),
    withinMs: numberWish('within', within, { to: 10_000, whole: false }) * 60_000,
  };
}

function textsOf(pattern: string): readonly string[] {
  const files = globSync(pattern).filter((file) => statSync(file).isFile());
  if (files.length === 0) throw new Error(`--seeds ${pattern}: there is no such file`);
  return files.map((file) => readFileSync(file, 'utf8'));
}

type Played = Result & { readonly name: string; readonly runs: number; readonly cpuMs: number };

async function play(wishes: Wishes, signal: AbortSignal): Promise<readonly Played[]> {
  const { targets, runs, seed, seeds } = wishes;
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  const played: Played[] = [];
  for (const { name, share } of targets) {
    const part = Math.ceil((runs * share) / shares);
    const from = process.cpuUsage();
    const result = await watchCampaign({ target: name, runs: part, seed, seeds }, signal);
    const { user, system } = process.cpuUsage(from);
    played.push({ ...result, name, runs: part, cpuMs: (user + system) / 1_000 });
    process.stdout.write(`${name}: ${result.ran} inputs\n${foundIn(name, result.found)}`);
  }
  return played;
}

/** One input for each mistake. */
function foundIn(target: string, found: readonly Found[]): string {
  const byPlace = Object.groupBy(found, ({ mistake }) => placeOf(mistake));
  const lines = Object.values(byPlace).flatMap((same = []) => {
    const [one] = same.toSorted((a, b) => a.input.length - b.input.length);
    return one ? [`  ${same.length} times: ${keep(target, one)}\n    ${one.mistake}\n`] : [];
  });
  return lines.join('');
}

/** The message without its figures, and where it was thrown. */
const placeOf = (mistake: string): string =>
  mistake.split('\n').slice(0, 3).join('\n').replace(/\d+/g, '0').slice(0, 300);

function keep(target: string, { input }: Found): string {
  const name = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const file = join(FOLDER, target, name);
  mkdirSync(join(FOLDER, target), { recursive: true });
  writeFileSync(file, input);
  return file;
}

function summary(played: readonly Played[]): string {
  const head = [
    'target',
    'inputs',
    'found',
    'mean, ms',
    'slowest, ms',
    'places run',
    'inputs kept',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { name, ran, found, cpuMs, slowestMs, places, corpus } of played) {
    const mean = (cpuMs / Math.max(1, ran)).toFixed(1);
    table.push([name, ran, found.length, mean, Math.round(slowestMs), places, corpus]);
  }
  const all = played.reduce((sum, { ran }) => sum + ran, 0);
  return `\n${table.toString()}\n${all} inputs\n`;
}

async function playAll(wishes: Wishes): Promise<number> {
  const over = new AbortController();
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
    over.abort();
  });
  const timer = setTimeout(() => over.abort(), wishes.withinMs);
  const played = await play(wishes, over.signal);
  clearTimeout(timer);
  process.stdout.write(summary(played));
  if (interrupted) return 130;
  if (played.some(({ found }) => found.length > 0)) return 1;
  return played.some(({ ran, runs }) => ran < runs) ? 2 : 0;
}

process.exitCode = await callCampaign(process.argv.slice(2), {
  name: 'fuzz',
  help: HELP,
  read: wishesOf,
  play: playAll,
});
