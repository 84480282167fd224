// Keeps a simulation in step with a real run: a fault does what it does by the moment within a segment.

import type { RealTimes } from '../model/agreement.ts';
import { ageOfCounterMs } from '../model/frameClock.ts';
import type { MediaSettings } from '../model/scenario.ts';
import type { VirtualTimers } from '../model/virtualWorld.ts';
import type { Plan } from '../model/plan.ts';
import type { Chain } from './chain.ts';

export interface Keeping {
  readonly chain: Chain;
  readonly plan: Plan;
  readonly timers: VirtualTimers;
  readonly waitFor: (isSo: () => boolean, withinMs: number) => Promise<boolean>;
}

/** A wait looks as often, and so may be late by as much. */
const LOOK_MS = 100;

/** Waits for the phase of a segment in which viewers joined the real run. */
export async function waitForPhase(
  { chain, timers, plan, waitFor }: Keeping,
  { joinPhaseMs }: RealTimes,
): Promise<void> {
  const { fps, segmentMs } = plan.scenario.design.media;
  const phaseMs = () => {
    const [origin] = chain.origins.values();
    const counter = origin?.stats().programmeCounter ?? 0;
    return ageOfCounterMs(counter, timers.epochMs(), fps) % segmentMs;
  };
  const early = () => (joinPhaseMs - phaseMs() + segmentMs) % segmentMs;
  await waitFor(() => early() < LOOK_MS, 2 * segmentMs);
}

/** Faults begin as long after the viewers joined as in the real run, or whole segments later. */
export function restOfSteadyMs(
  passedMs: number,
  { steadyMs }: RealTimes,
  { segmentMs }: MediaSettings,
): number {
  const restMs = steadyMs - passedMs;
  return restMs >= 0 ? restMs : restMs + Math.ceil(-restMs / segmentMs) * segmentMs;
}
