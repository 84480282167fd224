// Journals of real runs, thinned to a few viewers, and what they must be judged to show. The
// figures were counted from the frames by hand (by a script of another kind) before they were
// written here. A disputed verdict becomes another one of these.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { parseHistory } from '../../support/parseHistory.ts';
import type { Report } from '../../../harness/model/report.ts';
import { printSpans } from '../../support/strip.ts';

const read = (name: string): string =>
  gunzipSync(readFileSync(new URL(`fixtures/${name}.ndjson.gz`, import.meta.url))).toString();

const pictures = ({ lanes }: Report, stepMs: number): Record<string, string> =>
  Object.fromEntries(
    lanes.flatMap((lane) =>
      lane.kind === 'viewer' ? [[lane.id, printSpans(lane.spans, stepMs)]] : [],
    ),
  );

describe('the night of 12 September at sixty times its speed, on a busy machine', () => {
  const text = read('night-unproven');
  const report = judge(parseHistory(text));

  it('shows stalls while the link is cut, then what the transcoder had filled with', () => {
    expect(pictures(report, 1000)).toEqual({
      v1: 'ppppppppppsssssssssssssssssssssssssssssssssbbbbbbbbbbpppp',
      v2: 'pppppppppsssssssssssssssssssssssssssssssssssbbbbbbbbbbppp',
      control: 'ppppppppppppppppppppppppppppppppppppppppppppppppppppppppp',
    });
  });

  it('loses and finds the programme on the frames where it was lost and found', () => {
    const viewer = (id: string) => report.viewers.find((v) => v.id === id)!;
    expect(viewer('v1').interruptions).toMatchObject([{ fromMs: 21_696, toMs: 63_888 }]);
    expect(viewer('v2').interruptions).toMatchObject([{ fromMs: 19_746, toMs: 64_855 }]);
    expect(viewer('v1').blackScreenMs).toBe(63_888 - 21_696 - viewer('v1').ledger.unmeasured);
    expect(viewer('v2').blackScreenMs).toBe(64_855 - 19_746 - viewer('v2').ledger.unmeasured);
  });

  it('names the window, the transcoder as the first without picture, and every part', () => {
    const [interruption] = report.viewers[0]!.interruptions;
    expect(interruption).toMatchObject({
      cause: 'connect-maintenance',
      lostFirstAt: { stage: 'transcoder.one', atMs: 14_872 },
      parts: { detectMs: 0, outageMs: 38_005, refillMs: 4037, playerMs: 6974 },
    });
  });

  it('takes the moments in which the control stood still from everybody', () => {
    const control = report.viewers.find((viewer) => viewer.control)!;
    expect(control.ledger.frozen).toBe(387);
    for (const viewer of report.viewers.filter((v) => !v.control))
      expect(viewer.ledger.unmeasured).toBe(387);
  });

  it('proves nothing: no witness saw the link carry anything before the cut', () => {
    expect(report.verdict).toBe('inconclusive');
    const unproven = report.findings.filter(({ rule }) => rule === 'inject-unproven');
    expect(unproven).toHaveLength(4);
    expect(new Set(report.expectations.map(({ verdict }) => verdict))).toEqual(
      new Set(['inconclusive']),
    );
    expect(report.expectations.map(({ observed }) => observed)).toEqual([
      '100%',
      '104.6% of cut (41.805s) to 105.6% of cut (42.192s)',
      '100%',
    ]);
  });

  it('is judged the same again, byte for byte', () => {
    expect(JSON.stringify(judge(parseHistory(text)))).toBe(JSON.stringify(report));
  });
});

describe('the same night with every fault proven', () => {
  const report = judge(parseHistory(read('night-reproduced')));

  it('passes: it reproduced what it was expected to', () => {
    expect(report.verdict).toBe('pass');
    expect(report.expectations).toEqual([
      { text: 'interrupted == 100%', verdict: 'pass', observed: '100%' },
      {
        text: 'min(blackScreen) >= 70% of cut',
        verdict: 'pass',
        observed: '101.4% of cut (40.541s) to 101.7% of cut (40.684s)',
        limit: { ms: 27_994.4, distanceMs: 12_546.6, side: 'within', marginMs: 80 },
      },
      { text: 'recovered == 100%', verdict: 'pass', observed: '100%' },
    ]);
    expect(report.findings.map(({ rule }) => rule)).toEqual([
      'control-suffered',
      'unmeasured',
      'compressed',
      'glitches',
    ]);
  });

  it('shows the channels coming back one after another', () => {
    expect(pictures(report, 1000)).toEqual({
      v1: 'pppppppppppssssssssssssssssssssssssssssssssbbbbbbbbppppppp',
      v4: 'pppppppppppssssssssssssssssssssssssssssssssssbbbbbbbbppppp',
      control: 'pppppppppppppppppppppppppppppppppppppppppppppppppppppppppp',
    });
    expect(report.faults.map(({ channels, fromMs, toMs }) => [channels[0], fromMs, toMs])).toEqual([
      ['one', 18_425, 56_416],
      ['two', 18_425, 58_417],
    ]);
    expect(report.cutMs).toBe(39_992);
  });

  it('keeps a stumble of three frames and a bit apart from the outage, as a glitch without cause', () => {
    const v4 = report.viewers.find(({ id }) => id === 'v4')!;
    expect(v4.interruptions).toMatchObject([
      { glitch: true, cause: undefined, blackScreenMs: 127, parts: {} },
      { glitch: false, cause: 'connect-maintenance', fromMs: 25_085, toMs: 67_560 },
    ]);
    expect(v4).toMatchObject({ timeToRecoverMs: 9143, recovered: true, fatalErrors: 0 });
  });
});
