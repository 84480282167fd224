// The people of a real run: what they see is read from the records, as soon as a page tells it.

import { MARK, type HistoryRecord } from '../model/history.ts';
import { makePeople } from '../people/crowd.ts';
import { LOOK_EVERY_MS, type People } from '../people/people.ts';
import type { Launches } from './audience.ts';
import type { Running } from './running.ts';

/** A page tells four times a second what was on its screens, a light viewer every two seconds. */
const SEEN_WITHIN_MS = 1_000;
const TOLD_WITHIN_MS = 3_000;
const ACT_MS_MAX = 10_000;

/** Lets people act by their behaviours until the run is over. */
export function startPeople(running: Running, launches: Launches): People {
  const { plan, recorder, world } = running.request;
  const attempt = (what: string, work: () => Promise<unknown> | undefined) =>
    void running.attempt(what, ACT_MS_MAX, async () => work());
  const people = makePeople({
    plan,
    launches,
    emit: recorder.emit,
    join: (launch) =>
      attempt(`${launch.description.id} joins`, () => running.fleet?.join([launch])),
    leave: (viewer) => attempt(`${viewer} leaves`, () => running.fleet?.leave([viewer])),
  });
  if (people.count === 0) return people;
  const sight = watchSight();
  recorder.subscribe(sight.record);
  const look = async () => {
    while (!running.settling) {
      people.look(running.nowMs(), (viewer) => {
        const withinMs = launches.get(viewer)?.description.imitates
          ? TOLD_WITHIN_MS
          : SEEN_WITHIN_MS;
        return running.nowMs() - sight.lastMs(viewer) <= withinMs;
      });
      await world.clock.sleep(LOOK_EVERY_MS, running.signal);
    }
  };
  look().catch(() => undefined);
  return people;
}

/** Keeps when each viewer last saw the programme move. */
function watchSight() {
  const last = new Map<string, { readonly atMs: number; readonly counter: number }>();
  return {
    lastMs: (viewer: string) => last.get(viewer)?.atMs ?? -Infinity,
    record: (record: HistoryRecord): void => {
      if (record.type === 'shown' && record.look === 'programme')
        last.set(record.viewer, { atMs: record.toMs, counter: -1 });
      if (record.type !== 'frames') return;
      for (const [atMs, mark, counter] of record.frames)
        if (mark === MARK.programme && counter !== last.get(record.viewer)?.counter)
          last.set(record.viewer, { atMs, counter });
    },
  };
}
