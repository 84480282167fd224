// `npm run torture`: lets everything happen to the harness that may, and looks each time that it said
// so, healed, left nothing, and claimed nothing that it cannot know.

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pLimit from 'p-limit';
import { systemClock } from '../../harness/kernel/clock.ts';
import { seededRandom, type Random } from '../../harness/kernel/random.ts';
import { connectEngine, type Engine } from '../../harness/runtime/containers/engine.ts';
import { numberWish } from '../support/numberWish.ts';
import { endure, type Ordeal, type Outcome } from './endure.ts';
import { HARMS, KILLED, MOMENTS, type Harm, type Moment, type Runtime } from './harms.ts';
import { WATCH_HARMS } from './watchHarms.ts';
import { WORKER_HARMS } from './workerHarms.ts';
import { callCampaign } from '../support/campaign.ts';

const OTHERS: readonly Harm[] = [...HARMS, ...WORKER_HARMS, ...WATCH_HARMS];
/** All kinds by name, SIGKILL first. */
const HARM_KINDS = [...new Set([KILLED, ...OTHERS].map(({ kind }) => kind))];

const HELP = `npm run torture [-- options]

Plays a small scenario again and again, and each time something happens to the harness: a signal, the
end of one of its processes, ten seconds without a processor, another clock, the loss of a worker of
its wall; the same to \`watch\`. Each time there must be
one clear message, the documented exit code, no fault left in place, a report of what there was, no
process, container, network or folder left behind (at the next start at the latest), and no verdict
that the interruption made.

  --moments N       times that SIGKILL comes, over all phases in turn (10)
  --times N         times that each of the others comes, over its phases in turn (1)
  --only KIND       one kind alone; may be given several times: ${HARM_KINDS.join(', ')}
  --phase NAME      in one phase alone: ${MOMENTS.join(', ')}
  --runtime NAME    processes, containers, or both (processes)
  --parallel N      plays so many at the same time (1)
  --within MINUTES  starts nothing more after so long (30)
  --seed N          of the moments (1)

examples:
  npm run torture -- --only sigkill --moments 100 --runtime both --within 120
  npm run torture -- --only sigint --phase provision --times 20

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
  readonly times: number;
  readonly only: readonly string[];
  readonly phases: readonly Moment[];
  readonly runtimes: readonly Runtime[];
  readonly parallel: number;
  readonly withinMs: number;
  readonly seed: number;
}

/** Throws what is wrong with the words. */
function wishesOf(words: readonly string[]): Wishes {
  const text = { type: 'string' } as const;
  const options = {
    moments: text,
    times: text,
    phase: text,
    runtime: text,
    parallel: text,
    within: text,
    seed: text,
    only: { type: 'string', multiple: true },
  } as const;
  const { values } = parseArgs({ args: [...words], options });
  const { only = [], runtime = 'processes', phase } = values;
  const unknown = only.filter((kind) => !HARM_KINDS.includes(kind));
  if (unknown.length > 0)
    throw new Error(`no kind called ${unknown.join(', ')}: ${HARM_KINDS.join(', ')}`);
  const runtimes = RUNTIMES[runtime];
  if (!runtimes)
    throw new Error(`--runtime ${runtime}: expected ${Object.keys(RUNTIMES).join(', ')}`);
  const phases = MOMENTS.filter((moment) => phase === undefined || moment === phase);
  if (phases.length === 0) throw new Error(`--phase ${phase}: expected ${MOMENTS.join(', ')}`);
  return {
    only,
    phases,
    runtimes,
    moments: numberWish('moments', values.moments ?? '10', { to: 100_000 }),
    times: numberWish('times', values.times ?? '1', { to: 100_000 }),
    parallel: numberWish('parallel', values.parallel ?? '1', { from: 1, to: 64 }),
    withinMs: numberWish('within', values.within ?? '30', { to: 10_000, whole: false }) * 60_000,
    seed: numberWish('seed', values.seed ?? '1', { to: 0x7fffffff }),
  };
}

const RUNTIMES: Readonly<Record<string, readonly Runtime[]>> = {
  processes: ['processes'],
  containers: ['containers'],
  both: ['processes', 'containers'],
};

/** Lists what is to be played, in order: SIGKILL in every phase in turn, then each of the others. */
function ordealsFor(wishes: Wishes): readonly Ordeal[] {
  const { moments, times, only, phases, runtimes, seed } = wishes;
  const wanted = ({ kind }: Harm) => only.length === 0 || only.includes(kind);
  return runtimes.flatMap((runtime) => {
    const random = seededRandom(seed).fork(runtime);
    return [...repeated([KILLED], moments), ...repeated(OTHERS, times)]
      .map((harm) => ({ ...harm, moments: harm.moments.filter((one) => phases.includes(one)) }))
      .filter((harm) => wanted(harm) && harm.runtimes.includes(runtime) && harm.moments.length > 0)
      .map((harm, turn) => ordealOf(harm, { random, turn, runtime }));
  });
}

const repeated = (harms: readonly Harm[], times: number): readonly Harm[] =>
  Array.from({ length: times }, () => harms).flat();

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

interface Limits extends Pick<Wishes, 'parallel'> {
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

async function play(ordeals: readonly Ordeal[], limits: Limits): Promise<Played> {
  const outcomes: Outcome[] = [];
  const leftOut: string[] = [];
  const engine = ordeals.some(({ runtime }) => runtime === 'containers')
    ? await connectEngine().catch(() => undefined)
    : undefined;
  const limit = pLimit(limits.parallel);
  const playOne = async (ordeal: Ordeal) => {
    const why = whyLeftOut(ordeal, engine, limits);
    if (why !== undefined) {
      leftOut.push(`${nameOf(ordeal)}: ${why}`);
      return;
    }
    const outcome = await endure({ ...ordeal, engine });
    outcomes.push(outcome);
    process.stdout.write(lineOf(outcome));
  };
  await Promise.all(ordeals.map((ordeal) => limit(() => playOne(ordeal))));
  return { outcomes, leftOut };
}

function whyLeftOut(
  { runtime, harm }: Ordeal,
  engine: Engine | undefined,
  { untilMs, signal }: Limits,
): string | undefined {
  if (signal.aborted) return 'interrupted';
  if (systemClock.epochMs() > untilMs) return 'the time was over';
  if (runtime === 'containers' && !engine)
    return 'no container engine answers, or this user has no right to ask it';
  return harm.leftOut?.();
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

async function playAll(wishes: Wishes): Promise<number> {
  const over = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      process.stderr.write('interrupted: what plays now is played to its end\n');
      over.abort();
    });
  const played = await play(ordealsFor(wishes), {
    parallel: wishes.parallel,
    untilMs: systemClock.epochMs() + wishes.withinMs,
    signal: over.signal,
  });
  process.stdout.write(summary(played));
  if (over.signal.aborted) return 130;
  if (played.outcomes.some(({ wrong }) => wrong.length > 0)) return 1;
  return played.leftOut.length > 0 || played.outcomes.length === 0 ? 2 : 0;
}

process.exitCode = await callCampaign(process.argv.slice(2), {
  name: 'torture',
  help: HELP,
  read: wishesOf,
  play: playAll,
});
