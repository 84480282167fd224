// Proves that a stage stands still, or works again, by its own reports: it sends four a second.

import { unproven, type Standing, type WitnessKind } from './kind.ts';
import { seconds, silentMs } from './readings.ts';

export interface ReportsWitness extends Standing {
  readonly kind: 'reports';
  readonly quietMs: number;
}

export const reports: WitnessKind<ReportsWitness> = {
  name: ({ stage }) => `reports of ${stage}`,
  /** Silent while others go on reporting: it is the stage, not the reading of reports. */
  judge: ({ stage, quietMs }, { does, stats, doneAtMs }) => {
    const forMs = silentMs(stage, stats);
    if (forMs === undefined) return unproven(`${stage} never reported`);
    if (does === 'inject')
      return {
        proven: forMs >= quietMs,
        observed: `${stage} had reported nothing for ${seconds(forMs)}`,
      };
    const again = stats.some((record) => record.stage === stage && record.atMs > doneAtMs);
    return { proven: again, observed: `${stage} reports ${again ? 'again' : 'nothing'}` };
  },
};
