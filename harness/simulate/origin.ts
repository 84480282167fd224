// An origin in virtual time: what is uploaded is there, and a playlist that has grown old is answered
// for as the design says; the watch over their age is the production one.

import type { Clock } from '../kernel/clock.ts';
import type { StageFigures } from '../model/counters.ts';
import type { OriginStage } from '../model/scenario.ts';
import { watchStaleness, type Playlists } from '../pipeline/web/staleness.ts';
import {
  emptyAnswer,
  BROKEN,
  createWrongAnswers,
  isPlaylist,
  never,
  type Answer,
  type Asked,
  type WrongAnswers,
} from './answers.ts';
import { createStageLife, type StageLife } from './stage.ts';

/** A stage that answers requests. */
export interface Server {
  readonly life: StageLife;
  /** Resolves with the answer, or never; rejects when whoever asked has gone. */
  readonly ask: (asked: Asked & { readonly body?: string | Buffer }) => Promise<Answer>;
  readonly wrong: WrongAnswers;
  readonly stats: () => StageFigures;
}

export interface Origin extends Server {
  disk: 'free' | 'full';
}

export interface OriginOptions {
  readonly clock: Clock;
  readonly stage: OriginStage;
  /** The newest frame clock in an uploaded segment. */
  readonly newestIn: (body: Buffer) => number | undefined;
}

export function startOrigin({ clock, stage, newestIn }: OriginOptions): Origin {
  const files = new Map<string, string | Buffer>();
  /** When each media playlist was put last. */
  const putEpochMs = new Map<string, number>();
  const stale = new Set<string>();
  const wrong = createWrongAnswers(clock, (path) => truth(path, new AbortController().signal));
  let requests = 0;
  let newest: number | undefined;
  const store = (path: string, body: string | Buffer): Answer => {
    if (origin.disk === 'full') return emptyAnswer(507);
    files.set(path, body);
    if (isMedia(path)) putEpochMs.set(path, clock.epochMs());
    if (typeof body !== 'string') newest = newestIn(body) ?? newest;
    return emptyAnswer(201);
  };
  const truth = (path: string, signal: AbortSignal): Promise<Answer> => {
    const file = files.get(path);
    if (stale.has(path)) {
      if (stage.whenStale === 'hang') return never(signal);
      return Promise.resolve(emptyAnswer(Number(stage.whenStale)));
    }
    return Promise.resolve(file === undefined ? emptyAnswer(404) : { status: 200, body: file });
  };
  const playlists: Playlists = {
    stored: () =>
      Promise.resolve([...putEpochMs].map(([path, atEpochMs]) => ({ path, atEpochMs }))),
    mark: (path, isStale) => {
      if (isStale) stale.add(path);
      else stale.delete(path);
      return Promise.resolve();
    },
  };
  const origin: Origin = {
    life: createStageLife(clock, (signal) => {
      if (stage.whenStale === 'serve') return;
      const { staleAfterMs } = stage;
      void watchStaleness({ clock, playlists, staleAfterMs, note: () => undefined }, signal);
    }),
    wrong,
    disk: 'free',
    ask: async (asked) => {
      const { method, path, body = '', signal } = asked;
      const there = await reach(origin.life, signal);
      if (!there) return BROKEN;
      requests++;
      return wrong.answer(asked, () => {
        if (method === 'PUT') return Promise.resolve(store(path, body));
        if (method === 'GET') return truth(path, signal);
        putEpochMs.delete(path);
        return Promise.resolve(emptyAnswer(files.delete(path) ? 204 : 404));
      });
    },
    stats: () => ({ requests, programmeCounter: newest }),
  };
  return origin;
}

const isMedia = (path: string): boolean => isPlaylist(path) && path.split('/').length > 3;

/** False where nobody takes the connection; a stage that stands still answers when it goes on. */
export async function reach(life: StageLife, signal: AbortSignal): Promise<boolean> {
  while (life.state === 'paused') {
    await life.changed();
    signal.throwIfAborted();
  }
  if (life.state === 'absent') return never(signal);
  return life.state === 'works';
}
