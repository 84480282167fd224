// `calibrate`: the whole measuring chain held against losses of known length.

import { join } from 'node:path';
import { listChannels, nameInstance } from '../design/flows.ts';
import { unaskedFillers } from '../measure/fillers.ts';
import { findKnownLosses } from '../measure/knownLosses.ts';
import { tracePlayback, type Playback } from '../measure/playback.ts';
import { readHistory } from '../measure/readHistory.ts';
import type { Recorded } from '../measure/recorded.ts';
import { readLipSync } from '../measure/lipSync.ts';
import { readRuler } from '../measure/ruler.ts';
import { CALIBRATION_VERSION, type Calibration, type KnownLoss } from '../model/calibration.ts';
import type { History } from '../model/history.ts';
import { renderCalibrationJson } from '../../reports/calibration.ts';
import { BETWEEN_LOSSES_MS, stagesAt } from '../run/calibration.ts';
import { linesIn } from '../run/journal.ts';
import {
  planCalibration,
  playCalibration,
  plannedLosses,
  type Calibrated,
  type CalibrationTop,
  type CalibrationWishes,
} from './calibration.ts';
import type { Rehearsed } from './rehearse.ts';
import { JOURNAL } from './runFolder.ts';
import { settingFor } from './setting.ts';

/** Rejects with all that `playCalibration` rejects with. */
export async function calibrate(
  wishes: CalibrationWishes,
  signal: AbortSignal,
): Promise<Calibrated> {
  const plan = await planCalibration(wishes);
  const setting = await settingFor(wishes, signal);
  const ruler = {
    file: 'calibration.json',
    losses: plannedLosses('transcoder', wishes.lengthsMs),
    read: readCalibration,
    render: renderCalibrationJson,
  };
  return playCalibration({ plan, setting, wishes }, ruler, signal);
}

/** Judges the stored record: what was put in is what transcoders noted, not what they were told. */
export function readCalibration(
  { dir, report }: Pick<Rehearsed, 'dir' | 'report'>,
  top: CalibrationTop,
): Promise<Calibration> {
  const file = join(dir, JOURNAL);
  const history = readHistory(linesIn(file), file);
  const { scenario } = history.run.plan;
  const frameMs = 1000 / scenario.design.media.fps;
  const losses = findKnownLosses(history);
  const reading = readRuler({
    report,
    losses,
    frameMs,
    fillers: listFillers(history, losses, frameMs),
    playbacks: tracePlaybacks(history),
    reachMs: BETWEEN_LOSSES_MS / 2,
  });
  const lipSync = readLipSync(history);
  return Promise.resolve({
    version: CALIBRATION_VERSION,
    ...top,
    ...reading,
    ...(lipSync && { lipSync }),
  });
}

/** The channel of each instance that puts the losses in. */
function channelTranscoders({ run }: History): ReadonlyMap<string, string> {
  const { design } = run.plan.scenario;
  return new Map(
    stagesAt('transcoder', design).flatMap((stage) =>
      listChannels(design).map((channel) => [nameInstance(stage, channel), channel.name] as const),
    ),
  );
}

function listFillers(history: Recorded, losses: readonly KnownLoss[], frameMs: number) {
  const each = [...channelTranscoders(history)].map(([stage, channel]) => {
    const own = losses.filter((loss) => loss.channel === channel);
    const stats = history.reports.get(stage) ?? [];
    return [channel, unaskedFillers({ stats, losses: own, frameMs })] as const;
  });
  return new Map(each);
}

function tracePlaybacks({ run, tracks }: Recorded): ReadonlyMap<string, Playback> {
  const { fps } = run.plan.scenario.design.media;
  const { startedAtEpochMs } = run;
  return new Map(
    tracks.map((track) => [
      track.viewer.id,
      tracePlayback(track.unpack(), { startedAtEpochMs, fps }),
    ]),
  );
}
