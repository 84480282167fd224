// A history as it is judged: what there are millions of is packed while it is read, the rest is kept.

import type {
  History,
  HistoryRecord,
  PopulationRecord,
  ProofRecord,
  RunRecord,
} from '../model/history.ts';
import { growingCmcd, type Told } from './toldCmcd.ts';
import { growingReports, type StageReports } from './stageReports.ts';
import { growingTrack, type StoredTrack } from './tracks.ts';

export interface Recorded extends History {
  /** Everything but frames, spans, reports of stages and what is for people only. */
  readonly records: readonly HistoryRecord[];
  /** One a viewer of the run record, in its order. */
  readonly tracks: readonly StoredTrack[];
  readonly reports: StageReports;
  /** Reads out the words of the player of a viewer by CMCD. */
  readonly told: ReadonlyMap<string, () => Told>;
  /** Stage instances in the order in which they were first heard of. */
  readonly stages: readonly string[];
  /** The last word on each cohort. */
  readonly populations: readonly PopulationRecord[];
  /** The latest moment that any record tells of. */
  readonly latestMs: number;
}

export interface GrowingRecord {
  readonly record: (record: HistoryRecord) => void;
  readonly recorded: (truncated: boolean) => Recorded;
}

export function growingRecord(run: RunRecord): GrowingRecord {
  const { fps } = run.plan.scenario.design.media;
  const tracks = new Map(run.viewers.map((viewer) => [viewer.id, growingTrack(viewer, fps)]));
  const [reports, cmcd] = [growingReports(), growingCmcd(run.viewers)];
  const [stages, populations] = [new Set<string>(), new Map<string, PopulationRecord>()];
  const records: HistoryRecord[] = [];
  let latestMs = 0;
  return {
    record: (record) => {
      latestMs = Math.max(latestMs, record.atMs);
      if (record.type === 'frames' || record.type === 'cmcd') cmcd.record(record);
      switch (record.type) {
        case 'frames':
        case 'shown':
        case 'viewer':
          tracks.get(record.viewer)?.record(record);
          return;
        case 'stats':
          stages.add(record.stage);
          reports.record(record);
          return;
        case 'population':
          populations.set(record.cohort, record);
          return;
        case 'cmcd':
        case 'log':
          return;
        case 'stage':
          stages.add(record.stage);
          records.push(record);
          return;
        case 'proof':
        case 'run':
        case 'environment':
        case 'phase':
        case 'action':
        case 'load':
        case 'alert':
        case 'machine':
        case 'worker':
        case 'passed':
        case 'interface':
        case 'screenshot':
        case 'end':
          records.push(run.engine === 'run' ? witnessed(record) : record);
      }
    },
    recorded: (truncated) => ({
      run,
      records,
      truncated,
      latestMs,
      tracks: [...tracks.values()].map((track) => track.stored()),
      reports: reports.stored(),
      told: cmcd.stored(),
      stages: [...stages],
      populations: [...populations.values()],
    }),
  };
}

/** In real time a model proves nothing. */
const witnessed = <R extends HistoryRecord>(record: R): R | ProofRecord =>
  record.type === 'proof' && record.by === 'model'
    ? { ...record, proven: false, observed: `a model says so, no witness: ${record.observed}` }
    : record;

/** The same of a history in memory. */
export function groupRecords(history: History): Recorded {
  const growing = growingRecord(history.run);
  for (const record of history.records) growing.record(record);
  return growing.recorded(history.truncated);
}
