// The ledger while a run goes on: exactly what each screen showed, from the first picture on.

import { describe, expect, it } from 'vitest';
import { liveClassifier, type LiveViewer } from '../../../harness/measure/live.ts';
import { emptyLedger } from '../../../harness/measure/ledger.ts';
import {
  MARK,
  type HistoryRecord,
  type ShownRecord,
  type ViewerRecord,
} from '../../../harness/model/history.ts';
import { strip, stripRecords, viewerOf } from '../../support/strip.ts';

const STEP_MS = 200;
/** Playback begins with the second picture. */
const FRAME_MS = 40;

const leaves = (record: HistoryRecord, atMs: number) =>
  record.type === 'viewer' && record.event === 'leave' && record.atMs === atMs;

/** Everything of one viewer at the end of a strip, before it leaves. */
function endOf(letters: string): LiveViewer {
  const endMs = letters.length * STEP_MS;
  const { run, records } = strip(letters, STEP_MS);
  const live = liveClassifier({ viewers: run.viewers, fps: 25 });
  for (const record of records) if (!leaves(record, endMs)) live.record(record);
  return live.view(endMs)[0]!;
}

describe('the ledger of a screen that goes on', () => {
  it.each([
    ['black', 'pppppbbbbbppppp', { programme: 1960, black: 1000, starting: 40 }, 1000, 1000],
    ['a freeze', 'pppppfffffppppp', { programme: 1960, frozen: 1000, starting: 40 }, 1000, 1000],
    ['a stall', 'pppppsssssppppp', { programme: 1960, stalled: 1000, starting: 40 }, 1000, 1000],
    ['a slate', 'ppppplllllppppp', { programme: 1960, slate: 1000, starting: 40 }, 0, 1000],
    ['others', 'pppppooooopp', { programme: 1360, slate: 1000, starting: 40 }, 0, 1000],
    ['no mark', 'ppppxxxxppp', { programme: 1360, unmeasured: 800, starting: 40 }, 0, 0],
    ['a first start', 'rrrrr', { starting: 1000 }, 0, 0],
    [
      'a dead player that is loaded again',
      'ppppppdddddrrrrppp',
      { programme: 1720, dead: 1000, starting: 880 },
      1840,
      1840,
    ],
    [
      'a dead player that is started again, and starves',
      'pppppdddddssssspp',
      { programme: 1360, dead: 1000, stalled: 1000, starting: 40 },
      2000,
      2000,
    ],
    ['who left', 'rrppp-----rrppp', { programme: 1120, starting: 880 }, 0, 0],
  ])('tells %s', (_, letters, ledger, blackScreenMs, programmeLossMs) => {
    expect(endOf(letters)).toMatchObject({
      ledger: { ...emptyLedger(), ...ledger },
      blackScreenMs,
      programmeLossMs,
      interrupted: programmeLossMs > 0,
    });
  });

  it.each([
    ['programme', 'pppppbbbbbppppp', 2000],
    ['slate', 'ppppplllll', 1000],
    ['black', 'pppppllllbbb', 1800],
    ['programme', 'rrrrpppp', 800 + FRAME_MS],
  ])('says since when there is %s', (shows, letters, sinceMs) => {
    expect(endOf(letters)).toMatchObject({ shows, sinceMs });
  });

  it('does not count a hiccup, and no loss shorter than 200 ms as an interruption', () => {
    const within = (letters: string, fromMs: number, toMs: number) => {
      const { run, records } = strip(letters, 40);
      const live = liveClassifier({ viewers: run.viewers, fps: 25 });
      for (const record of records)
        live.record(
          record.type === 'frames'
            ? { ...record, frames: record.frames.filter(([at]) => at < fromMs || at >= toMs) }
            : record,
        );
      const [{ ledger, interrupted }] = live.view(letters.length * 40) as [LiveViewer];
      return [ledger.frozen, ledger.black, interrupted];
    };
    const still = 'p'.repeat(50);
    expect(within(still, 1000, 1120)).toEqual([0, 0, false]);
    expect(within(still, 1000, 1160)).toEqual([160, 0, false]);
    expect(within(still, 1000, 1200)).toEqual([200, 0, true]);
    const dark = (frames: number) => `${'p'.repeat(25)}${'b'.repeat(frames)}${'p'.repeat(20)}`;
    expect(within(dark(4), 0, 0)).toEqual([0, 160, false]);
    expect(within(dark(5), 0, 0)).toEqual([0, 200, true]);
  });

  it('adds losses of several kinds that follow each other up to one interruption', () => {
    const letters = `${'p'.repeat(25)}bbbllb${'p'.repeat(20)}`;
    const { run, records } = strip(letters, 40);
    const live = liveClassifier({ viewers: run.viewers, fps: 25 });
    for (const record of records) live.record(record);
    expect(live.view(2000)[0]).toMatchObject({ blackScreenMs: 160, interrupted: true });
  });

  /** A strip with more records in it, until the end. */
  function withMore(letters: string, ...more: readonly HistoryRecord[]): LiveViewer {
    const { run, records } = strip(letters, STEP_MS);
    const endMs = letters.length * STEP_MS;
    const live = liveClassifier({ viewers: run.viewers, fps: 25 });
    const all = [...records, ...more].toSorted((a, b) => a.atMs - b.atMs);
    for (const record of all) if (!leaves(record, endMs)) live.record(record);
    return live.view(endMs)[0]!;
  }
  const says = (event: ViewerRecord['event'], atMs: number): HistoryRecord => ({
    type: 'viewer',
    viewer: 'v1',
    event,
    atMs,
  });

  it('is not dead by an error that the player dealt with', () => {
    expect(withMore('pppppffffff', says('error', 900)).shows).toBe('frozen');
    expect(withMore('pppppffffff', says('fatal', 900)).shows).toBe('dead');
  });

  it('counts a start of who was there as black, and of who comes as none', () => {
    const again = (...events: readonly HistoryRecord[]) =>
      withMore('pppppssssss', ...events).blackScreenMs;
    expect(again(says('join', 1000))).toBe(1200);
    expect(again(says('leave', 1000), says('join', 1000))).toBe(0);
  });

  it('takes no picture that is told of late for what is shown', () => {
    const player = { canPlay: true, bufferedMs: 0, lateMs: 0 };
    const late = { type: 'frames', viewer: 'v1', atMs: 1300, player } as const;
    const seen = withMore('pppppppppp', { ...late, frames: [[900, MARK.none, -1, 0]] });
    expect(seen).toMatchObject({ shows: 'programme', blackScreenMs: 0 });
  });

  it('is not moved by records of nobody', () => {
    const live = liveClassifier({ viewers: [viewerOf()], fps: 25 });
    for (const record of stripRecords('pppbbb', { stepMs: STEP_MS, viewer: { id: 'other' } }))
      live.record(record);
    for (const atMs of [500, 5000])
      expect(live.view(atMs)[0]).toMatchObject({ shows: 'left', ledger: emptyLedger() });
  });
});

