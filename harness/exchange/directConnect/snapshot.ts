// Reads a folder of exports into one snapshot: what each file lists, and whether its ids meet.

import { HarnessError } from '../../model/errors.ts';
import { invalid } from '../../scenario/invalid.ts';
import { shape } from '../../scenario/shape.ts';
import { isMapping } from '../../fields/mapping.ts';
import type { Problem, SourceFile } from '../../scenario/sourceFile.ts';
import type { Entry, TextFile } from '../format.ts';
import { readJson } from '../readJson.ts';
import {
  LISTINGS,
  NOT_NEEDED,
  type Listed,
  type Listing,
  type VirtualInterface,
} from './shapes.ts';

export type Snapshot = { readonly [K in Listing]: readonly Entry<Listed<K>>[] };

const KINDS = Object.keys(LISTINGS.shape) as readonly Listing[];
const PAGE = 'docs/suppliers.md says which files are read, and how to export them';

/** @throws HarnessError SCENARIO_INVALID with every problem of every file, each with its place. */
export function readSnapshot(files: readonly TextFile[]): Snapshot {
  const problems: Problem[] = [];
  const found: Record<string, Entry<unknown>[]> = Object.fromEntries(KINDS.map((k) => [k, []]));
  for (const file of files) readListings(readJson(file, PAGE), found, problems);
  for (const kind of KINDS) found[kind] = onlyOnce(kind, found[kind] ?? [], problems);
  const snapshot = found as unknown as Snapshot;
  if (problems.length === 0) problems.push(...danglingIn(snapshot));
  const [first] = problems;
  if (first) throw invalid(first.file, problems, PAGE);
  if (snapshot.virtualInterfaces.length + snapshot.VpnConnections.length > 0) return snapshot;
  const message = `no virtual interface and no VPN connection in ${files.length} files`;
  throw new HarnessError('SCENARIO_INVALID', message, { hint: PAGE });
}

function readListings(
  source: SourceFile,
  found: Record<string, Entry<unknown>[]>,
  problems: Problem[],
): void {
  const wrong = topMistakes(source);
  if (wrong.length > 0) return void problems.push(...wrong);
  const { value, problems: inside } = shape(LISTINGS, source);
  problems.push(...inside);
  for (const kind of KINDS)
    for (const [i, one] of (value?.[kind] ?? []).entries())
      found[kind]?.push({
        value: one,
        problemAt: (key, message) => source.problemAt([kind, i, key], message),
      });
}

const IDS: Partial<Record<Listing, string>> = {
  connections: 'connectionId',
  lags: 'lagId',
  virtualInterfaces: 'virtualInterfaceId',
  directConnectGateways: 'directConnectGatewayId',
  VpnConnections: 'VpnConnectionId',
};

/** One thing in two files is one, and no redundancy; said in two ways, nobody knows what it is. */
function onlyOnce(
  kind: Listing,
  all: readonly Entry<unknown>[],
  problems: Problem[],
): Entry<unknown>[] {
  const seen = new Map<unknown, string>();
  const key = IDS[kind];
  return all.filter(({ value, problemAt }) => {
    const text = JSON.stringify(value);
    const id = key === undefined ? text : (value as Readonly<Record<string, unknown>>)[key];
    const before = seen.get(id);
    if (before !== undefined && before !== text && key !== undefined)
      problems.push(
        problemAt(key, `${String(id)} is listed twice, and not alike: keep the newest`),
      );
    seen.set(id, text);
    return before === undefined;
  });
}

function topMistakes(source: SourceFile): readonly Problem[] {
  const { data } = source;
  if (!isMapping(data))
    return [source.problemAt([], 'expected JSON as the AWS command line writes it')];
  const keys = Object.keys(data);
  const going = keys.find((key) => key.toLowerCase() === 'nexttoken' && data[key]);
  if (going !== undefined)
    return [
      source.problemAt([going], 'the listing goes on after this file: export it whole', 'key'),
    ];
  if ([...KINDS, ...NOT_NEEDED].some((kind) => keys.includes(kind))) return [];
  const other = KINDS.find((kind) => keys.some((key) => key.toLowerCase() === kind.toLowerCase()));
  const message =
    other === undefined
      ? `expected a listing: one of ${KINDS.join(', ')}`
      : `expected ${other}, as version 2012-10-25 of the API writes it: this is of another version or tool`;
  return [source.problemAt(keys.slice(0, 1), message, 'key')];
}

/** Every id that is named and listed nowhere. */
function danglingIn(snapshot: Snapshot): readonly Problem[] {
  const { connections, lags, virtualInterfaces, directConnectGateways } = snapshot;
  const ids = {
    connection: new Set(connections.map(({ value }) => value.connectionId)),
    lag: new Set(lags.map(({ value }) => value.lagId)),
    gateway: new Set(directConnectGateways.map(({ value }) => value.directConnectGatewayId)),
  };
  const ports = new Set([...ids.connection, ...ids.lag]);
  const ways = new Set([
    ...virtualInterfaces.map(({ value }) => value.virtualInterfaceId),
    ...snapshot.VpnConnections.map(({ value }) => value.VpnConnectionId),
  ]);
  const regions = new Set([...connections, ...lags].map(({ value }) => value.region));
  return [
    ...connections.flatMap((one) => dangling(one, 'lagId', ids.lag, 'describe-lags')),
    ...virtualInterfaces
      .filter(({ value }) => isThere(value.virtualInterfaceState))
      .flatMap((one) => [
        ...dangling(one, 'connectionId', ports, elsewhere(one.value.region, regions)),
        ...dangling(one, 'directConnectGatewayId', ids.gateway, 'describe-direct-connect-gateways'),
      ]),
    ...snapshot.directConnectGatewayAssociations.flatMap((one) =>
      dangling(one, 'directConnectGatewayId', ids.gateway, 'describe-direct-connect-gateways'),
    ),
    ...snapshot.advertisedRoutes.flatMap((one) =>
      dangling(one, 'over', ways, 'describe-virtual-interfaces or describe-vpn-connections'),
    ),
  ];
}

/** Says where it can be had: an interface of another region has its connection there. */
const elsewhere = (region: string, regions: ReadonlySet<string>): string =>
  regions.size === 0 || regions.has(region)
    ? 'describe-connections, also of the account that owns it'
    : `describe-connections of region ${region}: those here are of ${[...regions].join(', ')}`;

function dangling<K extends string>(
  { value, problemAt }: Entry<Readonly<Partial<Record<K, string | null | undefined>>>>,
  key: K,
  known: ReadonlySet<string>,
  from: string,
): readonly Problem[] {
  const id = value[key];
  if (!id || known.has(id)) return [];
  return [problemAt(key, `no file lists ${id}; export ${from}`)];
}

/** Interfaces that are being taken away, or were never accepted, carry nothing. */
export const isThere = (state: string): boolean =>
  !['deleting', 'deleted', 'rejected'].includes(state);

/** The state of the connection or bundle that it runs over. */
export function portState(
  { connectionId }: VirtualInterface,
  { lags, connections }: Snapshot,
): string {
  const lag = lags.find(({ value }) => value.lagId === connectionId)?.value;
  const connection = connections.find(({ value }) => value.connectionId === connectionId)?.value;
  return (lag ? lag.lagState : connection?.connectionState) ?? 'available';
}
