// Answers of origins and edges in virtual time, true ones and wrong ones: which request gets which
// wrong answer is decided, and playlists are changed, by the production code.

import type { Clock } from '../kernel/clock.ts';
import { seededRandom } from '../kernel/random.ts';
import type { ToldAlert } from '../model/alert.ts';
import { withDateRanges } from '../model/dateRange.ts';
import { ANSWERS_OF_PLAYLISTS } from '../model/wrongAnswers.ts';
import { alertsIn, type HttpFault } from '../pipeline/contract.ts';
import {
  checkHttpCommand,
  decide,
  requestTarget,
  type Lasting,
  type Target,
} from '../pipeline/web/httpFaults.ts';
import {
  mediaSequence,
  resetSequence,
  withGaps,
  withoutDiscontinuities,
} from '../pipeline/web/mangle.ts';

export interface Answer {
  /** 0: the connection broke. */
  readonly status: number;
  readonly body: string | Buffer;
}

export const BROKEN: Answer = { status: 0, body: '' };
export const emptyAnswer = (status: number): Answer => ({ status, body: '' });
export const isPlaylist = (path: string): boolean => path.endsWith('.m3u8');

/** Resolves never, or rejects when whoever asked has gone. */
export const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

export interface WrongAnswers {
  readonly command: (command: Readonly<Record<string, unknown>>) => void;
  /** Gives the answer to a request, which `truth` would answer truly. */
  readonly answer: (asked: Asked, truth: () => Promise<Answer>) => Promise<Answer>;
}

export interface Asked {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly signal: AbortSignal;
}

interface InForce extends Lasting {
  readonly first: Map<string, Answer>;
}

/** `truthAt` gives the true answer at once, as a witness asks for it when a fault begins. */
export function createWrongAnswers(
  clock: Clock,
  truthAt: (path: string) => Promise<Answer>,
): WrongAnswers {
  let inForce: readonly InForce[] = [];
  let alerts: readonly ToldAlert[] = [];
  const playlists = new Set<string>();
  const begun = (fault: HttpFault): InForce => {
    const sinceEpochMs = clock.epochMs();
    const first = new Map<string, Answer>();
    for (const path of playlists)
      void truthAt(path).then((truth) => {
        if (truth.status === 200 && !first.has(path)) first.set(path, truth);
      });
    return { fault, random: seededRandom(fault.seed ?? 1), sinceEpochMs, first };
  };
  return {
    command: (command) => {
      const told = alertsIn(command, 'alertsInPlaylist');
      alerts = told ?? alerts;
      if (told) return;
      const { http } = checkHttpCommand(command);
      const same = (fault: HttpFault) =>
        inForce.find((one) => JSON.stringify(one.fault) === JSON.stringify(fault));
      inForce = http.map((fault) => same(fault) ?? begun(fault));
    },
    answer: async ({ method, path, signal }, truth) => {
      if (isPlaylist(path)) playlists.add(path);
      const target = requestTarget(method, path);
      const unspoilt = async () => withAlerts(await truth(), target, alerts);
      if (inForce.length === 0) return unspoilt();
      const decision = decide(inForce, target, clock.epochMs());
      const ofPlaylists = decision && ANSWERS_OF_PLAYLISTS.has(decision.wrong.kind);
      if (!decision || (ofPlaylists && target.kind !== 'playlist')) return unspoilt();
      const { wrong, by } = decision;
      switch (wrong.kind) {
        case 'hang':
          return never(signal);
        case 'status':
          return emptyAnswer(wrong.status);
        case 'slow':
          await clock.sleep(wrong.delayMs, signal);
          return unspoilt();
        case 'truncated': {
          const { status } = await truth();
          return status === 200 ? BROKEN : emptyAnswer(status);
        }
        case 'stale':
        case 'empty':
        case 'corrupt':
        case 'gap':
        case 'sequenceReset':
        case 'noDiscontinuity':
          return mangled(wrong, await truth(), { path, first: by.first });
      }
    },
  };
}

function withAlerts(answer: Answer, { kind }: Target, alerts: readonly ToldAlert[]): Answer {
  if (alerts.length === 0 || kind !== 'playlist' || answer.status !== 200) return answer;
  return { ...answer, body: withDateRanges(String(answer.body), alerts) };
}

type Wrong = NonNullable<ReturnType<typeof decide>>['wrong'];

function mangled(
  wrong: Wrong,
  truth: Answer,
  { path, first }: { readonly path: string; readonly first: Map<string, Answer> },
): Answer {
  if (truth.status !== 200) return truth;
  const before = first.get(path) ?? truth;
  if (isPlaylist(path)) first.set(path, before);
  const text = String(truth.body);
  const as = (body: string): Answer => ({ ...truth, body });
  switch (wrong.kind) {
    case 'stale':
      return before;
    case 'empty':
      return as('');
    case 'gap':
      return as(withGaps(text, wrong.every));
    case 'sequenceReset':
      return as(resetSequence(text, mediaSequence(String(before.body))));
    case 'noDiscontinuity':
      return as(withoutDiscontinuities(text));
    // Noise is refused before anything is played (playable.ts); the others are no manglings.
    case 'corrupt':
    case 'hang':
    case 'slow':
    case 'status':
    case 'truncated':
      return truth;
  }
}
