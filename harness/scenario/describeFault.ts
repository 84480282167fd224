// What a fault does and what its end brings back, as sentences for plan and report.

import { formatDuration } from '../kernel/duration.ts';
import type { Fault, LinkFault } from '../model/scenario.ts';

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
    case 'stage':
      return `${where} ${STAGE[fault.does]}`;
    case 'content':
      return `${where} sends ${CONTENT[fault.shows]}`;
  }
}

export function healed(fault: Fault): string {
  switch (fault.kind) {
    case 'stage':
      return `${placeOf(fault)} works again`;
    case 'content':
      return `${placeOf(fault)} sends the programme again`;
    case 'cut':
    case 'latency':
    case 'bandwidth':
    case 'loss':
    case 'slice':
      return `${placeOf(fault)} carries everything again`;
  }
}

function placeOf(fault: Fault): string {
  const onStages = fault.kind === 'stage' || fault.kind === 'content';
  const names = (onStages ? fault.stages : fault.links).join(' and ');
  const direction = onStages ? undefined : fault.direction;
  return `${names} (${fault.channels.join(', ')}${direction ? `, ${direction}` : ''})`;
}

const each = ({ direction }: LinkFault): string => (direction ? '' : ' each way');

const EFFECT = {
  hold: 'bytes wait',
  drop: 'bytes are lost',
  refuse: 'connections are closed and refused',
  reset: 'connections are reset',
} as const;

const STAGE = {
  kill: 'dies',
  stop: 'is shut down',
  pause: 'stands still, its connections stay',
} as const;

const CONTENT = {
  black: 'black pictures',
  frozen: 'the same picture again and again',
  silent: 'no sound',
  'wrong-channel': 'the programme of another channel',
} as const;
