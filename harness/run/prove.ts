// Proves planned actions: asks the witness at each place where one acts until it is sure, or has waited
// long enough. Links and stages are proven alike; linkSites.ts and stageSites.ts know the places.

import type { Clock } from '../kernel/clock.ts';
import type { Answer } from '../model/answer.ts';
import type { StatsRecord } from '../model/history.ts';
import type { PlannedAction } from '../model/plan.ts';
import type { Address, Probe } from '../model/world.ts';
import { medianMs } from '../witness/answer.ts';
import {
  askedBefore,
  provenBy,
  findQuestion,
  witnessName,
  type Witness,
} from '../witness/catalogue.ts';
import { unproven, type Proof, type Seen } from '../witness/kind.ts';
import { clearView, neverSeen, seenBehind, type View } from '../witness/mask.ts';
import type { Recorder } from './recorder.ts';

export interface ProverOptions {
  /** Kept since before the first fault: a witness must have seen bytes to miss them. */
  readonly stats: readonly StatsRecord[];
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly runStartedAtEpochMs: number;
  readonly probe: Probe;
  readonly signal: AbortSignal;
}

/** A place where an action acts: a proxied flow, or an instance of a stage. */
export interface Site {
  /** The flow or instance, as the record names it. */
  readonly target: string;
  /** Carries the action out there. */
  readonly act: () => Promise<void>;
  readonly witness: Witness;
  /** The address where the witness is asked. */
  readonly at: Address | undefined;
  /** Tells what else stands before the witness now; nothing can where this is absent. */
  readonly view?: (doneAtMs: number) => View;
  /** Gives the witness with as much patience as it needs now. */
  readonly patient?: () => Witness;
}

/** When an action was carried out; a restart takes seconds. */
export interface Carried {
  readonly begunAtMs: number;
  readonly doneAtMs: number;
}

/** Reports of stages are kept this long for witnesses: a rate needs some seconds before a fault. */
const KEPT_STATS_MS = 30_000;
/** The steady state is the time just before the first fault; long ago it may have begun. */
const STEADY_MS = 10_000;
/** Witnesses report four times a second. */
const ASK_EVERY_MS = 250;

export function createProver(options: ProverOptions) {
  const before = new Map<string, Answer>();
  const steady: StatsRecord[] = [];
  return {
    /** Learns who answers before the first fault, so that silence tells something later. */
    askBefore: async (site: Site): Promise<void> => {
      if (before.has(siteKey(site))) return;
      const answer = await askOften(site, options);
      if (answer) before.set(siteKey(site), answer);
    },
    /** Keeps the reports so far as those of the steady state. */
    keepSteady: (): void => {
      const fromMs = nowMs(options) - STEADY_MS;
      steady.push(...options.stats.filter(({ atMs }) => atMs >= fromMs));
    },
    prove: async (action: PlannedAction, site: Site, carried: Carried): Promise<void> => {
      const known = { does: action.does, steady, before: before.get(siteKey(site)), ...carried };
      const proof = await watch(site, known, options);
      options.recorder.emit({
        type: 'proof',
        action: action.id,
        target: site.target,
        by: 'witness',
        witness: witnessName(site.witness),
        ...proof,
      });
    },
  };
}

export const nowMs = ({
  clock,
  runStartedAtEpochMs,
}: Pick<ProverOptions, 'clock' | 'runStartedAtEpochMs'>): number =>
  clock.epochMs() - runStartedAtEpochMs;

const siteKey = ({ target, witness }: Site): string =>
  `${target} ${JSON.stringify(findQuestion(witness))}`;

/** Undefined for a witness that speaks by itself, in its reports. */
async function ask(
  { at }: Site,
  witness: Witness,
  { probe }: ProverOptions,
): Promise<Answer | undefined> {
  const asks = findQuestion(witness);
  if (!at || !asks || !('patienceMs' in witness)) return undefined;
  return probe.ask({ at, withinMs: witness.patienceMs, asks });
}

/** The middle of several answers; the first that does not come is enough to know that none does. */
async function askOften(site: Site, options: ProverOptions): Promise<Answer | undefined> {
  const answers: Answer[] = [];
  while (answers.length < askedBefore(site.witness)) {
    const answer = await ask(site, site.witness, options);
    if (answer?.ms === undefined) return answer;
    answers.push(answer);
  }
  return answers.length > 1 ? { ms: medianMs(answers) } : answers[0];
}

type Known = Pick<Seen, 'does' | 'steady' | 'before'> & Carried;

/** Asks until it is proven, the bound has passed, it can be seen no more, or the run is over. */
async function watch(site: Site, known: Known, options: ProverOptions): Promise<Proof> {
  const { clock, signal } = options;
  const viewNow = () => (site.view ?? clearView)(known.doneAtMs);
  const answers: Answer[] = [];
  let view = viewNow();
  for (;;) {
    const witness = site.patient?.() ?? site.witness;
    const answer = view.sinceMs === undefined ? undefined : await ask(site, witness, options);
    if (answer) answers.push({ ...answer, atMs: nowMs(options) });
    const now = viewNow();
    // Another fault came in the way while we asked: what was heard is nobody's.
    if (now.sinceMs !== view.sinceMs) answers.length = 0;
    view = now;
    const proof = judgeProof(witness, view, { ...known, answers, stats: options.stats });
    if (proof.proven || signal.aborted || witness.kind === 'none') return proof;
    if (view.never) return neverSeen(view);
    if (nowMs(options) >= (view.sinceMs ?? Infinity) + witness.withinMs) return proof;
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
}

/** Proves an action from what a witness has seen since it could see the action by itself. */
function judgeProof(witness: Witness, view: View, seen: Seen): Proof {
  if (view.sinceMs === undefined && witness.kind !== 'none')
    return unproven(`${view.behind.join(' and ')} stood before it to the end`);
  const doneAtMs = view.sinceMs ?? seen.doneAtMs;
  const afterAnother = view.behind.length > 0;
  return seenBehind(view, provenBy(witness, { ...seen, doneAtMs, afterAnother }));
}

/** Keeps stage reports from now on: the array grows at its end and is trimmed at its front. */
export function keepStats(recorder: Recorder): readonly StatsRecord[] {
  const kept: StatsRecord[] = [];
  recorder.subscribe((record) => {
    if (record.type !== 'stats') return;
    kept.push(record);
    while ((kept[0]?.atMs ?? Infinity) < record.atMs - KEPT_STATS_MS) kept.shift();
  });
  return kept;
}
