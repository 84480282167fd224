// Low latency played for real: on one stream, who plays parts is much nearer to the programme than who
// plays whole segments, and the same cut, proven as ever, interrupts the one and not the other.

import { describe, expect, it } from 'vitest';
import { playRun } from '../support/playedRun.ts';
import { folderForEach } from '../support/folders.ts';

const RUN_MS = 60_000;

let folder: string;
folderForEach((path) => (folder = path));

describe('the drill low-latency-cut', () => {
  it(
    'has parts near to the programme, which have little to live on in a cut',
    async () => {
      const { report } = await playRun({
        file: 'scenarios/drills/low-latency-cut.yaml',
        out: folder,
        wishes: ['--runtime', 'processes'],
        timeoutMs: RUN_MS,
      });
      // A machine of two processors may owe the encoders some time; nothing may be said to fail.
      expect(report.expectations.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
      const lost = report.groups?.find(({ name }) => name === 'in-parts')?.audience.programmeLossMs;
      expect(lost?.min).toBeGreaterThan(300);
      const latencyOf = (group: string) =>
        report.groups?.find(({ name }) => name === group)?.audience.latencyMs;
      const [parts, whole] = [latencyOf('in-parts'), latencyOf('whole-segments')];
      expect((parts?.max ?? NaN) / (whole?.min ?? NaN)).toBeLessThan(0.6);
      const proofs = report.faults.flatMap(({ proofs }) => proofs.map(({ proven }) => proven));
      expect(proofs.length).toBeGreaterThanOrEqual(2);
      expect(proofs).not.toContain(false);
    },
    2 * RUN_MS + 10_000,
  );
});
