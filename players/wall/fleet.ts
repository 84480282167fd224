// One wall over several machines behind the seam of a fleet: the page of the run shows its control, a
// page on each worker its share and a control of its own. A worker that is lost takes nobody with it.

import { allOrFirstError } from '../../harness/kernel/allOrFirstError.ts';
import { systemClock } from '../../harness/kernel/clock.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { PlayerFleet, ViewerLaunch } from '../../harness/model/world.ts';
import { startFleet, type StartFleetOptions } from '../fleet.ts';
import type { StartFleet } from '../fleets.ts';
import { bundlePage } from '../pageScript.ts';
import { pagePlayers } from '../registry.ts';
import { shiftRecord } from '../records.ts';
import type { WallRecord } from './messages.ts';
import type { RemoteWorker, ToldRecord } from './remote.ts';
import type { Wall } from './server.ts';

export interface WallFleetOptions {
  readonly wall: Wall;
  /** Tells whether a record is one that a journal may hold; its times are of any clock. */
  readonly isRecord: (record: unknown) => boolean;
  /** Starts the page that shows the control of the run. */
  readonly startHere?: StartFleet;
}

/** A browser with its page on a worker. */
const SHOW_MS_MAX = 90_000;
const JOIN_MS_MAX = 60_000;
/** A run gives its viewers five seconds to leave; a page takes less than one. */
const LEAVE_MS_MAX = 4_000;
const SCREENSHOT_MS_MAX = 4_000;

/** Gives the starter of a fleet that stands for the wall; its `count` is that of all workers. */
export const wallOverWorkers =
  ({ wall, isRecord, startHere = startFleet }: WallFleetOptions): StartFleet =>
  async (options, signal) => {
    const script = await bundlePage(pagePlayers(options.players ?? []));
    const starting = [
      startHere({ ...options, count: 0 }, signal),
      ...wall.workers.map((worker, i) => {
        const count = wall.shares[i]!.count;
        return showOn(worker, { ...options, count, script, isRecord });
      }),
    ];
    try {
      const [here, ...fleets] = await allOrFirstError(starting);
      return together(wall, here!, fleets);
    } catch (error) {
      const [here] = await Promise.allSettled(starting);
      if (here?.status === 'fulfilled') await here.value[Symbol.asyncDispose]();
      throw error;
    }
  };

type ShowOptions = Omit<StartFleetOptions, 'profileDir'> & {
  readonly script: string;
  readonly isRecord: WallFleetOptions['isRecord'];
};

