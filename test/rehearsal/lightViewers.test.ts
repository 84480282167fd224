// Real screens and light viewers behind the same edge: what hls.js loses in a browser to wrong
// answers, a light viewer loses too, to within a segment, and it is in no figure of the screens.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lossesApart } from '../support/lightAgreement.ts';
import { playRun, viewersOf } from '../support/playedRun.ts';
import { folderForAll } from '../support/folders.ts';

const RUN_MS = 150_000;
const SEGMENT_MS = 2_000;

const folder = folderForAll();

const SCENARIO = `
name: light
title: Screens and light viewers
kind: drill
design: single-access
viewers:
  - { name: screens, count: 2, policy: { onFatal: reload, delay: 2s, jitter: 0s } }
  - { name: sofas, count: 40, player: light, policy: { onFatal: reload, delay: 2s, jitter: 0s } }
faults:
  - { name: gone, at: 2s, for: 9s, stages: [edge], channels: [one], http: { of: any, status: 404 } }
  - { name: silent, at: 2s, for: 9s, stages: [edge], channels: [two], http: { of: any, wrong: hang } }
recover: { within: 45s }
expect:
  - recovered == 100%
  - max(blackScreen) of sofas <= 40s
`;

it(
  'lose the same to an edge that answers 404 and to one that is silent',
  async () => {
    const file = join(folder, 'light.yaml');
    writeFileSync(file, SCENARIO);
    const wishes = ['--runtime', 'processes', '--viewers', '42'];
    const { report, dir } = await playRun({ file, out: folder, wishes, timeoutMs: RUN_MS });
    expect(viewersOf(report).map(({ player }) => player)).toEqual(['hls.js', 'hls.js']);
    expect(report.audience.viewers).toBe(2);
    expect(report.beside).toHaveLength(40);
    for (const apart of lossesApart(report)) {
      const told = JSON.stringify(apart);
      // Viewers join within one segment: the median is no farther from anybody than one.
      expect(apart.onsetMs, told).toBeLessThanOrEqual(SEGMENT_MS);
      expect(apart.endMs, told).toBeLessThanOrEqual(SEGMENT_MS);
    }
    for (const name of ['report.md', 'report.html', 'junit.xml', 'metrics.prom'])
      expect(/imitated, not run/i.test(readFileSync(join(dir, name), 'utf8')), name).toBe(true);
  },
  RUN_MS,
);
