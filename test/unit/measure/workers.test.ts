// Viewers on other machines: what their own control suffers is theirs alone, and who is lost or has a
// clock that is not known keeps a run from being a result.

import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import type {
  HistoryRecord,
  ViewerDescription,
  WorkerRecord,
} from '../../../harness/model/history.ts';
import { historyOf, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';

const control = (worker?: string): ViewerDescription =>
  viewerOf({
    id: worker === undefined ? 'control' : `control-${worker}`,
    channel: 'control',
    channelNumber: 63,
    control: true,
    ...(worker !== undefined && { worker }),
  });
const onWorker = (worker: string) => viewerOf({ id: `on-${worker}`, worker });

const SOUND = 'p'.repeat(40);
const told = (
  worker: string,
  event: WorkerRecord['event'],
  atMs: number,
  more: Partial<WorkerRecord> = {},
): WorkerRecord => ({ type: 'worker', worker, event, atMs, ...more });
const known = (offsetMs: number, uncertaintyMs: number) => ({
  clock: { offsetMs, uncertaintyMs },
});

/** Letters of screens by viewer; who is not named sees the programme. */
function judged(letters: Readonly<Record<string, string>>, more: readonly HistoryRecord[]) {
  const viewers = [onWorker('a'), onWorker('b'), control(), control('a'), control('b')];
  const records = viewers.flatMap((viewer) =>
    stripRecords(letters[viewer.id] ?? SOUND, { stepMs: 100, viewer }),
  );
  const report = judge(historyOf({ viewers, records: [...records, ...more] }));
  const lanes = report.lanes.flatMap((lane) =>
    lane.kind === 'viewer' ? [[lane.id, printSpans(lane.spans, 100)] as const] : [],
  );
  const rules = (rule: string) => report.findings.filter((finding) => finding.rule === rule);
  return { report, seen: Object.fromEntries(lanes), rules };
}

const JOINED = [
  told('a', 'join', 0, known(3, 0.4)),
  told('b', 'join', 0, known(-12, 0.2)),
  told('a', 'leave', 4_000, known(3.5, 0.4)),
  told('b', 'leave', 4_000, known(-12, 0.2)),
];

describe('viewers on workers', () => {
  it('are a result when everybody was there and every clock was known', () => {
    const { rules } = judged({}, JOINED);
    expect(rules('worker-clock').map(({ verdict, text }) => ({ verdict, text }))).toEqual([
      {
        verdict: 'pass',
        text: 'worker a showed 1 viewer; its clock was 3.0 ms behind the clock of the run, known to ±0.9 ms, and moved by 0.5 ms',
      },
      {
        verdict: 'pass',
        text: 'worker b showed 1 viewer; its clock was 12.0 ms ahead of the clock of the run, known to ±0.2 ms, and moved by 0.0 ms',
      },
    ]);
    expect(rules('worker-lost')).toEqual([]);
    expect(rules('control-suffered')).toEqual([]);
    const [first, ...others] = JOINED;
    const told = judged({}, [{ ...first!, detail: '2 cores, 4 GB' }, ...others]).report.workers;
    expect(told?.map(({ machine }) => machine)).toEqual(['2 cores, 4 GB', undefined]);
  });

  it('are unmeasured when the control on their worker suffers, and nobody else is', () => {
    const hurt = `${'p'.repeat(20)}${'b'.repeat(10)}${'p'.repeat(10)}`;
    const { seen, rules } = judged({ 'control-a': hurt }, JOINED);
    expect(seen['on-a']).toBe(`${'p'.repeat(20)}${'.'.repeat(10)}${'p'.repeat(10)}`);
    expect(seen['on-b']).toBe(SOUND);
    expect(rules('control-suffered')).toMatchObject([
      { verdict: 'inconclusive', text: expect.stringContaining('on worker a') },
    ]);
  });

  it('are all unmeasured when the control of the run suffers', () => {
    const hurt = `${'p'.repeat(20)}${'b'.repeat(10)}${'p'.repeat(10)}`;
    const { seen } = judged({ control: hurt }, JOINED);
    expect(seen['on-a']).toBe(`${'p'.repeat(20)}${'.'.repeat(10)}${'p'.repeat(10)}`);
    expect(seen['on-b']).toBe(seen['on-a']);
  });
});

describe('a worker that is lost', () => {
  const silent = 'p'.repeat(20);
  const detail = 'worker a was lost: the connection ended';
  const lost = ['on-a', 'control-a'].map((viewer): HistoryRecord => ({
    type: 'viewer',
    viewer,
    event: 'page-lost',
    atMs: 2_100,
    detail,
  }));
  const { report, rules, seen } = (() => {
    const viewers = [onWorker('a'), onWorker('b'), control(), control('a'), control('b')];
    const records = viewers.flatMap((viewer) => {
      if (viewer.worker !== 'a') return stripRecords(SOUND, { stepMs: 100, viewer });
      const until = stripRecords(silent, { stepMs: 100, viewer });
      return until.filter((record) => record.type !== 'viewer' || record.event !== 'leave');
    });
    const gone = told('a', 'lost', 2_100, { detail: 'the connection ended' });
    const all = [...records, ...lost, ...JOINED.filter(({ worker }) => worker === 'b'), gone];
    const first = told('a', 'join', 0, known(3, 0.4));
    const judgedReport = judge(historyOf({ viewers, records: [first, ...all] }));
    const lanes = judgedReport.lanes.flatMap((lane) =>
      lane.kind === 'viewer' ? [[lane.id, printSpans(lane.spans, 100)] as const] : [],
    );
    return {
      report: judgedReport,
      rules: (rule: string) => judgedReport.findings.filter((finding) => finding.rule === rule),
      seen: Object.fromEntries(lanes),
    };
  })();

  it('leaves its viewers in the count, unmeasured from that moment on', () => {
    expect(report.viewers.map(({ id }) => id)).toContain('on-a');
    expect(report.audience.viewers).toBe(2);
    expect(seen['on-a']).toMatch(/^p{19,20}\.{19,}$/);
    expect(seen['on-b']).toBe(SOUND);
  });

  it('is named with its moment, and keeps the run from being a result', () => {
    expect(rules('worker-lost')).toMatchObject([
      {
        verdict: 'inconclusive',
        atMs: 2_100,
        text: 'worker a was lost (the connection ended): nothing is known of its 1 viewer from then on',
      },
    ]);
    expect(rules('page-lost')).toEqual([]);
    expect(rules('control-suffered')).toEqual([]);
    expect(report.verdict).toBe('inconclusive');
  });
});

describe('the clock of a worker', () => {
  const clocks = (
    offsets: readonly ReturnType<typeof known>[],
    last: WorkerRecord['event'] = 'leave',
  ) => {
    const events = offsets.map((_, i) => (i === 0 ? 'join' : 'clock') as WorkerRecord['event']);
    const own = offsets.map((clock, i) =>
      told('a', i > 0 && i === offsets.length - 1 ? last : events[i]!, i * 100, clock),
    );
    const { report, rules } = judged({}, [
      ...own,
      ...JOINED.filter(({ worker }) => worker === 'b'),
    ]);
    const [finding] = rules('worker-clock');
    return { verdict: report.verdict, finding: finding! };
  };

  it('is enough for a worker that was lost, with what is known of it', () => {
    const gone = told('a', 'lost', 2_100.4);
    const { report, rules } = judged({}, [told('a', 'join', 0, known(3, 40)), gone]);
    expect(report.workers).toEqual([
      {
        name: 'a',
        viewers: 1,
        lost: { atMs: 2_100, because: 'nobody knows why' },
        clock: { offsetMs: 3, uncertaintyMs: 40, movedMs: 0, atEnd: false },
      },
      { name: 'b', viewers: 1 },
    ]);
    expect(rules('worker-lost')).toEqual([
      {
        rule: 'worker-lost',
        verdict: 'inconclusive',
        atMs: 2_100,
        text: 'worker a was lost (nobody knows why): nothing is known of its 1 viewer from then on',
        hint: 'Look at what the worker said, and at the network between the machines.',
      },
    ]);
    expect(rules('worker-clock')).toEqual([
      {
        rule: 'worker-clock',
        verdict: 'pass',
        text: 'worker a showed 1 viewer; its clock was 3.0 ms behind the clock of the run, known to ±40.0 ms, and moved by 0.0 ms',
      },
      {
        rule: 'worker-clock',
        verdict: 'inconclusive',
        hint: 'Run it again.',
        text: 'the clock of worker b was not measured',
      },
    ]);
  });

  it('that is not known to a picture makes a run inconclusive', () => {
    const { verdict, finding } = clocks([known(3, 1), known(3, 41)]);
    expect(verdict).toBe('inconclusive');
    expect(finding).toMatchObject({ verdict: 'inconclusive', rule: 'worker-clock' });
    expect(finding.text).toMatch(/known to ±41\.0 ms.*: a picture lasts 40\.0 ms$/);
  });

  it('that jumps between two measures is as unsure as its jump', () => {
    expect(clocks([known(3, 1), known(44, 1)]).finding.verdict).toBe('inconclusive');
    expect(clocks([known(3, 1), known(23, 1), known(43, 1)]).finding.verdict).toBe('pass');
  });

  it('that was not measured again at the end makes a run inconclusive', () => {
    const { verdict, finding } = clocks([known(3, 1), known(3, 1)], 'clock');
    expect(verdict).toBe('inconclusive');
    expect(finding.text).toMatch(/; it was not measured again at the end$/);
  });

  it('that was never measured makes a run inconclusive', () => {
    const { verdict, finding } = clocks([]);
    expect(verdict).toBe('inconclusive');
    expect(finding.text).toBe('the clock of worker a was not measured');
  });
});
