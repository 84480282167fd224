// Lines that a worker of a wall sends of its viewers. Whatever is taken from one is a record that the
// journal of the run holds and its judge can read.

import fc from 'fast-check';
import { parseObject } from '../../../harness/kernel/parseObject.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { readHistory } from '../../../harness/measure/readHistory.ts';
import { isRecord } from '../../../harness/measure/recordShapes.ts';
import { stamp } from '../../../harness/run/recorder.ts';
import { acceptRecord } from '../../../players/wall/fleet.ts';
import { historyOf, ndjson, stripRecords, viewerOf } from '../../support/strip.ts';
import { changedObjects } from '../recordMutants.ts';
import { Mistake, readAgain, requireFinite, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

const VIEWERS = [viewerOf({ worker: 'b' }), viewerOf({ id: 'v2' })];
const AROUND = historyOf({
  viewers: VIEWERS,
  engine: 'run',
  records: VIEWERS.flatMap((viewer) => stripRecords('rrppppbbbbpp', { stepMs: 200, viewer })),
});
const { startedAtEpochMs } = AROUND.run;
const OWN: ReadonlySet<unknown> = new Set(['v1']);
const TELLER = {
  name: 'b',
  own: OWN,
  isRecord,
  offsetMs: -12.25,
  nowEpochMs: startedAtEpochMs + 3_000,
};

const LINES = AROUND.records
  .filter(({ type }) => type === 'frames' || type === 'viewer')
  .slice(2, 12)
  .map(({ atMs, ...record }) => {
    const atEpochMs = startedAtEpochMs + atMs;
    if (record.type !== 'frames') return { ...record, atEpochMs };
    const frames = record.frames.map(([at, ...seen]) => [startedAtEpochMs + at, ...seen]);
    return { ...record, atEpochMs, frames };
  });
const LOG = { type: 'log', level: 'info', text: 'late', atEpochMs: startedAtEpochMs + 700 };

export const WORKER: Target = {
  name: 'worker',
  share: 6,
  seeds: [...LINES, LOG].map((line) => JSON.stringify(line)),
  mutants: (seeds) => fc.oneof(mutantsOf(seeds), changedObjects(seeds)),
  feed: async (line) => {
    const told = parseObject(line);
    const taken = told && acceptRecord(told, TELLER);
    if (!taken) return '';
    if ('viewer' in taken && !OWN.has(taken.viewer)) throw new Mistake('of a viewer of others');
    const clock = { epochMs: () => startedAtEpochMs } as Parameters<typeof stamp>[2];
    const record = stamp(taken, startedAtEpochMs, clock);
    requireFinite(record);
    const records = AROUND.records.toSpliced(-1, 0, record);
    const journal = ndjson({ run: AROUND.run, records });
    const report = await readAgain('in a journal', () =>
      judge(readHistory(journal.split('\n'), 'journal')),
    );
    requireFinite(report);
    return JSON.stringify(report.viewers);
  },
};
