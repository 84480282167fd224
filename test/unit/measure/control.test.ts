import { describe, expect, it } from 'vitest';
import { classify, type Screen } from '../../../harness/measure/classify.ts';
import { findSuffering, withUnmeasured } from '../../../harness/measure/control.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { collectTracks } from '../../support/collected.ts';
import type { HistoryRecord } from '../../../harness/model/history.ts';
import { historyOf, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';

const CONTROL = viewerOf({ id: 'control', channel: 'control', channelNumber: 63, control: true });

function judged(letters: string, controlLetters: string, more: readonly HistoryRecord[] = []) {
  const records = [
    ...more,
    ...stripRecords(letters, { stepMs: 100 }),
    ...stripRecords(controlLetters, { stepMs: 100, viewer: CONTROL }),
  ];
  const report = judge(historyOf({ viewers: [viewerOf(), CONTROL], records }));
  const lanes = new Map(
    report.lanes.flatMap((lane) =>
      lane.kind === 'viewer' ? [[lane.id, lane.spans] as const] : [],
    ),
  );
  const [viewer] = report.viewers;
  return {
    report,
    viewer: viewer!,
    seen: printSpans(lanes.get('v1')!, 100),
    control: printSpans(lanes.get('control')!, 100),
  };
}

describe('when the browser is lost', () => {
  it('says so, calls everybody unmeasured from then on, and does not blame a busy machine', () => {
    const lost = ['v1', 'control'].map((viewer): HistoryRecord => {
      const detail = 'the browser ended';
      return { type: 'viewer', viewer, event: 'page-lost', detail, atMs: 2100 };
    });
    const { report, seen } = judged('p'.repeat(30), 'p'.repeat(30), lost);
    expect(seen).toBe('pppppppppppppppppppp..........');
    const rules = report.findings.map(({ rule }) => rule);
    expect(rules).toContain('page-lost');
    expect(rules).not.toContain('control-suffered');
    expect(report.findings.filter(({ rule }) => rule === 'page-lost')).toHaveLength(1);
    expect(report.verdict).toBe('inconclusive');
  });
});

describe('a page that is lost', () => {
  it('leaves not a fraction of a millisecond to be blamed on the machine', () => {
    const records = stripRecords('p'.repeat(40), { stepMs: 100, fromMs: 0.4, viewer: CONTROL });
    const spoken = records.filter(({ type, atMs }) => type !== 'frames' || atMs < 2000);
    const lost: HistoryRecord = {
      type: 'viewer',
      viewer: 'control',
      event: 'page-lost',
      atMs: 2100,
    };
    const left = spoken.filter((record) => record.type !== 'viewer' || record.event !== 'leave');
    const [track] = collectTracks(historyOf({ viewers: [CONTROL], records: [...left, lost] }));
    const screen = classify(track!, { frameMs: 40, endMs: 6000.7 });
    expect(screen?.spans.at(-1)).toMatchObject({ class: 'unmeasured', toMs: 6001 });
    expect(findSuffering(screen!)).toEqual([]);
  });
});

describe('when the control loses its picture', () => {
  it('makes those moments unmeasured for everybody, and for nobody else', () => {
    const { seen, control, viewer } = judged(
      'ppppppppppssssssppppppppppppppbbbbbbppppp',
      'ppppppppppssssssppppppppppppppppppppppppp',
    );
    expect(seen).toBe('pppppppppp......ppppppppppppppbbbbbbppppp');
    expect(control).toBe('ppppppppppssssssppppppppppppppppppppppppp');
    expect(viewer.interruptions).toHaveLength(1);
  });

  it('takes what is left of a stumble beside it for the same stumble', () => {
    const { viewer } = judged('pppppppppsssssssspppppppppppp', 'ppppppppppsssssspppppppppppp');
    expect(viewer.blackScreenMs).toBe(0);
    expect(viewer.interruptions).toEqual([]);
  });

  it('leaves the rest of a long loss what it was', () => {
    const { seen } = judged(
      'ppppppppppbbbbbbbbbbbbbbbbbbbbppppp',
      'ppppppppppppppppppfffffppppppppppppp',
    );
    expect(seen).toBe('ppppppppppbbbbbbbb.....bbbbbbbppppp');
  });

  it('makes a run inconclusive when it suffers long, and only tells it when short', () => {
    const finding = (letters: string) =>
      judged('p'.repeat(letters.length), letters).report.findings.find(
        ({ rule }) => rule === 'control-suffered',
      );
    expect(finding('p'.repeat(100))).toBeUndefined();
    expect(finding(`${'p'.repeat(300)}ffff${'p'.repeat(300)}`)).toMatchObject({ verdict: 'pass' });
    expect(finding(`${'p'.repeat(50)}ffffffff${'p'.repeat(50)}`)).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  it('does not count its own start', () => {
    const { seen, report } = judged('pppppppppppp', 'rrrrrppppppp');
    expect(seen).toBe('pppppppppppp');
    expect(report.findings).toEqual([]);
  });

  it('lets a set-top box tell of set-top boxes, and a browser of browsers', () => {
    const player = 'settopbox';
    const box = viewerOf({ id: 'v2', player });
    const controlBox = viewerOf({ ...CONTROL, id: 'control-box', player });
    const losing = 'pppppppppppbbbbbbppppppppppppp';
    const show = (controls: Readonly<Record<'browser' | 'box', string>>) => {
      const records = [
        ...stripRecords(losing, { stepMs: 100 }),
        ...stripRecords(losing, { stepMs: 100, viewer: box }),
        ...stripRecords(controls.browser, { stepMs: 100, viewer: CONTROL }),
        ...stripRecords(controls.box, { stepMs: 100, viewer: controlBox }),
      ];
      const viewers = [viewerOf(), box, CONTROL, controlBox];
      const report = judge(historyOf({ viewers, records }));
      const unmeasured = report.viewers.map(({ ledger }) => ledger.unmeasured > 0);
      return { unmeasured, findings: report.findings.map(({ text }) => text) };
    };
    const clean = 'p'.repeat(losing.length);
    const busy = show({ browser: clean, box: losing });
    expect(busy.unmeasured).toEqual([false, true, false, false]);
    expect(busy.findings).toContainEqual(
      expect.stringMatching(/^the control set-top box, .* unmeasured for every set-top box$/),
    );
    expect(show({ browser: losing, box: clean }).unmeasured).toEqual([true, false, false, false]);
  });

  it('is not part of the audience', () => {
    expect(judged('pppppp', 'pppppp').report.audience.viewers).toBe(1);
  });
});

it('moments that become unmeasured take what is left of a loss beside them, and nothing else', () => {
  const spans = [
    { class: 'programme', fromMs: 0, toMs: 1000 },
    { class: 'black', fromMs: 1000, toMs: 1100 },
    { class: 'programme', fromMs: 1100, toMs: 1250 },
    { class: 'black', fromMs: 1250, toMs: 2000 },
    { class: 'left', fromMs: 2000, toMs: 2100 },
    { class: 'programme', fromMs: 2100, toMs: 3000 },
  ] as const;
  const seen = (fromMs: number, toMs: number) =>
    withUnmeasured({ spans } as unknown as Screen, [{ fromMs, toMs }], (was) => was !== 'left')
      .spans.map((span) => `${span.class} ${span.toMs}`)
      .join(' ');
  const before = 'programme 1000 black 1100 programme 1250';
  const after = 'left 2100 programme 3000';
  expect(seen(1250, 2000)).toBe(`${before} unmeasured 2000 ${after}`);
  expect(seen(1449, 2000)).toBe(`${before} unmeasured 2000 ${after}`);
  expect(seen(1450, 2000)).toBe(`${before} black 1450 unmeasured 2000 ${after}`);
  expect(seen(1250, 1801)).toBe(`${before} unmeasured 2000 ${after}`);
  expect(seen(1250, 1800)).toBe(`${before} unmeasured 1800 black 2000 ${after}`);
  expect(seen(2000, 2500)).toBe(`${before} black 2000 left 2100 unmeasured 2500 programme 3000`);
});
