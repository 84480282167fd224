// Tests which calibration gives a run its margin.

import { describe, expect, it } from 'vitest';
import { marginFor, type KeptRuler } from '../../../harness/model/keptRuler.ts';
import { ASSUMED_MARGIN } from '../../../harness/model/margin.ts';

const MACHINE = { platform: 'linux x64', cores: 2, processor: 'P', chromium: 'Chromium 156' };
const ruler = (viewers: number, changes: Partial<KeptRuler> = {}): KeptRuler => ({
  viewers,
  verdict: 'pass',
  marginMs: viewers * 2,
  madeAt: '2026-01-02T03:04:05.000Z',
  holdsFor: MACHINE,
  ...changes,
});

describe('the margin of a run', () => {
  it('comes from the calibration with as many viewers, or the next with more', () => {
    const kept = [ruler(24), ruler(6), ruler(12)];
    expect(marginFor(6, kept, MACHINE).ms).toBe(12);
    expect(marginFor(7, kept, MACHINE)).toEqual({
      ms: 24,
      from: { madeAt: '2026-01-02T03:04:05.000Z', viewers: 12 },
    });
  });

  it('is assumed with more viewers than were ever tried, and where nothing was', () => {
    expect(marginFor(25, [ruler(24)], MACHINE)).toBe(ASSUMED_MARGIN);
    expect(marginFor(1, [], MACHINE)).toBe(ASSUMED_MARGIN);
  });

  it('is not taken from another machine, another browser, or a calibration that proved nothing', () => {
    const other = { ...MACHINE, chromium: 'Chromium 157' };
    expect(marginFor(6, [ruler(6)], other)).toBe(ASSUMED_MARGIN);
    expect(marginFor(6, [ruler(6, { verdict: 'inconclusive' })], MACHINE)).toBe(ASSUMED_MARGIN);
  });

  it('is as large as was found, also where that is more than it should be', () => {
    const kept = [ruler(6, { verdict: 'fail', marginMs: 140 })];
    expect(marginFor(6, kept, MACHINE).ms).toBe(140);
  });
});
