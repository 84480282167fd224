// Tests what a run says of its own faults: content that is wrong for two frames is proven, and laid
// to the right loss. A fault that lasted longer than planned is in waysOut.test.ts.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { counterAt } from '../../harness/model/frameClock.ts';
import type { HistoryRecord } from '../../harness/model/history.ts';
import type { Report } from '../../harness/model/report.ts';
import { outcomeOf, playRun, viewersOf, type PlayedRun } from '../support/playedRun.ts';
import { folderForAll } from '../support/folders.ts';

const RUN_MS = 150_000;

const folder = folderForAll();

function scenario(name: string, faults: readonly string[], more: readonly string[] = []): string {
  const file = join(folder, `${name}.yaml`);
  const lines = [
    ...[`name: ${name}`, 'title: A test', 'kind: drill', 'design: single-access'],
    ...['viewers: { count: 2, policy: { onFatal: reload, delay: 1s } }', 'faults:'],
    ...faults.map((fault) => `  - { ${fault} }`),
    ...more,
    ...['recover: { within: 60s }', 'expect: [max(blackScreen) <= 0s, recovered == 100%]'],
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** An alert that playout burns into its picture before the first fault, updated and ended later. */
const ALERT = [
  'alerts:',
  '  - id: flood',
  '    at: 500ms',
  '    update: { at: 9s, text: Go }',
  '    end: 21s',
  '    severity: severe',
  '    text: Stay',
  '    carriage: playout',
];

/** For each message: its first frame on any screen, counted from the first that was made after its issue. */
function framesLate(dir: string): readonly number[] {
  const records = readFileSync(join(dir, 'journal.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryRecord);
  const [run] = records.flatMap((one) => (one.type === 'run' ? [one] : []));
  const { fps } = run!.plan.scenario.design.media;
  const madeFrom = new Map(
    records.flatMap((one) => {
      if (one.type !== 'alert' || one.does === 'end') return [];
      const issuedEpochMs = run!.startedAtEpochMs + one.atMs;
      return [[one.revision, counterAt(issuedEpochMs, fps) + 1] as const];
    }),
  );
  const counterOf = (viewer: string, atMs: number) =>
    records
      .flatMap((one) => (one.type === 'frames' && one.viewer === viewer ? one.frames : []))
      .find(([at]) => Math.abs(at - atMs) < 0.2)![2];
  return [...madeFrom].map(([revision, from]) =>
    records
      .flatMap((one) =>
        one.type === 'viewer' && one.event === 'alert' && one.alert?.revision === revision
          ? [counterOf(one.viewer, one.atMs) - from]
          : [],
      )
      .reduce((least, frames) => Math.min(least, frames), Infinity),
  );
}

/** Lists what viewers lost to one fault. A moment may be unmeasured on a busy machine. */
const lostTo = (report: Report, fault: string) =>
  viewersOf(report)
    .flatMap(({ interruptions }) => interruptions)
    .filter(({ cause }) => cause === fault);

let played: PlayedRun;

beforeAll(async () => {
  const file = scenario(
    'short-content',
    [
      'name: dark, at: 3s, for: 400ms, stages: [playout], content: black',
      'name: flash, at: 7s, for: 80ms, stages: [playout], content: black',
      'name: still, at: 11s, for: 120ms, stages: [playout], content: frozen',
      'name: stranger, at: 15s, for: 80ms, stages: [playout], content: wrong-channel',
      'name: mute, at: 19s, for: 120ms, stages: [playout], content: silent',
      'name: smaller, at: 23s, for: 2s, stages: [playout], resolution: 160x90',
      'name: jump, at: 31s, for: 2s, stages: [playout], timestampJump: 10s',
    ],
    ALERT,
  );
  played = await playRun({
    file,
    out: folder,
    wishes: ['--runtime', 'processes'],
    timeoutMs: RUN_MS,
  });
}, 2 * RUN_MS);

it('proves content that is wrong for two frames', () => {
  expect(outcomeOf(played.report).unproven).toEqual([]);
  expect(played.report.faults.map(({ proofs }) => proofs.length)).toEqual(Array(7).fill(4));
});

it('lays the black that was seen to the fault that made it', () => {
  const dark = lostTo(played.report, 'dark');
  expect(dark).not.toEqual([]);
  for (const { blackScreenMs } of dark) {
    expect(blackScreenMs).toBeGreaterThan(300);
    expect(blackScreenMs).toBeLessThan(700);
  }
});

it('sees an alert on the frame that carries it', () => {
  const late = framesLate(played.dir);
  expect(late).toHaveLength(2);
  // The truth is the first frame made after the issue; one frame is 40 ms.
  for (const frames of late) expect([0, 1]).toContain(frames);
});
