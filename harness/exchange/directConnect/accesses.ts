// Makes the accesses of a design from a snapshot: one for each network in the cloud that is reached
// over other interfaces than the next, with a path for each interface and VPN connection.

import { ACCESS_DEFAULTS, ACCESS_LIMITS } from '../../model/access.ts';
import { orderWays, type Way } from './order.ts';
import type { Connection, Lag, VirtualInterface, VpnConnection } from './shapes.ts';
import { toSlug } from '../slug.ts';
import { isThere, portState, type Snapshot } from './snapshot.ts';
import { testDates } from './failoverTests.ts';

export const AWS = 'AWS';

export interface Places {
  /** ISO 3166-1 alpha-2, of a location code or of `internet`. */
  readonly countryOf: (location: string) => string;
  readonly bfd: boolean;
}

/** A path or access as a design file has it. */
type Written = Readonly<Record<string, unknown>>;

export interface MadeAccess {
  readonly name: string;
  readonly paths: Readonly<Record<string, Written>>;
}

export interface Made {
  readonly accesses: readonly MadeAccess[];
  /** Companies that carry a connection to AWS. */
  readonly partners: readonly string[];
  readonly remarks: readonly string[];
}

interface Member extends Way {
  readonly name: string;
  readonly isUp: boolean;
  /** The gateways of networks that it leads to. */
  readonly leadsTo: readonly string[];
  readonly gateway: string | undefined;
  readonly path: Written;
}

export function accessesIn(snapshot: Snapshot, places: Places): Made {
  const remarks: string[] = [];
  const members = [
    ...snapshot.virtualInterfaces.flatMap(({ value }) =>
      interfaceMember(value, { snapshot, places, remarks }),
    ),
    ...snapshot.VpnConnections.flatMap(({ value }) =>
      ['deleting', 'deleted'].includes(value.State) ? [] : [vpnMember(value, { snapshot, places })],
    ),
  ];
  const names = new Names();
  const accesses = groupMembers(members).map((group) => {
    const name = names.take(accessName(group, snapshot), group.networks[0] ?? '');
    return { name, paths: writePaths({ ...group, name }, { names, snapshot, remarks }) };
  });
  const operators = members.map(({ path }) => String(path['operator']));
  const partners = [...new Set(operators)].filter((operator) => operator !== AWS);
  return { accesses, partners, remarks };
}

interface Context {
  readonly snapshot: Snapshot;
  readonly places: Places;
}

function interfaceMember(
  value: VirtualInterface,
  { snapshot, places, remarks }: Context & { readonly remarks: string[] },
): readonly Member[] {
  const id = value.virtualInterfaceId;
  const state = value.virtualInterfaceState;
  if (value.virtualInterfaceType === 'public' || !isUsed(state)) {
    const why = isUsed(state) ? 'it is public and leads to no network' : `its state is ${state}`;
    remarks.push(`${id} is left out: ${why}`);
    return [];
  }
  const leadsTo = listNetworks(value, snapshot);
  if (leadsTo.length === 0) {
    remarks.push(`${id} is left out: its gateway is associated with no network`);
    return [];
  }
  const port = portState(value, snapshot);
  if (!isUsed(port)) {
    remarks.push(`${id} is left out: the state of ${value.connectionId} is ${port}`);
    return [];
  }
  const isUp = state !== 'down' && port !== 'down' && !isSessionDown(value);
  if (!isUp) remarks.push(`${id} was down: it is written with a filter, and carries nothing`);
  if ([state, port].includes('unknown'))
    remarks.push(`${id} is taken as working: AWS did not know its state`);
  return [
    {
      id,
      name: value.virtualInterfaceName ?? '',
      isVpn: false,
      isUp,
      leadsTo,
      gateway: value.directConnectGatewayId || undefined,
      routes: routesOver(id, snapshot),
      path: interfacePath(value, { snapshot, places }),
    },
  ];
}

const isUsed = (state: string): boolean =>
  isThere(state) &&
  !['confirming', 'verifying', 'pending', 'ordering', 'requested'].includes(state);

