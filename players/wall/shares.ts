// Deals the viewers of a run to its workers: how many each shows, and who shows whom.

import { seededRandom } from '../../harness/kernel/random.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { ViewerDescription } from '../../harness/model/viewer.ts';
import { findFleet } from '../registry.ts';
import type { WorkerHello } from './messages.ts';

/** A worker and the number of viewers that it shows, its control not counted. */
export interface WorkerShare {
  readonly name: string;
  readonly count: number;
}

type Wanting = Pick<WorkerHello, 'name' | 'count' | 'most'>;

/**
 * Gives each worker the number that it named, and the others equal parts of the rest, as far as
 * their machines go. Throws CAPACITY_EXCEEDED when viewers are left over.
 */
export function dealShares(total: number, workers: readonly Wanting[]): readonly WorkerShare[] {
  const counts = new Map(workers.map(({ name, count = 0 }) => [name, count]));
  let left = total - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const open = workers.filter(({ count }) => count === undefined);
  while (left > 0) {
    const [least] = open
      .filter(({ name, most }) => counts.get(name)! < most)
      .toSorted((a, b) => counts.get(a.name)! - counts.get(b.name)!);
    if (!least) throw leftOver(total, left, workers);
    counts.set(least.name, counts.get(least.name)! + 1);
    left -= 1;
  }
  return workers.map(({ name }) => ({ name, count: counts.get(name)! }));
}

function leftOver(total: number, left: number, workers: readonly Wanting[]): HarnessError {
  const limits = workers.map(({ name, count, most }) =>
    count === undefined ? `${name} can show ${most}` : `${name} shows ${count}`,
  );
  return new HarnessError(
    'CAPACITY_EXCEEDED',
    `nobody shows ${left} of ${total} viewers: ${limits.join(', ')}`,
    {
      target: '--wall-workers',
      hint: 'Ask for more workers (--wall-workers), fewer viewers (--viewers), or a larger --count.',
    },
  );
}

const controlOf = (worker: string): string => `control-${worker}`;

/**
 * The viewers with the worker of each that is on the wall, and a control for every worker. The
 * seed deals them, so that no worker has one channel, one way in, or one group alone.
 */
export function dealViewers(
  viewers: readonly ViewerDescription[],
  shares: readonly WorkerShare[],
  seed: number,
): readonly ViewerDescription[] {
  const places = shuffled(
    shares.flatMap(({ name, count }) => Array.from({ length: count }, () => name)),
    seed,
  );
  const dealt = viewers.map((viewer) => {
    if (viewer.control || findFleet(viewer.player) !== 'wall') return viewer;
    return { ...viewer, worker: places.shift()! };
  });
  const control = viewers.find((viewer) => viewer.control);
  if (!control) return dealt;
  const own = shares.map(({ name }) => ({ ...control, id: controlOf(name), worker: name }));
  return [...dealt, ...own];
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed).fork('viewers of the workers');
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
