// Gathering what the page saw, and turning it into records.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARK, type FrameSample, type PlayerSample } from '../../../harness/model/history.ts';
import { createBatcher } from '../../../players/page/batch.ts';
import { estimateOffset, batchRecords } from '../../../players/records.ts';

const PLAYING: PlayerSample = { canPlay: true, bufferedMs: 4000, lateMs: 1 };
const frame = (atMs: number): FrameSample => [atMs, MARK.programme, atMs, 100];

describe('a batch', () => {
  it('names every viewer on the wall, also one without a frame', () => {
    const batcher = createBatcher();
    batcher.frame('a', frame(1));
    const players = new Map([
      ['a', PLAYING],
      ['b', { ...PLAYING, canPlay: false }],
    ]);
    expect(batcher.take({ atEpochMs: 5, players }).frames).toEqual([
      { viewer: 'a', atEpochMs: 5, frames: [frame(1)], player: PLAYING },
      { viewer: 'b', atEpochMs: 5, frames: [], player: { ...PLAYING, canPlay: false } },
    ]);
  });

  it('keeps the last frames of a viewer that has left', () => {
    const batcher = createBatcher();
    batcher.frame('gone', frame(1));
    const { frames } = batcher.take({ atEpochMs: 5, players: new Map() });
    expect(frames).toMatchObject([
      { viewer: 'gone', frames: [frame(1)], player: { canPlay: false } },
    ]);
  });

  it('loses no frame, repeats none and keeps their order, however it is cut', () => {
    const actions = fc.array(
      fc.oneof(fc.constant('take' as const), fc.constantFrom('a', 'b', 'c')),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(actions, (list) => {
        const batcher = createBatcher();
        const sent: Record<string, number[]> = { a: [], b: [], c: [] };
        const received: Record<string, number[]> = { a: [], b: [], c: [] };
        const take = () => {
          const batch = batcher.take({ atEpochMs: 0, players: new Map() });
          for (const one of batch.frames)
            received[one.viewer]?.push(...one.frames.map(([at]) => at));
        };
        list.forEach((action, at) => {
          if (action === 'take') return take();
          sent[action]?.push(at);
          batcher.frame(action, frame(at));
        });
        take();
        expect(received).toEqual(sent);
      }),
    );
  });
});

describe('records of a batch', () => {
  it('carry the harness clock, in the record and in each frame', () => {
    const batch = {
      events: [{ viewer: 'a', event: 'join' as const, atEpochMs: 1000, detail: 'x' }],
      frames: [{ viewer: 'a', atEpochMs: 1200, frames: [frame(1100)], player: PLAYING }],
    };
    expect(batchRecords(batch, 5)).toEqual([
      { type: 'viewer', viewer: 'a', event: 'join', atEpochMs: 1005, detail: 'x' },
      {
        type: 'frames',
        viewer: 'a',
        atEpochMs: 1205,
        frames: [[1105, MARK.programme, 1100, 100]],
        player: PLAYING,
      },
    ]);
  });
});

describe('the offset of the page clock', () => {
  it('is off by half the shortest round trip at most', () => {
    const trip = fc.record({ there: fc.nat(200), back: fc.nat(200) });
    fc.assert(
      fc.property(
        fc.integer({ min: -5000, max: 5000 }),
        fc.array(trip, { minLength: 1, maxLength: 9 }),
        (offsetMs, trips) => {
          const readings = trips.map(({ there, back }, n) => ({
            askedAtEpochMs: n * 1000,
            pageEpochMs: n * 1000 + there - offsetMs,
            answeredAtEpochMs: n * 1000 + there + back,
          }));
          const shortest = Math.min(...trips.map(({ there, back }) => there + back));
          expect(Math.abs(estimateOffset(readings) - offsetMs)).toBeLessThanOrEqual(shortest / 2);
        },
      ),
    );
  });
});
