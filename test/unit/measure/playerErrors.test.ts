import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { listPlayerErrors, stagesByPort } from '../../../harness/measure/playerErrors.ts';
import { collectTracks } from '../../support/collected.ts';
import type { HistoryRecord, PlayerError, ViewerRecord } from '../../../harness/model/history.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const at = (url: string) => `http://v1.viewer.internal:4101${url}`;
const NO_ANSWER: PlayerError = { type: 'networkError', details: 'levelLoadTimeOut' };
const segment = (number: number): PlayerError => ({
  type: 'networkError',
  details: 'fragLoadError',
  status: 503,
  url: at(`/one/v0/${number}-${number * 50}.ts`),
});
const MANIFEST: PlayerError = {
  type: 'networkError',
  details: 'manifestLoadError',
  status: 503,
  url: at('/one/index.m3u8'),
};

const told = (
  viewer: string,
  event: ViewerRecord['event'],
  atMs: number,
  error?: PlayerError,
): HistoryRecord => ({ type: 'viewer', viewer, event, atMs, ...(error && { error }) });

const READY: HistoryRecord = {
  type: 'stage',
  stage: 'edge',
  event: 'ready',
  atMs: 0,
  viewersAt: '127.0.0.1:4101',
};

const VIEWERS = [viewerOf({ id: 'v1' }), viewerOf({ id: 'v2' })];

function errorsOf(records: readonly HistoryRecord[], kindsMax = 10) {
  const history = historyOf({ viewers: VIEWERS, records });
  return listPlayerErrors(collectTracks(history), stagesByPort(history.records), kindsMax);
}

describe('errors of players', () => {
  it('are counted by kind, segments of any number as one, and over viewers', () => {
    const errors = errorsOf([
      READY,
      told('v1', 'error', 10, segment(7)),
      told('v2', 'error', 11, segment(7)),
      told('v1', 'error', 20, segment(8)),
      told('v2', 'error', 30.4, NO_ANSWER),
    ]);
    expect(errors).toEqual({
      fatal: 0,
      nonFatal: 4,
      moreKinds: 0,
      kinds: [
        {
          fatal: false,
          type: 'networkError',
          details: 'fragLoadError',
          status: 503,
          target: 'edge/…/*.ts',
          count: 3,
          viewers: 2,
          firstAtMs: 10,
          lastAtMs: 20,
        },
        {
          fatal: false,
          type: 'networkError',
          details: 'levelLoadTimeOut',
          count: 1,
          viewers: 1,
          firstAtMs: 30,
          lastAtMs: 30,
        },
      ],
    });
  });

  it('say of a fatal one what the player had dealt with since it was made anew', () => {
    const errors = errorsOf([
      READY,
      told('v1', 'join', 0),
      told('v1', 'error', 10, segment(7)),
      told('v1', 'error', 20, segment(8)),
      told('v1', 'fatal', 30, MANIFEST),
      told('v1', 'reload', 40),
      told('v1', 'error', 50, segment(9)),
      told('v1', 'fatal', 60, MANIFEST),
    ]);
    expect(errors?.kinds[0]).toMatchObject({
      fatal: true,
      details: 'manifestLoadError',
      target: 'edge/…/index.m3u8',
      count: 2,
      viewers: 1,
      nonFatalBefore: 3,
    });
  });

  it('are bounded: the kinds that say most, and how many more there were', () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      told('v1', 'error', n, { type: 'networkError', details: `kind${n}` }),
    );
    const errors = errorsOf([...many, told('v2', 'fatal', 99, MANIFEST)], 4);
    expect(errors).toMatchObject({ fatal: 1, nonFatal: 30, moreKinds: 27 });
    expect(errors?.kinds).toHaveLength(4);
    expect(errors?.kinds[0]).toMatchObject({ fatal: true, target: '/…/index.m3u8' });
  });

  it('come in order of time where as many viewers met them as often', () => {
    const errors = errorsOf([
      told('v1', 'error', 50, NO_ANSWER),
      told('v2', 'error', 20, MANIFEST),
      told('v2', 'error', 60, segment(7)),
    ]);
    expect(errors?.kinds.map(({ firstAtMs }) => firstAtMs)).toEqual([20, 50, 60]);
  });

  it('are read from the text of older records', () => {
    const text = (detail: string): HistoryRecord => ({
      type: 'viewer',
      viewer: 'v1',
      event: 'error',
      atMs: 1,
      detail,
    });
    const kinds = errorsOf([
      text('fragLoadError 404 /one/v0/7-300.ts'),
      text('bufferStalledError'),
      text('media element: decode failed'),
    ])?.kinds.map(({ details, status, target }) => ({ details, status, target }));
    expect(kinds).toEqual([
      { details: 'fragLoadError', status: 404, target: '/…/*.ts' },
      { details: 'bufferStalledError', status: undefined, target: undefined },
      { details: 'media element: decode failed', status: undefined, target: undefined },
    ]);
  });

  it('stand in the report, of each viewer and of all but the control', () => {
    const viewers = [viewerOf({ id: 'v1' }), viewerOf({ id: 'control', control: true })];
    const records = [
      ...stripRecords('pppppppppp', { stepMs: 100, viewer: { id: 'v1' } }),
      ...stripRecords('pppppppppp', { stepMs: 100, viewer: { id: 'control' } }),
      told('v1', 'fatal', 200, MANIFEST),
      told('control', 'error', 200, segment(1)),
    ];
    const report = judge(historyOf({ viewers, records }));
    expect(report.playerErrors).toMatchObject({ fatal: 1, nonFatal: 0 });
    expect(report.viewers.map(({ playerErrors }) => playerErrors?.nonFatal)).toEqual([0, 1]);
    const calm = judge(
      historyOf({
        viewers,
        records: stripRecords('pppppppppp', { stepMs: 100, viewer: { id: 'v1' } }),
      }),
    );
    expect(calm).not.toHaveProperty('playerErrors');
  });
});
