// Networks of countries, by an engine that remembers who was put where.

import { expect, it } from 'vitest';
import { countryNetworks } from '../../../harness/runtime/containers/countryNetworks.ts';

it('are made once each, one after the other, with what crosses borders on all of them', async () => {
  const made: string[] = [];
  const joined: unknown[] = [];
  const api = {
    getNetwork: (name: string) => ({
      connect: async (how: object) => void joined.push({ name, ...how }),
    }),
  };
  const networks = countryNetworks(api as never, async (prefix) => {
    made.push(prefix);
    let next = 10;
    const subnet = `198.19.${made.length}.0/24`;
    return { name: `run-${prefix}`, subnet, gateway: '', nextAddress: () => String(next++) };
  });
  const reached: number[] = [];
  networks.cross({
    id: 'box',
    alias: 'toxiproxy',
    onJoin: async (ranges) => void reached.push(ranges.length),
  });
  const [fr, ie, again] = await Promise.all(['FR', 'IE', 'FR'].map((one) => networks.of(one)));
  expect(again).toBe(fr);
  expect(made).toEqual(['in-fr', 'in-ie']);
  expect(fr).toMatchObject({ interfaceName: 'in-fr0', hosts: ['toxiproxy:10'] });
  expect(ie?.nextAddress()).toBe('11');
  expect(reached).toEqual([1, 2]);
  const EndpointConfig = { Aliases: ['toxiproxy'], IPAMConfig: { IPv4Address: '10' } };
  expect(joined).toEqual(
    ['run-in-fr', 'run-in-ie'].map((name) => ({ name, Container: 'box', EndpointConfig })),
  );
});
