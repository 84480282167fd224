// One fleet for each carriage, one line each, behind the seam that a run knows one fleet by.

import type { PlayerFleet, ViewerLaunch } from '../harness/model/world.ts';
import { startFleet, type StartFleetOptions } from './fleet.ts';
import { carriageOf, type Carriage } from './registry.ts';

export type StartFleet = (options: StartFleetOptions, signal: AbortSignal) => Promise<PlayerFleet>;

const FLEETS: Readonly<Record<Carriage, StartFleet>> = { ott: startFleet };

/** Starts the fleets of these carriages; when one cannot be started, none stays. */
export async function startFleets(
  carriages: ReadonlySet<Carriage>,
  options: StartFleetOptions,
  signal: AbortSignal,
  fleets = FLEETS,
): Promise<PlayerFleet> {
  const started = new Map<Carriage, PlayerFleet>();
  const starting = [...carriages].map(async (carriage) =>
    started.set(carriage, await fleets[carriage](options, signal)),
  );
  const failed = (await Promise.allSettled(starting)).find(({ status }) => status === 'rejected');
  if (!failed) return together(started);
  await Promise.allSettled([...started.values()].map((fleet) => fleet[Symbol.asyncDispose]()));
  throw (failed as PromiseRejectedResult).reason;
}

function together(fleets: ReadonlyMap<Carriage, PlayerFleet>): PlayerFleet {
  const all = [...fleets.values()];
  const first = all[0]!;
  if (all.length === 1) return first;
  const each = async (work: (fleet: PlayerFleet) => PromiseLike<void>) =>
    void (await Promise.all(all.map(work)));
  return {
    browser: all.map(({ browser }) => browser).join(', '),
    lost: Promise.race(all.flatMap(({ lost }) => lost ?? [])),
    join: async (launches) => {
      const own = Map.groupBy(launches, ({ group }: ViewerLaunch) => carriageOf(group));
      await Promise.all([...own].map(async ([carriage, some]) => fleets.get(carriage)?.join(some)));
    },
    screenshot: () => first.screenshot(),
    leave: (viewers) => each((fleet) => fleet.leave(viewers)),
    [Symbol.asyncDispose]: () => each((fleet) => fleet[Symbol.asyncDispose]()),
  };
}
