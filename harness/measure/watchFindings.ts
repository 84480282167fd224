// Findings about who watches over a run: the control viewer and the guardrails.

import type { Finding, ViewerResult } from '../model/report.ts';
import { durationText } from './durationText.ts';
import type { Recorded } from './recorded.ts';
import { lengthMs, type Interval } from './spans.ts';
import { CONTROL_LOST_SHARE_MAX } from './thresholds.ts';

interface Watching {
  readonly history: Pick<Recorded, 'run'>;
  readonly viewers: readonly ViewerResult[];
  /** When the control did not show its picture. */
  readonly suffering: readonly Interval[];
}

/** Nobody is hurt in virtual time, so that a simulation goes to its end. */
export function guardrailFindings({ history: { run } }: Watching): Finding[] {
  const { guardrails } = run.plan.scenario;
  if (run.engine !== 'simulate' || guardrails.length === 0) return [];
  const text = `guardrails do not apply to a simulation, which goes to its end: ${guardrails.map((one) => one.text).join(', ')}`;
  return [{ rule: 'guardrails-not-watched', verdict: 'pass', text }];
}

export function controlFindings({ history, viewers, suffering }: Watching): Finding[] {
  const control = viewers.find((viewer) => viewer.control);
  if (!control) {
    const isPlanned = history.run.viewers.some((viewer) => viewer.control);
    if (isPlanned || history.run.engine === 'simulate') return [];
    const text = 'no control viewer watched: a busy machine cannot be told from a fault';
    return [{ rule: 'no-control', verdict: 'inconclusive', text }];
  }
  const lostMs = suffering.reduce((sum, interval) => sum + lengthMs(interval), 0);
  if (lostMs === 0) return [];
  const tooMuch = lostMs > control.sessionMs * CONTROL_LOST_SHARE_MAX;
  return [
    {
      rule: 'control-suffered',
      verdict: tooMuch ? 'inconclusive' : 'pass',
      text: `the control viewer, on a path without faults, lost its picture for ${durationText(lostMs)}; those moments are unmeasured for everybody`,
      atMs: suffering[0]!.fromMs,
      hint: 'The machine was too busy: fewer viewers, a smaller picture, or nothing else running.',
    },
  ];
}
