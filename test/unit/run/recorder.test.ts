import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HarnessError } from '../../../harness/model/errors.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import { unsealing } from '../../../harness/model/seal.ts';
import { createRecorder } from '../../../harness/run/recorder.ts';
import { withoutSeal } from '../../support/strip.ts';
import { folderForEach } from '../../support/folders.ts';

const at = (ms: number) => ({
  epochMs: () => ms,
  sleep: () => Promise.resolve(),
  sleepUntil: () => Promise.resolve(),
});

let folder: string;
folderForEach((path) => (folder = path));

const open = (file: string, onFailure: (error: HarnessError) => void = () => {}) =>
  createRecorder({ file, startedAtEpochMs: 1_000_000, clock: at(1_000_250), onFailure });

const linesOf = (file: string): HistoryRecord[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(withoutSeal(line)) as HistoryRecord);

describe('recorder', () => {
  it('stamps records with the time since run start, frames included', () => {
    const file = join(folder, 'journal.ndjson');
    const recorder = open(file);
    recorder.emit({ type: 'phase', phase: 'steady' });
    recorder.emit({
      type: 'frames',
      atEpochMs: 1_000_500.04,
      viewer: 'v1',
      frames: [[1_000_460.26, 0, 7, 99]],
      player: { canPlay: true, bufferedMs: 100, lateMs: 0 },
    });
    recorder.close();
    expect(linesOf(file)).toEqual([
      { type: 'phase', atMs: 250, phase: 'steady' },
      {
        type: 'frames',
        atMs: 500,
        viewer: 'v1',
        frames: [[460.3, 0, 7, 99]],
        player: { canPlay: true, bufferedMs: 100, lateMs: 0 },
      },
    ]);
  });

  it('writes lines whose seals fit', () => {
    const file = join(folder, 'journal.ndjson');
    const recorder = open(file);
    for (const text of ['one', 'deux ✓', 'three'])
      recorder.emit({ type: 'log', level: 'info', text });
    recorder.close();
    const unseal = unsealing();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => 'json' in unseal(line))).toEqual([true, true, true]);
  });

  it('shows a record to listeners only after it is on disk', () => {
    const file = join(folder, 'journal.ndjson');
    const recorder = open(file);
    const seen: number[] = [];
    recorder.subscribe(() => seen.push(linesOf(file).length));
    recorder.emit({ type: 'phase', phase: 'provision' });
    recorder.emit({ type: 'phase', phase: 'steady' });
    recorder.close();
    expect(seen).toEqual([1, 2]);
  });

  it('gathers what can be played again, and writes the same lines', () => {
    const [gathered, single] = [join(folder, 'gathered.ndjson'), join(folder, 'single.ndjson')];
    const clock = at(1_000_250);
    const onFailure = () => {};
    const recorder = createRecorder({
      file: gathered,
      startedAtEpochMs: 1_000_000,
      clock,
      gathers: true,
      onFailure,
    });
    const other = open(single);
    const text = 'x'.repeat(20_000);
    const sizes = Array.from({ length: 5 }, () => {
      for (const { emit } of [recorder, other]) emit({ type: 'log', level: 'info', text });
      return readFileSync(gathered).length > 0;
    });
    recorder.close();
    other.close();
    expect(sizes).toEqual([false, false, false, true, true]);
    expect(readFileSync(gathered, 'utf8')).toBe(readFileSync(single, 'utf8'));
  });

  it('never overwrites a journal', () => {
    const file = join(folder, 'journal.ndjson');
    open(file).close();
    expect(() => open(file)).toThrow(/cannot write/);
  });
});