const isSessionDown = ({ bgpPeers, virtualInterfaceState }: VirtualInterface): boolean =>
  virtualInterfaceState !== 'testing' &&
  bgpPeers.length > 0 &&
  bgpPeers.every(({ bgpStatus }) => bgpStatus === 'down');

function listNetworks(value: VirtualInterface, { directConnectGatewayAssociations }: Snapshot) {
  const gateway = value.directConnectGatewayId || undefined;
  if (gateway === undefined) return value.virtualGatewayId ? [value.virtualGatewayId] : [];
  if (directConnectGatewayAssociations.length === 0) return [gateway];
  return directConnectGatewayAssociations.flatMap(({ value: association }) => {
    const { directConnectGatewayId, associationState, associatedGateway, virtualGatewayId } =
      association;
    const stands = ['associated', 'updating'].includes(associationState);
    return stands && directConnectGatewayId === gateway
      ? (associatedGateway?.id ?? virtualGatewayId ?? [])
      : [];
  });
}

const routesOver = (id: string, { advertisedRoutes }: Snapshot) => {
  const routes = advertisedRoutes.filter(({ value }) => value.over === id);
  return routes.length === 0 ? undefined : routes.map(({ value }) => value);
};

/** BGP timers are those that AWS has when the customer's router says nothing else. */
function interfacePath(value: VirtualInterface, { snapshot, places }: Context): Written {
  const lag = snapshot.lags.find(({ value: one }) => one.lagId === value.connectionId)?.value;
  const connection = snapshot.connections.find(
    ({ value: one }) => one.connectionId === value.connectionId,
  )?.value;
  const port = lag ?? connection;
  return {
    ...(lag ? lagFields(lag) : { kind: 'connection', capacity: readRate(connection?.bandwidth) }),
    circuits: listCircuits(value, snapshot),
    device: findDevice(value) ?? findDevice(port) ?? value.connectionId,
    location: value.location,
    operator: connection?.partnerName || port?.providerName || AWS,
    country: places.countryOf(value.location),
    bgp: {
      keepalive: `${ACCESS_DEFAULTS.keepaliveMs / 1000}s`,
      hold: `${ACCESS_DEFAULTS.holdMs / 1000}s`,
    },
    ...(places.bfd && {
      bfd: {
        interval: `${ACCESS_DEFAULTS.bfdIntervalMs}ms`,
        multiplier: ACCESS_DEFAULTS.bfdMultiplier,
      },
    }),
  };
}

/** A group of one port is a connection. */
const lagFields = ({ numberOfConnections, connectionsBandwidth, minimumLinks }: Lag): Written =>
  numberOfConnections < 2
    ? { kind: 'connection', capacity: readRate(connectionsBandwidth) }
    : {
        kind: 'lag',
        members: numberOfConnections,
        member: readRate(connectionsBandwidth),
        minimumLinks,
      };

/** Every id that a notice can name, the ports of its group among them. */
const listCircuits = (value: VirtualInterface, { connections }: Snapshot): readonly string[] => [
  value.virtualInterfaceId,
  value.connectionId,
  ...connections.flatMap(({ value: one }) =>
    one.lagId === value.connectionId ? [one.connectionId] : [],
  ),
  ...(value.directConnectGatewayId ? [value.directConnectGatewayId] : []),
];

const findDevice = (
  one: Pick<Connection, 'awsLogicalDeviceId' | 'awsDeviceV2' | 'awsDevice'> | undefined,
): string | undefined => one?.awsLogicalDeviceId || one?.awsDeviceV2 || one?.awsDevice || undefined;

const readRate = (bandwidth = ''): string => bandwidth.replace('bps', '');

