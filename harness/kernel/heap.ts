// The memory that a program of long work takes from the machine.

import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MB = 2 ** 20;
/** A collection takes 80 ms; what lives in a night of six viewers is 40 MB. */
const LEAST_BYTES = 64 * MB;
const SPARE = 1.5;

/**
 * Lets one thread look for what became old. It helps only before anything else is loaded: the night of six
 * viewers then takes some 225 MB instead of 300 at its peak, and a tenth less of the processor (29 November
 * 2026, version 0.1.0, two busy cores, five turns).
 */
export const markByOneThread = (): void => setFlagsFromString('--no-concurrent-marking');

/**
 * Gives what keeps what became old within one and a half times of what lives, when it is called now and
 * then. V8 lets it grow to some 200 MB before it looks for the first time at what became old. What is young
 * is collected by one thread from then on: the others cost more of the processor than they save.
 */
export function boundHeap(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  setFlagsFromString('--no-parallel-scavenge');
  let mostBytes = LEAST_BYTES;
  return () => {
    if (usedBytes() < mostBytes) return;
    collect();
    mostBytes = Math.max(LEAST_BYTES, SPARE * usedBytes());
  };
}

/** Where objects are that have been there for a while; the others are collected often. */
const usedBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ??
  0;
