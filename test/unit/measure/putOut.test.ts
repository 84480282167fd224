// Tests what was in media that was played unseen, by what the transcoder reported when it put it out.

import { describe, expect, it } from 'vitest';
import { asPutOut, putOutBy, putOutOn } from '../../../harness/measure/putOut.ts';
import type { StageReport } from '../../../harness/measure/stageReports.ts';
import type { ShownRecord } from '../../../harness/model/history.ts';
import { collectStageReports } from '../../support/collected.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';
import { historyOf } from '../../support/strip.ts';

const FPS = 25;
/** Four reports a second: programme, then slate from 4 s to 8 s, then programme again. */
const reports = Array.from({ length: 60 }, (_, i): StageReport => {
  const atMs = i * 250;
  const framesFilled = Math.floor(Math.min(Math.max(0, atMs - 4_000), 4_000) / 40);
  const isFilled = atMs > 4_000 && atMs <= 8_000;
  return {
    atMs,
    framesOut: Math.floor(atMs / 40),
    framesFilled,
    programmeCounter: 1_000 + (isFilled ? 100 : Math.floor(atMs / 40)),
    fill: isFilled ? 'slate' : 'none',
  };
});
const put = putOutBy(reports, { channelNumber: 1, fps: FPS });

const played = (atMs: number, newest?: number): ShownRecord => ({
  type: 'shown',
  atMs: atMs + 10_000,
  viewer: 'v1',
  look: 'programme',
  fromMs: atMs + 8_000,
  toMs: atMs + 10_000,
  media: { atMs, endMs: atMs + 2_000, ...(newest !== undefined && { newest }) },
});
const undated: ShownRecord = {
  type: 'shown',
  atMs: 10_000,
  viewer: 'v1',
  look: 'programme',
  fromMs: 8_000,
  toMs: 10_000,
};
const looks = (record: ShownRecord) =>
  asPutOut([record], put, FPS).map(({ look, fromMs, toMs }) => `${look} ${fromMs}-${toMs}`);

it('pictures of one kind that go on are one piece, those of a clock that jumps are two', () => {
  const kinds = (pieces: typeof put) => pieces.map(({ look }) => look);
  expect(kinds(put).filter((look) => look === 'slate')).toHaveLength(1);
  const jumped = reports
    .slice(0, 10)
    .map((one, i) => ({ ...one, programmeCounter: one.programmeCounter! + (i < 5 ? 0 : 100) }));
  expect(kinds(putOutBy(jumped, { channelNumber: 1, fps: FPS }))).toEqual([
    'programme',
    'programme',
  ]);
});

describe('media that was played unseen', () => {
  it('is the programme where the transcoder put it out, with its frame clock', () => {
    const [first] = asPutOut([played(0, 1_049)], put, FPS);
    expect(first).toMatchObject({ look: 'programme', fromMs: 8_000, toMs: 10_000, counter: 1_000 });
  });

  it('is slate where the transcoder put out slate', () => {
    expect(looks(played(5_000))).toEqual(['slate 13000-15000']);
  });

  it('is divided where that changed', () => {
    const parts = looks(played(3_000, 1_099));
    expect(parts[0]).toMatch(/^programme 11000-1[12]\d+$/);
    expect(parts.at(-1)).toMatch(/^slate 1\d+-13000$/);
  });

  it('is unmeasured where its dates are not true: the name of the segment says another time', () => {
    expect(looks(played(0, 1_049 + 10 * FPS))).toEqual(['unmeasured 8000-10000']);
    expect(looks(played(0))).toEqual(['unmeasured 8000-10000']);
  });

  it('is known where every transcoder of the channel put out the same', () => {
    const design = readDesign('two-pipelines');
    const scenario = { design };
    const told = (stage: string, stats: readonly StageReport[]) =>
      stats.map(({ atMs, ...figures }) => counted({ stage, atMs, ...figures }));
    const whole = reports.map((one) => ({
      ...one,
      framesFilled: 0,
      programmeCounter: 1_000 + Math.floor(one.atMs / 40),
      fill: 'none' as const,
    }));
    const both = (second: readonly StageReport[]) => {
      const records = [...told('transcoder-a.one', reports), ...told('transcoder-b.one', second)];
      const { run } = historyOf({ viewers: [], records, scenario });
      return putOutOn('one', { run, reports: collectStageReports(records) });
    };
    const looksOf = (pieces: ReturnType<typeof both>) =>
      new Set(pieces.filter(({ fromMs }) => fromMs < 4_000).map(({ look }) => look));
    expect(looksOf(both(reports))).toEqual(new Set(['programme']));
    expect(both(reports).map(({ look }) => look)).toContain('slate');
    const apart = both(whole);
    expect(looksOf(apart)).toEqual(new Set(['programme']));
    expect(apart.map(({ look }) => look)).not.toContain('slate');
    expect(apart.filter(({ look }) => look === 'unmeasured').length).toBeGreaterThan(0);
    expect(apart.at(-1)).toMatchObject({ look: 'programme' });
  });

  it.each([
    [0, 10, 'programme'],
    [0, 7, 'programme'],
    [0, 6, 'unmeasured'],
    [3, 4, 'programme'],
    [3, 3, 'unmeasured'],
    [4, 6, 'unmeasured'],
    [6, 0, 'unmeasured'],
    [7, 0, 'slate'],
  ])('of ten pictures with %i filled and the clock %i further is %s', (filled, moved, look) => {
    const [from, to] = [
      { atMs: 0, framesOut: 0, framesFilled: 0, programmeCounter: 1_000 },
      { atMs: 400, framesOut: 10, framesFilled: filled, programmeCounter: 1_000 + moved },
    ];
    const found = putOutBy([from, { ...to, fill: 'slate' }], { channelNumber: 1, fps: FPS });
    expect(found.map((one) => one.look)).toEqual([look]);
  });

  it('is unmeasured where no transcoder reported, and without a date', () => {
    expect(looks(played(60_000, 2_549))).toEqual(['unmeasured 68000-70000']);
    expect(looks(undated)).toEqual(['unmeasured 8000-10000']);
  });

  it('stays what it is when nothing was played', () => {
    expect(looks({ ...played(0), look: 'stalled' })).toEqual(['stalled 8000-10000']);
  });
});

it.each([
  ['nothing was put out', { framesOut: 0 }, 'unmeasured'],
  ['one picture was', { framesOut: 1, programmeCounter: 1_001 }, 'programme'],
  ['counters began anew', { framesOut: 10, framesFilled: -1 }, 'unmeasured'],
  ['none was filled', { framesOut: 10, framesFilled: 0 }, 'programme'],
  ['its input was of another channel', { framesOut: 10, channelIn: 2 }, 'unmeasured'],
  ['its input was its own', { framesOut: 10, channelIn: 1 }, 'programme'],
])('between two reports where %s is %#', (_, later, look) => {
  const from = { atMs: 0, framesOut: 0, framesFilled: 0, programmeCounter: 1_000 };
  const to = { ...from, atMs: 400, programmeCounter: 1_010, fill: 'black' as const, ...later };
  const found = putOutBy([from, to], { channelNumber: 1, fps: FPS });
  expect(found.map((one) => one.look)).toEqual([look]);
});
