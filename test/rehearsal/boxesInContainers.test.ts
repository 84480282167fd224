// Set-top boxes on the private network of a run: they boot, zap, and hear groups that containers send, and
// what an access loses is sent to them again. Without the proxy, the portal and the group of the right
// sender no expectation would be met.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { expectPass, playRun } from '../support/playedRun.ts';
import { engine, title } from '../support/engine.ts';
import { folderForEach } from '../support/folders.ts';

const RUN_MS = 120_000;

const DRILL = `
name: boxes
title: Set-top boxes in containers
kind: drill
design: repaired-tv
seed: 7
viewers:
  - { name: boxes, count: 2, player: settopbox, config: { zapEveryMs: 3000, zaps: 1, repairMs: 500 } }
steady: { hold: 2s, within: 45s }
faults:
  - { name: lossy, at: 1s, for: 5s, links: [access-tv], loss: { share: 3% } }
  - { name: off, at: 8s, for: 3s, links: [access-repair], cut: drop }
recover: { within: 20s }
expect:
  - max(boot) <= 10s
  - zapFailed == 0%
  - repaired >= 90%
  - recovered == 100%
`;

let folder: string;
folderForEach((path) => (folder = path));

describe.runIf(engine)(title('set-top boxes in containers'), () => {
  it(
    'boot, zap, and have repaired what the access loses',
    async () => {
      const file = join(folder, 'boxes.yaml');
      writeFileSync(file, DRILL);
      const wishes = ['--runtime', 'containers'];
      const { report } = await playRun({ file, out: folder, wishes, timeoutMs: RUN_MS });
      expectPass(report);
    },
    2 * RUN_MS + 10_000,
  );
});
