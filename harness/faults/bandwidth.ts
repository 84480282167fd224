// A narrow link, each way. Toxiproxy counts whole kilobytes a second, scenarios kilobits: what does
// not fit is rounded down, so that no more passes than is said.

import { rateKbps } from '../fields/fields.ts';
import type { OnLinks } from '../model/scenario.ts';
import { isMapping } from '../fields/mapping.ts';
import { writing, type Asked, type LinkKind, type Mistake } from './kind.ts';
import { carriesAgain, eachWay } from './words.ts';

export interface BandwidthFault extends OnLinks {
  readonly kind: 'bandwidth';
  readonly rateKbps: number;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    bandwidth: BandwidthFault;
  }
}

export const bandwidth: LinkKind<BandwidthFault> = {
  kind: 'bandwidth',
  on: 'links',
  writings: {
    bandwidth: writing({
      field: rateKbps('Let no more than this through, each way.'),
      read: (rate) => ({ kind: 'bandwidth', rateKbps: rate }),
      check: checkSlopes,
    }),
  },
  injected: (fault, where) => `${where} carries at most ${fault.rateKbps} kbit/s${eachWay(fault)}`,
  healed: carriesAgain,
  effect: (fault) => `${fault.rateKbps} kbit/s`,
  verb: () => ({ verb: 'narrowed', told: true }),
  sized: (fault, { share, wideKbps = fault.rateKbps }) => ({
    ...fault,
    rateKbps: Math.round(wideKbps - (wideKbps - fault.rateKbps) * share),
  }),
  toxics: (fault) => [{ type: 'bandwidth', attributes: { rate: wholeKBps(fault) } }],
  datagrams: 'same',
  numbers: (fault) => ({ passes: true, rateKbps: wholeKBps(fault) * 8 }),
  stream: (fault) => ({ kind: 'rate', limitKbps: fault.rateKbps }),
  hides: (fault, other) => other.kind === 'bandwidth' && fault.rateKbps <= other.rateKbps,
};

/** A rate of 0 would hold everything, which is a cut. */
const wholeKBps = ({ rateKbps: rate }: BandwidthFault): number => Math.max(1, Math.floor(rate / 8));

/** A narrowing needs a bandwidth to begin from, and a way back one to end with. */
function checkSlopes({ value, written: { ramp, fall } }: Asked<number>): Mistake[] {
  if (value === undefined) return [];
  const isWider = (slope: unknown, key: string) =>
    isMapping(slope) && (rateKbps('').safeParse(slope[key]).data ?? 0) > value;
  const from = 'expected from: a wider bandwidth to shrink from, such as 2M';
  const to = 'expected to: a wider bandwidth to grow back to, such as 2M';
  const noWay = isMapping(fall) && !isWider(fall, 'to');
  return [
    ...(isMapping(ramp) && !isWider(ramp, 'from') ? [{ at: ['ramp'], message: from }] : []),
    // Where it began is where it goes back to, unless something else is said.
    ...(noWay && (fall['to'] !== undefined || !isWider(ramp, 'from'))
      ? [{ at: ['fall'], message: to }]
      : []),
  ];
}
