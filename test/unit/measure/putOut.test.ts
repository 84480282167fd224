// Tests what was in media that was played unseen, by what the transcoder reported when it put it out.

import { describe, expect, it } from 'vitest';
import { asPutOut, putOutBy } from '../../../harness/measure/putOut.ts';
import type { StageReport } from '../../../harness/measure/stageReports.ts';
import type { ShownRecord } from '../../../harness/model/history.ts';

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

  it('is unmeasured where no transcoder reported, and without a date', () => {
    expect(looks(played(60_000, 2_549))).toEqual(['unmeasured 68000-70000']);
    expect(looks(undated)).toEqual(['unmeasured 8000-10000']);
  });

  it('stays what it is when nothing was played', () => {
    expect(looks({ ...played(0), look: 'stalled' })).toEqual(['stalled 8000-10000']);
  });
});
