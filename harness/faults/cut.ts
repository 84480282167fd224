// Cutting a link. Toxiproxy has no "cut", it has toxics with side effects; each effect is mapped
// to the one whose side effects are the wanted ones:
//
//   hold    bandwidth 0    bytes wait in the proxy without loss and flush at the heal
//   drop    timeout 0      bytes are acknowledged and lost; connections close at the heal
//   refuse  disabled       connections are closed, new ones refused
//   reset   reset_peer 0   open connections are reset at their next byte, new ones at once

import type { CutEffect, CutFault } from '../model/scenario.ts';
import type { ToxicSpec } from '../model/world.ts';
import { addToxics, removeToxics, type FaultActor } from './actor.ts';

/** `refuse` is not a toxic: the proxy itself is switched off. */
const TOXIC: Readonly<
  Record<Exclude<CutEffect, 'refuse'>, Pick<ToxicSpec, 'type' | 'attributes'>>
> = {
  hold: { type: 'bandwidth', attributes: { rate: 0 } },
  drop: { type: 'timeout', attributes: { timeout: 0 } },
  reset: { type: 'reset_peer', attributes: { timeout: 0 } },
};

export const cut: FaultActor<CutFault> = {
  inject: (fault, proxy, id) =>
    fault.effect === 'refuse'
      ? proxy.setEnabled(false)
      : addToxics(fault, proxy, { id, ...TOXIC[fault.effect] }),
  heal: (fault, proxy, id) =>
    fault.effect === 'refuse' ? proxy.setEnabled(true) : removeToxics(fault, proxy, id),
};
