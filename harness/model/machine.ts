// Describes how busy a machine is, in numbers and in words.

export interface MachineLoad {
  /** Processes that ran or wanted to, mean of about a minute. */
  readonly load: number;
  /** The processes that run or want to at this moment. */
  readonly running: number;
  /** Share of the last ten seconds in which something waited for a processor, 0 to 1. */
  readonly waitingShare?: number;
  /** Share of its time that the machine below took from this one since the sample before, 0 to 1. */
  readonly stealShare?: number;
}

/** The load of the machine during the run. */
export interface MachineResult {
  readonly cores: number;
  readonly samples: number;
  readonly median: MachineLoad;
  /** Each number at its own peak. */
  readonly peak: MachineLoad;
}

/** Records how busy the machine was at this moment; sampled every two seconds where it says so. */
export interface MachineRecord extends MachineLoad {
  readonly type: 'machine';
  /** Since run start. */
  readonly atMs: number;
}

/**
 * Load for each core above which a machine is busy: before a run, which then gets less than half of
 * it, and during a run, whose own encoders and players count too.
 */
export const BUSY_LOAD = { before: 1, during: 2 } as const;
/** A twentieth of a second stolen in each second is more than a picture. */
const STEAL_SHARE_MAX = 0.05;

export const isBusy = (
  { load, stealShare = 0 }: MachineLoad,
  cores: number,
  when: keyof typeof BUSY_LOAD = 'during',
): boolean => load > BUSY_LOAD[when] * cores || stealShare > STEAL_SHARE_MAX;

/** `load 31.2 on 2 cores, 30 run or want to, something waits for a processor 97% of the time`. */
export function loadText(
  { load, running, waitingShare, stealShare = 0 }: MachineLoad,
  cores: number,
): string {
  return [
    `load ${load.toFixed(1)} on ${cores} ${cores === 1 ? 'core' : 'cores'}`,
    `${Math.round(running)} run or want to`,
    ...(waitingShare === undefined
      ? []
      : [`something waits for a processor ${percent(waitingShare)} of the time`]),
    ...(stealShare < 0.005 ? [] : [`the machine below takes ${percent(stealShare)} of the time`]),
  ].join(', ');
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
