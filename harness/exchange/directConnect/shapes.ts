// The parts that are read of what the AWS command line exports (Direct Connect API 2012-10-25, EC2
// API 2016-11-15), and of one file of our own beside them: the routes that routers advertise.

import { z } from 'zod';

const id = (what: string) =>
  z.string({ error: `expected the id of ${what}` }).min(1, { error: `expected the id of ${what}` });
/** States of the API; a word that is none of them says nothing of whether traffic passes. */
const state = (what: string, own: readonly string[]) => {
  const all = [
    ...own,
    'pending',
    'available',
    'down',
    'deleting',
    'deleted',
    'rejected',
    'unknown',
  ];
  return z.enum(all, { error: `expected the state of the ${what}: one of ${all.join(', ')}` });
};
const word = (error: string) => z.string({ error });
const maybe = z.string().nullish();
const bandwidth = z
  .string({ error: 'expected a bandwidth such as 10Gbps' })
  .regex(/^(?=.*[1-9])\d+(?:\.\d+)?[MG]bps$/, { error: 'expected a bandwidth such as 10Gbps' });

/** The router at AWS; older exports have another name for it, or none. */
const device = { awsLogicalDeviceId: maybe, awsDeviceV2: maybe, awsDevice: maybe };
const place = {
  location: word('expected a location code such as EqPA2'),
  region: word('expected a region such as eu-west-3'),
  ...device,
};

const connection = z.object({
  connectionId: id('a connection'),
  connectionState: state('connection', ['ordering', 'requested']),
  bandwidth,
  lagId: maybe,
  partnerName: maybe,
  providerName: maybe,
  ...place,
});

const lag = z.object({
  lagId: id('a link aggregation group'),
  lagState: state('bundle', ['requested']).nullish(),
  connectionsBandwidth: bandwidth,
  numberOfConnections: z.int({ error: 'expected a number of connections' }).min(0),
  minimumLinks: z.int({ error: 'expected a number of links' }).min(0),
  providerName: maybe,
  ...place,
});

const virtualInterface = z.object({
  virtualInterfaceId: id('a virtual interface'),
  virtualInterfaceName: maybe,
  virtualInterfaceType: z.enum(['private', 'transit', 'public'], {
    error: 'expected private, transit or public',
  }),
  virtualInterfaceState: state('interface', ['confirming', 'verifying', 'testing']),
  connectionId: id('a connection or a link aggregation group'),
  directConnectGatewayId: maybe,
  virtualGatewayId: maybe,
  bgpPeers: z
    .array(z.object({ bgpStatus: maybe }), { error: 'expected a list of BGP peers' })
    .default([]),
  ...place,
});

const gateway = z.object({
  directConnectGatewayId: id('a Direct Connect gateway'),
  directConnectGatewayName: maybe,
});

/** Before 2018 the gateway of the network was named by one key, always a virtual private gateway. */
const association = z.object({
  directConnectGatewayId: id('a Direct Connect gateway'),
  associationState: word('expected the state of the association'),
  associatedGateway: z.object({ id: id('the gateway of a network') }).nullish(),
  virtualGatewayId: maybe,
});

const time = z.union([z.number(), z.string()], { error: 'expected a time' }).nullish();
const test = z.object({
  virtualInterfaceId: id('a virtual interface'),
  startTime: time,
  endTime: time,
});

const vpn = z.object({
  VpnConnectionId: id('a VPN connection'),
  State: word('expected the state of the connection'),
  VpnGatewayId: maybe,
  TransitGatewayId: maybe,
  CustomerGatewayConfiguration: maybe,
  Options: z.object({ TunnelBandwidth: maybe }).nullish(),
  VgwTelemetry: z.array(z.object({ Status: maybe })).default([]),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

const PREFIX = /^(?:\d{1,3}\.){3}\d{1,3}\/(?:\d|[12]\d|3[0-2])$/;
const advertised = z.object({
  over: id('a virtual interface or a VPN connection'),
  prefix: z
    .string({ error: 'expected a prefix such as 10.0.0.0/8' })
    .regex(PREFIX, { error: 'expected a prefix such as 10.0.0.0/8' }),
  communities: z.array(z.string(), { error: 'expected a list of communities' }).default([]),
  asPath: z.array(z.int(), { error: 'expected a list of AS numbers' }).default([]),
  med: z.int({ error: 'expected a number' }).min(0).default(0),
});

const list = <T extends z.ZodType>(one: T) => z.array(one, { error: 'expected a list' }).optional();

/** The listings by the key that each file has them under. */
export const LISTINGS = z.object({
  connections: list(connection),
  lags: list(lag),
  virtualInterfaces: list(virtualInterface),
  directConnectGateways: list(gateway),
  directConnectGatewayAssociations: list(association),
  virtualInterfaceTestHistory: list(test),
  VpnConnections: list(vpn),
  advertisedRoutes: list(advertised),
});
export type Listings = z.output<typeof LISTINGS>;
export type Listing = keyof Listings;
export type Listed<K extends Listing> = NonNullable<Listings[K]>[number];

export type Connection = Listed<'connections'>;
export type Lag = Listed<'lags'>;
export type VirtualInterface = Listed<'virtualInterfaces'>;
export type VpnConnection = Listed<'VpnConnections'>;
export type AdvertisedRoute = Listed<'advertisedRoutes'>;

/** Listings that say nothing which is not in the others. */
export const NOT_NEEDED = [
  'directConnectGatewayAttachments',
  'locations',
  'virtualGateways',
  'VpnGateways',
  'TransitGateways',
  'CustomerGateways',
];
