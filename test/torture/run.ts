// `npm run torture`: lets everything happen to the harness that may, and looks each time that it said
// so, healed, left nothing, and claimed nothing that it cannot know.

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { systemClock } from '../../harness/kernel/clock.ts';
import { seededRandom, type Random } from '../../harness/kernel/random.ts';
import { connectEngine } from '../../harness/runtime/containers/engine.ts';
import { endure, type Ordeal, type Outcome } from './endure.ts';
import { HARM_KINDS, HARMS, KILLED, type Harm, type Moment, type Runtime } from './harms.ts';

const HELP = `npm run torture [-- options]

Plays a small scenario again and again, and each time something happens to the harness: a signal, the
end of one of its processes, ten seconds without a processor, another clock. Each time there must be
one clear message, the documented exit code, no fault left in place, a report of what there was, no
process, container, network or folder left behind (at the next start at the latest), and no verdict
that the interruption made.

  --moments N       times that SIGKILL comes, over all phases in turn (10)
  --only KIND       one kind alone; may be given several times: ${HARM_KINDS.join(', ')}
  --runtime NAME    processes, containers, or both (processes)
  --within MINUTES  starts nothing more after so long (30)
  --seed N          of the moments (1)

examples:
  npm run torture -- --only sigkill --moments 100 --runtime both --within 120
  npm run torture -- --only clock --only stopped

exit codes: 0 all was endured, 1 something was not, 2 something was not played, 64 wrong options,
130 interrupted
`;

/** A moment lies within so long of the beginning of its phase. */
const PHASE_MS: Readonly<Record<Moment, number>> = {
  start: 2_000,
  provision: 3_000,
  steady: 2_000,
  disrupt: 3_000,
  recover: 1_500,
  teardown: 400,
};

interface Wishes {
  readonly moments: number;
  readonly only: readonly string[];
  readonly runtimes: readonly Runtime[];
  readonly withinMs: number;
  readonly seed: number;
}

