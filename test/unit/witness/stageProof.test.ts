import type { ContentWrong } from '../../../harness/faults/content.ts';
import type { StageFault } from '../../../harness/faults/life.ts';
import { describe, expect, test } from 'vitest';
import { dateStepsMs } from '../../../harness/probe/playlistDates.ts';
import { provenBy, witnessName } from '../../../harness/witness/catalogue.ts';
import type { Answer } from '../../../harness/model/answer.ts';
import type { Seen } from '../../../harness/witness/kind.ts';
import { witnessOnStage } from '../../../harness/witness/onStage.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import type { OnStageFault } from '../../../harness/model/scenario.ts';
import type { StageStats } from '../../../harness/pipeline/contract.ts';
import { mediaPlaylist } from '../../../harness/pipeline/transcoder/playlist.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('single-access');
const where = { stages: ['playout'], channels: ['one'], links: [] };

const stageFault = (does: StageFault['does']): OnStageFault => ({ kind: 'stage', does, ...where });
const content = (wrong: ContentWrong): OnStageFault => ({ kind: 'content', ...wrong, ...where });
const SKEW: OnStageFault = { kind: 'clock-skew', byMs: -3_600_000, ...where };
const FULL: OnStageFault = { kind: 'full-disk', ...where };
const squeeze = (limits: { cpus?: number; memoryMb?: number }): OnStageFault => ({
  kind: 'squeeze',
  limits,
  ...where,
});

const witness = (fault: OnStageFault, instance = 'transcoder.one') =>
  witnessOnStage(fault, { instance, channel: 'one', design });

/** The action began at 1000 and was done at 2000. */
function ask(fault: OnStageFault, question: Partial<Seen> & { readonly instance?: string }) {
  const { instance, ...rest } = question;
  return provenBy(witness(fault, instance), {
    does: 'inject',
    begunAtMs: 1000,
    doneAtMs: 2000,
    stats: [],
    answers: [],
    ...rest,
  });
}

/** One report each 250 ms, from `fromMs` on. */
const reports = (
  fromMs: number,
  rows: readonly StageStats[],
  stage = 'transcoder.one',
): StatsRecord[] => rows.map((row, i) => counted({ stage, atMs: fromMs + i * 250, ...row }));

describe('a restart is', () => {
  const restart = stageFault('restart');
  const old = reports(0, [{ framesOut: 100 }, { framesOut: 106 }, { framesOut: 112 }]);

  test('proven by counters that begin again', () => {
    const stats = [...old, ...reports(1900, [{ framesOut: 0 }, { framesOut: 6 }])];
    expect(ask(restart, { stats })).toEqual({
      proven: true,
      observed: 'framesOut of transcoder.one began again at 0',
    });
  });

  test('not proven by counters that go on, or that began again earlier', () => {
    const on = [...old, ...reports(1900, [{ framesOut: 130 }, { framesOut: 136 }])];
    expect(ask(restart, { stats: on }).proven).toBe(false);
    const earlier = [...reports(0, [{ framesOut: 9 }, { framesOut: 0 }]), ...reports(2100, [{}])];
    expect(ask(restart, { stats: earlier }).proven).toBe(false);
  });

  test('over when the stage reports', () => {
    expect(ask(restart, { does: 'heal', stats: reports(2100, [{}]) }).proven).toBe(true);
    expect(ask(restart, { does: 'heal', stats: old }).proven).toBe(false);
  });
});

describe('a stage off the network is', () => {
  const gone = stageFault('disconnect');

  test('missed by the stage that it sends to', () => {
    expect(witness(gone, 'playout.one')).toMatchObject({
      kind: 'counter',
      stage: 'transcoder.one',
      counter: 'bytesIn',
    });
    expect(witness(gone, 'transcoder.one')).toMatchObject({ stage: 'transcoder.one' });
  });

  test('proven by an origin that answered before, and does not any more', () => {
    const silent = { instance: 'origin', answers: [{ ms: undefined }] };
    expect(ask(gone, { ...silent, before: { ms: 3 } })).toEqual({
      proven: true,
      observed: 'origin did not answer',
    });
    expect(ask(gone, silent).observed).toBe('origin did not answer before it either');
    expect(ask(gone, { ...silent, before: { ms: 3 }, answers: [{ ms: 4 }] }).proven).toBe(false);
    expect(ask(gone, { ...silent, does: 'heal', answers: [{ ms: 4 }] }).proven).toBe(true);
    expect(ask(gone, { ...silent, does: 'heal' }).proven).toBe(false);
  });
});

