// Proxies on a Toxiproxy server that others use too: their names say whose they are, so that the next
// run removes what a killed one left there, and nothing else.

import type { Emit, LinkControl } from '../model/world.ts';
import { ownerState, thisOwner, type Owner } from '../runtime/owner.ts';
import { connectToxiproxy, removeProxies } from '../toxiproxy/adapter.ts';

const MARK = 'ecran-noir';
/** It is part of no host name, boot, number or run, and stands in a URL as it is. */
const BETWEEN = '~';

/** Rejects with LINK_CONTROL_FAILED. */
export async function connectShared(url: string, run: string, emit: Emit): Promise<LinkControl> {
  const links = await connectToxiproxy(url, { namePrefix: await proxyPrefix(run) });
  const removed = await removeProxies(url, isLeft);
  if (removed.length > 0)
    emit({
      type: 'log',
      level: 'warning',
      text: `removed from ${url} what a dead run had left: ${removed.join(', ')}`,
    });
  return links;
}

/** The beginning of the names of a run's proxies. */
export async function proxyPrefix(run: string, owner?: Owner): Promise<string> {
  const { host, pid, startTime, boot, space } = owner ?? (await thisOwner());
  return [MARK, host, pid, startTime, boot, space, run, ''].join(BETWEEN);
}

async function isLeft(name: string): Promise<boolean> {
  const [mark, host, pid, startTime, boot, space, ...run] = name.split(BETWEEN);
  if (mark !== MARK || run.length < 2) return false;
  const owner = {
    host: host!,
    pid: Number(pid),
    startTime: startTime!,
    boot: boot!,
    space: space!,
  };
  return (await ownerState(owner, { shared: true })) === 'dead';
}