/** The fleet of one worker. It never fails because the worker is lost: its viewers are, from then on. */
async function showOn(worker: RemoteWorker, options: ShowOptions): Promise<PlayerFleet> {
  const { emit, isRecord, count, title, seed, media, script } = options;
  const { name, machine } = worker.hello;
  const own = new Set<string>();
  worker.listen({
    onRecord: (told, offsetMs) => {
      const nowEpochMs = systemClock.epochMs();
      const record = acceptRecord(told, { name, own, isRecord, offsetMs, nowEpochMs });
      if (record) emit(record);
    },
    onOffset: (clock) => emit({ type: 'worker', worker: name, event: 'clock', clock }),
  });
  const show = { type: 'show', count, title, seed, media, script } as const;
  const { browser = 'a browser' } = await worker.ask(show, SHOW_MS_MAX);
  const detail = `${machine}, ${browser}`;
  emit({ type: 'worker', worker: name, event: 'join', clock: worker.offset(), detail });
  void worker.lost.then((why) => {
    emit({ type: 'worker', worker: name, event: 'lost', detail: why });
    const lost = `worker ${name} was lost: ${why}`;
    for (const viewer of own) emit({ type: 'viewer', viewer, event: 'page-lost', detail: lost });
  });
  const askUnlessLost = async (...question: Parameters<RemoteWorker['ask']>) =>
    worker.ask(...question).catch((error: unknown) => {
      if (worker.lostBecause() === undefined) throw error;
      return {};
    });
  return {
    browser: `${browser} on ${name}`,
    join: async (viewers) => {
      for (const { description } of viewers) own.add(description.id);
      await askUnlessLost({ type: 'join', viewers }, JOIN_MS_MAX);
    },
    screenshot: async () => {
      const { picture = '' } = await worker.ask({ type: 'screenshot' }, SCREENSHOT_MS_MAX);
      return Buffer.from(picture, 'base64');
    },
    leave: async (viewers) => {
      await askUnlessLost({ type: 'leave', viewers }, LEAVE_MS_MAX);
      for (const viewer of viewers ?? []) own.delete(viewer);
      if (viewers !== undefined) return;
      const clock = await worker.measure().catch(() => undefined);
      if (clock) emit({ type: 'worker', worker: name, event: 'leave', clock });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

interface Teller {
  readonly name: string;
  /** Its viewers. */
  readonly own: ReadonlySet<unknown>;
  readonly isRecord: WallFleetOptions['isRecord'];
  /** The time to add to its times. */
  readonly offsetMs: number;
  readonly nowEpochMs: number;
}

/** Gives a record by the clock of the run; undefined for anything that a worker may not tell. */
export function acceptRecord(
  record: ToldRecord,
  { name, own, isRecord, offsetMs, nowEpochMs }: Teller,
): WallRecord | undefined {
  if (!isItsOwn(record, own) || !isRecord({ ...record, atMs: record.atEpochMs })) return undefined;
  const named =
    record.type === 'log' ? { ...record, text: `worker ${name}: ${record.text}` } : record;
  const shifted = shiftRecord(named, offsetMs);
  return timesIn(shifted).every((ms) => Math.abs(ms - nowEpochMs) <= APART_MS_MAX)
    ? shifted
    : undefined;
}

/** A worker whose connection holds tells of a moment within seconds. */
const APART_MS_MAX = 600_000;

const timesIn = (record: WallRecord): readonly number[] => [
  record.atEpochMs ?? NaN,
  ...(record.type === 'frames' ? record.frames.map(([atEpochMs]) => atEpochMs) : []),
];

const OF_VIEWERS: ReadonlySet<unknown> = new Set(['viewer', 'frames']);

/** A worker speaks for its own viewers; what else a record must have is asked after this. */
const isItsOwn = (
  record: ToldRecord,
  own: ReadonlySet<unknown>,
): record is ToldRecord & WallRecord =>
  record['type'] === 'log' || (OF_VIEWERS.has(record['type']) && own.has(record['viewer']));

function together(
  { workers, reach }: Wall,
  here: PlayerFleet,
  fleets: readonly PlayerFleet[],
): PlayerFleet {
  const all = [here, ...fleets];
  const fleetOf = (worker: string | undefined) =>
    fleets[workers.findIndex(({ hello }) => hello.name === worker)] ?? here;
  const placeOf = new Map<string, PlayerFleet>();
  const allLost = Promise.all(workers.map(({ lost }) => lost)).then(() => nobodyLeft(workers));
  return {
    browser: all.map(({ browser }) => browser).join(', '),
    lost: Promise.race([...(here.lost ? [here.lost] : []), allLost]),
    join: async (launches) => {
      const elsewhere = launches.filter(({ description }) => description.worker !== undefined);
      await Promise.all(elsewhere.flatMap(urlsOf).map(reach));
      for (const { description } of launches)
        placeOf.set(description.id, fleetOf(description.worker));
      const own = Map.groupBy(launches, ({ description }) => placeOf.get(description.id)!);
      await Promise.all([...own].map(async ([fleet, some]) => fleet.join(some)));
    },
    screenshot: async () => {
      const alive = workers.findIndex((worker) => worker.lostBecause() === undefined);
      return (fleets[alive] ?? here).screenshot();
    },
    leave: async (viewers) => {
      if (viewers === undefined) return void (await Promise.all(all.map((one) => one.leave())));
      const own = Map.groupBy(viewers, (viewer) => placeOf.get(viewer) ?? here);
      await Promise.all([...own].map(async ([fleet, some]) => fleet.leave(some)));
    },
    [Symbol.asyncDispose]: async () => here[Symbol.asyncDispose](),
  };
}

const urlsOf = ({ url, mediaFrom = [], alertsAt = [], ...more }: ViewerLaunch): string[] => [
  ...[url, ...mediaFrom, ...alertsAt],
  ...[...(more.fallbacks ?? []), ...(more.zapsTo ?? [])].map((place) => place.url),
];

const nobodyLeft = (workers: readonly RemoteWorker[]): HarnessError =>
  new HarnessError(
    'WALL_FAILED',
    `every worker was lost: ${workers.map((one) => `${one.hello.name} (${one.lostBecause()})`).join(', ')}`,
    { target: '--wall-workers', hint: 'Nothing is known of the viewers from then on.' },
  );
