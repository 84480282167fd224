// A Direct Connect snapshot becomes the access of a design; what does not fit is said with its place.

import { describe, expect, it } from 'vitest';
import { check } from '../../../harness/check/check.ts';
import { listAccesses } from '../../../harness/check/implicitAccess.ts';
import { directConnect } from '../../../harness/exchange/directConnect.ts';
import type { ImportOptions, TextFile } from '../../../harness/exchange/format.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { inputOf } from '../check/builders.ts';
import { snapshotFiles, snapshotParts, type Parts } from '../../support/directConnect.ts';
import { designText } from '../../support/designs.ts';

const imported = (files: readonly TextFile[], options: ImportOptions = { country: 'FR' }) =>
  directConnect.read({ files, design: designText('dual-access-bgp'), name: 'snapshot', options });

function designOf(change: (parts: Parts) => void = () => undefined, options?: ImportOptions) {
  const parts = snapshotParts();
  change(parts);
  const { text, remarks } = imported(snapshotFiles(parts), options);
  return { design: parseDesign(text, 'snapshot.yaml'), remarks };
}

const pathsOf = (change?: (parts: Parts) => void, access = 0) =>
  designOf(change).design.accesses?.[access]?.paths ?? [];

describe('a snapshot', () => {
  it('is an access a gateway, with devices, locations, timers and every id that a notice names', () => {
    const { design } = designOf();
    expect(design.accesses?.map(({ paths }) => paths.length)).toEqual([3, 3, 3, 3, 2, 3, 2]);
    expect(design.accesses?.[0]?.paths[0]).toMatchObject({
      kind: 'lag',
      members: 2,
      memberMbps: 10_000,
      minimumLinks: 1,
      device: 'EqPA2-dev2',
      location: 'EqPA2',
      preference: 300,
      circuits: ['dxvif-00', 'dxlag-0', 'dxcon-03', 'dxcon-04', expect.stringContaining('0000')],
      session: { bgp: { holdMs: 90_000 }, bfd: undefined },
    });
    expect(design.accesses?.[3]?.paths[2]).toMatchObject({
      kind: 'vpn',
      tunnels: 2,
      preference: 100,
      session: { bgp: { keepaliveMs: 10_000, holdMs: 30_000 } },
    });
    expect(design.suppliers).toContainEqual({ name: 'Carrier Deux', reliesOn: ['AWS'] });
  });

  it('shows by a failover test the path that carried meanwhile', () => {
    expect(pathsOf().map(({ testedOn }) => testedOn)).toEqual([undefined, '2026-03-04', undefined]);
    const unended = pathsOf((parts) =>
      Object.assign(parts.virtualInterfaceTestHistory[0] ?? {}, { endTime: null }),
    );
    expect(unended.map(({ testedOn }) => testedOn)).toEqual([undefined, undefined, undefined]);
  });

  it('has BFD and links where they are asked for, and says so where not', () => {
    const { design, remarks } = designOf(undefined, {
      country: 'FR',
      bfd: true,
      over: 'gateway-2',
    });
    expect(design.accesses?.[0]?.paths[0]?.session.bfd).toMatchObject({ intervalMs: 300 });
    expect(design.accesses?.map(({ links }) => links.length)).toEqual([0, 0, 2, 0, 0, 0, 0]);
    expect(remarks).toEqual([]);
    expect(designOf().remarks.join()).toMatch(/--over.*--bfd/s);
  });

  it('leaves out what carries nothing, and says why', () => {
    const { design, remarks } = designOf(
      ({ virtualInterfaces, directConnectGatewayAssociations }) => {
        Object.assign(virtualInterfaces[0] ?? {}, { virtualInterfaceState: 'pending' });
        Object.assign(virtualInterfaces[1] ?? {}, { virtualInterfaceType: 'public' });
        Object.assign(virtualInterfaces[2] ?? {}, { bgpPeers: [{ bgpStatus: 'down' }] });
        Object.assign(directConnectGatewayAssociations[4] ?? {}, {
          associationState: 'disassociated',
        });
      },
    );
    expect(design.accesses?.map(({ paths }) => paths.length)).toEqual([1, 3, 3, 3, 3, 2]);
    expect(design.accesses?.[0]?.paths[0]?.filter).toBe('advertises-nothing');
    const said = remarks.join('\n');
    for (const part of [
      'dxvif-00 is left out',
      'public',
      'dxvif-02 was down',
      'dxvif-40 is left out',
    ])
      expect(said).toContain(part);
  });

  it('is one access for networks that are reached alike, and two where only one has a VPN', () => {
    const associate = (id: string) => (parts: Parts) =>
      parts.directConnectGatewayAssociations.push({
        directConnectGatewayId: '00000003-1111-2222-3333-444444444444',
        associationState: 'associated',
        associatedGateway: { id, type: 'virtualPrivateGateway', region: 'eu-west-3' },
        associationId: id,
      });
    expect(designOf(associate('vgw-1')).design.accesses).toHaveLength(8);
    const alike = (parts: Parts) => {
      associate('vgw-1')(parts);
      associate('vgw-2')(parts);
    };
    expect(designOf(alike).design.accesses).toHaveLength(8);
  });

  it('names the circuit that takes everything away', () => {
    const { design } = designOf(undefined, { country: 'FR', over: 'gateway-0' });
    const { findings } = check(inputOf({ design, accesses: listAccesses(design), windows: [] }));
    const alone = findings.filter(({ rule }) => rule === 'lost-alone').map(({ text }) => text);
    expect(alone.join('\n')).toContain(
      'while gateway-0 runs over network-0-way-2, too: all viewers',
    );
    const onOne = designOf(
      ({ virtualInterfaces }) => {
        for (const vif of virtualInterfaces)
          if (vif.virtualInterfaceId.startsWith('dxvif-4')) vif.connectionId = 'dxcon-21';
      },
      { country: 'FR', over: 'gateway-4' },
    ).design;
    const input = inputOf({ design: onOne, accesses: listAccesses(onOne), windows: [] });
    const said = check(input).findings.map(({ text }) => text);
    expect(said.join('\n')).toMatch(/lose the programme .*circuits dxcon-21/);
  });
});

