// A Direct Connect snapshot as the AWS command line writes it: 17 virtual interfaces on 7 gateways,
// six connections, a bundle of two, three locations, two VPN connections. Made up, in the documented shape.

import type { TextFile } from '../../harness/exchange/format.ts';

const REGION = 'eu-west-3';
const LOCATIONS = ['EqPA2', 'TELHO', 'EqFR5'] as const;

/** Two devices in each location; a bundle of two ports on the second device of the first. */
const connections = LOCATIONS.flatMap((location, l) =>
  [1, 2].map((device) => ({
    ownerAccount: '123456789012',
    connectionId: `dxcon-${l}${device}`,
    connectionName: `port-${l}-${device}`,
    connectionState: 'available',
    region: REGION,
    location,
    bandwidth: '10Gbps',
    ...(l === 2 && { partnerName: 'Carrier Deux' }),
    awsDeviceV2: `${location}-dev${device}`,
    awsLogicalDeviceId: `${location}-dev${device}`,
    hasLogicalRedundancy: 'unknown',
  })),
);
const members = [3, 4].map((port) => ({
  ...connections[1],
  connectionId: `dxcon-0${port}`,
  lagId: 'dxlag-0',
}));
const lag = {
  connectionsBandwidth: '10Gbps',
  numberOfConnections: 2,
  lagId: 'dxlag-0',
  lagName: 'bundle',
  lagState: 'available',
  location: 'EqPA2',
  region: REGION,
  minimumLinks: 1,
  awsLogicalDeviceId: 'EqPA2-dev2',
  connections: members,
};

/** The ports of each gateway, most wanted first; the first has the bundle, the last is alone. */
export const PORTS: readonly (readonly string[])[] = [
  ['dxlag-0', 'dxcon-11', 'dxcon-21'],
  ['dxcon-01', 'dxcon-12', 'dxcon-22'],
  ['dxcon-01', 'dxcon-02', 'dxcon-11'],
  ['dxcon-11', 'dxcon-12'],
  ['dxcon-21', 'dxcon-01'],
  ['dxcon-02', 'dxcon-22', 'dxcon-21'],
  ['dxcon-12'],
];
const COMMUNITIES = ['7224:7300', '7224:7200', '7224:7100'];

const uuid = (gateway: number) => `0000000${gateway}-1111-2222-3333-444444444444`;
const vifId = (gateway: number, turn: number) => `dxvif-${gateway}${turn}`;

const portOf = (id: string) =>
  id === lag.lagId ? lag : connections.find(({ connectionId }) => connectionId === id);

const virtualInterfaces = PORTS.flatMap((ports, gateway) =>
  ports.map((port, turn) => ({
    ownerAccount: '123456789012',
    virtualInterfaceId: vifId(gateway, turn),
    location: portOf(port)?.location,
    connectionId: port,
    virtualInterfaceType: 'transit',
    virtualInterfaceName: `Network ${gateway} way ${turn}`,
    vlan: 100 + gateway * 10 + turn,
    asn: 65000,
    amazonSideAsn: 64512,
    addressFamily: 'ipv4',
    virtualInterfaceState: 'available',
    customerRouterConfig: '<?xml version="1.0" encoding="UTF-8"?>\n<logical_connection/>\n',
    mtu: 8500,
    virtualGatewayId: '',
    directConnectGatewayId: uuid(gateway),
    routeFilterPrefixes: [],
    bgpPeers: [{ bgpPeerId: 'dxpeer-1', bgpPeerState: 'available', bgpStatus: 'up' }],
    region: REGION,
    awsLogicalDeviceId: portOf(port)?.awsLogicalDeviceId,
  })),
);

const gateways = PORTS.map((_, gateway) => ({
  directConnectGatewayId: uuid(gateway),
  directConnectGatewayName: `Gateway ${gateway}`,
  amazonSideAsn: 64512,
  ownerAccount: '123456789012',
  directConnectGatewayState: 'available',
}));

const associations = PORTS.map((_, gateway) => ({
  directConnectGatewayId: uuid(gateway),
  associationState: 'associated',
  associatedGateway: { id: `tgw-${gateway}`, type: 'transitGateway', region: REGION },
  associationId: `association-${gateway}`,
}));

/** Behind the fourth and the last gateway. */
const vpns = [3, 6].map((gateway) => ({
  VpnConnectionId: `vpn-${gateway}`,
  State: 'available',
  Type: 'ipsec.1',
  TransitGatewayId: `tgw-${gateway}`,
  CustomerGatewayConfiguration: '<vpn_connection><hold_time>30</hold_time></vpn_connection>',
  VgwTelemetry: [{ Status: 'UP' }, { Status: 'UP' }],
  Tags: [{ Key: 'Name', Value: `Backup ${gateway}` }],
}));

const history = [
  {
    testId: 'test-1',
    virtualInterfaceId: vifId(0, 0),
    status: 'completed',
    testDurationInMinutes: 60,
    startTime: '2026-03-04T09:00:00+01:00',
    endTime: '2026-03-04T10:00:00+01:00',
  },
];

const advertised = PORTS.flatMap((ports, gateway) =>
  ports.map((_, turn) => ({
    over: vifId(gateway, turn),
    prefix: '10.0.0.0/8',
    communities: [COMMUNITIES[turn]],
  })),
);

const LISTINGS = {
  connections: [...connections, ...members],
  lags: [lag],
  virtualInterfaces,
  directConnectGateways: gateways,
  directConnectGatewayAssociations: associations,
  VpnConnections: vpns,
  virtualInterfaceTestHistory: history,
  advertisedRoutes: advertised,
};
export type Parts = { -readonly [K in keyof typeof LISTINGS]: (typeof LISTINGS)[K] };

/** The listings, to be changed before they are written. */
export const snapshotParts = (): Parts => structuredClone(LISTINGS);

/** One file a listing, as the command line indents it. */
export const snapshotFiles = (parts: object = LISTINGS): readonly TextFile[] =>
  Object.entries(parts).map(([kind, list]) => ({
    file: `${kind}.json`,
    text: JSON.stringify({ [kind]: list as unknown }, null, 4),
  }));
