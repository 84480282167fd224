// What a transcoder sees and hears proves about a wrong channel and a silent one.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { provenOnStage } from '../../../harness/faults/stageProof.ts';
import { stageWitnessName, stageWitnessOf } from '../../../harness/faults/stageWitness.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import type { ContentFault } from '../../../harness/model/scenario.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';

const file = 'scenarios/designs/single-access.yaml';
const design = parseDesign(readFileSync(file, 'utf8'), file);
const DONE_MS = 1000;

type Seen = Pick<StatsRecord, 'channelIn' | 'loudnessIn'>;

function ask(does: 'inject' | 'heal', shows: 'silent' | 'wrong-channel', seen: readonly Seen[]) {
  const fault: ContentFault = {
    ...{ kind: 'content', shows },
    ...{ stages: ['playout'], channels: ['two'], links: [] },
  };
  const witness = stageWitnessOf(fault, { instance: 'playout.two', channel: 'two', design });
  expect(stageWitnessName(witness)).toBe('what transcoder.two sees and hears');
  const stats = seen.map((what, i): StatsRecord => ({
    ...{ type: 'stats', stage: 'transcoder.two', atMs: 125 + i * 250 },
    ...what,
  }));
  return provenOnStage({
    ...{ does, fault, witness, stats, answers: [] },
    ...{ doneAtMs: DONE_MS, begunAtMs: DONE_MS },
  });
}

/** One report each 250 ms; the fourth is the last before it was done. */
const channels = (...numbers: (number | undefined)[]): Seen[] =>
  numbers.map((channelIn) => (channelIn === undefined ? {} : { channelIn }));
const sounds = (...levels: (number | undefined)[]): Seen[] =>
  levels.map((loudnessIn) => (loudnessIn === undefined ? {} : { loudnessIn }));

describe('a wrong channel is', () => {
  test('proven by a clock with another number, its end by its own', () => {
    expect(ask('inject', 'wrong-channel', channels(2, 2, 2, 2, 2, 3))).toEqual({
      proven: true,
      observed: 'transcoder.two sees channel 3, its own is 2',
    });
    expect(ask('heal', 'wrong-channel', channels(3, 3, 3, 3, 3, 2)).proven).toBe(true);
  });

  test('not proven by its own number, or by nothing', () => {
    expect(ask('inject', 'wrong-channel', channels(2, 2, 2, 2, 2)).proven).toBe(false);
    expect(ask('inject', 'wrong-channel', channels(2, 2, 2, 2)).proven).toBe(false);
    expect(ask('heal', 'wrong-channel', channels(3, 3, 3, 3, 3, 3)).proven).toBe(false);
  });

  test('not proven where it was wrong before', () => {
    expect(ask('inject', 'wrong-channel', channels(4, 4, 4, 4, 3)).proven).toBe(false);
  });
});

describe('silence is', () => {
  test('proven where there was sound, its end by sound', () => {
    expect(ask('inject', 'silent', sounds(0.09, 0.09, 0.1, 0.09, 0.04, 0, 0, 0, 0))).toEqual({
      proven: true,
      observed: 'transcoder.two hears silence',
    });
    expect(ask('heal', 'silent', sounds(0, 0, 0, 0, 0, 0, 0, 0.09))).toEqual({
      proven: true,
      observed: 'transcoder.two hears -21 dB of full scale',
    });
  });

  test('not proven by sound, by a moment of silence, or by no sound at all', () => {
    expect(ask('inject', 'silent', sounds(0.1, 0.1, 0.1, 0.1, 0, 0.1, 0, 0)).proven).toBe(false);
    expect(ask('inject', 'silent', sounds(0.1, 0.1, 0.1, 0.1, 0, 0)).proven).toBe(false);
    const gone = sounds(0.1, 0.1, 0.1, 0.1, undefined, undefined, undefined, undefined);
    expect(ask('inject', 'silent', gone).proven).toBe(false);
    expect(ask('heal', 'silent', sounds(0, 0, 0, 0, 0, 0, 0, 0)).proven).toBe(false);
  });

  test('not proven where there was no sound before', () => {
    expect(ask('inject', 'silent', sounds(0, 0, 0, 0, 0, 0, 0, 0)).proven).toBe(false);
  });
});
