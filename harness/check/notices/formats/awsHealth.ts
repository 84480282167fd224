// Events of AWS Health as EventBridge delivers them: Direct Connect maintenance, and any other
// scheduled change whose entities the design knows.

import { isMapping, type Mapping } from '../../../fields/mapping.ts';
import { YEARS } from '../../../kernel/zone.ts';
import type { NoticeFormat } from '../format.ts';
import {
  NOTHING_READ,
  type Notice,
  type NoticeProblem,
  type NoticeReading,
  type NoticeState,
} from '../notice.ts';
import { readKind } from '../words.ts';
import { findTwice, jsonEntries, listThings, readContent, readString } from './json.ts';

export const awsHealth: NoticeFormat = {
  name: 'AWS Health events (JSON)',
  isIn: ({ text }) => jsonEntries(text)?.some(isHealthEvent) ?? false,
  read: ({ text, file }) => {
    const reading = readHealthEvents(jsonEntries(text) ?? [], file);
    return { ...reading, problems: [...findTwice(text, file), ...reading.problems] };
  },
};

const isHealthEvent = (entry: Mapping): boolean =>
  entry['source'] === 'aws.health' || /^AWS Health/.test(readString(entry['detail-type']));

interface Entry {
  readonly event: Mapping;
  readonly detail: Mapping;
  readonly source: string;
}

function readHealthEvents(events: readonly Mapping[], file: string): NoticeReading {
  const entries = events.map((event, index): Entry => {
    const detail = readContent(event['detail']);
    return {
      event,
      detail: isMapping(detail) ? detail : {},
      source: events.length === 1 ? file : `${file}, event ${index + 1}`,
    };
  });
  const { change = [], other = [], unknown = [] } = Object.groupBy(entries, kindOf);
  return {
    ...NOTHING_READ,
    notices: groupPages(change).map(readNotice),
    problems: unknown.map(({ source }) => ({
      source,
      text: 'the entry is no event, or its detail has no eventTypeCode: it may announce work',
      hint: 'Keep events as EventBridge delivers them.',
    })),
    leftOut: other.map(({ event, detail, source }) => ({
      source,
      text: `${readString(detail['eventTypeCode']) || readString(event['source'])} announces no work`,
      hint: 'Keep the events of the category scheduledChange.',
    })),
  };
}

/** Events of other services may stand in a log of events. */
function kindOf({ event, detail }: Entry): 'change' | 'other' | 'unknown' {
  if (!isHealthEvent(event)) return readString(event['source']) === '' ? 'unknown' : 'other';
  if (readString(detail['eventTypeCode']) === '') return 'unknown';
  return readString(detail['eventTypeCategory']) === 'issue' ? 'other' : 'change';
}

/** Entities of one event come over several pages; all of them are one notice. */
function groupPages(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const pages = Map.groupBy(entries, ({ detail, source }) =>
    [detail['eventArn'] ?? source, detail['lastUpdatedTime'], detail['statusCode']]
      .map(readString)
      .join('\n'),
  );
  return [...pages.values()];
}

function readNotice(pages: readonly Entry[]): Notice {
  const { event, detail, source } = pages[0] as Entry;
  const code = readString(detail['eventTypeCode']);
  const arn = readString(detail['eventArn']);
  const times = readSpan(detail);
  const updated = readInstant(detail['lastUpdatedTime']) ?? readInstant(event['time']);
  return {
    name: makeName(arn, code),
    owner: 'AWS',
    uid: arn === '' ? undefined : arn,
    workId: undefined,
    sequence: 0,
    stampedAtEpochMs: updated,
    modifiedAtEpochMs: undefined,
    toldAtEpochMs: updated,
    state: readState(code, readString(detail['statusCode'])),
    kind: readKind(code),
    impact: 'outage',
    objects: pages.flatMap(readEntities),
    texts: readDescriptions(detail),
    span: times,
    problems: times ? [] : [noTimes(code, source)],
    doubts: missingPages(pages),
    source,
  };
}

/** The last part of the ARN is long; its head tells one event from another. */
const makeName = (arn: string, code: string): string => {
  const id = arn.split('/').at(-1)?.replace(`${code}_`, '').slice(0, 12) ?? '';
  return id === '' ? code : `${code} ${id}`;
};

function readState(code: string, status: string): NoticeState {
  if (/CANCELL?ED$/i.test(code)) return 'off';
  return status.toLowerCase() === 'closed' || /_COMPLETED?$/i.test(code) ? 'over' : 'confirmed';
}

const ZONE = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/;

/** Undefined without a zone, and for a day that there is not: 31 November would be a December. */
const readInstant = (value: unknown): number | undefined => {
  const text = readString(value);
  const [, isoDay, weekday = '', day] =
    /^\d{4}-\d\d-(\d\d)T|^(?:([A-Z][a-z]{2}), )?(\d{1,2}) /.exec(text) ?? [];
  const local = new Date(text.replace(ZONE, isoDay === undefined ? 'GMT' : 'Z'));
  const exists =
    ZONE.test(text) &&
    local.getUTCDate() === Number(isoDay ?? day) &&
    local.toUTCString().startsWith(weekday) &&
    local.getUTCFullYear() >= YEARS.min &&
    local.getUTCFullYear() <= YEARS.max;
  return exists ? Date.parse(text) : undefined;
};

function readSpan(detail: Mapping): Notice['span'] {
  const [fromEpochMs, toEpochMs] = ['startTime', 'endTime'].map((key) => readInstant(detail[key]));
  if (fromEpochMs === undefined || toEpochMs === undefined) return undefined;
  const text = new Date(fromEpochMs).toISOString().replace('.000', '');
  return { fromEpochMs, toEpochMs, clock: { zone: 'UTC', text } };
}

const noTimes = (code: string, source: string): NoticeProblem => ({
  source,
  text: `${code} has no startTime and endTime that can be read`,
  hint: 'Look at the event in the Health Dashboard, and write the window into the plan.',
});

/** The envelope lists them as well, by their ARNs. */
function readEntities({ event, detail }: Entry): Notice['objects'] {
  const ids = (value: unknown) =>
    listThings(value, 'entityValue').flatMap((entity) => readString(entity['entityValue']) || []);
  const [told, listed] = [ids(detail['affectedEntities']), ids(event['resources'])];
  return (told.length > 0 ? told : listed).map((id) => ({ id, impact: undefined }));
}

const readDescriptions = (detail: Mapping): readonly string[] => {
  const list = detail['eventDescription'];
  return (Array.isArray(list) ? list : []).flatMap((one) =>
    isMapping(one) ? [readString(one['latestDescription'])] : [],
  );
};

/** An entity on a page that was not kept is an outage nobody expects. */
function missingPages(pages: readonly Entry[]): readonly NoticeProblem[] {
  const numbers = (key: string) => pages.map(({ detail }) => Number(detail[key] ?? 1) || 1);
  const total = numbers('totalPages').reduce((a, b) => Math.max(a, b));
  const seen = new Set(numbers('page'));
  if (seen.size >= total) return [];
  return [
    {
      source: pages[0]?.source ?? '',
      text: `${seen.size} of ${total} pages of this event are here: more connections may be affected`,
      hint: 'Keep every page of an event in the file.',
    },
  ];
}
