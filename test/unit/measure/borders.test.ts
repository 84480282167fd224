// Bytes from country to country, by the counters of links, and what no counter saw.

import { describe, expect, it } from 'vitest';
import { passedIn } from '../../../harness/measure/borders.ts';
import { evaluate } from '../../../harness/measure/expectations.ts';
import { groupRecords } from '../../../harness/measure/recorded.ts';
import { borderNote } from '../../../reports/borders.ts';
import type { Report } from '../../../harness/model/report.ts';
import type { HistoryRecord, RunRecord } from '../../../harness/model/history.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { parseDesign } from '../../../harness/scenario/load.ts';
import { designText } from '../../support/designs.ts';

const ABROAD = designText('fallback-abroad').text;
const TWO_CHANNELS = ABROAD.replace('channels: [one]', 'channels: [one, two]');
const FLOWS = ['up-home', 'up-abroad', 'publish-home', 'publish-abroad'].map((l) => `${l}.one`);
const ALL = [...FLOWS, 'fetch-home', 'fetch-abroad'];

/** Each flow carried 1000 bytes away from the one who connects, and 10 back, by the end. */
function counted(
  flows: readonly string[],
  design = ABROAD,
  last: boolean | ((flow: string) => boolean) = true,
  phases = true,
) {
  const at = (atMs: number, share: number, isLast: boolean) =>
    flows.map((flow): HistoryRecord => ({
      type: 'passed',
      atMs,
      flow,
      forward: 1000 * share,
      backward: 10 * share,
      ...(isLast && (last === true || (last && last(flow))) && { last: true }),
    }));
  const all: readonly HistoryRecord[] = [
    { type: 'phase', phase: 'steady', atMs: 0 },
    ...at(900, 0.1, false),
    { type: 'phase', phase: 'disrupt', atMs: 1000 },
    ...at(5000, 0.5, false),
    { type: 'phase', phase: 'recover', atMs: 5001 },
    ...at(9000, 1, true),
  ];
  const records = all.filter(({ type }) => phases || type !== 'phase');
  const scenario = { design: parseDesign(design, 'it.yaml') };
  const run = { plan: { scenario }, viewers: [] } as unknown as RunRecord;
  return passedIn(groupRecords({ run, records, truncated: false }));
}

const outside = (text: string, passed: ReturnType<typeof counted>) => {
  const { expectation, mistake } = parseExpectation(text);
  if (!expectation) throw new Error(mistake.message);
  const viewers = [{ result: {} }] as never;
  return evaluate(expectation, { viewers, cutMs: 0, marginMs: 40, passed });
};

describe('bytes outside', () => {
  it('are those that arrived at stages there, whoever connects', () => {
    // To the transcoder and its origin 1000 each; of the edge, which fetches, the requests.
    expect(counted(ALL).outside('in-france')).toEqual({
      bytes: 1000 + 1000 + 10 + 1000,
      unseen: [],
    });
  });

  it('are nothing where every stage stands inside, counted or not', () => {
    const home = counted([], designText('single-access').text);
    expect(outside('outside(FR) == 0B', home)).toMatchObject({ verdict: 'pass', observed: '0 B' });
  });

  it('fail a promise of none, and say how many', () => {
    const result = outside('outside(in-france) == 0B', counted(ALL));
    expect(result).toMatchObject({ verdict: 'fail', observed: '3 kB' });
    expect(outside('outside(FR) <= 4kB', counted(ALL)).verdict).toBe('pass');
  });

  it('are not known where a counter is missing, or was not read at the end', () => {
    const missing = counted(ALL.filter((flow) => flow !== 'publish-abroad.one'));
    const [first, cut] = [missing, counted(ALL, ABROAD, false)].map((passed) =>
      outside('outside(FR) <= 10kB', passed),
    );
    expect(first).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining(
        'no counter saw all of what passed: link publish-abroad',
      ) as unknown,
    });
    expect(cut?.verdict).toBe('inconclusive');
    const flows = ALL.flatMap((flow) => [flow, flow.replace('.one', '.two')]);
    const half = (isLast: (flow: string) => boolean) =>
      counted([...new Set(flows)], TWO_CHANNELS, isLast).rows.map(({ bytes }) => bytes);
    expect(half(() => true)).not.toContain(undefined);
    expect(half((flow) => !flow.endsWith('.two'))).toContain(undefined);
    // Bytes that were seen are enough to break the promise.
    expect(outside('outside(FR) == 0B', missing).verdict).toBe('fail');
  });

  it('are not known of connections without a link, of paths, and of what no run plays', () => {
    const unlinked = ABROAD.replace(/ {2}fetch-.*\n/g, '');
    expect(counted(ALL, unlinked).outside('FR').unseen).toContain(
      'origin-abroad to edge, joined directly, back',
    );
    const path = designText('dual-access-bgp').text.replace(
      'operator: access provider\n        country: FR',
      'operator: access provider\n        country: GB',
    );
    expect(counted([], path).outside('FR').unseen).toEqual(['path leg-a']);
    const logs = `${ABROAD}
services: { logs: { operator: l, country: US, takes: { logs: [edge] } } }
`.replace('classes: [media]', 'classes: [logs]');
    expect(counted(ALL, logs).outside('in-france')).toEqual({
      bytes: 0,
      unseen: ['logs at service logs'],
    });
  });
});

