import { encodeCmcd, type Cmcd } from '@svta/cml-cmcd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCmcd } from '../../../harness/measure/cmcd.ts';
import { cmcdFindings } from '../../../harness/measure/cmcdFindings.ts';
import type { Screen } from '../../../harness/measure/classify.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { readCmcd } from '../../../harness/measure/readCmcd.ts';
import { isRecord } from '../../../harness/measure/recordShapes.ts';
import { growingCmcd } from '../../../harness/measure/toldCmcd.ts';
import type { CmcdRecord } from '../../../harness/model/cmcd.ts';
import type { FramesRecord } from '../../../harness/model/history.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';

const aReport = fc.record(
  {
    bs: fc.boolean(),
    bl: fc.integer({ min: 0, max: 60_000 }).map((ms) => ms - (ms % 100)),
    br: fc.integer({ min: 1, max: 20_000 }),
    ot: fc.constantFrom('av', 'm', 'a'),
    sid: fc.string({ minLength: 1, unit: fc.constantFrom(...'abc,=("\\ ') }),
    su: fc.boolean(),
  },
  { requiredKeys: ['sid'] },
);

describe('CMCD', () => {
  it.each([1, 2] as const)('of version %d is read as players write it', (version) => {
    fc.assert(
      fc.property(aReport, (values) => {
        const { bs = false, bl } = values;
        const said = { starved: bs, ...(bl !== undefined && { bufferMs: bl }) };
        expect(readCmcd(encodeCmcd(values as object as Cmcd, { version }))).toEqual(said);
      }),
    );
  });

  it.each([
    ['', { starved: false }],
    ['bs', { starved: true }],
    ['bs=?0,bl=x', { starved: false }],
    ['bl=(3000;v 2100;a),bs=?1', { starved: true, bufferMs: 2100 }],
    ['sid="a,bs,bl=1"', { starved: false }],
    ['bs,sid="no end', { starved: false }],
  ])('in %j', (text, said) => {
    expect(readCmcd(text)).toEqual(said);
  });
});

const STEP_MS = 500;
const request = (atMs: number, says = 'bl=0', host = 'v1.viewer.internal:80'): CmcdRecord => ({
  type: 'cmcd',
  atMs,
  stage: 'edge',
  host,
  path: '/one/v0/1.ts',
  status: 200,
  says,
});

function reportOf(picture: string, requests: readonly CmcdRecord[]) {
  const records = [...stripRecords(picture, { stepMs: STEP_MS }), ...requests];
  const report = judge(historyOf({ viewers: [viewerOf()], records, engine: 'run' }));
  const differs = report.findings.filter(({ rule }) => rule.startsWith('cmcd-'));
  expect(differs.every(({ verdict }) => verdict === 'pass')).toBe(true);
  return { cmcd: report.viewers[0]?.cmcd, rules: differs.map(({ rule }) => rule) };
}

/** Stalled from 5 s to 8 s. */
const STALLED = 'ppppppppppsssssspppppppppppppppppppp';

describe('what a player tells, beside its ledger', () => {
  it('agrees when the request after a stall says so', () => {
    const requests = [request(3_000), request(5_500), request(8_100, 'bl=0,bs'), request(9_900)];
    const { cmcd, rules } = reportOf(STALLED, requests);
    expect(cmcd).toMatchObject({ requests: 4, starved: 1, unseenMs: [], untoldMs: [] });
    expect(rules).toEqual(['cmcd-agrees']);
  });

  it('differs when no request after a stall says so', () => {
    const requests = [request(3_000), request(9_500), request(11_000)];
    expect(reportOf(STALLED, requests)).toMatchObject({
      cmcd: { starved: 0, untoldMs: [5_000] },
      rules: ['cmcd-differs'],
    });
  });

  it.each([
    [3_999, [5_000]],
    [4_000, []],
  ])('belongs to a stall that began within a second of it: told at %i', (atMs, untoldMs) => {
    const requests = [request(atMs, 'bs'), request(9_500)];
    expect(reportOf(STALLED, requests).cmcd).toMatchObject({ untoldMs });
  });

  it('says nothing of a stall after which the player asked for nothing', () => {
    expect(reportOf(STALLED, [request(3_000)]).cmcd?.untoldMs).toEqual([]);
  });

  it.each([
    ['black', 'bbbbbb'],
    ['frozen', 'ffffff'],
    ['dead', 'dddddd'],
  ])('asks nothing of a player whose screen was %s', (_, picture) => {
    const letters = `${'p'.repeat(10)}${picture}${'p'.repeat(16)}`;
    const requests = [request(3_000), request(9_500), request(11_000)];
    expect(reportOf(letters, requests)).toMatchObject({
      cmcd: { starved: 0, untoldMs: [] },
      rules: ['cmcd-agrees'],
    });
  });

  it('says when the first difference was, of whichever kind', () => {
    const requests = [request(3_000), request(9_500), request(11_000), request(15_000, 'bs')];
    const records = [...stripRecords(STALLED, { stepMs: STEP_MS }), ...requests];
    const { findings } = judge(historyOf({ viewers: [viewerOf()], records, engine: 'run' }));
    expect(findings.find(({ rule }) => rule === 'cmcd-differs')).toMatchObject({
      atMs: 5_000,
      text: 'the player of v1 told by CMCD of 1 empty buffers while its screen showed the programme; the screen of v1 stalled 1 times of which its CMCD says nothing (first at 5s)',
    });
  });

  it('differs when a player starved whose screen showed the programme', () => {
    const requests = [request(11_000), request(13_000), request(15_000, 'bs')];
    expect(reportOf(STALLED, requests)).toMatchObject({
      cmcd: { starved: 1, unseenMs: [15_000] },
      rules: ['cmcd-differs'],
    });
  });

  it('counts requests of one starvation once, and those of strangers never', () => {
    const requests = [
      request(3_000),
      request(8_100, 'bs'),
      request(8_200, 'bs'),
      request(8_300, 'bs', '127.0.0.1:80'),
    ];
    expect(reportOf(STALLED, requests).cmcd).toMatchObject({ requests: 3, starved: 1 });
    const apart = [request(8_100, 'bs'), request(9_100, 'bs'), request(10_101, 'bs')];
    expect(reportOf(STALLED, apart).cmcd?.starved).toBe(2);
  });

  it('sets the buffer of the player against that of the element', () => {
    const requests = [request(3_100, 'bl=300'), request(4_100, 'bl=300'), request(5_100, 'bl=200')];
    expect(reportOf('p'.repeat(20), requests).cmcd?.bufferApartMs).toBe(300);
  });

  it('is absent where nothing was told', () => {
    expect(reportOf(STALLED, [])).toEqual({ cmcd: undefined, rules: [] });
  });
});

