// A fault much shorter than viewers are behind live, played for real: the run goes on until it has
// been on every screen, and says what it cost there.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playRun, viewersOf } from '../support/playedRun.ts';
import { folderForEach } from '../support/folders.ts';

const RUN_MS = 120_000;
const BLACK_MS = 3000;

const SCENARIO = `
name: short-black
title: Three seconds of black at the source
kind: drill
design: single-access
viewers: { count: 2, policy: { onFatal: reload, delay: 2s, jitter: 0s } }
faults:
  - { name: black, at: 2s, for: ${BLACK_MS}ms, stages: [playout], content: black }
recover: { within: 60s }
expect: [max(blackScreen) <= 0s, recovered == 100%]
`;

let folder: string;
folderForEach((path) => (folder = path));

describe('three seconds of black at the source', () => {
  it(
    'fail an expectation of none, and are seen by every viewer as long as they were',
    async () => {
      const file = join(folder, 'short-black.yaml');
      writeFileSync(file, SCENARIO);
      const wishes = ['--runtime', 'processes'];
      const { report, result } = await playRun({ file, out: folder, wishes, timeoutMs: RUN_MS });
      expect([report.verdict, result.exitCode]).toEqual(['fail', 1]);
      expect(report.expectations.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
      for (const { blackScreenMs, timeToRecoverMs, latencyMs } of viewersOf(report)) {
        expect(Math.abs(blackScreenMs - BLACK_MS)).toBeLessThanOrEqual(200);
        expect(Math.abs((timeToRecoverMs ?? 0) - (latencyMs ?? 0))).toBeLessThanOrEqual(500);
      }
    },
    RUN_MS + 10_000,
  );
});