describe('a screen that is told of in spans', () => {
  const viewer = viewerOf({ imitates: 'hls.js' });
  const event = (name: ViewerRecord['event'], atMs: number): HistoryRecord => ({
    type: 'viewer',
    viewer: 'v1',
    event: name,
    atMs,
  });
  const shown = (look: ShownRecord['look'], fromMs: number, toMs: number): HistoryRecord => ({
    type: 'shown',
    viewer: 'v1',
    look,
    fromMs,
    toMs,
    atMs: toMs,
  });

  const after = (...records: readonly HistoryRecord[]) => {
    const live = liveClassifier({ viewers: [viewer], fps: 25 });
    for (const record of records) live.record(record);
    return (atMs: number) => live.view(atMs)[0];
  };
  const coming = [event('join', 1000), shown('starting', 1000, 2000)];
  const watched = [...coming, shown('programme', 2000, 4000)];

  it('is what they say, and unmeasured when nothing was said for three seconds', () => {
    const at = after(...watched);
    const ledger = { ...emptyLedger(), starting: 1000, programme: 2000 };
    expect(at(4000)).toMatchObject({ shows: 'programme', sinceMs: 2000, ledger });
    expect(at(7000)).toMatchObject({ shows: 'programme', interrupted: false });
    expect(at(7001)).toMatchObject({ shows: 'unmeasured', sinceMs: 4000, ledger });
  });

  it('counts black, and a start after the programme', () => {
    const at = after(...watched, shown('black', 4000, 4500), shown('starting', 4500, 5000));
    expect(at(5000)).toMatchObject({ blackScreenMs: 1000, interrupted: true });
  });

  it('does not count the time for which the viewer was away', () => {
    const back = [event('join', 6000), shown('programme', 6000, 8000)];
    const at = after(...watched, event('leave', 4000), ...back);
    expect(at(8000)).toMatchObject({
      ledger: { ...emptyLedger(), starting: 1000, programme: 4000 },
      sinceMs: 6000,
      blackScreenMs: 0,
    });
  });

  it('is not silent once the viewer left', () => {
    const at = after(...watched, event('leave', 4000), shown('programme', 3000, 4000));
    expect(at(20_000)?.shows).not.toBe('unmeasured');
  });
});
