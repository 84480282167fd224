// The people of a simulation: what they see is known, because viewers tell it at every moment.

import type { VirtualTimers, VirtualViewers } from '../model/virtualWorld.ts';
import { makePeople, type CrowdOptions } from '../people/crowd.ts';
import { LOOK_EVERY_MS, type People } from '../people/people.ts';

interface PeopleInTime extends CrowdOptions {
  readonly timers: VirtualTimers;
  readonly wall: Pick<VirtualViewers, 'seeing'>;
}

/** Lets people act by their behaviours until time passes no more. */
export function startPeople({ timers, wall, ...options }: PeopleInTime): People {
  const people = makePeople(options);
  if (people.count > 0)
    timers.every(LOOK_EVERY_MS, () =>
      people.look(timers.epochMs(), (viewer) => wall.seeing(viewer) !== undefined),
    );
  return people;
}
