import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../../harness/model/calibration.ts';
import { renderCalibrationConsole, renderCalibrationJson } from '../../../reports/calibration.ts';

const LINE = {
  kind: 'black',
  lengthMs: 1000,
  samples: 6,
  missed: 0,
  unmeasured: 1,
  misnamed: 0,
  biasMs: 3.2,
  p95Ms: 17,
  worstMs: 40,
} as const;

const CALIBRATION: Calibration = {
  version: 1,
  madeAt: '2026-01-02T03:04:05.000Z',
  harness: '0.1.0',
  design: 'single-access',
  machine: {
    runtime: 'processes',
    runtimeReason: 'asked for',
    toxiproxy: 'auto',
    node: 'v24.0.0',
    platform: 'linux x64',
    cores: 2,
    memoryMb: 4096,
    tools: {},
    processor: 'A processor',
    load: { before: 0.5, after: 1.25 },
  },
  verdict: 'pass',
  reasons: [],
  limitMs: 80,
  frameMs: 40,
  viewers: 6,
  errors: [LINE, { ...LINE, lengthMs: undefined }],
  quietMs: 65_000,
  falseInterruptions: [],
  glitches: [],
  controlLostMs: 0,
  samples: [],
};

const text = (changed: Partial<Calibration> = {}, columns = 100) =>
  renderCalibrationConsole({ ...CALIBRATION, ...changed }, { columns, colours: false });

describe('the calibration on a terminal', () => {
  it('has a line for each length and one for all, in milliseconds and frames', () => {
    const lines = text().split('\n');
    expect(lines.find((line) => /^black +1\.00s/.test(line))).toMatch(
      / 5\/6 +\+3 ms +17 ms +\+40 ms +1\.0 +1 unmeasured/,
    );
    expect(lines.some((line) => /^black +all/.test(line))).toBe(true);
  });

  it('has no sign before what is rounded to nothing', () => {
    const least = text({ errors: [{ ...LINE, biasMs: -0.3, worstMs: -1.2 }] });
    expect(least).toMatch(/ 0 ms +17 ms +-1 ms +0\.0 /);
  });

  it('says what was reported in quiet, the load, and what a pass means', () => {
    expect(text()).toContain('In 1m 5s without a loss: 0 interruptions and 0 glitches reported.');
    expect(text()).toContain('load 0.5 before, 1.3 after');
    expect(text()).toContain('PASS: every loss is reported within 80 ms (2 frames)');
  });

  it('names every reason of a failure', () => {
    const reasons = ['black of 1000 ms: off by 120 ms, 80 ms are allowed', 'v1: 300 ms'];
    const shown = text({ verdict: 'fail', reasons });
    expect(shown).toContain('FAIL');
    for (const reason of reasons) expect(shown).toContain(`- ${reason}`);
  });

  it('has no number where nothing was measured', () => {
    const none = { ...LINE, biasMs: undefined, p95Ms: undefined, worstMs: undefined };
    const shown = text({ verdict: 'inconclusive', errors: [{ ...none, unmeasured: 6 }] });
    expect(shown).toMatch(/black +1\.00s +0\/6 +– +– +– +– +6 unmeasured/);
    expect(shown).not.toContain('NaN');
  });
});

describe('calibration.json', () => {
  it('holds the calibration, what a reader wants first at the top', () => {
    const json = renderCalibrationJson(CALIBRATION);
    expect(Object.keys(JSON.parse(json) as object).slice(0, 4)).toEqual([
      'version',
      'verdict',
      'reasons',
      'madeAt',
    ]);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(CALIBRATION)));
  });
});