describe('the order of ways', () => {
  const routes =
    (...all: readonly object[]) =>
    (parts: Parts) => {
      const others = parts.advertisedRoutes.filter(({ over }) => !over.startsWith('dxvif-4'));
      parts.advertisedRoutes = [...others, ...(all as Parts['advertisedRoutes'])];
    };
  const first = '10.0.0.0/8';
  const chosen = (...all: readonly object[]) =>
    pathsOf(routes(...all), 4).map(({ circuits }) => circuits[0]);

  it.each([
    [
      'the longest prefix, before any community',
      { prefix: first, communities: ['7224:7300'] },
      { prefix: '10.1.0.0/16', communities: ['7224:7100'] },
    ],
    [
      'the community, before the AS path',
      { prefix: first, communities: ['7224:7200'] },
      { prefix: first, communities: ['7224:7300'], asPath: [65000, 65000] },
    ],
    [
      'the AS path, before the MED',
      { prefix: first, asPath: [65000, 65000] },
      { prefix: first, asPath: [65000], med: 50 },
    ],
    [
      'the MED, from the same neighbour',
      { prefix: first, asPath: [65000], med: 50 },
      { prefix: first, asPath: [65000], med: 10 },
    ],
    [
      'medium, where nothing is said, before low',
      { prefix: first, communities: ['7224:7100'] },
      { prefix: first },
    ],
  ])('%s', (_, worse, better) => {
    const ways = chosen({ over: 'dxvif-40', ...worse }, { over: 'dxvif-41', ...better });
    expect(ways).toEqual(['dxvif-41', 'dxvif-40']);
  });

  it('MEDs of different neighbours are not compared', () => {
    const ways = chosen(
      { over: 'dxvif-40', prefix: first, asPath: [65000], med: 50 },
      { over: 'dxvif-41', prefix: first, asPath: [65001], med: 10 },
    );
    expect(ways).toEqual(['dxvif-40', 'dxvif-41']);
  });

  it('a VPN with the longest prefix is chosen before any interface', () => {
    const longest = { over: 'vpn-3', prefix: '10.1.0.0/16', communities: [], asPath: [], med: 0 };
    const paths = pathsOf((parts) => void parts.advertisedRoutes.push(longest), 3);
    expect(paths.map(({ circuits }) => circuits[0])).toEqual(['vpn-3', 'dxvif-30', 'dxvif-31']);
    expect(paths.map(({ preference }) => preference)).toEqual([300, 300, 200]);
  });

  it('leaves out a way without a route to the network that is judged', () => {
    const { design, remarks } = designOf(
      routes(
        { over: 'dxvif-40', prefix: '10.1.0.0/16' },
        { over: 'dxvif-41', prefix: '192.168.0.0/16' },
      ),
    );
    expect(design.accesses?.[4]?.paths.map(({ circuits }) => circuits[0])).toEqual(['dxvif-40']);
    expect(remarks.join('\n')).toContain('dxvif-41 is left out of gateway-4');
  });
});

