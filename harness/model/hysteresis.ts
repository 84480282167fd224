// The answer of a design to a load that grows and shrinks again, with a fault at its height.

export interface Hysteresis {
  /** By rising load. */
  readonly levels: readonly LoadLevel[];
  /** From the last heal to the end, when shares are taken. */
  readonly recoverMs: number;
}

export interface LoadLevel {
  /** A share of the audience of the scenario. */
  readonly load: number;
  readonly audience: number;
  /** Shares of the viewers, up to 1, who see the programme at the end: without a fault, and after it. */
  readonly before: number;
  readonly after: number;
  /** The load was carried before the fault, is not after it, and it is a queue that keeps it so. */
  readonly isMetastable: boolean;
}
