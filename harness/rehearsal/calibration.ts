// One calibration on a design: known losses are played, and what was measured of them is read and
// written into the folder of the run. The two rulers differ in what they are held against.

import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { LOSS_KINDS, type Calibration } from '../model/calibration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { DEFAULT_PLAYER } from '../../players/registry.ts';
import { describeViewers } from '../scenario/audience.ts';
import { calibrating, type PlannedLoss } from '../run/calibration.ts';
import type { Exercise } from '../run/request.ts';
import { findDesigns, parseScenario } from '../scenario/load.ts';
import { unknownName } from '../scenario/suggest.ts';
import { planHere } from './plan.ts';
import type { Watch } from './recording.ts';
import { rehearse, type Rehearsed } from './rehearse.ts';
import { writeRunFile } from './runFolder.ts';
import type { Setting } from './setting.ts';
import type { Wishes } from './wishes.ts';
import type { WallScreen } from './world.ts';

export interface CalibrationWishes extends Partial<Wishes> {
  readonly design: string;
  readonly viewers: number;
  /** A group each, in equal shares; the default player when not said. */
  readonly players?: readonly string[] | undefined;
  /** The lengths of the losses of each kind, one after the other. */
  readonly lengthsMs: readonly number[];
  /** Watched beside them for interruptions that nobody put in. */
  readonly quietMs: number;
  readonly watch?: Watch | undefined;
}

export interface Calibrated<C = Calibration> {
  readonly calibration: C;
  readonly leftovers: readonly string[];
  /** The files that were written, the calibration first. */
  readonly files: readonly string[];
}

/** The top of every calibration: its name, its time and its machine. */
export type CalibrationTop = Pick<Calibration, 'madeAt' | 'harness' | 'design' | 'machine'>;

export interface Ruler<C> {
  readonly file: string;
  readonly losses: readonly PlannedLoss[];
  /** The work beside the losses, such as a recording. */
  readonly around?: (exercise: Exercise) => Exercise;
  readonly screen?: WallScreen;
  readonly read: (rehearsed: Rehearsed, top: CalibrationTop) => Promise<C>;
  readonly render: (calibration: C) => string;
}

export interface Calibrating {
  readonly plan: Plan;
  readonly setting: Setting;
  readonly wishes: CalibrationWishes;
}

/**
 * Rejects with what ended the run (INTERRUPTED, STEADY_STATE_NOT_REACHED, …) or kept it from being
 * started; its folder is written all the same.
 */
export async function playCalibration<C>(
  { plan, setting, wishes }: Calibrating,
  ruler: Ruler<C>,
  signal: AbortSignal,
): Promise<Calibrated<C>> {
  const { quietMs, watch } = wishes;
  const before = averageLoad();
  const { design } = plan.scenario;
  const viewers = describeViewers(plan.scenario).map(({ id }) => id);
  const losses = calibrating({ design, losses: ruler.losses, quietMs, viewers });
  const exercise = ruler.around?.(losses) ?? losses;
  const rehearsing = { setting, watch, exercise, screen: ruler.screen };
  const rehearsed = await rehearse(plan, rehearsing, signal);
  if (rehearsed.end.error) throw rehearsed.end.error;
  const top = calibrationTop(rehearsed.report, design.name, { before, after: averageLoad() });
  const calibration = await ruler.read(rehearsed, top);
  const file = join(rehearsed.dir, ruler.file);
  await writeRunFile(file, ruler.render(calibration));
  return { calibration, leftovers: rehearsed.end.leftovers, files: [file, ...rehearsed.files] };
}

const averageLoad = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;

const calibrationTop = (
  { run }: Report,
  design: string,
  load: Calibration['machine']['load'],
): CalibrationTop => ({
  madeAt: run.startedAt,
  harness: run.harness,
  design,
  machine: { ...run.environment, processor: cpus()[0]?.model ?? 'unknown processor', load },
});

/** Short and long in turn, so that a drift of the machine does not look like one of the length. */
export const plannedLosses = (
  at: 'transcoder' | 'source',
  lengthsMs: readonly number[],
): readonly PlannedLoss[] =>
  lengthsMs.flatMap((forMs) => LOSS_KINDS.map((kind) => ({ at, kind, forMs })));

/** The file that messages about the scenario name; own designs are looked for in its folder. */
const FILE = 'calibration.yaml';

export async function planCalibration({
  design,
  viewers,
  players = [DEFAULT_PLAYER],
}: Pick<CalibrationWishes, 'design' | 'viewers' | 'players'>): Promise<Plan> {
  const designs = findDesigns(FILE);
  if (!Object.hasOwn(designs, design))
    throw new HarnessError(
      'ARGUMENT_INVALID',
      `--design: ${unknownName('design', design, Object.keys(designs).toSorted())}`,
      { target: '--design', hint: 'own designs are looked for in the folder designs/ here' },
    );
  const text = [
    'name: calibration',
    'title: The ruler held against known losses',
    'kind: drill',
    `design: ${JSON.stringify(design)}`,
    `viewers: ${JSON.stringify(players.map(makeGroup))}`,
    'expect: [recovered == 100%]',
  ].join('\n');
  const scenario = parseScenario(text, FILE, designs);
  return planHere({ ...scenario, file: '' }, { compress: 1, seed: undefined, viewers });
}

const makeGroup = (player: string) => ({
  name: player.replaceAll('.', '-'),
  player,
  policy: { onFatal: 'none' },
});

/** Throws ARGUMENT_INVALID. */
export function requireLengths(lengthsMs: readonly (number | undefined)[]): readonly number[] {
  const known = lengthsMs.filter(
    (ms) => ms !== undefined && ms >= LENGTH_MS_MIN && ms <= LENGTH_MS_MAX,
  );
  if (known.length === lengthsMs.length && known.length > 0) return known as readonly number[];
  throw new HarnessError('ARGUMENT_INVALID', '--lengths: expected durations from 160ms to 60s', {
    target: '--lengths',
    hint: 'write them with commas between, like 200ms,400ms,1s,3s; freezes shorter than 160ms are not told from a busy browser',
  });
}

/** Four frames at 25 fps, the shortest freeze that is longer than HICCUP_MS (measure/thresholds.ts). */
const LENGTH_MS_MIN = 160;
const LENGTH_MS_MAX = 60_000;
