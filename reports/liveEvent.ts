// Chooses the records that are worth a line while a run goes on, and writes the line.

import type {
  ActionRecord,
  HistoryRecord,
  StageRecord,
  ViewerRecord,
  WorkerRecord,
} from '../harness/model/history.ts';
import { formatMs } from './duration.ts';

export interface RecordLine {
  readonly text: string;
  /** The reader must not miss it. */
  readonly grave: boolean;
}

/** Undefined for records of routine: frames, counters, single events of players. */
export function describeRecord(record: HistoryRecord): RecordLine | undefined {
  switch (record.type) {
    case 'run':
      return calm(`run ${record.id}: ${record.plan.scenario.title}`);
    case 'phase':
      return calm(`phase ${record.phase}`);
    case 'stage':
      return stageLine(record);
    case 'action':
      return actionLine(record);
    case 'alert': {
      const { alert, does, revision, told } = record;
      return calm(`alert ${alert}: ${does} ${revision}, ${told.length} stages told`);
    }
    case 'proof': {
      const { target, witness, observed, proven, maskedBy } = record;
      if (maskedBy) return calm(`${target} ${observed}`);
      const text = `${target} ${proven ? 'proven' : 'NOT PROVEN'} by ${witness}: ${observed}`;
      return proven ? calm(text) : grave(text);
    }
    case 'viewer':
      return viewerLine(record);
    case 'worker':
      return workerLine(record);
    case 'screenshot':
      return calm(`picture of the wall ${record.moment} the fault: ${record.file}`);
    case 'log':
      return record.level === 'info' ? calm(record.text) : grave(`${record.level}: ${record.text}`);
    case 'end': {
      const text = `ended: ${record.reason}${record.detail ? `, ${record.detail}` : ''}`;
      return record.reason === 'complete' ? calm(text) : grave(text);
    }
    case 'environment':
    case 'stats':
    case 'cmcd':
    case 'frames':
    case 'shown':
    case 'population':
    case 'load':
    case 'machine':
    case 'passed':
    case 'interface':
      return undefined;
  }
}

function workerLine({ worker, event, detail }: WorkerRecord): RecordLine | undefined {
  if (event === 'lost') return grave(`worker ${worker} was lost: ${detail ?? ''}`);
  return event === 'join' ? calm(`worker ${worker} shows viewers: ${detail ?? ''}`) : undefined;
}

const calm = (text: string): RecordLine => ({ text, grave: false });
const grave = (text: string): RecordLine => ({ text, grave: true });

function actionLine({ action, does, plannedAtMs, doneAtMs, error }: ActionRecord): RecordLine {
  const what = `${does} ${action.replace(`:${does}`, '')}`;
  if (error !== undefined) return grave(`${what} failed: ${error}`);
  return calm(`${what}, ${punctuality(doneAtMs - plannedAtMs)}`);
}

const punctuality = (lateMs: number): string =>
  Math.abs(lateMs) < 1
    ? 'on time'
    : `${formatMs(Math.abs(lateMs))} ${lateMs < 0 ? 'early' : 'late'}`;

function stageLine({ stage, event, detail }: StageRecord): RecordLine | undefined {
  const more = detail ? `: ${detail}` : '';
  switch (event) {
    case 'ready':
      return calm(`${stage} is ready`);
    case 'exited':
      return calm(`${stage} has ended${more}`);
    case 'note':
      return calm(`${stage}${more}`);
    case 'starting':
    case 'stopping':
      return undefined;
  }
}

const VIEWER_LINES: Partial<
  Record<ViewerRecord['event'], (viewer: string, more: string) => RecordLine>
> = {
  fatal: (viewer, more) => grave(`${viewer}'s player gave up${more}`),
  startLoad: (viewer) => calm(`${viewer}'s application acts: startLoad`),
  reload: (viewer) => calm(`${viewer}'s application acts: reload`),
  'page-lost': (viewer, more) => grave(`the page of ${viewer} is lost${more}`),
  'page-back': (viewer) => calm(`the page of ${viewer} is back`),
};

const viewerLine = ({ viewer, event, detail }: ViewerRecord): RecordLine | undefined =>
  VIEWER_LINES[event]?.(viewer, detail ? `: ${detail}` : '');
