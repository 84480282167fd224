// Tracks of viewers and reports of stages, of records that are in memory.

import { growingReports, type StageReports } from '../../harness/measure/stageReports.ts';
import { growingTrack, type ViewerTrack } from '../../harness/measure/tracks.ts';
import type { History, HistoryRecord } from '../../harness/model/history.ts';

/** One track a viewer of the run record, in its order. */
export function collectTracks({ run, records }: Pick<History, 'run' | 'records'>): ViewerTrack[] {
  const { fps } = run.plan.scenario.design.media;
  const tracks = run.viewers.map((viewer) => growingTrack(viewer, fps));
  for (const record of records)
    if (record.type === 'frames' || record.type === 'shown' || record.type === 'viewer')
      tracks.find(({ viewer }) => viewer.id === record.viewer)?.record(record);
  return tracks.map((track) => track.stored().unpack());
}

export function collectStageReports(records: readonly HistoryRecord[]): StageReports {
  const reports = growingReports();
  for (const record of records) if (record.type === 'stats') reports.record(record);
  return reports.stored();
}