describe('interfaces of stages', () => {
  const HEADERS = 66;
  const FRAMES = 10;
  /** Each link carried 100 kB away from the one who connects by the reading, and 110 kB after it. */
  function witnessed(
    bytes: Readonly<Record<string, { readonly received?: number; readonly sent?: number }>>,
    change: (stage: string) => object | undefined = () => ({}),
    design = ABROAD,
  ) {
    const passed = (carried: number, last = false) =>
      ALL.map((flow): HistoryRecord => ({
        type: 'passed',
        atMs: 0,
        flow,
        forward: carried,
        backward: 0,
        ...(last && { last }),
      }));
    const frames = (payload = 0) => ({ bytes: payload + FRAMES * HEADERS, frames: FRAMES });
    const counts = STAGES.flatMap((stage) => {
      const changed = change(stage);
      const own = bytes[stage] ?? {};
      const [received, sent] = [frames(own.received), frames(own.sent)];
      const record = { type: 'interface', atMs: 0, stage, received, sent, last: true };
      return changed ? [{ ...record, closed: true, ...changed } as HistoryRecord] : [];
    });
    const records = [...passed(100_000), ...counts, ...passed(110_000), ...passed(120_000, true)];
    const scenario = { design: parseDesign(design, 'it.yaml') };
    const run = { plan: { scenario }, viewers: [] } as unknown as RunRecord;
    return passedIn(groupRecords({ run, records, truncated: false }));
  }
  const STAGES = [
    'playout.one',
    'transcoder-home.one',
    'transcoder-abroad.one',
    'origin-home',
    'origin-abroad',
    'edge',
  ];
  const AS_COUNTED = {
    'playout.one': { sent: 205_000 },
    'transcoder-home.one': { received: 105_000, sent: 105_000 },
    'transcoder-abroad.one': { received: 105_000, sent: 105_000 },
    'origin-home': { received: 205_000 },
    'origin-abroad': { received: 205_000 },
    edge: { sent: 205_000 },
  };
  const verdict = (passed: ReturnType<typeof witnessed>) =>
    outside('outside(in-france) <= 1MB', passed).verdict;

  it('agree with links, headers left out, within what passed while they were read', () => {
    const passed = witnessed(AS_COUNTED);
    expect(verdict(passed)).toBe('pass');
    expect(passed.interfaces).toHaveLength(12);
    for (const one of passed.interfaces) expect(one).not.toHaveProperty('doubt');
    expect(passed.interfaces.map((one) => one.byInterface - one.byLinks)).toEqual(
      Array(12).fill(0),
    );
    expect(borderNote(passed as unknown as Report)).toMatch(
      /of all stages differ .* by 0.00 %\. Rules of the kernel .* less than 20 kB or 1 % is not told apart/,
    );
  });

  it('make it inconclusive where they saw more, and never better where they saw less', () => {
    const more = { ...AS_COUNTED, 'transcoder-abroad.one': { received: 135_000, sent: 105_000 } };
    const passed = witnessed(more);
    expect(outside('outside(in-france) <= 1MB', passed)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining(
        'bytes received by stage transcoder-abroad: 25 kB passed no counter of a link',
      ) as unknown,
    });
    expect(borderNote(passed as unknown as Report)).toContain('25 kB passed no counter');
    const less = { ...AS_COUNTED, 'transcoder-abroad.one': {} };
    expect(outside('outside(in-france) <= 300kB', witnessed(less)).verdict).toBe('fail');
  });

  it.each([
    ['in doubt', () => ({ doubt: 'it could not be read' })],
    ['not read at the end', () => ({ last: undefined })],
    ['not kept to proxies', () => ({ closed: false })],
    ['of a record that does not say it', () => ({ closed: undefined })],
    ['not there, where others are', (stage: string) => (stage === 'edge' ? undefined : {})],
  ])('are unknown when they are %s', (_, change) => {
    expect(verdict(witnessed(AS_COUNTED, change))).toBe('inconclusive');
  });

  it('are unknown of a stage where one of its instances was not read at the end', () => {
    const { interfaces } = witnessed({}, undefined, TWO_CHANNELS);
    const unread = interfaces.filter(
      ({ doubt }) => doubt === 'its interface was not read at the end',
    );
    const ofBothChannels = ['playout', 'transcoder-home', 'transcoder-abroad'];
    expect([...new Set(unread.map(({ stage }) => stage))]).toEqual(ofBothChannels);
  });

  it('leave headers out by the number of frames', () => {
    const passed = witnessed(AS_COUNTED, (stage) =>
      stage === 'edge' ? { sent: { bytes: 205_000 + 50_000, frames: 500 } } : {},
    );
    expect(passed.interfaces.find(({ stage, way }) => stage === 'edge' && way === 'sent')).toEqual({
      stage: 'edge',
      way: 'sent',
      byLinks: 220_000,
      byInterface: 222_000,
    });
  });

  it('are absent in a runtime without them, which is said', () => {
    expect(counted(ALL).interfaces).toEqual([]);
    expect(borderNote(counted(ALL) as unknown as Report)).toMatch(/No second witness/);
  });
});

