// Ordeals that share the machine: a start mostly waits, so two runs start at a time, and the next one
// once something has happened to one of them, while that one ends and is looked at.

import pLimit from 'p-limit';
import { endure, type Ordeal, type Outcome } from './endure.ts';

const STARTING_MAX = 2;

const starts = pLimit(STARTING_MAX);

/** Waits for its turn, which ends at the moment at which its harm befalls it. */
export function endureInTurn({ harm, ...ordeal }: Ordeal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    void starts(async () => {
      const befell = Promise.withResolvers<void>();
      const watched = {
        ...harm,
        befall: (...at: Parameters<typeof harm.befall>) => {
          befell.resolve();
          return harm.befall(...at);
        },
      };
      const outcome = endure({ ...ordeal, harm: watched });
      outcome.then(resolve, reject);
      await Promise.race([befell.promise, outcome.catch(() => undefined)]);
    });
  });
}
