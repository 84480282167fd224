// One calibration from wishes to calibration.json: what the command does, and what benches call.

import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { unaskedFillers } from '../measure/fillers.ts';
import { knownLossesOf } from '../measure/knownLosses.ts';
import { parseHistory } from '../measure/readHistory.ts';
import { playbackOf, type Playback } from '../measure/playback.ts';
import { readRuler } from '../measure/ruler.ts';
import { tracksOf } from '../measure/tracks.ts';
import {
  CALIBRATION_VERSION,
  LOSS_KINDS,
  type Calibration,
  type KnownLoss,
} from '../model/calibration.ts';
import { HarnessError } from '../model/errors.ts';
import type { History } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { renderCalibrationJson } from '../../reports/calibration.ts';
import { describeViewers } from '../run/audience.ts';
import { BETWEEN_LOSSES_MS, calibrating, type PlannedLoss } from '../run/calibration.ts';
import { channelsOf, instanceOf } from '../design/flows.ts';
import { chainOf } from '../design/hops.ts';
import { findDesigns, parseScenario } from '../scenario/load.ts';
import { unknownName } from '../scenario/names.ts';
import { planOf } from './planFor.ts';
import { rehearse, settingFor, type Wishes } from './rehearse.ts';
import { JOURNAL, writeRunFile } from './runFolder.ts';

export interface CalibrationWishes extends Wishes {
  readonly design: string;
  readonly viewers: number;
  /** The lengths of the losses of each kind, one after the other. */
  readonly lengthsMs: readonly number[];
  /** Watched beside them for interruptions that nobody put in. */
  readonly quietMs: number;
}

export interface Calibrated {
  readonly calibration: Calibration;
  readonly leftovers: readonly string[];
  /** The files that were written, calibration.json first. */
  readonly files: readonly string[];
}

/**
 * Rejects with what ended the run (INTERRUPTED, STEADY_STATE_NOT_REACHED, …) or kept it from being
 * started; its folder is written all the same.
 */
export async function calibrate(
  wishes: CalibrationWishes,
  signal: AbortSignal,
): Promise<Calibrated> {
  const plan = await planOfCalibration(wishes);
  const setting = await settingFor(wishes, signal);
  const loadBefore = load();
  const exercise = calibrating({
    design: plan.scenario.design,
    losses: plannedLosses('transcoder', wishes.lengthsMs),
    quietMs: wishes.quietMs,
    viewers: describeViewers(plan.scenario).map(({ id }) => id),
  });
  const { report, end, dir, files } = await rehearse(plan, { wishes, setting, exercise }, signal);
  if (end.error) throw end.error;
  const calibration = await readCalibration(dir, report, { before: loadBefore, after: load() });
  const file = join(dir, 'calibration.json');
  await writeRunFile(file, renderCalibrationJson(calibration));
  return { calibration, leftovers: end.leftovers, files: [file, ...files] };
}

/** Short and long in turn, so that a drift of the machine does not look like one of the length. */
export const plannedLosses = (
  at: 'transcoder' | 'playout',
  lengthsMs: readonly number[],
): readonly PlannedLoss[] =>
  lengthsMs.flatMap((forMs) => LOSS_KINDS.map((kind) => ({ at, kind, forMs })));

/** The file that messages about the scenario name; own designs are looked for in its folder. */
const FILE = 'calibration.yaml';

export async function planOfCalibration({
  design,
  viewers,
}: Pick<CalibrationWishes, 'design' | 'viewers'>): Promise<Plan> {
  const designs = await findDesigns(FILE);
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
    'viewers: { policy: { onFatal: none } }',
    'expect: [recovered == 100%]',
  ].join('\n');
  const scenario = parseScenario(text, FILE, designs);
  return planOf({ ...scenario, file: '' }, { compress: 1, seed: undefined, viewers });
}

/** Judges the stored record: what was put in is what transcoders noted, not what they were told. */
export async function readCalibration(
  dir: string,
  report: Report,
  average: Calibration['machine']['load'],
): Promise<Calibration> {
  const history = parseHistory(await readFile(join(dir, JOURNAL), 'utf8'));
  const { scenario } = history.run.plan;
  const frameMs = 1000 / scenario.design.media.fps;
  const losses = knownLossesOf(history);
  const reading = readRuler({
    ...{ report, losses, frameMs },
    fillers: fillersOf(history, losses, frameMs),
    playbacks: playbacksOf(history),
    reachMs: BETWEEN_LOSSES_MS / 2,
  });
  return {
    version: CALIBRATION_VERSION,
    madeAt: report.run.startedAt,
    harness: report.run.harness,
    design: scenario.design.name,
    machine: {
      ...report.run.environment,
      processor: cpus()[0]?.model ?? 'unknown processor',
      load: average,
    },
    ...reading,
  };
}

/** The channel of each transcoder. */
function transcodersOf({ run }: History): ReadonlyMap<string, string> {
  const { design } = run.plan.scenario;
  const { transcoder } = chainOf(design);
  return new Map(
    channelsOf(design).map((channel) => [instanceOf(transcoder, channel), channel.name]),
  );
}

function fillersOf(history: History, losses: readonly KnownLoss[], frameMs: number) {
  const stats = history.records.filter((record) => record.type === 'stats');
  const each = [...transcodersOf(history)].map(([stage, channel]) => {
    const own = losses.filter((loss) => loss.channel === channel);
    const its = stats.filter((record) => record.stage === stage);
    return [channel, unaskedFillers({ stats: its, losses: own, frameMs })] as const;
  });
  return new Map(each);
}

function playbacksOf({ run, records }: History): ReadonlyMap<string, Playback> {
  const { fps } = run.plan.scenario.design.media;
  const { startedAtEpochMs } = run;
  return new Map(
    tracksOf({ run, records }).map((track) => [
      track.viewer.id,
      playbackOf(track, { startedAtEpochMs, fps }),
    ]),
  );
}

export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;

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
