// The people of a plan, whoever lets them join and leave: a real run and a simulation alike.

import { seededRandom } from '../kernel/random.ts';
import type { Unstamped } from '../model/history.ts';
import { findLatecomers, type Plan } from '../model/plan.ts';
import { findGroup } from '../model/scenario.ts';
import type { ViewerLaunch } from '../model/world.ts';
import { findBehaviour } from './catalogue.ts';
import type { Act } from './behaviour.ts';
import { watchPeople, type People } from './people.ts';
import { zapped } from './places.ts';

export interface CrowdOptions {
  readonly plan: Plan;
  readonly launches: ReadonlyMap<string, ViewerLaunch>;
  readonly emit: (record: Unstamped) => void;
  readonly join: (launch: ViewerLaunch) => void;
  readonly leave: (viewer: string) => void;
}

export function makePeople({ plan, launches, emit, join, leave }: CrowdOptions): People {
  const all = [...launches.values()].filter(({ description }) => !description.control);
  const behaviours = new Map(
    all.map(({ description }) => [
      description.id,
      findBehaviour(findGroup(plan.scenario, description)),
    ]),
  );
  const zaps = new Map<string, number>();
  const act = (viewer: string, does: Act | { readonly does: 'return' }): void => {
    emit({ type: 'viewer', viewer, event: 'act', detail: does.does });
    if (does.does === 'leave') return leave(viewer);
    const times = (zaps.get(viewer) ?? 0) + (does.does === 'zap' ? 1 : 0);
    zaps.set(viewer, times);
    const launch = zapped(launches.get(viewer)!, times);
    join(does.does === 'reboot' ? { ...launch, startsAfterMs: does.offMs } : launch);
  };
  const random = seededRandom(plan.seed).fork('people');
  const people = watchPeople({ behaviours, random, act });
  for (const viewer of findLatecomers(plan)) people.moved(viewer, false);
  return people;
}
