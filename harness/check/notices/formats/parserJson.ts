// Notices as the circuit-maintenance parser of networktocode writes them (its Maintenance as JSON):
// times are seconds since 1970, UTC.

import type { Mapping } from '../../../fields/mapping.ts';
import { YEARS } from '../../../kernel/zone.ts';
import type { NoticeFormat } from '../format.ts';
import { NOTHING_READ, type Notice, type NoticeProblem } from '../notice.ts';
import { readImpact, readKind, readState } from '../words.ts';
import { findTwice, jsonEntries, listThings, readString } from './json.ts';

export const parserJson: NoticeFormat = {
  name: 'JSON of the circuit-maintenance parser',
  isIn: ({ text }) => jsonEntries(text)?.some(isMaintenance) ?? false,
  read: ({ text, file }) => {
    const entries = jsonEntries(text) ?? [];
    const sourceOf = (index: number) =>
      entries.length === 1 ? file : `${file}, entry ${index + 1}`;
    return {
      ...NOTHING_READ,
      notices: entries.flatMap((entry, index) =>
        isMaintenance(entry) ? [readNotice(entry, sourceOf(index))] : [],
      ),
      problems: [
        ...findTwice(text, file),
        ...entries.flatMap((entry, index) =>
          isMaintenance(entry) ? [] : [noMaintenance(sourceOf(index))],
        ),
      ],
    };
  },
};

const isMaintenance = (entry: Mapping): boolean =>
  'maintenance_id' in entry && 'start' in entry && 'end' in entry;

const noMaintenance = (source: string): NoticeProblem => ({
  source,
  text: 'the entry has no maintenance_id, start and end: it is no notice of the parser',
  hint: 'Write each Maintenance with its to_json().',
});

/** The value that the parser writes where the notice had none. */
const NO_UID = '0';

function readNotice(entry: Mapping, source: string): Notice {
  const text = (key: string) => readString(entry[key]);
  const stampedAtEpochMs = readSeconds(entry['stamp']);
  const span = readSpan(entry);
  const uid = text('uid');
  const sequence = entry['sequence'] ?? 0;
  const isNumber = typeof sequence === 'number' && Number.isInteger(sequence);
  const wrong = (said: string): NoticeProblem => ({
    source,
    text: `${text('maintenance_id')} has ${said}`,
    hint: 'Look at the notice itself, and write the window into the plan.',
  });
  return {
    name: text('maintenance_id') || text('summary') || source,
    owner: text('provider') || text('organizer'),
    uid: uid === '' || uid === NO_UID ? undefined : uid,
    workId: text('maintenance_id') || undefined,
    sequence: isNumber ? sequence : undefined,
    stampedAtEpochMs,
    modifiedAtEpochMs: undefined,
    toldAtEpochMs: stampedAtEpochMs,
    state: readState([text('status')]),
    kind: readKind(text('summary')),
    impact: 'outage',
    objects: listCircuits(entry),
    texts: [text('summary')],
    span,
    problems: [
      ...(span ? [] : [wrong('no start and end in seconds, or its end is not after its start')]),
      ...(isNumber ? [] : [wrong('a sequence that is no number')]),
    ],
    doubts: [],
    source,
  };
}

const listCircuits = (entry: Mapping): Notice['objects'] =>
  listThings(entry['circuits'], 'circuit_id').flatMap((circuit) => {
    const id = readString(circuit['circuit_id']);
    return id === '' ? [] : [{ id, impact: readImpact(readString(circuit['impact'])) }];
  });

/** The first second of the year after the last that anybody means. */
const SECONDS_END = Date.UTC(YEARS.max + 1, 0) / 1000;

const readSeconds = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value < SECONDS_END ? value * 1000 : undefined;

function readSpan(entry: Mapping): Notice['span'] {
  const [fromEpochMs, toEpochMs] = [readSeconds(entry['start']), readSeconds(entry['end'])];
  if (fromEpochMs === undefined || toEpochMs === undefined || toEpochMs <= fromEpochMs)
    return undefined;
  const text = new Date(fromEpochMs).toISOString().replace('.000', '');
  return { fromEpochMs, toEpochMs, clock: { zone: 'UTC', text } };
}
