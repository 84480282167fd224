// The fleets, one line each, behind the seam that a run knows one fleet by.

import type { PlayerFleet, ViewerLaunch } from '../harness/model/world.ts';
import { startBoxFleet } from './box/fleet.ts';
import { startFleet, type StartFleetOptions } from './fleet.ts';
import { startLightFleet } from './light/fleet.ts';
import { findFleet, PLAYERS, type FleetName, type KnownPlayers } from './registry.ts';

export type StartFleet = (options: StartFleetOptions, signal: AbortSignal) => Promise<PlayerFleet>;

/** Starts each fleet of viewers on this machine. */
export const FLEETS: Readonly<Record<FleetName, StartFleet>> = {
  wall: startFleet,
  light: startLightFleet,
  boxes: startBoxFleet,
};

interface Known {
  readonly fleets: Readonly<Record<FleetName, StartFleet>>;
  readonly players: KnownPlayers;
}

/** Starts a fleet for so many viewers each; when one cannot be started, none stays. */
export async function startFleets(
  counts: ReadonlyMap<FleetName, number>,
  options: Omit<StartFleetOptions, 'count'>,
  signal: AbortSignal,
  { fleets, players }: Known = { fleets: FLEETS, players: PLAYERS },
): Promise<PlayerFleet> {
  const starting = [...counts].map(
    async ([name, count]) => [name, await fleets[name]({ ...options, count }, signal)] as const,
  );
  const results = await Promise.allSettled(starting);
  const started = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = results.find(({ status }) => status === 'rejected');
  if (!failed) return together(new Map(started), players);
  await Promise.allSettled(started.map(([, fleet]) => fleet[Symbol.asyncDispose]()));
  throw (failed as PromiseRejectedResult).reason;
}

function together(fleets: ReadonlyMap<FleetName, PlayerFleet>, players: KnownPlayers): PlayerFleet {
  const all = [...fleets.values()];
  const first = all[0]!;
  if (all.length === 1) return first;
  const each = async (work: (fleet: PlayerFleet) => PromiseLike<void>) =>
    void (await Promise.all(all.map(work)));
  return {
    browser: all.map(({ browser }) => browser).join(', '),
    lost: Promise.race(all.flatMap(({ lost }) => lost ?? [])),
    join: async (launches) => {
      const own = Map.groupBy(launches, ({ group }: ViewerLaunch) =>
        findFleet(group.player, players),
      );
      await Promise.all([...own].map(async ([name, some]) => fleets.get(name)?.join(some)));
    },
    screenshot: () => first.screenshot(),
    leave: (viewers) => each((fleet) => fleet.leave(viewers)),
    [Symbol.asyncDispose]: () => each((fleet) => fleet[Symbol.asyncDispose]()),
  };
}