describe('bad exports', () => {
  const broken = (kind: keyof Parts, change: (text: string) => string) =>
    snapshotFiles().map(({ file, text }) =>
      file === `${kind}.json` ? { file, text: change(text) } : { file, text },
    );
  const replaced = (kind: keyof Parts, from: string, to: string) =>
    broken(kind, (text) => text.replace(from, to));

  it.each([
    [
      'a file cut off in the middle',
      broken('virtualInterfaces', (text) => text.slice(0, 900)),
      /^1 problem in virtualInterfaces\.json\n {2}virtualInterfaces\.json:\d+:\d+ +the file is cut off in the middle$/,
    ],
    [
      'a page of a listing',
      broken('connections', (text) => text.replace('{', '{"nextToken": "eyJ",')),
      /connections\.json:1:2 .*export it whole/,
    ],
    [
      'an interface on a connection that is not listed',
      replaced('virtualInterfaces', '"dxcon-21"', '"dxcon-99"'),
      /virtualInterfaces\.json:\d+:\d+ .*\.connectionId: no file lists dxcon-99/,
    ],
    [
      'a gateway that is not listed',
      replaced('directConnectGateways', '00000003-', 'ffffffff-'),
      /no file lists 00000003-/,
    ],
    [
      'a port of a group that is not listed',
      replaced('lags', 'dxlag-0', 'dxlag-9'),
      /connections\.json.*no file lists dxlag-0/,
    ],
    [
      'routes over nothing',
      replaced('advertisedRoutes', 'dxvif-00', 'dxvif-zz'),
      /advertisedRoutes\.json.*no file lists dxvif-zz/,
    ],
    [
      'another region',
      snapshotFiles().map(({ file, text }) =>
        /connections|lags/.test(file)
          ? {
              file,
              text: text.replaceAll('dxcon-', 'dxcon-us-').replaceAll('eu-west-3', 'us-east-1'),
            }
          : { file, text },
      ),
      /of region eu-west-3: those here are of us-east-1/,
    ],
    [
      'another version of the API',
      broken('connections', (text) =>
        text.replaceAll(/"(\w)(\w*)":/g, (_, a: string, b: string) => `"${a.toUpperCase()}${b}":`),
      ),
      /connections\.json:1?2?:\d+ .*version 2012-10-25/,
    ],
    [
      'a key that another version calls otherwise',
      broken('connections', (text) => text.replaceAll('connectionId', 'id')),
      /connections\[0\]\.connectionId: is missing: expected the id of a connection/,
    ],
    [
      'something else',
      [{ file: 'x.json', text: '{"a": 1}' }],
      /x\.json:1:\d+ .*expected a listing/,
    ],
    ['no JSON at all', [{ file: 'x.json', text: 'hello' }], /x\.json:1:1 .*expected JSON/],
    [
      'nothing in it',
      [{ file: 'x.json', text: '{"connections": []}' }],
      /no virtual interface and no VPN/,
    ],
  ])('%s', (_, files, message) => {
    expect(() => imported(files)).toThrow(message);
  });

  it('options that mean nothing', () => {
    const files = snapshotFiles();
    expect(() => imported(files, {})).toThrow(/--country: nothing says in which country EqPA2 is/);
    expect(() => imported(files, { country: 'EqPA2=FR' })).toThrow(/in which country/);
    expect(() => imported(files, { country: 'France' })).toThrow(/no country code/);
    expect(() => imported(files, { country: 'FR', over: 'gateway-9' })).toThrow(
      /--over: no access/,
    );
    expect(() =>
      directConnect.read({
        files,
        design: designText('single-access'),
        name: 'x',
        options: { country: 'FR' },
      }),
    ).toThrow(/has no access/);
  });
});
