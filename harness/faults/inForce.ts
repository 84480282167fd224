// Keeps the faults in force on each flow, and those before: a proof must know what else its witness
// saw, and a proxy that is made anew must get back what it had.

import type { LinkFault } from '../model/scenario.ts';

/** One occurrence of a fault on one flow, in the time of the run. */
export interface InForce {
  /** The occurrence (model/plan.ts). */
  readonly id: string;
  /** Name of the fault or window, for the reader. */
  readonly of: string;
  readonly fault: LinkFault;
  readonly fromMs: number;
  /** Undefined while it lasts. */
  readonly toMs: number | undefined;
}

export interface ForceLog {
  readonly begin: (flow: string, begun: Omit<InForce, 'toMs'>) => void;
  readonly end: (flow: string, id: string, atMs: number) => void;
  /** Everything that is or was in force on a flow, in the order in which it began. */
  readonly on: (flow: string) => readonly InForce[];
}

export function createForceLog(): ForceLog {
  const flows = new Map<string, InForce[]>();
  const on = (flow: string) => flows.get(flow) ?? [];
  return {
    on,
    begin: (flow, begun) => void flows.set(flow, [...on(flow), { ...begun, toMs: undefined }]),
    end: (flow, id, atMs) =>
      void flows.set(
        flow,
        on(flow).map((one) =>
          one.id === id && one.toMs === undefined ? { ...one, toMs: atMs } : one,
        ),
      ),
  };
}

/** Lists the faults that last, without one of them. */
export const lastingBeside = (all: readonly InForce[], id: string): readonly InForce[] =>
  all.filter((one) => one.toMs === undefined && one.id !== id);
