// The losses that transcoders were told to put in, as they noted them when they had.

import { nameInstance } from '../design/flows.ts';
import { telling } from '../design/roles.ts';
import { isLossKind, parseFilledNote, type KnownLoss } from '../model/calibration.ts';
import type { History } from '../model/history.ts';

/** Gives the known losses in order of time. */
export function findKnownLosses({ run, records }: Pick<History, 'run' | 'records'>): KnownLoss[] {
  const { stages, channels, media } = run.plan.scenario.design;
  const channelOf = new Map<string, string>(
    telling('fill', stages).flatMap((stage) =>
      channels.map((name) => [nameInstance(stage, { name }), name] as const),
    ),
  );
  return records.flatMap((record): KnownLoss[] => {
    if (record.type !== 'stage' || record.event !== 'note') return [];
    const channel = channelOf.get(record.stage);
    const filled = parseFilledNote(record.detail ?? '');
    if (channel === undefined || !filled || !isLossKind(filled.fill)) return [];
    return [
      {
        kind: filled.fill,
        channel,
        frames: filled.frames,
        lengthMs: (filled.frames * 1000) / media.fps,
        putOutAtMs: filled.firstEpochMs - run.startedAtEpochMs,
      },
    ];
  });
}