it('is put in order of time, whichever request was recorded first', () => {
  const told = growingCmcd([viewerOf()]);
  for (const atMs of [9_000, 3_000, 12_000]) told.record(request(atMs, 'bs'));
  const { requestsMs, starvedMs } = told.stored().get('v1')!();
  expect([[...requestsMs], starvedMs]).toEqual([
    [3_000, 9_000, 12_000],
    [3_000, 9_000, 12_000],
  ]);
});

it('sets no buffer against one that is not known', () => {
  const [frames] = stripRecords('pp', { stepMs: 250 }).filter(({ type }) => type === 'frames');
  const apart = (...records: readonly (CmcdRecord | FramesRecord)[]) => {
    const told = growingCmcd([viewerOf()]);
    for (const record of records) told.record(record);
    return [...told.stored().get('v1')!().bufferApartMs];
  };
  expect(apart(request(1, 'bl=300'))).toEqual([]);
  expect(apart(frames as FramesRecord, request(1, 'bs'))).toEqual([]);
  expect(apart(frames as FramesRecord, request(1, 'bl=300'))).toEqual([300]);
});

it('is no record without what was said', () => {
  const { says, ...rest } = request(1);
  expect(isRecord({ ...rest, says })).toBe(true);
  expect(isRecord(rest)).toBe(false);
});

describe('an empty buffer', () => {
  /** Black from 10 s to 11 s. */
  const spans = [
    { class: 'programme', fromMs: 0, toMs: 10_000 },
    { class: 'black', fromMs: 10_000, toMs: 11_000 },
    { class: 'programme', fromMs: 11_000, toMs: 20_000 },
  ] as const;
  const screen = { spans, watching: [{ fromMs: 0, toMs: 20_000 }] } as unknown as Screen;

  it.each([
    ['was seen since the request before it', [11_999, 15_000], 15_000, []],
    ['was not', [12_000, 15_000], 15_000, [15_000]],
    ['was seen since the start, where all requests before belong to it', [14_000], 15_000, []],
    ['was not, where one of them does not', [13_999], 15_000, [15_000]],
    ['was not seen yet', [9_000], 9_000, [9_000]],
    ['was seen a moment later', [9_001], 9_001, []],
  ])('%s', (_, requestsMs, at, unseenMs) => {
    const told = {
      requestsMs: Float64Array.from(requestsMs),
      starvedMs: [at],
      bufferApartMs: new Float64Array(),
    };
    expect(compareCmcd(told, screen).unseenMs).toEqual(unseenMs);
  });

  it('is told of alone, as a stall without a word is', () => {
    const said = (unseenMs: readonly number[], untoldMs: readonly number[]) =>
      cmcdFindings([
        { result: { id: 'v1', cmcd: { unseenMs, untoldMs } } } as unknown as SeenViewer,
      ])[0];
    expect(said([7_000, 5_000], [])).toEqual({
      rule: 'cmcd-differs',
      verdict: 'pass',
      text: 'the player of v1 told by CMCD of 2 empty buffers while its screen showed the programme',
      atMs: 5_000,
    });
    expect(said([], [3_000])).toEqual({
      rule: 'cmcd-differs',
      verdict: 'pass',
      text: 'the screen of v1 stalled 1 times of which its CMCD says nothing (first at 3s)',
      atMs: 3_000,
    });
    expect(cmcdFindings([{ result: { id: 'v1' } } as unknown as SeenViewer])).toEqual([]);
  });
});
