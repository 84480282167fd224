// Bytes that passed links, and borders, as a run records them and a report tells them.

import type { Phase } from './plan.ts';

/** Bytes of each way of a connection. */
export interface WayBytes {
  /** Away from the one who connects. */
  readonly forward: number;
  readonly backward: number;
}

/** Bytes that passed a flow of a link so far; only where a promise of where data stays asks for it. */
export interface PassedRecord extends WayBytes {
  /** Since run start. */
  readonly atMs: number;
  readonly type: 'passed';
  readonly flow: string;
  /** The bytes that its senders gave it: those that a fault held or dropped are among them. */
  readonly given?: WayBytes;
  /** Every stage had ended. */
  readonly last?: boolean;
}

/** Frames that passed an interface, and their bytes with all headers. */
export interface FrameCount {
  readonly bytes: number;
  readonly frames: number;
}

/** The count of a stage's interface on the network of its country, over all its lives so far. */
export interface InterfaceCount {
  readonly received: FrameCount;
  readonly sent: FrameCount;
  /** The reason why the count does not tell all, as a clause. */
  readonly doubt?: string;
  /** The kernel let nothing but proxies meet it over that interface, from its first byte on. */
  readonly closed?: boolean;
}

/**
 * Neighbours ask for addresses, connections begin with longer headers, and what is lost is sent once
 * more: an interface that saw less more than the links is not told apart from one that saw as much.
 */
export const INTERFACE_NOISE = { share: 0.01, bytes: 20_000 } as const;

export interface InterfaceRecord extends InterfaceCount {
  /** Since run start. */
  readonly atMs: number;
  readonly type: 'interface';
  readonly stage: string;
  /** The next thing that happens to the stage is that it is stopped. */
  readonly last?: boolean;
}

/** Bytes that passed from one country to another over a connection of the design. */
export interface BorderResult {
  readonly class: 'media';
  readonly from: string;
  readonly to: string;
  readonly over: string;
  /** Absent where no counter saw all of them. */
  readonly bytes?: number;
  readonly phases: readonly { readonly phase: Phase; readonly bytes: number }[];
}

/** Bytes of a stage by the counters of its links, and by its interface without headers. */
export interface InterfaceResult {
  readonly stage: string;
  readonly way: 'received' | 'sent';
  readonly byLinks: number;
  readonly byInterface: number;
  /** The reason why some may have passed no counter of a link, as a clause. */
  readonly doubt?: string;
}
