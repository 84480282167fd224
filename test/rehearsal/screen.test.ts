// The ruler held against a recording of a real display: Xvfb, a Chromium on it, and an ffmpeg that
// looks at pixels alone.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeFolder } from '../../harness/rehearsal/writeReports.ts';
import type { Calibrated } from '../../harness/rehearsal/calibration.ts';
import { calibrateScreen } from '../../harness/rehearsal/calibrateScreen.ts';
import { readScreenRuler } from '../../harness/measure/screenRuler.ts';
import {
  SCREEN_GOAL,
  type ScreenCalibration,
  type ScreenSample,
  type Sighting,
} from '../../harness/model/screenRuler.ts';
import { ecranNoir } from '../support/cli.ts';
import { calibrationWishes } from '../support/calibrationWishes.ts';

const FRAME_MS = 40;
/** Start, steady state, five losses, latency, the end, and reading; generous for a busy machine. */
const CALIBRATE_MS = 200_000;

let folder: string;
let calibrated: Calibrated<ScreenCalibration>;
let dir: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
  calibrated = await calibrateScreen(
    {
      ...calibrationWishes(folder),
      viewers: 2,
      lengthsMs: [1000],
      sourceMs: [1000],
      withheldMs: 12_000,
      quietMs: 0,
      keepRecording: false,
    },
    AbortSignal.timeout(CALIBRATE_MS),
  );
  dir = dirname(calibrated.files[0] ?? '');
}, CALIBRATE_MS + 20_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seen = (samples: readonly ScreenSample[]) =>
  samples.filter(({ outcome }) => outcome === 'seen');

describe('a recording of the display', () => {
  it('is of this page, by the same clock', () => {
    const { recording } = calibrated.calibration;
    expect(recording.clockLagMs?.p50).toBeGreaterThanOrEqual(0);
    expect(recording.clockLagMs?.p50).toBeLessThan(100);
  });

  it('shows what is reported, and nothing that is not', () => {
    const { samples } = calibrated.calibration;
    // On a machine that is too busy a sample says nothing; none may say something wrong.
    expect(samples.filter(({ outcome }) => outcome === 'missed')).toEqual([]);
    expect(samples.filter(({ outcome }) => outcome === 'false')).toEqual([]);
    expect(seen(samples).length).toBeGreaterThan(0);
  });

  it('shows every edge where it is reported', () => {
    for (const { measured, recorded } of seen(calibrated.calibration.samples)) {
      expect(measured).toBeDefined();
      expect(recorded).toBeDefined();
      for (const edge of ['fromMs', 'toMs'] as const) {
        const errorMs = (measured?.[edge] ?? NaN) - (recorded?.[edge] ?? NaN);
        expect(Math.abs(errorMs)).toBeLessThan(SCREEN_GOAL.missedMs);
      }
    }
  });

  it('fails the same record when the display had been half a second behind', async () => {
    const sighting = JSON.parse(
      readFileSync(join(dir, 'screen-sighting.json'), 'utf8'),
    ) as Sighting;
    const later = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => ({
      fromMs: fromMs + 500,
      toMs: toMs + 500,
    });
    const tiles = sighting.tiles.map(({ viewer, spans }) => ({
      viewer,
      spans: spans.map((span) => ({ ...span, ...later(span) })),
    }));
    const report = { ...judgeFolder(dir), findings: [] };
    const late = { ...sighting, tiles, gaps: [] };
    const reading = readScreenRuler({ report, sighting: late, frameMs: FRAME_MS });
    expect(reading.verdict).toBe('fail');
    expect(reading.marginMs).toBeGreaterThan(SCREEN_GOAL.p95Ms);
  });

  it('leaves nothing behind, and no video that nobody asked for', () => {
    expect(calibrated.leftovers).toEqual([]);
    expect(existsSync(join(dir, 'screen.nut'))).toBe(false);
  });
});

describe('a calibration against the screen that cannot be', () => {
  it('names Xvfb and the command that brings it', async () => {
    const { exitCode, stderr } = await ecranNoir(['calibrate', '--screen', '--out', folder], {
      env: { ECRAN_NOIR_XVFB: '/nowhere/Xvfb' },
    });
    expect(exitCode).toBe(69);
    expect(stderr).toContain('xvfb');
    expect(stderr).toContain('ecran-noir setup --screen');
  });

  it.each([
    [['--viewers', 'many'], 'expected a whole number'],
    [['--viewers', '6,12'], 'expected one number'],
  ])('is told what is wrong with %j', async (args, says) => {
    const { exitCode, stderr } = await ecranNoir(['calibrate', ...args, '--out', folder]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(says);
  });
});
