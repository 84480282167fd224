// Tests what a run says of its own faults: content that is wrong for two frames is proven, and laid
// to the right loss. A fault that lasted longer than planned is in interrupt.test.ts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outcomeOf, playRun, viewersOf } from '../support/playedRun.ts';

const RUN_MS = 150_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scenario(name: string, ...faults: readonly string[]): string {
  const file = join(folder, `${name}.yaml`);
  const lines = [
    ...[`name: ${name}`, 'title: A test', 'kind: drill', 'design: single-access'],
    ...['viewers: { count: 2, policy: { onFatal: reload, delay: 1s } }', 'faults:'],
    ...faults.map((fault) => `  - { ${fault} }`),
    ...['recover: { within: 60s }', 'expect: [recovered == 100%]'],
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

it(
  'proves content that is wrong for two frames, and lays the black that was seen to it',
  async () => {
    const file = scenario(
      'short-content',
      'name: dark, at: 3s, for: 400ms, stages: [playout], content: black',
      'name: flash, at: 8s, for: 80ms, stages: [playout], content: black',
      'name: still, at: 13s, for: 120ms, stages: [playout], content: frozen',
      'name: stranger, at: 18s, for: 80ms, stages: [playout], content: wrong-channel',
      'name: mute, at: 23s, for: 120ms, stages: [playout], content: silent',
      'name: smaller, at: 28s, for: 2s, stages: [playout], resolution: 160x90',
      'name: jump, at: 36s, for: 2s, stages: [playout], timestampJump: 10s',
    );
    const wishes = ['--runtime', 'processes'];
    const { report } = await playRun({ file, out: folder, wishes, timeoutMs: RUN_MS });
    expect(outcomeOf(report).unproven).toEqual([]);
    expect(report.faults.map(({ proofs }) => proofs.length)).toEqual(Array(7).fill(4));
    // A moment of one viewer may be unmeasured on a busy machine, not that of all of them.
    const dark = viewersOf(report)
      .flatMap(({ interruptions }) => interruptions)
      .filter(({ cause }) => cause === 'dark');
    expect(dark).not.toEqual([]);
    for (const { blackScreenMs } of dark) {
      expect(blackScreenMs).toBeGreaterThan(300);
      expect(blackScreenMs).toBeLessThan(700);
    }
  },
  RUN_MS,
);