describe('the table of borders', () => {
  it('has both ways of each connection that crosses one, by phase', () => {
    const { rows } = counted(ALL);
    expect(rows.map(({ from, to, over, bytes }) => [from, to, over, bytes])).toEqual([
      ['FR', 'IE', 'link up-abroad', 1000],
      ['IE', 'FR', 'link up-abroad, back', 10],
      ['IE', 'FR', 'link fetch-abroad', 10],
      ['FR', 'IE', 'link fetch-abroad, back', 1000],
    ]);
    expect(rows[0]?.phases).toEqual([
      { phase: 'steady', bytes: 100 },
      { phase: 'disrupt', bytes: 400 },
      { phase: 'recover', bytes: 500 },
    ]);
    expect(counted(ALL, ABROAD, true, false).rows[0]?.phases).toEqual([
      { phase: 'provision', bytes: 500 },
      { phase: 'recover', bytes: 500 },
    ]);
  });
});

describe('an expectation about bytes', () => {
  it.each([
    ['outside == 0B', /outside is about a country such as FR/],
    ['outside() == 0B', /outside is about a country/],
    ['outside(FR) == 0', /an amount of bytes: write 0B or 10MB/],
    ['outside(FR) >= 0B', /this always holds/],
    ['max(FR) == 0B', /expected one of blackScreen/],
    ['max(outside) == 0B', /over all viewers already|about a country/],
    ['p95(blackScreen) <= 3MB', /blackScreen is a time/],
  ])('%s is refused', (text, message) => {
    expect(parseExpectation(text).mistake?.message).toMatch(message);
  });
});
