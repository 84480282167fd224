// The failures that agents count, as long as their player remembers them.

import { RUNGS_MAX, type Crowd } from './crowd.ts';
import type { Asked } from './place.ts';
import { forgetExclusions } from './players/exclusions.ts';

export function loaded(crowd: Crowd, agent: number, asked: Asked): void {
  const rung = crowd.rung[agent]!;
  if (asked === 'manifest') crowd.manifestErrors[agent] = 0;
  else if (asked === 'playlist') crowd.playlistErrors[agent] = 0;
  else {
    crowd.segmentErrors[agent] = 0;
    crowd.lastRung[agent] = rung;
  }
  if (crowd.segmentErrors[agent] === 0) crowd.penalties[agent * RUNGS_MAX + rung] = 0;
}

/** The application made it go on. */
export function forgetFailures(crowd: Crowd, agent: number): void {
  crowd.manifestErrors[agent] = 0;
  crowd.playlistErrors[agent] = 0;
  crowd.segmentErrors[agent] = 0;
  crowd.penalties.fill(0, agent * RUNGS_MAX, (agent + 1) * RUNGS_MAX);
  forgetExclusions(crowd, agent);
  crowd.doomed[agent] = 0;
}