describe('a jump of time stamps is', () => {
  const jump = content({ shows: 'timestamp-jump', byMs: 600_000 });
  const running = (fromMs: number, count: number, aheadMs: number) =>
    reports(
      fromMs,
      Array.from({ length: count }, (_, i) => ({
        contribution: { ptsMs: fromMs + i * 250 + aheadMs },
      })),
    );

  test('proven by time stamps that are so much further ahead than before', () => {
    const stats = [...running(0, 4, 36e6), ...running(2100, 4, 36e6 + 600_080)];
    expect(ask(jump, { stats })).toEqual({
      proven: true,
      observed: 'time stamps jumped by 600.1 s',
    });
    expect(ask(jump, { stats, does: 'heal' }).proven).toBe(false);
  });

  test('proven to be over by a jump back', () => {
    const stats = [...running(0, 4, 36.6e6), ...running(2100, 4, 36e6)];
    expect(ask(jump, { does: 'heal', stats }).proven).toBe(true);
  });

  test('proven though it is over again when it is asked for', () => {
    const back = [...running(2100, 1, 36e6 + 600_080), ...running(2350, 4, 36e6)];
    expect(ask(jump, { stats: [...running(0, 4, 36e6), ...back] }).proven).toBe(true);
  });

  test('not proven by time stamps that run on, or that nobody read before', () => {
    const on = [...running(0, 4, 36e6), ...running(2100, 4, 36e6)];
    expect(ask(jump, { stats: on }).proven).toBe(false);
    expect(ask(jump, { stats: running(2100, 4, 36e6) }).proven).toBe(false);
  });
});

describe('a change of the contribution is', () => {
  const small = content({ shows: 'resolution', width: 160, height: 90 });
  const other = content({ shows: 'codec', codec: 'mpeg2' });
  const seen = (contribution: NonNullable<StatsRecord['contribution']>) => [
    ...reports(0, [{ contribution: { codec: 'h264', width: 320, height: 180 } }]),
    ...reports(2100, [{ contribution }]),
  ];

  test.each([
    [small, { codec: 'h264', width: 160, height: 90 }],
    [other, { codec: 'mpeg2', width: 320, height: 180 }],
  ])('proven by what arrives: %o', (fault, arrives) => {
    expect(ask(fault, { stats: seen(arrives) }).proven).toBe(true);
    expect(ask(fault, { does: 'heal', stats: seen(arrives) }).proven).toBe(false);
    const usual = seen({ codec: 'h264', width: 320, height: 180 });
    expect(ask(fault, { stats: usual }).proven).toBe(false);
    expect(ask(fault, { does: 'heal', stats: usual }).proven).toBe(true);
  });

  test('not over while nothing is known of what arrives', () => {
    expect(ask(small, { does: 'heal', stats: seen({}) }).proven).toBe(false);
    expect(ask(other, { does: 'heal', stats: seen({}) }).proven).toBe(false);
  });
});

describe('a squeeze is', () => {
  const held = (perReport: number) =>
    Array.from({ length: 8 }, (_, i) => ({ throttledMs: 500 + i * perReport }));
  const tight = squeeze({ cpus: 0.2 });

  test('proven by the time for which the kernel holds the stage back', () => {
    expect(ask(tight, { stats: reports(2100, held(100)) })).toEqual({
      proven: true,
      observed: 'it was held back for 40 % of the time',
    });
    expect(ask(tight, { stats: reports(2100, held(0)) }).proven).toBe(false);
  });

  test('over when it is not held back any more', () => {
    const before = reports(0, held(100));
    const free = [...before, ...reports(2100, held(0))];
    const still = [...before, ...reports(2100, held(100))];
    expect(ask(tight, { does: 'heal', stats: free }).proven).toBe(true);
    expect(ask(tight, { does: 'heal', stats: still }).proven).toBe(false);
  });

  test('proven by the memory that the kernel allows, or by a stage that could not live on it', () => {
    const small = squeeze({ memoryMb: 64 });
    const allowed = (memoryLimitMb: number) => reports(2100, [{ memoryLimitMb }]);
    expect(ask(small, { stats: allowed(64) }).proven).toBe(true);
    expect(ask(small, { stats: allowed(3072) }).proven).toBe(false);
    expect(ask(small, { does: 'heal', stats: allowed(3072) }).proven).toBe(true);
    const dead = [...reports(1000, [{}]), ...reports(4000, [{}], 'edge')];
    expect(ask(small, { stats: dead }).observed).toBe(
      'transcoder.one had too little memory to go on',
    );
    expect(ask(tight, { stats: dead }).proven).toBe(false);
  });
});

