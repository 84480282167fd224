// Lines that stage programs print. Whatever is taken from one is a record that a journal can hold and
// a judge can read.

import fc from 'fast-check';
import { readHistory } from '../../../harness/measure/readHistory.ts';
import { judge } from '../../../harness/measure/judge.ts';
import type { HistoryRecord, Unstamped } from '../../../harness/model/history.ts';
import {
  parseTelemetry,
  statsLine,
  type TelemetryLine,
} from '../../../harness/pipeline/contract.ts';
import { stamp } from '../../../harness/run/recorder.ts';
import { ndjson, strip } from '../../support/strip.ts';
import { changedObjects } from '../recordMutants.ts';
import { Mistake, readAgain, requireFinite, requireSame, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

const AROUND = strip('rrppppbbbbpppp', 200);
const AT = AROUND.run.startedAtEpochMs + 700;
const stage = 'transcoder';

const LINES: readonly TelemetryLine[] = [
  { type: 'ready', atEpochMs: AT, port: 8_080 },
  { type: 'ready', atEpochMs: AT },
  { type: 'note', atEpochMs: AT, detail: 'input lost' },
  { type: 'failed', atEpochMs: AT, code: 'STAGE_FAILED', message: 'no encoder', hint: 'install' },
  statsLine(AT, {
    bytesIn: 1_000,
    bytesInBy: { 'connect-up': 900 },
    framesOut: 25,
    programmeCounter: 43_942_702_500,
    quietInMs: 33,
    fill: 'black',
    wrongIn: { black: 1, still: 2, other: 0, silentMs: 20 },
    contribution: { codec: 'h264', width: 320, height: 180, ptsMs: 9_000 },
  }),
];

function recordOf(line: TelemetryLine): HistoryRecord {
  const { atEpochMs } = line;
  const note = (detail: string): Unstamped => ({
    type: 'stage',
    stage,
    event: 'note',
    detail,
    atEpochMs,
  });
  const told = () => {
    if (line.type === 'stats' || line.type === 'cmcd') return { ...line, stage };
    if (line.type === 'ready') return note(`port ${line.port ?? 'none'}`);
    return note(line.type === 'note' ? line.detail : line.message);
  };
  const clock = { epochMs: () => AT } as Parameters<typeof stamp>[2];
  return stamp(told(), AROUND.run.startedAtEpochMs, clock);
}

export const TELEMETRY: Target = {
  name: 'telemetry',
  share: 10,
  seeds: LINES.map((line) => JSON.stringify(line)),
  mutants: (seeds) => fc.oneof(mutantsOf(seeds), changedObjects(seeds)),
  feed: async (text) => {
    const line = parseTelemetry(text);
    if (!line) return '';
    requireFinite(line);
    requireSame(line, parseTelemetry(JSON.stringify(line)), 'printed again');
    if (line.type === 'ready' && !isPort(line.port)) throw new Mistake(`port ${line.port}`);
    const { run, records } = AROUND;
    const journal = ndjson({
      run,
      records: [...records.slice(0, 5), recordOf(line), ...records.slice(5)],
    });
    const read = await readAgain('in a journal', () => readHistory(journal.split('\n'), 'journal'));
    requireFinite(judge(read));
    return '';
  },
};

const isPort = (port: number | undefined): boolean =>
  port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536);
