// A Direct Connect snapshot after every failure, alone and in pairs, against AWS's rules of routing,
// written down here over the raw listings: local preference 300, 200 or 150 by community, a VPN 100.

import { expect, it } from 'vitest';
import { directConnect } from '../../../harness/exchange/directConnect.ts';
import type { Access, PathEvent } from '../../../harness/model/access.ts';
import { routeAccess } from '../../../harness/routing/route.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';
import { snapshotFiles, snapshotParts, type Parts } from '../../support/directConnect.ts';

const parts = snapshotParts();
const { text } = directConnect.read({
  files: snapshotFiles(parts),
  design: designText('dual-access-bgp'),
  name: 'snapshot',
  options: { country: 'FR' },
});
const accesses = parseDesign(text, 'snapshot.yaml').accesses ?? [];

interface Failure {
  readonly name: string;
  /** The ids of interfaces and VPN connections that it takes away. */
  readonly ids: readonly string[];
}

/** Everything that can fail in the listings, by what stands in them. */
function failuresIn({ connections, lags, virtualInterfaces: vifs, VpnConnections: vpns }: Parts) {
  const ids = (takes: (vif: (typeof vifs)[number]) => boolean) =>
    vifs.filter(takes).map((vif) => vif.virtualInterfaceId);
  const each = <T>(all: readonly T[], failure: (one: T) => Failure) =>
    [...new Set(all)].map(failure);
  return [
    ...each(
      [...connections.map((one) => one.connectionId), ...lags.map((one) => one.lagId)],
      (port) => ({ name: `port ${port}`, ids: ids((vif) => vif.connectionId === port) }),
    ),
    ...each(
      connections.map((one) => one.awsLogicalDeviceId),
      (device) => ({
        name: `device ${device}`,
        ids: ids((vif) => vif.awsLogicalDeviceId === device),
      }),
    ),
    ...each(
      connections.map((one) => one.location),
      (location) => ({
        name: `location ${location}`,
        ids: ids((vif) => vif.location === location),
      }),
    ),
    ...each(
      vifs.map((vif) => vif.directConnectGatewayId),
      (gateway) => ({
        name: `gateway ${gateway}`,
        ids: ids((vif) => vif.directConnectGatewayId === gateway),
      }),
    ),
    ...vifs.map(({ virtualInterfaceId: id }) => ({ name: id, ids: [id] })),
    ...vpns.map(({ VpnConnectionId: id }) => ({ name: id, ids: [id] })),
  ];
}

const LOCAL_PREFERENCE: Record<string, number> = {
  '7224:7300': 300,
  '7224:7200': 200,
  '7224:7100': 150,
};

/** The way that the rules choose to a network; undefined when none is left. */
function byTheRules(network: string, lost: ReadonlySet<string>): string | undefined {
  const association = parts.directConnectGatewayAssociations.find(
    (one) => one.associatedGateway.id === network,
  );
  const ways = [
    ...parts.virtualInterfaces
      .filter((vif) => vif.directConnectGatewayId === association?.directConnectGatewayId)
      .map(({ virtualInterfaceId: id }) => {
        const community = parts.advertisedRoutes.find(({ over }) => over === id)?.communities[0];
        return { id, preference: LOCAL_PREFERENCE[community ?? ''] ?? 0 };
      }),
    ...parts.VpnConnections.filter((vpn) => vpn.TransitGatewayId === network).map((vpn) => ({
      id: vpn.VpnConnectionId,
      preference: 100,
    })),
  ].filter(({ id }) => !lost.has(id));
  return ways.toSorted((a, b) => b.preference - a.preference)[0]?.id;
}

/** The way that routing chooses once every timer has run out. */
function byRouting({ paths, ...access }: Access, lost: ReadonlySet<string>): string | undefined {
  const events = paths
    .filter(({ circuits }) => circuits.some((id) => lost.has(id)))
    .map(({ name: path }): PathEvent => ({ kind: 'down', atMs: -86_400_000, path, of: 'failure' }));
  const [state] = routeAccess({ ...access, paths }, events, { fromMs: 0, toMs: 1 });
  if (state?.state !== 'up') return undefined;
  return paths.find(({ name }) => name === state.path)?.circuits[0];
}

const failures = failuresIn(parts);
const networks = parts.directConnectGatewayAssociations.map((one) => one.associatedGateway.id);
const differing = (names: readonly string[], ids: readonly string[]) =>
  networks.flatMap((network, i) => {
    const lost = new Set(ids);
    const [rules, routing] = [byTheRules(network, lost), byRouting(accesses[i] as Access, lost)];
    return rules === routing ? [] : [{ names, network, rules, routing }];
  });

it('chooses what the rules choose after every single failure', () => {
  expect(accesses).toHaveLength(7);
  expect(failures.length).toBeGreaterThan(40);
  expect(failures.flatMap(({ name, ids }) => differing([name], ids))).toEqual([]);
});

it('and after every pair of failures, some of which leave nothing', () => {
  const pairs = failures.flatMap((one, i) =>
    failures.slice(i + 1).map((two) => [one, two] as const),
  );
  const both = pairs.map((pair) => ({
    names: pair.map(({ name }) => name),
    ids: pair.flatMap(({ ids }) => ids),
  }));
  expect(both.flatMap(({ names, ids }) => differing(names, ids))).toEqual([]);
  const dark = both.filter(({ ids }) => byTheRules('tgw-4', new Set(ids)) === undefined);
  expect(dark.length).toBeGreaterThan(0);
});

it('a port of a bundle takes nothing away, and both of them everything on it', () => {
  const [access] = accesses as [Access];
  const lag = access.paths[0]?.name ?? '';
  const after = (members: number) => {
    const event: PathEvent = { kind: 'down', members, atMs: -86_400_000, path: lag, of: 'ports' };
    return routeAccess(access, [event], { fromMs: 0, toMs: 1 })[0]?.path;
  };
  expect(after(1)).toBe(lag);
  expect(after(2)).toBe(access.paths[1]?.name);
});
