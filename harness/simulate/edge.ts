// An edge in virtual time: nginx's cache by the production cache times, one request for many, and the
// move to the next origin.

import type { Clock } from '../kernel/clock.ts';
import { within } from '../kernel/deadline.ts';
import { isKeptError, listKeeping, keptUntilEpochMs } from '../model/cacheTimes.ts';
import type { EdgeStage } from '../model/scenario.ts';
import {
  emptyAnswer,
  createWrongAnswers,
  isPlaylist,
  BROKEN,
  type Answer,
  type Asked,
} from './answers.ts';
import type { Flow } from './flow.ts';
import { LOCK_POLL_MS } from './constants.ts';
import { reach, type Server } from './origin.ts';
import { createStageLife } from './stage.ts';

export interface Upstream {
  readonly server: Server;
  readonly flow: Flow | undefined;
}

export interface EdgeOptions {
  readonly clock: Clock;
  readonly stage: EdgeStage;
  /** The preferred first. */
  readonly upstreams: readonly Upstream[];
  /** Bytes of a file, for links that are narrow. */
  readonly bytesOf: (path: string, answer: Answer) => number;
}

interface Kept {
  readonly answer: Answer;
  readonly untilEpochMs: number;
}

/** nginx tries the next origin after these; it calls none of 404 a failure of the origin. */
const NEXT: ReadonlySet<number> = new Set([0, 404, 500, 502, 503, 504]);
const FAILURES: ReadonlySet<number> = new Set([0, 500, 502, 503, 504]);
const REQUEST_BYTES = 300;
const FAILOVER = { maxFails: 1, failTimeoutMs: 10_000 };

export function startEdge(options: EdgeOptions): Server {
  const { clock, stage } = options;
  const cache = new Map<string, Kept>();
  const asking = new Set<string>();
  const origins = trackOrigins(options);
  const wrong = createWrongAnswers(clock, (path) => truth(path));
  let requests = 0;
  const keep = (path: string, answer: Answer): void => {
    const kept = listKeeping(stage);
    const isError = isKeptError(answer.status);
    const keeping = isError ? kept.error : isPlaylist(path) ? kept.playlist : kept.segment;
    if (answer.status !== 200 && !isError) return;
    const untilEpochMs = keptUntilEpochMs(keeping, clock.epochMs());
    if (untilEpochMs > clock.epochMs()) cache.set(path, { answer, untilEpochMs });
  };
  const renew = async (path: string, keeps = true): Promise<Answer> => {
    const answer = await origins.ask(path);
    const old = cache.get(path)?.answer;
    if (stage.staleIfError && old?.status === 200 && FAILURES.has(answer.status)) return old;
    if (keeps) keep(path, answer);
    return answer.status === 0 ? emptyAnswer(502) : answer;
  };
  const askAlone = async (path: string): Promise<Answer> => {
    asking.add(path);
    return renew(path).finally(() => asking.delete(path));
  };
  /**
   * Others get what is past its life, or look again and again whether the one who asks has got something
   * that is kept. After the time of the lock each asks for itself, and keeps nothing.
   */
  const truth = async (path: string): Promise<Answer> => {
    const lateEpochMs = clock.epochMs() + stage.originTimeoutMs;
    for (;;) {
      const kept = cache.get(path);
      if (kept && kept.untilEpochMs > clock.epochMs()) return kept.answer;
      if (!stage.collapse) return renew(path);
      if (!asking.has(path)) return askAlone(path);
      if (kept) return kept.answer;
      const leftMs = lateEpochMs - clock.epochMs();
      if (leftMs <= 0) return renew(path, false);
      await clock.sleep(Math.min(LOCK_POLL_MS, leftMs));
    }
  };
  const life = createStageLife(clock, () => asking.clear());
  return {
    life,
    wrong,
    ask: async (asked: Asked) => {
      if (!(await reach(life, asked.signal))) return BROKEN;
      requests++;
      if (requests % FORGET_EVERY === 0) forget(cache, clock.epochMs());
      return wrong.answer(asked, () => truth(asked.path));
    },
    stats: () => ({ requests }),
  };
}

const FORGET_EVERY = 5_000;
/** nginx forgets what nobody asked for in ten minutes. */
const FORGET_MS = 600_000;

function forget(cache: Map<string, Kept>, nowEpochMs: number): void {
  for (const [path, { untilEpochMs }] of cache)
    if (untilEpochMs < nowEpochMs - FORGET_MS) cache.delete(path);
}

/** The first origin is asked; the others while it has failed too often. */
function trackOrigins(options: EdgeOptions) {
  const { clock, stage, upstreams } = options;
  const { maxFails, failTimeoutMs } = stage.originFailover ?? FAILOVER;
  const failed = new Map<Upstream, number[]>();
  const isOut = (upstream: Upstream): boolean => {
    const since = clock.epochMs() - failTimeoutMs;
    const recent = (failed.get(upstream) ?? []).filter((at) => at > since);
    failed.set(upstream, recent);
    return upstreams.length > 1 && maxFails > 0 && recent.length >= maxFails;
  };
  const askOne = async (upstream: Upstream, path: string): Promise<Answer> => {
    const answer = await exchange(upstream, path, options).catch(() => emptyAnswer(504));
    if (FAILURES.has(answer.status))
      failed.set(upstream, [...(failed.get(upstream) ?? []), clock.epochMs()]);
    return answer;
  };
  return {
    ask: async (path: string): Promise<Answer> => {
      const inTurn = upstreams.toSorted((a, b) => Number(isOut(a)) - Number(isOut(b)));
      let answer = emptyAnswer(502);
      for (const upstream of inTurn) {
        answer = await askOne(upstream, path);
        if (!NEXT.has(answer.status)) return answer;
      }
      return answer;
    },
  };
}

/** Made once: each new one would cost the trace of a stack, and nobody sees it. */
const TOO_LATE = new Error('too late');

/** A request over a link, and its answer; rejects after nginx's time without a byte. */
async function exchange(
  { server, flow }: Upstream,
  path: string,
  { clock, stage, bytesOf }: EdgeOptions,
): Promise<Answer> {
  const late = () => TOO_LATE;
  const bound = <T>(moreMs: number, work: (signal: AbortSignal) => Promise<T>) =>
    within({ ms: stage.originTimeoutMs + moreMs, clock, late }, work);
  const answer = await bound(0, async (signal) => {
    const sent = await flow?.cross('backward', REQUEST_BYTES, signal);
    return sent === 'broken' ? BROKEN : server.ask({ method: 'GET', path, signal });
  });
  if (!flow) return answer;
  const bytes = bytesOf(path, answer);
  const back = await bound(flow.passesInMs('forward', bytes), (signal) =>
    flow.cross('forward', bytes, signal),
  );
  return back === 'broken' ? BROKEN : answer;
}
