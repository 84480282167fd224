// Estimates the number of viewers that one machine can show without becoming the fault itself.

import { HarnessError } from '../harness/model/errors.ts';
import type { FleetName } from './registry.ts';

export interface Machine {
  readonly cores: number;
  readonly memoryMb: number;
}

/** test/bench/instrument.ts: a wall of 24 at 320x180 keeps 24.8 frames a second on 2 cores, and uses 0.7. */
const VIEWERS_PER_CORE = 12;
/**
 * The wall is one page with one main thread, which each viewer keeps busy for 0.9 % of the time
 * (24 viewers: 22 %); beyond these cores it is the limit.
 */
const CORES_USED_MAX = 4;
/** Chromium without a viewer, and the pipeline beside it. */
const BASE_MB = 1_000;
const VIEWER_MB = 40;

export interface Capacity {
  readonly viewers: number;
  /** The reason why there are not more, as a clause for a message. */
  readonly reason: string;
}

/** The smallest of what cores, the page's main thread and memory allow; never less than 1. */
export function viewersMax({ cores, memoryMb }: Machine): Capacity {
  const byCores = Math.min(cores, CORES_USED_MAX) * VIEWERS_PER_CORE;
  const byMemory = Math.floor((memoryMb - BASE_MB) / VIEWER_MB);
  if (byMemory < byCores) {
    return {
      viewers: Math.max(1, byMemory),
      reason: `it has ${Math.round(memoryMb)} MB of memory, and a viewer takes ${VIEWER_MB} MB beside ${BASE_MB} MB for everything else`,
    };
  }
  const used = cores > CORES_USED_MAX ? ` of which one page can use ${CORES_USED_MAX}` : '';
  return {
    viewers: byCores,
    reason: `it has ${cores} cores${used}, and one core plays ${VIEWERS_PER_CORE} viewers at 25 frames a second`,
  };
}

/**
 * `npm run bench light`: one core carries more than 500. The chain and the wall beside them need
 * processor time too, so light viewers get half of it.
 */
const LIGHT_PER_CORE = 500;
const LIGHT_SHARE = 0.5;
/** A viewer with its connections and its playlists. */
const LIGHT_VIEWER_MB = 0.5;

/** Light viewers share no page, so every core counts. */
export function lightViewersMax({ cores, memoryMb }: Machine): Capacity {
  const byCores = Math.floor(cores * LIGHT_PER_CORE * LIGHT_SHARE);
  const byMemory = Math.floor((memoryMb - BASE_MB) / LIGHT_VIEWER_MB);
  if (byMemory < byCores)
    return {
      viewers: Math.max(1, byMemory),
      reason: `it has ${Math.round(memoryMb)} MB of memory, and a light viewer takes ${LIGHT_VIEWER_MB} MB beside ${BASE_MB} MB for everything else`,
    };
  return {
    viewers: byCores,
    reason: `it has ${cores} cores, half of which are for the chain and the wall, and one core carries ${LIGHT_PER_CORE} light viewers`,
  };
}

/** A box at 320x180 takes less than a tenth of a core; the pipeline needs some as well. */
const BOXES_PER_CORE = 8;
/** An ffmpeg that decodes a small picture, and one that waits for the next zap. */
const BOX_MB = 50;

function boxesMax({ cores, memoryMb }: Machine): Capacity {
  const byMemory = Math.max(1, Math.floor((memoryMb - BASE_MB) / BOX_MB));
  const viewers = Math.min(cores * BOXES_PER_CORE, byMemory);
  return { viewers, reason: `one of its ${cores} cores decodes for ${BOXES_PER_CORE} boxes` };
}

interface Limit {
  readonly of: (machine: Machine) => Capacity;
  /** The viewers by what sets them apart from those of the wall. */
  readonly who: string;
  /** A way to more of them. */
  readonly more: string;
}

const SIMULATED = 'use `simulate` for a larger audience';

const LIMITS: Readonly<Record<FleetName, Limit>> = {
  wall: { of: viewersMax, who: 'viewers', more: SIMULATED },
  light: { of: lightViewersMax, who: 'light viewers', more: SIMULATED },
  boxes: { of: boxesMax, who: 'set-top boxes', more: 'let each stand for many by `weight`' },
};

/** Throws CAPACITY_EXCEEDED when a fleet would be larger than this machine can carry. */
export function requireCapacity(counts: ReadonlyMap<FleetName, number>, machine: Machine): void {
  for (const [fleet, count] of counts) {
    const { of, who, more } = LIMITS[fleet];
    const { viewers, reason } = of(machine);
    if (count <= viewers) continue;
    throw new HarnessError(
      'CAPACITY_EXCEEDED',
      `count ${count}: this machine can show ${viewers}${fleet === 'light' ? ' light viewers' : ''}, because ${reason}`,
      {
        target: 'viewers.count',
        hint: `Ask for ${viewers} ${who} or fewer here, and ${more}.`,
      },
    );
  }
}
