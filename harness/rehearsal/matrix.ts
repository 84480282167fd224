// The fate of players: each of them behind an edge of each wrong answer, all in one rehearsal. Every
// cell is one viewer on one wall, so that they had the same machine, stream and moment.

import type { Cell, Matrix, Moment } from '../model/matrix.ts';
import { HarnessError } from '../model/errors.ts';
import type { HistoryRecord, ViewerDescription } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { Report, ViewerResult } from '../model/report.ts';
import { takesDash } from '../../players/registry.ts';
import { findDesigns, parseScenario } from '../scenario/load.ts';
import { planAnywhere } from './plan.ts';

/** The answers by their names: the part of a fault that makes an edge give them. */
const ANSWERS = {
  stale: { http: { of: 'playlist', wrong: 'stale' } },
  '404': { http: { status: 404 } },
  '503': { http: { status: 503 } },
  hang: { http: { wrong: 'hang' } },
  refuse: { stage: 'kill' },
  empty: { http: { of: 'playlist', wrong: 'empty' } },
  truncated: { http: { truncated: '50%' } },
} as const;

export type AnswerName = keyof typeof ANSWERS;
export const ANSWER_NAMES = Object.keys(ANSWERS) as readonly AnswerName[];

export interface MatrixWishes {
  readonly players: readonly string[];
  readonly answers: readonly AnswerName[];
  readonly moments: readonly Moment[];
  readonly lengthMs: number;
  readonly onFatal: 'none' | 'startLoad' | 'reload';
}

const FILE = 'matrix.yaml';
const FROM_MS = 5_000;
/** Viewers who are switched on in the outage are, so long after it began. */
const JOINS_AFTER_MS = 5_000;
const RECOVER_MS = 45_000;

/** For any machine. Throws SCENARIO_INVALID. */
export function planMatrix(wishes: MatrixWishes): Plan {
  const text = JSON.stringify(makeScenario(wishes));
  const scenario = parseScenario(text, FILE, findDesigns(FILE));
  const choices = { compress: 1, seed: undefined, viewers: undefined };
  return planAnywhere({ ...scenario, file: '' }, choices);
}

/** One edge for each answer; viewers of a group are dealt over the edges in turn. */
function makeScenario({ players, answers, moments, lengthMs, onFatal }: MatrixWishes): object {
  const here = { operator: 'matrix', country: 'FR', zone: 'one' };
  const edges = answers.map((answer) => [`edge-${answer}`, { role: 'edge', ...here }] as const);
  return {
    name: 'fate-matrix',
    title: `The fate of ${players.join(', ')}`,
    kind: 'drill',
    design: {
      name: 'fate-matrix',
      title: 'An edge for each wrong answer',
      channels: ['one'],
      media: { ...MEDIA, ...(players.some((one) => takesDash(one)) && { container: 'cmaf' }) },
      stages: {
        playout: { role: 'playout', ...here },
        transcoder: { role: 'transcoder', ...here },
        origin: { role: 'origin', ...here },
        ...Object.fromEntries(edges),
      },
      links: { 'connect-up': { from: 'playout', to: 'transcoder' } },
    },
    viewers: groupsFor({ players, moments }).map(({ name, player, moment }) => ({
      name,
      player,
      count: answers.length,
      policy: { onFatal },
      ...(moment === 'joining' ? { joins: `${FROM_MS + JOINS_AFTER_MS}ms` } : {}),
    })),
    faults: answers.map((answer) => ({
      name: `answer-${answer}`,
      at: `${FROM_MS}ms`,
      for: `${lengthMs}ms`,
      stages: [`edge-${answer}`],
      ...ANSWERS[answer],
    })),
    recover: { within: `${RECOVER_MS}ms` },
    expect: ['recovered == 100%'],
  };
}

/** The ladder of the packaged designs. */
const MEDIA = {
  picture: '320x180',
  fps: 25,
  contribution: '800k',
  segment: '2s',
  playlist: 6,
  ladder: ['320x180@350k', '192x108@150k'],
};

const groupsFor = ({ players, moments }: Pick<MatrixWishes, 'players' | 'moments'>) =>
  moments.flatMap((moment) =>
    players.map((player) => ({
      name: `${player.replaceAll('.', '-')}-${moment}`,
      player,
      moment,
    })),
  );

