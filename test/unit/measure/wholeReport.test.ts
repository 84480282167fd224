// One small run and all that its report says: nothing is missing, and nothing is there that should not be.

import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/measure/judge.ts';
import { lastActionsIn } from '../../../harness/measure/recovery.ts';
import { emptyLedger } from '../../../harness/measure/ledger.ts';
import { CUT_RUN } from '../../support/cutRun.ts';

const report = judge(CUT_RUN);

const spans = (...list: readonly (readonly [string, number, number])[]) =>
  list.map(([name, fromMs, toMs]) => ({ class: name, fromMs, toMs }));
const blackMs = { fromMs: 8520, toMs: 11_520 };
const frozenMs = { fromMs: 10_760, toMs: 11_280 };

describe('the report of a cut', () => {
  it('fails what was expected and not seen, and says what nobody saw and no fault explains', () => {
    const { verdict, expectations, findings } = report;
    expect(verdict).toBe('fail');
    expect(expectations).toEqual([
      {
        text: 'max(blackScreen) <= 2s',
        verdict: 'fail',
        observed: '3s',
        limit: { ms: 2000, distanceMs: 1000, side: 'over', marginMs: 80 },
      },
      { text: 'interrupted == 75%', verdict: 'fail', observed: '100%' },
      { text: 'recovered == 100%', verdict: 'pass', observed: '100%' },
    ]);
    const text = "0.9% of the audience's time is unmeasured (760ms)";
    expect(findings).toEqual([
      { rule: 'unmeasured', verdict: 'pass', text },
      {
        rule: 'unexplained',
        verdict: 'pass',
        atMs: frozenMs.fromMs,
        text: '1 interruptions are explained by no fault: none was in force, or just healed, on the way of the pictures that are missing',
      },
    ]);
  });

  it('has the fault as it was in force, and the phases up to the end', () => {
    const { faults, phases, cutMs, run, margin, windows } = report;
    const seen = { link: 'connect-up.one', witness: 'transcoder.one', observed: 'its bytes' };
    expect(faults).toEqual([
      {
        name: 'cut',
        window: 'night',
        kind: 'cut',
        effect: 'drop',
        nature: 'cut',
        verb: { verb: 'cut', told: true },
        at: 'links',
        links: ['connect-up'],
        channels: ['one'],
        plannedFromMs: 2000,
        plannedToMs: 5000,
        begunMs: 2007,
        fromMs: 2010,
        toMs: 5010,
        proofs: [
          { ...seen, does: 'inject', proven: true, atMs: 2500 },
          { ...seen, does: 'heal', proven: true, atMs: 5500 },
        ],
      },
    ]);
    const lastMs = lastActionsIn(CUT_RUN);
    expect(['one', 'two'].map(lastMs)).toEqual([5010.4, undefined]);
    expect(phases).toEqual([
      { phase: 'disrupt', fromMs: 0, toMs: 5010 },
      { phase: 'recover', fromMs: 5010, toMs: 20_000 },
    ]);
    expect({ cutMs, margin, windows, ended: run.ended, endedAtMs: run.endedAtMs }).toEqual({
      cutMs: 3000,
      margin: { ms: 80 },
      windows: [],
      ended: 'complete',
      endedAtMs: 20_000,
    });
  });

  it('has a lane of each flow, stage and screen', () => {
    const up = spans(['up', 0, 20_000]);
    expect(report.lanes).toEqual([
      {
        kind: 'link',
        id: 'connect-up.one',
        spans: spans(['up', 0, 2010], ['faulted', 2010, 5010], ['up', 5010, 20_000]),
      },
      ...['up.two', 'down.one', 'down.two'].map((id) => ({
        kind: 'link',
        id: `connect-${id}`,
        spans: up,
      })),
      {
        kind: 'stage',
        id: 'transcoder.one',
        spans: spans(['programme', 0, 2750], ['filling', 2750, 5750], ['programme', 5750, 20_000]),
      },
      {
        kind: 'viewer',
        id: 'lost',
        spans: spans(
          ['programme', 0, blackMs.fromMs],
          ['black', blackMs.fromMs, blackMs.toMs],
          ['programme', blackMs.toMs, 20_000],
        ),
      },
      {
        kind: 'viewer',
        id: 'well',
        spans: spans(
          ['programme', 0, 10_000],
          ['unmeasured', 10_000, frozenMs.fromMs],
          ['frozen', frozenMs.fromMs, frozenMs.toMs],
          ['programme', frozenMs.toMs, 20_000],
        ),
      },
      { kind: 'viewer', id: 'control', spans: spans(['programme', 0, 20_000]) },
    ]);
  });

  it('has all viewers, and says of what they lost how much it was at most', () => {
    const common = {
      player: 'hls.js',
      joinMs: 0,
      leaveMs: 20_000,
      sessionMs: 20_000,
      presentedFps: 25,
      recovered: true,
      recovery: 'recovered',
      latencyMs: 6000,
      fatalErrors: 0,
      reloads: 0,
    };
    expect(report.viewers).toEqual([
      {
        ...common,
        id: 'lost',
        channel: 'one',
        control: false,
        weight: 3,
        group: 'near',
        ledger: { ...emptyLedger(), programme: 17_000, black: 3000 },
        blackScreenMs: 3000,
        programmeLossMs: 3000,
        amplification: 1,
        timeToRecoverMs: 6510,
        atMost: {
          blackScreenMs: 3000,
          programmeLossMs: 3000,
          amplification: 1,
          timeToRecoverMs: 6510,
        },
        interruptions: [
          {
            ...blackMs,
            blackScreenMs: 3000,
            glitch: false,
            recovered: true,
            cause: 'cut',
            atMost: { lengthMs: 3000, blackScreenMs: 3000 },
            spans: spans(['black', blackMs.fromMs, blackMs.toMs]),
            lostFirstAt: { stage: 'transcoder.one', atMs: 2750 },
            parts: { detectMs: 740, outageMs: 2260 },
          },
        ],
      },
      {
        ...common,
        id: 'well',
        channel: 'two',
        control: false,
        group: 'far',
        ledger: { ...emptyLedger(), programme: 18_720, frozen: 520, unmeasured: 760 },
        blackScreenMs: 520,
        programmeLossMs: 520,
        atMost: { blackScreenMs: 1280, programmeLossMs: 1280 },
        interruptions: [
          {
            ...frozenMs,
            blackScreenMs: 520,
            glitch: false,
            recovered: true,
            parts: {},
            atMost: { lengthMs: 1280, blackScreenMs: 1280 },
            spans: spans(['frozen', frozenMs.fromMs, frozenMs.toMs]),
          },
        ],
      },
      {
        ...common,
        id: 'control',
        channel: 'control',
        control: true,
        interruptions: [],
        ledger: { ...emptyLedger(), programme: 20_000 },
        blackScreenMs: 0,
        programmeLossMs: 0,
        atMost: { blackScreenMs: 0, programmeLossMs: 0 },
      },
    ]);
  });

  it('has figures of the audience by heads, without the control, and of each group', () => {
    const all = (value: number) => ({ min: value, mean: value, p50: value, max: value });
    const heads = (count: number) => ({ viewers: count, interrupted: count, recovered: count });
    const near = { count: 3, ...all(3000) };
    const recovery = {
      timeToRecoverMs: { count: 3, ...all(6510) },
      amplification: { count: 3, ...all(1) },
    };
    const both = { count: 4, min: 520, mean: 2380, p50: 3000, max: 3000 };
    const most = { count: 4, min: 1280, mean: 2570, p50: 3000, max: 3000 };
    const one = (value: number) => ({
      count: 1,
      ...all(value),
      p90: value,
      p95: value,
      p99: value,
    });
    expect(report.audience).toEqual({
      ...heads(4),
      recoveryUnseen: 0,
      ...recovery,
      blackScreenMs: both,
      programmeLossMs: both,
      viewerMinutesBlack: 0.159,
      latencyMs: { count: 4, ...all(6000) },
      atMost: {
        ...recovery,
        blackScreenMs: most,
        programmeLossMs: most,
        viewerMinutesBlack: 0.171,
      },
      ledger: { ...emptyLedger(), programme: 69_720, frozen: 520, black: 9000, unmeasured: 760 },
    });
    expect(report.groups).toEqual([
      {
        name: 'near',
        audience: {
          ...heads(3),
          recoveryUnseen: 0,
          ...recovery,
          blackScreenMs: near,
          programmeLossMs: near,
          viewerMinutesBlack: 0.15,
          latencyMs: { count: 3, ...all(6000) },
          atMost: {
            ...recovery,
            blackScreenMs: near,
            programmeLossMs: near,
            viewerMinutesBlack: 0.15,
          },
          ledger: { ...emptyLedger(), programme: 51_000, black: 9000 },
        },
      },
      {
        name: 'far',
        audience: {
          ...heads(1),
          recoveryUnseen: 0,
          latencyMs: one(6000),
          blackScreenMs: one(520),
          programmeLossMs: one(520),
          viewerMinutesBlack: 0.009,
          atMost: {
            blackScreenMs: one(1280),
            programmeLossMs: one(1280),
            viewerMinutesBlack: 0.021,
          },
          ledger: { ...emptyLedger(), programme: 18_720, frozen: 520, unmeasured: 760 },
        },
      },
    ]);
  });
});
