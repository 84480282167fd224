// Chooses the records that are worth a line while a run goes on, and writes the line.

import type {
  ActionRecord,
  HistoryRecord,
  StageRecord,
  ViewerRecord,
} from '../harness/model/history.ts';
import { formatMs } from './duration.ts';

export interface RecordLine {
  readonly text: string;
  /** The reader must not miss it. */
  readonly grave: boolean;
}

/** Undefined for records of routine: frames, counters, single events of players. */
export const describeRecord = (record: HistoryRecord): RecordLine | undefined =>
  (LINES[record.type] as Line<HistoryRecord> | undefined)?.(record);

type Line<R extends HistoryRecord> = (record: R) => RecordLine | undefined;

const calm = (text: string): RecordLine => ({ text, grave: false });
const grave = (text: string): RecordLine => ({ text, grave: true });

/** The records that are told. */
const LINES: {
  readonly [T in HistoryRecord['type']]?: Line<Extract<HistoryRecord, { readonly type: T }>>;
} = {
  run: ({ id, plan }) => calm(`run ${id}: ${plan.scenario.title}`),
  phase: ({ phase }) => calm(`phase ${phase}`),
  stage: stageLine,
  action: actionLine,
  alert: ({ alert, does, revision, told }) =>
    calm(`alert ${alert}: ${does} ${revision}, ${told.length} stages told`),
  proof: ({ target, witness, observed, proven, maskedBy }) => {
    if (maskedBy) return calm(`${target} ${observed}`);
    const text = `${target} ${proven ? 'proven' : 'NOT PROVEN'} by ${witness}: ${observed}`;
    return (proven ? calm : grave)(text);
  },
  viewer: ({ viewer, event, detail }) => VIEWER_LINES[event]?.(viewer, detail ? `: ${detail}` : ''),
  worker: ({ worker, event, detail = '' }) => {
    if (event === 'lost') return grave(`worker ${worker} was lost: ${detail}`);
    return event === 'join' ? calm(`worker ${worker} shows viewers: ${detail}`) : undefined;
  },
  screenshot: ({ moment, file }) => calm(`picture of the wall ${moment} the fault: ${file}`),
  log: ({ level, text }) => (level === 'info' ? calm(text) : grave(`${level}: ${text}`)),
  end: ({ reason, detail }) =>
    (reason === 'complete' ? calm : grave)(`ended: ${reason}${detail ? `, ${detail}` : ''}`),
};

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
