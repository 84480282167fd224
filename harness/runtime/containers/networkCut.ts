// Cuts a running stage off the network so that nobody can tell it from a dead cable: its name and
// address stay, packets in and out are dropped, SYNs get no answer. (Taking the container off the
// network would tell: its name is unknown from then on, and its address "unreachable".)
//
// A container of a moment enters the network namespace of the stage, with the one capability that
// firewall rules need, loads them and is gone. The stage itself keeps no capability.

import { HarnessError } from '../../model/errors.ts';
import type { StartedContainer } from './container.ts';
import { runForAMoment } from './momentary.ts';
import type { RunNetwork } from './runNetwork.ts';

export interface CutTarget {
  readonly network: RunNetwork;
  readonly container: StartedContainer;
  /** An image with `nft`. */
  readonly image: string;
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

async function load({ network, container, image }: CutTarget, rules: string): Promise<void> {
  const { code, said } = await runForAMoment({
    network,
    image,
    instance: `${container.alias}-cut`,
    command: ['nft', rules],
    user: 'root',
    host: { NetworkMode: `container:${container.id}`, CapAdd: ['NET_ADMIN'] },
  });
  if (code === 0) return;
  throw new HarnessError('TOOL_UNFIT', `cannot cut ${container.alias} off the network: ${said}`, {
    target: 'nft',
    hint: "the kernel of the engine's machine needs nf_tables; cut a link instead of a stage",
  });
}