/** Gives what is asked for, or why it cannot be. */
function wishesOf(words: readonly string[]): Wishes | string {
  const text = { type: 'string' } as const;
  const options = {
    moments: text,
    runtime: text,
    within: text,
    seed: text,
    only: { type: 'string', multiple: true },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const { only = [], runtime = 'processes' } = values;
  const [moments, within, seed] = [values.moments ?? 10, values.within ?? 30, values.seed ?? 1];
  const unknown = only.filter((kind) => !HARM_KINDS.includes(kind));
  if (unknown.length > 0) return `no kind called ${unknown.join(', ')}: ${HARM_KINDS.join(', ')}`;
  const runtimes = RUNTIMES[runtime];
  if (!runtimes) return `--runtime ${runtime}: expected ${Object.keys(RUNTIMES).join(', ')}`;
  for (const [name, value] of Object.entries({ moments, within, seed }))
    if (!(Number(value) >= 0 && Number(value) <= 100_000))
      return `--${name} ${value}: expected a number from 0 to 100000`;
  const numbers = { moments: Math.round(Number(moments)), seed: Number(seed) };
  return { ...numbers, only, runtimes, withinMs: Number(within) * 60_000 };
}

const RUNTIMES: Readonly<Record<string, readonly Runtime[]>> = {
  processes: ['processes'],
  containers: ['containers'],
  both: ['processes', 'containers'],
};

/** Lists what is to be played, in order: SIGKILL in every phase in turn, then each of the others once. */
function ordealsFor({ moments, only, runtimes, seed }: Wishes): readonly Ordeal[] {
  const wanted = ({ kind }: Harm) => only.length === 0 || only.includes(kind);
  return runtimes.flatMap((runtime) => {
    const random = seededRandom(seed).fork(runtime);
    const kills = Array.from({ length: moments }, () => KILLED);
    return [...kills, ...HARMS]
      .filter((harm) => wanted(harm) && harm.runtimes.includes(runtime))
      .map((harm, turn) => ordealOf(harm, { random, turn, runtime }));
  });
}

interface Draw {
  readonly random: Random;
  readonly turn: number;
  readonly runtime: Runtime;
}

function ordealOf(harm: Harm, { random, turn, runtime }: Draw): Ordeal {
  const moment = harm.moments[turn % harm.moments.length] ?? 'disrupt';
  return { harm, moment, runtime, afterMs: Math.floor(random.next() * PHASE_MS[moment]) };
}

const nameOf = ({ harm, moment, afterMs, runtime }: Ordeal): string =>
  `${harm.name}, ${runtime}, ${moment} + ${afterMs} ms`;

interface Played {
  readonly outcomes: readonly Outcome[];
  readonly leftOut: readonly string[];
}

async function play(
  ordeals: readonly Ordeal[],
  untilMs: number,
  signal: AbortSignal,
): Promise<Played> {
  const outcomes: Outcome[] = [];
  const leftOut: string[] = [];
  const engine = ordeals.some(({ runtime }) => runtime === 'containers')
    ? await connectEngine().catch(() => undefined)
    : undefined;
  for (const ordeal of ordeals) {
    const why = signal.aborted
      ? 'interrupted'
      : systemClock.epochMs() > untilMs
        ? 'the time was over'
        : ordeal.runtime === 'containers' && !engine
          ? 'no container engine answers'
          : ordeal.harm.leftOut?.();
    if (why !== undefined) {
      leftOut.push(`${nameOf(ordeal)}: ${why}`);
      continue;
    }
    const outcome = await endure({ ...ordeal, engine });
    outcomes.push(outcome);
    process.stdout.write(lineOf(outcome));
  }
  return { outcomes, leftOut };
}

function lineOf({ ordeal, wrong, code, report, early, tookMs }: Outcome): string {
  const end = `${early ? 'over before; ' : ''}exit ${code}, ${report?.verdict ?? 'no record'}`;
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  const faults = wrong.map((text) => `    ${text.replaceAll('\n', '\n    ')}\n`).join('');
  return `${wrong.length === 0 ? 'endured' : 'WRONG  '} ${nameOf(ordeal)}: ${end} (${took})\n${faults}`;
}

function summary({ outcomes, leftOut }: Played): string {
  const table = new Table({
    head: ['kind', 'runtime', 'played', 'endured', 'wrong', 'over before'],
    style: { head: [], border: [] },
  });
  const groups = Object.groupBy(
    outcomes,
    ({ ordeal: { harm, runtime } }) => `${harm.kind} ${runtime}`,
  );
  for (const [name, group = []] of Object.entries(groups)) {
    const [kind, runtime] = name.split(' ');
    const bad = group.filter(({ wrong }) => wrong.length > 0).length;
    const early = group.filter((outcome) => outcome.early).length;
    table.push([kind, runtime, group.length, group.length - bad, bad, early]);
  }
  const rest = leftOut.map((text) => `not played: ${text}\n`).join('');
  return `\n${table.toString()}\n${rest}`;
}

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const wishes = readWishes(words);
  if (typeof wishes === 'string') {
    process.stderr.write(`error ${wishes}\nhint: npm run torture -- --help\n`);
    return 64;
  }
  const over = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      process.stderr.write('interrupted: this one is played to its end\n');
      over.abort();
    });
  const played = await play(
    ordealsFor(wishes),
    systemClock.epochMs() + wishes.withinMs,
    over.signal,
  );
  process.stdout.write(summary(played));
  if (over.signal.aborted) return 130;
  if (played.outcomes.some(({ wrong }) => wrong.length > 0)) return 1;
  return played.leftOut.length > 0 || played.outcomes.length === 0 ? 2 : 0;
}

function readWishes(words: readonly string[]): Wishes | string {
  try {
    return wishesOf(words);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.exitCode = await main(process.argv.slice(2));
