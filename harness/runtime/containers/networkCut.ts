// Firewall rules of a container. One set is loaded as soon as it runs: it reaches the run's network, or
// the proxies on that of its country, and nothing else of the engine's machine or beyond. The other cuts
// a stage off so that nobody can tell it from a dead cable: its name and address stay, packets in and
// out are dropped, SYNs get no answer. (Taking the container off the network would tell: its name is
// unknown from then on, and its address "unreachable".)
//
// A container of a moment enters the network namespace of the other, with the one capability that
// firewall rules need, loads them and is gone. The other keeps no capability.

import { HarnessError } from '../../model/errors.ts';
import type { AddressRange, CountryNetwork } from './countryNetworks.ts';
import type { Engine } from './engine.ts';
import { runForAMoment } from './momentary.ts';
import type { RunNetwork } from './runNetwork.ts';

export interface CutTarget {
  readonly network: RunNetwork;
  readonly container: { readonly id: string; readonly alias: string };
}

/** Made and deleted first, so that both work whatever was loaded before. */
const NONE = 'table inet ecran_noir {}; delete table inet ecran_noir;';
/** Loopback stays: a stage talks to its own nginx. */
const DROP = `table inet ecran_noir {
  chain in  { type filter hook input  priority 0; iifname != "lo" drop; }
  chain out { type filter hook output priority 0; oifname != "lo" drop; }
}`;

export const cutNetwork = (target: CutTarget): Promise<void> => load(target, `${NONE} ${DROP}`);
export const mendNetwork = (target: CutTarget): Promise<void> => load(target, NONE);

/** Memberships, and groups but those of the protocols of a machine's neighbours (RFC 5771). */
const GROUPS = `ip protocol igmp accept
    ip daddr 224.0.1.0-239.255.255.255 meta l4proto udp accept`;

export interface WaysOut {
  readonly ranges: readonly AddressRange[];
  readonly usesGroups?: boolean;
  /** On the network of its country it meets these alone, in both directions. */
  readonly country?: Pick<CountryNetwork, 'interfaceName' | 'hosts'>;
}

/** Answers go everywhere: viewers come in by the gateway. Podman's names are asked of the gateway. */
export function closeWaysOut(
  target: CutTarget,
  { ranges, usesGroups = false, country }: WaysOut,
): Promise<void> {
  const name = 'inet ecran_noir_ways_out';
  const { into, outOf } = keepToProxies(country);
  return load(
    target,
    `table ${name} {}; delete table ${name};
table ${name} {
  chain in {
    type filter hook input priority 0;
    ${into}
  }
  chain out {
    type filter hook output priority 0;
    oifname "lo" accept
    ${outOf}
    ct state established,related accept
    ${usesGroups ? GROUPS : ''}
    ${ranges.map((range) => acceptRange(range, target.network.engine)).join('\n    ')}
    reject
  }
}`,
  );
}

/** Whoever else is on that network, such as another stage or the engine's machine, is not heard. */
function keepToProxies(country: WaysOut['country']): Readonly<Record<'into' | 'outOf', string>> {
  if (!country) return { into: '', outOf: '' };
  const proxies = country.hosts.map((host) => host.slice(host.lastIndexOf(':') + 1)).join(', ');
  const own = `"${country.interfaceName}"`;
  return {
    into: `iifname ${own} ip saddr { ${proxies} } accept
    iifname ${own} drop`,
    outOf: `oifname ${own} ip daddr { ${proxies} } accept
    oifname ${own} reject`,
  };
}

const acceptRange = ({ gateway, subnet }: AddressRange, { isPodman }: Engine): string =>
  [
    isPodman ? `ip daddr ${gateway} meta l4proto { tcp, udp } th dport 53 accept` : '',
    `ip daddr ${gateway} reject`,
    `ip daddr ${subnet} accept`,
  ].join('\n    ');

async function load({ network, container }: CutTarget, rules: string): Promise<void> {
  const { code, said } = await runForAMoment({
    network,
    image: network.stageImage,
    instance: `${container.alias}-rules`,
    command: ['nft', rules],
    user: 'root',
    host: { NetworkMode: `container:${container.id}`, CapAdd: ['NET_ADMIN'] },
  });
  if (code === 0) return;
  throw new HarnessError('TOOL_UNFIT', `cannot load rules for ${container.alias}: ${said}`, {
    target: 'nft',
    hint: "the kernel of the engine's machine needs nf_tables; cut a link instead of a stage",
  });
}
