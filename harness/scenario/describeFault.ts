// What a fault does and what its end brings back, as sentences for plan and report.

import { formatDuration } from '../kernel/duration.ts';
import type { Disruption, Fault } from '../model/scenario.ts';

export function injected(fault: Fault): string {
  const where = placeOf(fault);
  switch (fault.kind) {
    case 'cut':
      return `nothing passes ${where}: ${EFFECT[fault.effect]}`;
    case 'latency':
      return `${where} is ${formatDuration(fault.delayMs)} later${each(fault)}`;
    case 'bandwidth':
      return `${where} carries at most ${fault.rateKbps} kbit/s${each(fault)}`;
    case 'loss':
      return `${where} behaves as if it lost ${Math.round(fault.share * 1000) / 10} % of its packets`;
    case 'slice':
      return `${where} passes ${fault.pieceBytes} bytes at a time`;
  }
}

export const healed = (fault: Fault): string => `${placeOf(fault)} carries everything again`;

/** Where a fault acts, for a heading. */
export const targetOf = (fault: Disruption): string =>
  fault.kind === 'path' ? fault.paths.join(' and ') : fault.links.join(' and ');

const placeOf = (fault: Fault): string =>
  `${fault.links.join(' and ')} (${fault.channels.join(', ')}${fault.direction ? `, ${fault.direction}` : ''})`;

const each = ({ direction }: Fault): string => (direction ? '' : ' each way');

const EFFECT = {
  hold: 'bytes wait',
  drop: 'bytes are lost',
  refuse: 'connections are closed and refused',
  reset: 'connections are reset',
} as const;
