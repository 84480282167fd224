// Fleets behind one seam: each gets its own viewers, and none stays when one fails.

import { expect, it } from 'vitest';
import type { PlayerFleet, ViewerLaunch } from '../../../harness/model/world.ts';
import type { StartFleetOptions } from '../../../players/fleet.ts';
import { startFleets, type StartFleet } from '../../../players/fleets.ts';
import { PLAYERS, type FleetName, type KnownPlayers } from '../../../players/registry.ts';

const options = {} as StartFleetOptions;
const { signal } = new AbortController();
/** A second fleet that only these tests have. */
const both = new Map([
  ['wall', 2],
  ['air', 1],
]) as unknown as ReadonlyMap<FleetName, number>;
const players = {
  'hls.js': PLAYERS['hls.js'],
  box: { ...PLAYERS['hls.js'], fleet: 'air' },
} as unknown as KnownPlayers;

function fakeFleet(name: string, done: string[]): PlayerFleet {
  return {
    browser: name,
    join: async (viewers) => void done.push(`${name}: ${viewers.map(idOf).join(' ')}`),
    screenshot: async () => new Uint8Array([name.length]),
    leave: async (viewers) => void done.push(`${name} leaves ${viewers?.join(' ') ?? 'all'}`),
    [Symbol.asyncDispose]: async () => void done.push(`dispose ${name}`),
  };
}

const idOf = ({ description }: ViewerLaunch): string => description.id;

const known = (done: string[], air: StartFleet) => {
  const fleets: Readonly<Record<string, StartFleet>> = {
    wall: async ({ count }) => fakeFleet(`wall of ${count}`, done),
    air,
  };
  return { fleets: fleets as Record<FleetName, StartFleet>, players };
};

const launch = (id: string, player: string): ViewerLaunch => ({
  description: { id, channel: 'one', channelNumber: 1, player, control: false },
  group: { player, policy: { onFatal: 'none' }, config: {} },
  url: 'http://edge/index.m3u8',
});

it('give each viewer to the fleet of its player', async () => {
  const done: string[] = [];
  const air: StartFleet = async ({ count }) => fakeFleet(`${count} air`, done);
  const fleet = await startFleets(both, options, signal, known(done, air));
  expect(fleet.browser).toBe('wall of 2, 1 air');
  await fleet.join([launch('v1', 'hls.js'), launch('v2', 'box'), launch('v3', 'hls.js')]);
  await fleet.leave(['v2']);
  await fleet[Symbol.asyncDispose]();
  expect(done).toEqual([
    'wall of 2: v1 v3',
    '1 air: v2',
    'wall of 2 leaves v2',
    '1 air leaves v2',
    'dispose wall of 2',
    'dispose 1 air',
  ]);
});

it('are none when one cannot be started', async () => {
  const done: string[] = [];
  const air = async () => Promise.reject(new Error('no process'));
  const starting = startFleets(both, options, signal, known(done, air));
  await expect(starting).rejects.toThrow('no process');
  expect(done).toEqual(['dispose wall of 2']);
});
