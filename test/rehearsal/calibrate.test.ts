// The ruler held against one black and one freeze of a second, through the whole chain: ffmpeg,
// nginx, Chromium, the journal and the judge.

import { cp, readFile, writeFile } from 'node:fs/promises';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate, readCalibration } from '../../harness/rehearsal/calibrate.ts';
import type { Calibrated } from '../../harness/rehearsal/calibration.ts';
import { judgeFolder } from '../../harness/rehearsal/writeReports.ts';
import { CLASS_OF_LOSS, type Calibration } from '../../harness/model/calibration.ts';
import { RULER_ERROR_MS_MAX } from '../../harness/model/margin.ts';
import { ecranNoir } from '../support/cli.ts';
import { resealed } from '../support/strip.ts';
import { calibrationWishes } from '../support/calibrationWishes.ts';

const LENGTH_MS = 1000;
const VIEWERS = 2;
/** Start, steady state, two losses, latency and the end; generous for a busy machine. */
const CALIBRATE_MS = 100_000;

let folder: string;
let calibrated: Calibrated;
let dir: string;

beforeAll(
  async () => {
    folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
    calibrated = await calibrateOnce();
    if (seen(calibrated.calibration).length === 0) {
      console.warn('the calibration is played once more, the machine was too busy for any sample');
      calibrated = await calibrateOnce();
    }
    dir = dirname(calibrated.files[0] ?? '');
  },
  2 * CALIBRATE_MS + 20_000,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seen = ({ samples }: Calibration) => samples.filter((sample) => sample.outcome === 'seen');

const calibrateOnce = (): Promise<Calibrated> =>
  calibrate(
    { ...calibrationWishes(folder), viewers: VIEWERS, lengthsMs: [LENGTH_MS], quietMs: 0 },
    AbortSignal.timeout(CALIBRATE_MS),
  );

describe('a short calibration', () => {
  it('puts one black and one freeze before every viewer', () => {
    const { samples } = calibrated.calibration;
    expect(samples.map(({ viewer, kind, lengthMs }) => [viewer, kind, lengthMs])).toEqual([
      ['v1', 'black', LENGTH_MS],
      ['v1', 'freeze', LENGTH_MS],
      ['v2', 'black', LENGTH_MS],
      ['v2', 'freeze', LENGTH_MS],
    ]);
  });

  it('reports each within two frames, and as what it was', () => {
    const { samples } = calibrated.calibration;
    // On a machine that is too busy a sample says nothing; none may say something wrong.
    expect(samples.filter(({ outcome }) => outcome === 'missed')).toEqual([]);
    expect(seen(calibrated.calibration).length).toBeGreaterThan(0);
    for (const { kind, errorMs, as } of seen(calibrated.calibration)) {
      expect(as).toBe(CLASS_OF_LOSS[kind]);
      expect(Math.abs(errorMs)).toBeLessThanOrEqual(RULER_ERROR_MS_MAX);
    }
  });

  it('fails the same record when a loss was a fifth longer than the report says', async () => {
    const copy = join(folder, 'copy');
    await cp(dir, copy, { recursive: true });
    const journal = join(copy, 'journal.ndjson');
    const text = await readFile(journal, 'utf8');
    const longer = text.replaceAll(/(?<head>filled with \w+: )25 frames/g, '$<head>30 frames');
    expect(longer).not.toBe(text);
    await writeFile(journal, resealed(longer));
    const reread = { dir: copy, report: judgeFolder(copy) };
    const reading = await readCalibration(reread, calibrated.calibration);
    expect(reading.verdict).not.toBe('pass');
    for (const { errorMs } of seen(reading)) expect(errorMs).toBeLessThan(-RULER_ERROR_MS_MAX);
  });

  it('writes what it found and what it holds for', () => {
    const written = JSON.parse(readFileSync(join(dir, 'calibration.json'), 'utf8')) as Calibration;
    expect(written).toEqual(calibrated.calibration);
    expect(written).toMatchObject({ version: 1, design: 'single-access', viewers: VIEWERS });
    expect(written.machine.tools).toHaveProperty('ffmpeg');
    expect(written.machine.processor).not.toBe('');
  });

  it('leaves nothing behind', () => {
    expect(calibrated.leftovers).toEqual([]);
  });
});

describe('a calibration that cannot be', () => {
  it.each([
    [['--lengths', '100ms'], 'expected durations from 160ms to 60s'],
    [['--design', 'singel-access'], 'did you mean single-access?'],
    [['--viewers', '0'], 'at least one viewer must watch'],
    [['--quiet-minutes', '-1'], 'expected a number from 0'],
  ])('is refused before anything is started: %j', async (args, says) => {
    const out = join(folder, 'refused');
    const { exitCode, stderr } = await ecranNoir(['calibrate', ...args, '--out', out]);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(64);
    expect(existsSync(out)).toBe(false);
  });
});
