// `calibrate --screen`: one calibration whose wall stands on a display of its own and is recorded
// there. The recording is read when the run is over, and removed unless it is asked for.

import { copyFile, mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readScreenRuler } from '../measure/screenRuler.ts';
import type { ScreenLayout, Size } from '../model/screen.ts';
import { SCREEN_RULER_VERSION, type ScreenCalibration } from '../model/screenRuler.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { renderScreenCalibrationJson } from '../../reports/screenCalibration.ts';
import { describeViewers } from '../run/audience.ts';
import { calibrating, type PlannedLoss } from '../run/calibration.ts';
import { cannotWrite } from '../run/recorder.ts';
import type { Exercise } from '../run/runner.ts';
import { createOwnedFolder } from '../runtime/ownedFolder.ts';
import { requireFitTools, requireTools, SCREEN_ABILITIES } from '../runtime/tools.ts';
import { startDisplay, type Display } from '../screen/display.ts';
import { startRecording } from '../screen/recording.ts';
import { readRecording } from '../screen/sight.ts';
import { RECORDED_WIDTH_MAX, wallSize } from '../../players/wallSize.ts';
import { load, planOfCalibration, plannedLosses, type CalibrationWishes } from './calibration.ts';
import { rehearse, settingFor } from './rehearse.ts';
import { writeRunFile } from './runFolder.ts';

export interface ScreenWishes extends CalibrationWishes {
  /** Keeps screen.nut in the folder of the run. */
  readonly keepRecording: boolean;
  /** The lengths of the losses at the source, of each kind. */
  readonly sourceMs: readonly number[];
  /** Segments are withheld from players for so long; 0 withholds none. */
  readonly withheldMs: number;
}

export interface ScreenCalibrated {
  readonly calibration: ScreenCalibration;
  readonly leftovers: readonly string[];
  /** The files that were written, screen-calibration.json first. */
  readonly files: readonly string[];
}

/** Further losses of a screen calibration, when nobody says others. */
export const SCREEN_LOSSES = { sourceMs: [1_000, 3_000], withheldMs: 14_000 } as const;

/**
 * Rejects with what ended the run or kept it from being started: TOOL_MISSING for Xvfb by name,
 * SCREEN_FAILED, and all that `calibrate` rejects with.
 */
export async function calibrateScreen(
  wishes: ScreenWishes,
  signal: AbortSignal,
): Promise<ScreenCalibrated> {
  const plan = await planOfCalibration(wishes);
  const tools = await screenTools();
  const setting = await settingFor(wishes, signal);
  if (setting.browser !== 'host') throw needsHostBrowser();
  const loadBefore = load();
  const scratch = await createOwnedFolder('screen');
  try {
    await using display = await startDisplay(tools.xvfb, displaySize(plan), signal);
    const recorded = recordedExercise({ plan, wishes, tools, display, file: join(scratch, FILE) });
    const { report, end, dir, files } = await rehearse(
      plan,
      { wishes, setting, exercise: recorded.exercise, screen: recorded.screen },
      signal,
    );
    if (end.error) throw end.error;
    const read = { plan, report, dir, tools, layout: recorded.layout(), scratch, wishes, signal };
    const reading = await readScreen(read);
    const { name: design } = plan.scenario.design;
    const calibration = calibrationOf(report, design, reading, {
      before: loadBefore,
      after: load(),
    });
    const file = join(dir, 'screen-calibration.json');
    await writeRunFile(file, renderScreenCalibrationJson(calibration));
    return { calibration, leftovers: end.leftovers, files: [file, ...files] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const FILE = 'screen.nut';

interface ScreenTools {
  readonly xvfb: string;
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** Throws TOOL_MISSING, TOOL_UNFIT. */
async function screenTools(): Promise<ScreenTools> {
  const paths = await requireTools(['xvfb', 'ffmpeg', 'ffprobe']);
  await requireFitTools(paths, SCREEN_ABILITIES);
  return paths as unknown as ScreenTools;
}

const needsHostBrowser = (): HarnessError =>
  new HarnessError('ARGUMENT_INVALID', '--screen needs a browser of this machine', {
    target: '--browser',
    hint: 'use --browser host',
  });

/** One more column and row than the wall: the last of a display is not painted. */
function displaySize({ scenario }: Plan): Size {
  const count = describeViewers(scenario).length;
  const { page } = wallSize(count, scenario.design.media, RECORDED_WIDTH_MAX);
  return { width: even(page.width + 1), height: even(page.height + 1) };
}

const even = (px: number): number => px + (px % 2);

interface Recorded {
  readonly plan: Plan;
  readonly wishes: ScreenWishes;
  readonly tools: ScreenTools;
  readonly display: Display;
  readonly file: string;
}

/** A calibration's exercise between the start and the end of a recording. */
function recordedExercise({ plan, wishes, tools, display, file }: Recorded) {
  let layout: ScreenLayout | undefined;
  const exercise: Exercise = async (on) => {
    const recording = await startRecording(tools.ffmpeg, display, file, on.signal);
    const calibration = calibrating({
      design: plan.scenario.design,
      losses: lossesOf(wishes),
      quietMs: wishes.quietMs,
      viewers: describeViewers(plan.scenario).map(({ id }) => id),
    });
    try {
      await calibration(on);
    } finally {
      await recording.stop();
    }
  };
  return {
    exercise,
    screen: { display: display.name, onLayout: (told: ScreenLayout) => void (layout = told) },
    layout: () => {
      if (layout) return layout;
      throw new HarnessError('INTERNAL', 'the page never told where its pictures are');
    },
  };
}

/** Orders the losses; the kind that stalls a player comes last: it may be far behind afterwards. */
const lossesOf = ({ lengthsMs, sourceMs, withheldMs }: ScreenWishes): readonly PlannedLoss[] => [
  ...plannedLosses('transcoder', lengthsMs),
  ...plannedLosses('playout', sourceMs),
  ...(withheldMs > 0
    ? [{ at: 'edge' as const, kind: 'withheld' as const, forMs: withheldMs }]
    : []),
];

interface Reading {
  readonly plan: Plan;
  readonly report: Report;
  readonly dir: string;
  readonly tools: ScreenTools;
  readonly layout: ScreenLayout;
  readonly scratch: string;
  readonly wishes: ScreenWishes;
  readonly signal: AbortSignal;
}

async function readScreen({ plan, report, dir, tools, layout, scratch, wishes, signal }: Reading) {
  const frameMs = 1000 / plan.scenario.design.media.fps;
  const workDir = join(scratch, 'sight');
  await mkdir(workDir);
  const file = join(scratch, FILE);
  const sighting = await readRecording({
    ...{ ffmpeg: tools.ffmpeg, ffprobe: tools.ffprobe, file, layout, workDir, frameMs, signal },
    startedAtEpochMs: Date.parse(report.run.startedAt),
  });
  await writeRunFile(join(dir, 'screen-sighting.json'), `${JSON.stringify(sighting)}\n`);
  if (wishes.keepRecording)
    await copyFile(file, join(dir, FILE)).catch((error: unknown) => {
      throw cannotWrite(join(dir, FILE), error);
    });
  return readScreenRuler({ report, sighting, frameMs });
}

const calibrationOf = (
  { run }: Report,
  design: string,
  reading: ReturnType<typeof readScreenRuler>,
  average: ScreenCalibration['machine']['load'],
): ScreenCalibration => ({
  version: SCREEN_RULER_VERSION,
  madeAt: run.startedAt,
  harness: run.harness,
  design,
  machine: {
    ...run.environment,
    processor: cpus()[0]?.model ?? 'unknown processor',
    load: average,
  },
  ...reading,
});
