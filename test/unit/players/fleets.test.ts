// Fleets by carriage behind one seam: each gets its own viewers, and none stays when one fails.

import { expect, it } from 'vitest';
import type { PlayerFleet, ViewerLaunch } from '../../../harness/model/world.ts';
import type { StartFleetOptions } from '../../../players/fleet.ts';
import { startFleets, type StartFleet } from '../../../players/fleets.ts';
import type { Carriage } from '../../../players/registry.ts';

const options = {} as StartFleetOptions;
const { signal } = new AbortController();
/** A second carriage that only these tests have. */
const both = new Set(['ott', 'air'] as unknown as Carriage[]);

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

const fleets = (done: string[], air: StartFleet): Readonly<Record<Carriage, StartFleet>> => {
  const all = { ott: async () => fakeFleet('ott', done), air };
  return all;
};

const launch = (id: string, carriage: string): ViewerLaunch => ({
  description: { id, channel: 'one', channelNumber: 1, player: 'hls.js', control: false },
  group: { player: 'hls.js', policy: { onFatal: 'none' }, config: {}, carriage },
  url: 'http://edge/index.m3u8',
});

it('give each viewer to the fleet of its carriage', async () => {
  const done: string[] = [];
  const air = async () => fakeFleet('air', done);
  const fleet = await startFleets(both, options, signal, fleets(done, air));
  expect(fleet.browser).toBe('ott, air');
  await fleet.join([launch('v1', 'ott'), launch('v2', 'air'), launch('v3', 'ott')]);
  await fleet.leave(['v2']);
  await fleet[Symbol.asyncDispose]();
  expect(done).toEqual([
    'ott: v1 v3',
    'air: v2',
    'ott leaves v2',
    'air leaves v2',
    'dispose ott',
    'dispose air',
  ]);
});

it('are none when one cannot be started', async () => {
  const done: string[] = [];
  const air = async () => Promise.reject(new Error('no antenna'));
  const starting = startFleets(both, options, signal, fleets(done, air));
  await expect(starting).rejects.toThrow('no antenna');
  expect(done).toEqual(['dispose ott']);
});
