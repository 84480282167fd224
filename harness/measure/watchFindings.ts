// Findings about who watches over a run: the control viewer and the guardrails.

import { findFleet } from '../../players/registry.ts';
import type { Finding, ViewerResult } from '../model/report.ts';
import type { ViewerDescription } from '../model/viewer.ts';
import type { Suffering } from './control.ts';
import { durationText } from './durationText.ts';
import type { Recorded } from './recorded.ts';
import { lengthMs, type Interval } from './spans.ts';
import { CONTROL_LOST_SHARE_MAX } from './thresholds.ts';

interface Watching {
  readonly history: Pick<Recorded, 'run'>;
  readonly viewers: readonly ViewerResult[];
  readonly suffering: Suffering;
}

/** Nobody is hurt in virtual time, so that a simulation goes to its end. */
export function guardrailFindings({ history: { run } }: Watching): Finding[] {
  const { guardrails } = run.plan.scenario;
  if (run.engine !== 'simulate' || guardrails.length === 0) return [];
  const text = `guardrails do not apply to a simulation, which goes to its end: ${guardrails.map((one) => one.text).join(', ')}`;
  return [{ rule: 'guardrails-not-watched', verdict: 'pass', text }];
}

/** Nothing of ours plays beside it. */
const isOfOthers = ({ run }: Watching['history']): boolean =>
  run.viewers.length > 0 && run.viewers.every(({ clockless }) => clockless);

const WATCHED_ALONE: Finding = {
  rule: 'watched-alone',
  verdict: 'pass',
  text: 'no control can watch beside a stream of others: what this machine or its network lost counts as lost',
};

/** One control a machine that shows viewers; each of them counts for itself. */
export function controlFindings({ history, viewers, suffering }: Watching): Finding[] {
  const controls = history.run.viewers.filter((viewer) => viewer.control);
  if (controls.length === 0 && history.run.engine !== 'simulate')
    return [isOfOthers(history) ? WATCHED_ALONE : NO_CONTROL];
  return controls.flatMap((control) => {
    const seen = viewers.find(({ id }) => id === control.id);
    const lost = suffering.flatMap((one) => (one.control.id === control.id ? one.moments : []));
    return seen ? sufferingFindings(control, seen.sessionMs, lost) : [];
  });
}

const NO_CONTROL: Finding = {
  rule: 'no-control',
  verdict: 'inconclusive',
  text: 'no control viewer watched: a busy machine cannot be told from a fault',
};

function sufferingFindings(
  { worker, player }: ViewerDescription,
  sessionMs: number,
  suffering: readonly Interval[],
): Finding[] {
  const lostMs = suffering.reduce((sum, interval) => sum + lengthMs(interval), 0);
  if (lostMs === 0) return [];
  const isBox = findFleet(player) === 'boxes';
  const who = isBox ? 'set-top box' : 'viewer';
  const [where, whom] = worker
    ? [` on worker ${worker}`, 'everybody on that worker']
    : ['', isBox ? 'every set-top box' : 'everybody'];
  return [
    {
      rule: 'control-suffered',
      verdict: lostMs > sessionMs * CONTROL_LOST_SHARE_MAX ? 'inconclusive' : 'pass',
      text: `the control ${who}${where}, on a path without faults, lost its picture for ${durationText(lostMs)}; those moments are unmeasured for ${whom}`,
      atMs: suffering[0]!.fromMs,
      hint: 'The machine was too busy: fewer viewers, a smaller picture, or nothing else running.',
    },
  ];
}
