// Zaps and reception of set-top boxes, from their events.

import { describe, expect, it } from 'vitest';
import { boxIn } from '../../../harness/measure/boxes.ts';
import { boot, continuityErrors, zap, zapFailed } from '../../../harness/measure/metrics/box.ts';
import type { Measured } from '../../../harness/measure/metrics/metric.ts';
import type { ViewerRecord } from '../../../harness/model/history.ts';
import type { ViewerResult } from '../../../harness/model/report.ts';

type Event = ViewerRecord['event'];
const events = (...list: readonly (readonly [atMs: number, event: Event])[]): ViewerRecord[] =>
  list.map(([atMs, event]) => ({ type: 'viewer', viewer: 'v1', atMs, event }));

const JOINED = [
  [0, 'join'],
  [0, 'tune'],
  [1500, 'tuned'],
] as const satisfies readonly [number, Event][];

describe('the zaps of a box', () => {
  it('last from looking for a channel to its first picture', () => {
    const told = events(
      ...JOINED,
      [9000, 'leave'],
      [9000, 'join'],
      [9000, 'tune'],
      [9900, 'tuned'],
    );
    expect(boxIn(told)).toMatchObject({ zapMs: [1500, 900], zapsFailed: 0 });
  });

  it('fail where the error page comes first, once however often it tunes anew', () => {
    const again = [
      [8000, 'fatal'],
      [12_000, 'reload'],
      [12_000, 'tune'],
      [20_000, 'fatal'],
    ] as const;
    expect(boxIn(events([0, 'join'], [0, 'tune'], ...again))).toMatchObject({
      zapMs: [],
      zapsFailed: 1,
    });
  });

  it('tell nothing where the next one cuts them short', () => {
    const told = events([0, 'join'], [0, 'tune'], [500, 'leave'], [500, 'join'], [500, 'tune']);
    expect(boxIn(told)).toMatchObject({ zapMs: [], zapsFailed: 0 });
  });

  it('are none of a player that does not tune', () => {
    expect(boxIn(events([0, 'join'], [400, 'playing']))).toBeUndefined();
  });

  it('go with what was received last', () => {
    const received = events(...JOINED).concat({
      ...events([2000, 'reception'])[0]!,
      reception: { datagrams: 90, continuityErrors: 3, lost: 0 },
    });
    expect(boxIn(received)).toEqual({
      bootMs: [],
      bootsFailed: 0,
      zapMs: [1500],
      zapsFailed: 0,
      continuityErrors: 3,
      datagrams: 90,
      repaired: 0,
      lost: 0,
    });
    expect(boxIn(received)).not.toHaveProperty('tableErrors');
    const repaired = received.concat({
      ...events([3000, 'reception'])[0]!,
      reception: { datagrams: 95, continuityErrors: 4, lost: 2, repaired: 7, tableErrors: 0 },
    });
    expect(boxIn(repaired)).toMatchObject({ repaired: 7, lost: 2, datagrams: 95, tableErrors: 0 });
    expect(boxIn(events(...JOINED))).toMatchObject({ datagrams: 0, repaired: 0, lost: 0 });
  });
});

describe('the boots of a box', () => {
  const switchedOn = (...more: readonly (readonly [number, Event])[]) =>
    boxIn(events([0, 'join'], [0, 'boot'], ...more));

  it('last until it is through the portal, however often it tries', () => {
    const first = [
      [400, 'booted'],
      [400, 'tune'],
      [1400, 'tuned'],
    ] as const;
    expect(switchedOn(...first)).toMatchObject({ bootMs: [400], bootsFailed: 0, zapMs: [1000] });
    const again = [
      [9000, 'fatal'],
      [14_000, 'reload'],
      [14_000, 'boot'],
      [14_500, 'booted'],
    ] as const;
    expect(switchedOn(...again)).toMatchObject({ bootMs: [14_500], bootsFailed: 0 });
  });

  it('fail where it never comes through', () => {
    expect(switchedOn([9000, 'fatal'])).toMatchObject({
      bootMs: [],
      bootsFailed: 1,
      zapsFailed: 0,
    });
    const back = [
      [5000, 'leave'],
      [6000, 'join'],
      [6000, 'boot'],
      [6200, 'booted'],
    ] as const;
    expect(switchedOn(...back)).toMatchObject({ bootMs: [200], bootsFailed: 1 });
  });

  it('are none of a box without a portal', () => {
    expect(boxIn(events(...JOINED))).toMatchObject({ bootMs: [], bootsFailed: 0 });
  });
});

describe('metrics of boxes', () => {
  const result = (zapMs: number[], zapsFailed = 0, datagrams = 0, weight = 1) =>
    ({
      weight,
      box: { zapMs, zapsFailed, continuityErrors: 2, datagrams },
    }) as unknown as ViewerResult;
  const failedOf = (...results: ViewerResult[]) =>
    zapFailed.bounds({ viewers: results.map((one) => ({ result: one })) } as unknown as Measured);

  it('take the longest zap of a box, and one that failed as endless', () => {
    expect(zap.bounds(result([900, 1500]), 0)).toEqual({ low: 1500, high: 1500 });
    expect(zap.bounds(result([900], 1), 0)).toEqual({ low: Infinity, high: Infinity });
    expect(zap.bounds(result([]), 0)).toBeUndefined();
    expect(zap.bounds({} as ViewerResult, 0)).toBeUndefined();
  });

  it('take the longest boot of a box, and one that failed as endless', () => {
    const booted = (bootMs: number[], bootsFailed: number) =>
      boot.bounds({ box: { bootMs, bootsFailed } } as unknown as ViewerResult, 0);
    expect(booted([300, 14_500], 0)).toEqual({ low: 14_500, high: 14_500 });
    expect(booted([300], 1)).toEqual({ low: Infinity, high: Infinity });
    expect(booted([], 0)).toBeUndefined();
  });

  it('count failed zaps by heads, and know nothing where nobody zapped', () => {
    expect(failedOf(result([1, 2]), result([1], 1, 0, 3))).toEqual({ low: 3 / 8, high: 3 / 8 });
    expect(failedOf({} as ViewerResult)).toEqual({ low: 0, high: 1 });
  });

  it('count holes of those that received something', () => {
    expect(continuityErrors.bounds(result([1], 0, 5), 0)).toEqual({ low: 2, high: 2 });
    expect(continuityErrors.bounds(result([1]), 0)).toBeUndefined();
  });
});
