// `calibrate --screen`: one calibration whose wall stands on a display of its own and is recorded
// there. The recording is read when the run is over, and removed unless it is asked for.

import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readScreenRuler } from '../measure/screenRuler.ts';
import type { ScreenLayout, Size } from '../model/screen.ts';
import { SCREEN_RULER_VERSION, type ScreenCalibration } from '../model/screenRuler.ts';
import { badArgument, HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { renderScreenCalibrationJson } from '../../reports/screenCalibration.ts';
import { describeViewers } from '../scenario/audience.ts';
import type { PlannedLoss } from '../run/calibration.ts';
import { cannotWrite } from '../run/recorder.ts';
import type { Exercise } from '../run/request.ts';
import { createOwnedFolder, PASSABLE, removeScratch } from '../runtime/ownedFolder.ts';
import { requireFitTools, requireTools, SCREEN_ABILITIES } from '../runtime/tools.ts';
import { startDisplay, type Display } from '../screen/display.ts';
import { startRecording } from '../screen/recording.ts';
import { readRecording } from '../screen/sight.ts';
import { RECORDED_WIDTH_MAX, wallSize } from '../../players/wallSize.ts';
import {
  planCalibration,
  playCalibration,
  plannedLosses,
  type Calibrated,
  type CalibrationWishes,
  type Ruler,
} from './calibration.ts';
import type { Rehearsed } from './rehearse.ts';
import { writeRunFile } from './runFolder.ts';
import { settingFor, type Setting } from './setting.ts';

export interface ScreenWishes extends CalibrationWishes {
  /** Keeps screen.nut in the folder of the run. */
  readonly keepRecording: boolean;
  /** The lengths of the losses at the source, of each kind. */
  readonly sourceMs: readonly number[];
  /** Segments are withheld from players for so long; 0 withholds none. */
  readonly withheldMs: number;
}

/** Further losses of a screen calibration, when nobody says others. */
export const SCREEN_LOSSES = { sourceMs: [1_000, 3_000], withheldMs: 14_000 } as const;

/**
 * Rejects with all that `calibrate` rejects with, TOOL_MISSING for Xvfb by name, and SCREEN_FAILED.
 */
export async function calibrateScreen(
  wishes: ScreenWishes,
  signal: AbortSignal,
): Promise<Calibrated<ScreenCalibration>> {
  const plan = await planCalibration(wishes);
  const tools = await screenTools();
  const setting = await settingFor(wishes, signal);
  requireHostBrowser(setting);
  const scratch = await createOwnedFolder('screen', PASSABLE);
  const closed = join(scratch, 'recording');
  try {
    await mkdir(closed, { mode: 0o700 });
    await using display = await startDisplay(
      { xvfb: tools.xvfb, folder: scratch, size: displaySize(plan) },
      signal,
    );
    const recorded = startRecorder(display, tools.ffmpeg, join(closed, FILE));
    const reading = { tools, scratch: closed, keepRecording: wishes.keepRecording, signal };
    const ruler: Ruler<ScreenCalibration> = {
      file: 'screen-calibration.json',
      losses: screenLosses(wishes),
      around: recorded.around,
      screen: recorded.screen,
      read: async (rehearsed, top) => ({
        version: SCREEN_RULER_VERSION,
        ...top,
        ...(await readScreen(plan, rehearsed, { ...reading, layout: recorded.layout() })),
      }),
      render: renderScreenCalibrationJson,
    };
    return await playCalibration({ plan, setting, wishes }, ruler, signal);
  } finally {
    await removeScratch(scratch);
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

function requireHostBrowser({ browser }: Setting): void {
  if (browser === 'host') return;
  throw badArgument('--browser', '--screen needs a browser of this machine', 'use --browser host');
}

/** One more column and row than the wall: the last of a display is not painted. */
function displaySize({ scenario }: Plan): Size {
  const count = describeViewers(scenario).length;
  const { page } = wallSize(count, scenario.design.media, RECORDED_WIDTH_MAX);
  return { width: even(page.width + 1), height: even(page.height + 1) };
}

const even = (px: number): number => px + (px % 2);

/** Records the display from the start to the end of an exercise, and keeps the layout of the page. */
function startRecorder(display: Display, ffmpeg: string, file: string) {
  let layout: ScreenLayout | undefined;
  const around =
    (exercise: Exercise): Exercise =>
    async (on) => {
      const recording = await startRecording(ffmpeg, display, file, on.signal);
      try {
        await exercise(on);
      } finally {
        await recording.stop();
      }
    };
  return {
    around,
    screen: { display: display.env, onLayout: (told: ScreenLayout) => void (layout = told) },
    layout: () => {
      if (layout) return layout;
      throw new HarnessError('INTERNAL', 'the page never told where its pictures are');
    },
  };
}

/** Orders the losses; the kind that stalls a player comes last: it may be far behind afterwards. */
export const screenLosses = ({
  lengthsMs,
  sourceMs,
  withheldMs,
}: Pick<ScreenWishes, 'lengthsMs' | 'sourceMs' | 'withheldMs'>): readonly PlannedLoss[] => [
  ...plannedLosses('transcoder', lengthsMs),
  ...plannedLosses('source', sourceMs),
  ...(withheldMs > 0
    ? [{ at: 'delivery' as const, kind: 'withheld' as const, forMs: withheldMs }]
    : []),
];

interface ReadingOptions {
  readonly tools: ScreenTools;
  readonly layout: ScreenLayout;
  readonly scratch: string;
  readonly keepRecording: boolean;
  readonly signal: AbortSignal;
}

async function readScreen(plan: Plan, { report, dir }: Rehearsed, reading: ReadingOptions) {
  const { tools, layout, scratch, keepRecording, signal } = reading;
  const frameMs = 1000 / plan.scenario.design.media.fps;
  const workDir = join(scratch, 'sight');
  await mkdir(workDir);
  const file = join(scratch, FILE);
  const sighting = await readRecording({
    ffmpeg: tools.ffmpeg,
    ffprobe: tools.ffprobe,
    file,
    layout,
    workDir,
    frameMs,
    signal,
    startedAtEpochMs: Date.parse(report.run.startedAt),
  });
  await writeRunFile(join(dir, 'screen-sighting.json'), `${JSON.stringify(sighting)}\n`);
  if (keepRecording)
    await copyFile(file, join(dir, FILE), constants.COPYFILE_EXCL).catch((error: unknown) => {
      throw cannotWrite(join(dir, FILE), error);
    });
  return readScreenRuler({ report, sighting, frameMs });
}