/** Reads the fate of every viewer from the lines of a journal and the report made of it. */
export function readMatrix(
  { lines, report }: { readonly lines: Iterable<string>; readonly report: Report },
  wishes: MatrixWishes,
): Matrix {
  const records = Array.from(lines, (line) => JSON.parse(line) as HistoryRecord);
  const [run] = records;
  if (run?.type !== 'run') throw new HarnessError('INTERNAL', 'a journal without its first line');
  const gaveUp = firstFatal(records);
  const actions = new Map(
    records.flatMap((one) => (one.type === 'action' ? [[one.action, one.doneAtMs]] : [])),
  );
  const { answers } = wishes;
  const cells = groupsFor(wishes).flatMap(({ name, player, moment }) => {
    const members = run.viewers.filter(({ group }) => group === name);
    return members.map((viewer, index) =>
      makeCell({ viewer, player, moment, answer: answers[index] ?? '', report, gaveUp, actions }),
    );
  });
  const { startedAt, harness, environment, simulated } = report.run;
  const versions = wishes.players.map((name) => [name, environment.tools[name] ?? 'unknown']);
  return {
    madeAt: startedAt,
    harness,
    players: Object.fromEntries(versions) as Record<string, string>,
    lengthMs: wishes.lengthMs,
    onFatal: wishes.onFatal,
    verdict: report.verdict,
    ...(simulated && { simulated: simulated.agreement }),
    cells,
  };
}

interface CellOptions extends Pick<Cell, 'player' | 'moment' | 'answer'> {
  readonly viewer: ViewerDescription;
  readonly report: Report;
  readonly gaveUp: ReadonlyMap<string, Fatal>;
  /** When each was done. */
  readonly actions: ReadonlyMap<string, number>;
}

function makeCell({ viewer, player, moment, answer, ...from }: CellOptions): Cell {
  const result = from.report.viewers.find(({ id }) => id === viewer.id);
  if (!result)
    throw new HarnessError('INTERNAL', 'a report without one of its viewers', {
      target: viewer.id,
    });
  const fatal = from.gaveUp.get(viewer.id);
  const doneAtMs = (verb: string) => from.actions.get(`answer-${answer}:${verb}`);
  const lostMs = unseenMs(result, moment);
  const backMs = backAfter(result, doneAtMs('heal') ?? Infinity);
  return {
    player,
    moment,
    answer,
    recovery: result.recovery,
    blackMs: lostMs,
    blackMsMax: lostMs - result.blackScreenMs + result.atMost.blackScreenMs,
    backMs,
    ...(fatal && {
      gaveUpMs: Math.round(fatal.atMs - (doneAtMs('inject') ?? 0)),
      error: fatal.error,
    }),
    errors: result.playerErrors?.nonFatal ?? 0,
  };
}

const WITHOUT = ['black', 'frozen', 'stalled', 'dead', 'starting'] as const;

/** Who is switched on in the outage misses the programme before its first picture too. */
const unseenMs = ({ ledger, blackScreenMs }: ViewerResult, moment: Moment): number =>
  moment === 'running' ? blackScreenMs : WITHOUT.reduce((sum, one) => sum + ledger[one], 0);

/** The time from the heal of its own edge to the end of what was lost then, or to a first picture. */
function backAfter(viewer: ViewerResult, healedAtMs: number): number | undefined {
  const { interruptions, recovered, joinMs, ledger } = viewer;
  const lost = interruptions.find(({ fromMs, toMs }) => fromMs <= healedAtMs && healedAtMs < toMs);
  if (lost) return lost.recovered ? Math.round(lost.toMs - healedAtMs) : undefined;
  const firstMs = joinMs + ledger.starting;
  return recovered && firstMs > healedAtMs ? Math.round(firstMs - healedAtMs) : undefined;
}

interface Fatal {
  readonly atMs: number;
  readonly error: string;
}

function firstFatal(records: readonly HistoryRecord[]): ReadonlyMap<string, Fatal> {
  const found = new Map<string, Fatal>();
  for (const one of records)
    if (one.type === 'viewer' && one.event === 'fatal' && !found.has(one.viewer))
      found.set(one.viewer, { atMs: one.atMs, error: one.detail ?? 'unknown error' });
  return found;
}