describe('a clock that is wrong is', () => {
  /** Segments of two seconds, dated by a clock that is wrong by this much from each on. */
  const playlist = (...skewsMs: readonly number[]) =>
    mediaPlaylist({
      targetMs: 2000,
      sequence: 7,
      discontinuitySequence: 0,
      entries: skewsMs.map((skewMs, i) => ({
        name: `${i}.ts`,
        durationMs: 2000,
        discontinuity: false,
        gap: false,
        dateEpochMs: 1_700_000_000_000 + i * 2000 + skewMs,
      })),
    });
  const dated = (...skewsMs: readonly number[]): Answer[] => [
    { ms: 3, status: 200, dateStepsMs: dateStepsMs(playlist(...skewsMs)) },
  ];

  test('seen in the step between two dates', () => {
    expect(dateStepsMs(playlist(0, 0, -5000, -5000))).toEqual([0, -5000, 0]);
    expect(dateStepsMs('')).toEqual([]);
    expect(dateStepsMs('#EXTM3U\n#EXTINF:2.000,\n1.ts\n')).toEqual([]);
  });

  test('proven by a step of its size, and over with one back', () => {
    const wrong = dated(0, 0, -3_600_000);
    expect(ask(SKEW, { answers: wrong })).toEqual({
      proven: true,
      observed: 'dates step by -3600.0 s',
    });
    expect(ask(SKEW, { answers: dated(0, 0, 0) }).proven).toBe(false);
    expect(ask(SKEW, { does: 'heal', answers: dated(0, -3_600_000, 0) }).proven).toBe(true);
    expect(ask(SKEW, { does: 'heal', answers: wrong }).proven).toBe(false);
  });

  test('asked of the origin that the transcoder publishes at, in its playlist', () => {
    expect(witnessName(witness(SKEW))).toBe('dates in playlists of origin');
    const two = readDesign('two-pipelines');
    const places = two.stages
      .filter(({ role }) => role === 'transcoder')
      .map(({ name }) => ({ instance: `${name}.one`, channel: 'one', design: two }));
    const asked = places.map((place) => witnessOnStage(SKEW, place));
    expect(asked.map((one) => (one.kind === 'dates' ? one.stage : one.kind))).toEqual(
      places.map(
        ({ instance }) => two.links.find(({ from }) => from === instance.split('.')[0])?.to,
      ),
    );
    expect(new Set(asked.map(witnessName)).size).toBe(2);
  });
});

test('a full disk is proven by an upload of our own, and so is the room after it', () => {
  const told = (status: number) => ({ instance: 'origin', answers: [{ ms: 2, status }] });
  expect(ask(FULL, told(507))).toEqual({ proven: true, observed: 'origin answered 507' });
  expect(ask(FULL, told(201)).proven).toBe(false);
  expect(ask(FULL, told(500)).proven).toBe(false);
  expect(ask(FULL, { does: 'heal', ...told(201) }).proven).toBe(true);
  expect(ask(FULL, { does: 'heal', ...told(507) }).proven).toBe(false);
  const silent = { does: 'heal' as const, instance: 'origin', answers: [{ ms: undefined }] };
  expect(ask(FULL, silent).proven).toBe(false);
});

test('each witness has a name for the record', () => {
  const faults = [stageFault('restart'), squeeze({ cpus: 1 }), SKEW, FULL, stageFault('kill')];
  const jump = content({ shows: 'timestamp-jump', byMs: 5000 });
  expect([...faults, jump].map((fault) => witnessName(witness(fault)))).toEqual([
    'counters of transcoder.one',
    'limits of transcoder.one',
    'dates in playlists of origin',
    'uploads of our own to transcoder.one',
    'reports of transcoder.one',
    'contribution at transcoder.one',
  ]);
});