function vpnMember(value: VpnConnection, { snapshot, places }: Context): Member {
  const { VpnConnectionId: id, VgwTelemetry, Options, Tags } = value;
  const holdS = Number(/<hold_time>(\d+)</.exec(value.CustomerGatewayConfiguration ?? '')?.[1]);
  const keepaliveS = Math.floor(holdS / ACCESS_LIMITS.keepalivesPerHoldMin);
  return {
    id,
    name: Tags.find(({ Key }) => Key === 'Name')?.Value ?? '',
    isVpn: true,
    isUp: VgwTelemetry.length === 0 || VgwTelemetry.some(({ Status }) => Status === 'UP'),
    leadsTo: [value.TransitGatewayId || value.VpnGatewayId || id],
    gateway: undefined,
    routes: routesOver(id, snapshot),
    path: {
      kind: 'vpn',
      tunnels: Math.max(1, VgwTelemetry.length || ACCESS_DEFAULTS.tunnels),
      tunnel: Options?.TunnelBandwidth === 'large' ? '5G' : '1.25G',
      circuits: [id],
      device: id,
      location: 'internet',
      operator: AWS,
      country: places.countryOf('internet'),
      ...(keepaliveS >= 1 && { bgp: { keepalive: `${keepaliveS}s`, hold: `${holdS}s` } }),
    },
  };
}

interface Group {
  readonly networks: readonly string[];
  readonly members: readonly Member[];
}

/** Networks that are reached over the same members fail and live together. */
function groupMembers(members: readonly Member[]): readonly Group[] {
  const networks = [...new Set(members.flatMap(({ leadsTo }) => leadsTo))];
  const groups = networks.map((network) => ({
    networks: [network],
    members: members.filter(({ leadsTo }) => leadsTo.includes(network)),
  }));
  const alike = Map.groupBy(groups, (group) => group.members.map(({ id }) => id).join());
  return [...alike.values()].map((same) => ({
    networks: same.flatMap((group) => group.networks),
    members: same[0]?.members ?? [],
  }));
}

/** By its Direct Connect gateway where it has one, else by the gateway of the network. */
function accessName({ members, networks }: Group, { directConnectGateways }: Snapshot): string {
  const ids = new Set(members.flatMap(({ gateway }) => gateway ?? []));
  const [only] = ids;
  const known = directConnectGateways.find(({ value }) => value.directConnectGatewayId === only);
  return (ids.size === 1 && known?.value.directConnectGatewayName) || (networks[0] ?? '');
}

/** Gives out each name of paths and accesses once. */
class Names {
  readonly #taken = new Set<string>();

  /** The wish as a name; with the id where it is taken or says nothing. */
  take(wish: string, id: string): string {
    const wished = toSlug(wish, NAME_MAX);
    const both = toSlug(`${wish}-${id}`, NAME_MAX);
    const turns = [wished, both, ...Array.from({ length: 100 }, (_, i) => `${both}-${i + 2}`)];
    const name = turns.find((one) => one !== '' && !this.#taken.has(one)) ?? id;
    this.#taken.add(name);
    return name;
  }
}

const NAME_MAX = 50;
interface Writing {
  readonly names: Names;
  readonly snapshot: Snapshot;
  readonly remarks: string[];
}

/** In the order in which they are chosen. */
function writePaths(
  { members, name }: Group & { readonly name: string },
  { names, snapshot, remarks }: Writing,
): Readonly<Record<string, Written>> {
  const { ranked, without, target, others } = orderWays(members);
  for (const { id } of without)
    remarks.push(`${id} is left out of ${name}: it advertises no route to ${target}`);
  if (others.length > 0)
    remarks.push(`${name} is judged for ${target}; nothing is said of ${others.join(', ')}`);
  const unknown = members.filter(({ isVpn, routes }) => !isVpn && routes === undefined);
  if (unknown.length > 0)
    remarks.push(
      `${name}: no advertisedRoutes of ${unknown.map(({ id }) => id).join(', ')}: taken as 7224:7200; AWS goes by distance`,
    );
  const tested = testDates(
    ranked.map(({ way }) => way),
    snapshot.virtualInterfaceTestHistory.map(({ value }) => value),
  );
  return Object.fromEntries(
    ranked.map(({ way, preference }) => {
      const date = tested.get(way.id);
      const path = {
        ...way.path,
        preference,
        ...(!way.isUp && { filter: 'advertises-nothing' }),
        ...(date !== undefined && { tested: date }),
      };
      return [names.take(way.name, way.id), path];
    }),
  );
}
