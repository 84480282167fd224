// A calibration against a display as it is kept, and the machine for which it holds.

import { ASSUMED_MARGIN, type Margin } from './margin.ts';
import type { Environment } from './history.ts';
import type { Verdict } from './report.ts';
import type { ScreenCalibration } from './screenRuler.ts';

/** One calibration against a display, as it is kept. */
export interface KeptRuler {
  readonly viewers: number;
  readonly verdict: Verdict;
  readonly marginMs: number | undefined;
  readonly madeAt: string;
  readonly holdsFor: Machine;
}

interface Machine {
  readonly platform: string;
  readonly cores: number;
  readonly processor: string;
  /** Version of the browser. */
  readonly chromium: string;
}

export const makeKeptRuler = ({
  viewers,
  verdict,
  marginMs,
  madeAt,
  machine,
}: ScreenCalibration): KeptRuler => ({
  viewers,
  verdict,
  marginMs,
  madeAt,
  holdsFor: describeMachine(machine, machine.processor),
});

export const describeMachine = (
  { platform, cores, tools }: Pick<Environment, 'platform' | 'cores' | 'tools'>,
  processor: string,
): Machine => ({ platform, cores, processor, chromium: tools['chromium'] ?? '' });

/** Tells whether they describe the same machine, browser included. */
export const isSameMachine = (a: Machine, b: Machine): boolean =>
  (['platform', 'cores', 'processor', 'chromium'] as const).every((name) => a[name] === b[name]);

/** The calibration with the fewest viewers among those with as many as watch, or more. */
export function marginFor(viewers: number, kept: readonly KeptRuler[], machine: Machine): Margin {
  const [nearest] = kept
    .filter(({ holdsFor }) => isSameMachine(holdsFor, machine))
    .filter((one) => one.viewers >= viewers && one.verdict !== 'inconclusive')
    .toSorted((a, b) => a.viewers - b.viewers);
  if (nearest?.marginMs === undefined) return ASSUMED_MARGIN;
  return { ms: nearest.marginMs, from: { madeAt: nearest.madeAt, viewers: nearest.viewers } };
}
