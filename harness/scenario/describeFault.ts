// Writes what a fault does and what its end brings back, as sentences for plan and report.

import { formatDuration } from '../kernel/duration.ts';
import {
  isOnStages,
  type ContentFault,
  type Fault,
  type HttpAnswer,
  type HttpFault,
  type LinkFault,
  type SqueezeFault,
} from '../model/scenario.ts';

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
      if (fault.burstMs !== undefined)
        return `${where} loses everything for ${formatDuration(fault.burstMs)}`;
      return `${where} behaves as if it lost ${Math.round(fault.share * 1000) / 10} % of its packets`;
    case 'slice':
      return `${where} passes ${fault.pieceBytes} bytes at a time`;
    case 'stage':
      return `${where} ${STAGE[fault.does]}`;
    case 'squeeze':
      return `${where} has ${share(fault)} (containers only)`;
    case 'content':
      return `${where} sends ${content(fault)}`;
    case 'clock-skew':
      return `${where} writes dates that are ${formatDuration(Math.abs(fault.byMs))} ${fault.byMs < 0 ? 'slow' : 'fast'}`;
    case 'full-disk':
      return `${where} can store nothing: uploads are answered 507`;
    case 'http':
      return `${where} answers wrongly to ${requests(fault)}: ${told(fault.answer)}`;
  }
}

export function healed(fault: Fault): string {
  switch (fault.kind) {
    case 'stage':
      return `${placeOf(fault)} works again`;
    case 'squeeze':
      return `${placeOf(fault)} has what it had before`;
    case 'content':
      return `${placeOf(fault)} sends the programme again`;
    case 'clock-skew':
      return `${placeOf(fault)} writes the right dates again`;
    case 'full-disk':
      return `${placeOf(fault)} has room again`;
    case 'http':
      return `${placeOf(fault)} answers well again`;
    case 'cut':
    case 'latency':
    case 'bandwidth':
    case 'loss':
    case 'slice':
      return `${placeOf(fault)} carries everything again`;
  }
}

function placeOf(fault: Fault): string {
  const names = (isOnStages(fault) ? fault.stages : fault.links).join(' and ');
  const direction = isOnStages(fault) ? undefined : fault.direction;
  return `${names} (${fault.channels.join(', ')}${direction ? `, ${direction}` : ''})`;
}

function requests({ match }: HttpFault): string {
  const { of, rung, every, ratio } = match;
  return [
    ratio < 1 ? `${Math.round(ratio * 100)} % of` : '',
    of === 'any' ? 'all requests' : `${of} requests`,
    rung === undefined ? '' : `of rung ${rung}`,
    every === undefined ? '' : `for every ${every}th segment`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function told(answer: HttpAnswer): string {
  switch (answer.kind) {
    case 'status':
      return `status ${answer.status}`;
    case 'slow':
      return `${formatDuration(answer.delayMs)} late`;
    case 'truncated':
      return `broken off after ${Math.round(answer.share * 100)} %`;
    case 'corrupt':
      return `${Math.round(answer.share * 100)} % noise`;
    case 'gap':
      return `every ${answer.every}th segment listed as a gap`;
    case 'hang':
      return 'none';
    case 'stale':
      return 'the same again and again';
    case 'empty':
      return 'nothing in it';
    case 'sequenceReset':
      return 'segments counted from 0 again';
    case 'noDiscontinuity':
      return 'no word of discontinuities';
    case 'cycle':
      return `in turn ${answer.steps
        .map(
          (step) =>
            `${step.answer ? told(step.answer) : 'healthy'} for ${formatDuration(step.forMs)}`,
        )
        .join(', ')}`;
  }
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
  restart: 'is shut down and started again at once',
  pause: 'stands still, its connections stay',
  disconnect: 'is off the network, nothing gets an answer (containers only)',
} as const;

function share({ limits: { cpus, memoryMb } }: SqueezeFault): string {
  return [
    ...(cpus === undefined ? [] : [`${cpus} of a processor`]),
    ...(memoryMb === undefined ? [] : [`${memoryMb} MB of memory`]),
  ].join(' and ');
}

function content(fault: ContentFault): string {
  switch (fault.shows) {
    case 'timestamp-jump':
      return `time stamps ${formatDuration(Math.abs(fault.byMs))} ${fault.byMs < 0 ? 'back' : 'ahead'}`;
    case 'resolution':
      return `the programme in ${fault.width}x${fault.height}`;
    case 'codec':
      return `the programme in another codec, ${fault.codec}`;
    case 'black':
    case 'frozen':
    case 'silent':
    case 'wrong-channel':
      return CONTENT[fault.shows];
  }
}

const CONTENT = {
  black: 'black pictures',
  frozen: 'the same picture again and again',
  silent: 'no sound',
  'wrong-channel': 'the programme of another channel',
} as const;
