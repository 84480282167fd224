// Paths that carry on during a window, but not everything.

import type { LinkState } from '../../model/access.ts';
import { showLength, type AccessGroup, type CheckContext, type Work } from '../context.ts';
import { listSources, type Found, type Rule } from '../rule.ts';
import { overlapping, type TimeSpan } from '../spans.ts';

export const capacityBelowDemand: Rule = {
  name: 'capacity-below-demand',
  looksAtTime: true,
  find: (context) =>
    context.groups.flatMap((group) => {
      const runs = findRuns(group);
      const worksDuring = overlapping(runs, group.works);
      return runs.map((run) => sayLoss(context, group, run, worksDuring(run)));
    }),
};

interface Run extends TimeSpan {
  /** At least one. */
  readonly states: readonly LinkState[];
}

/** Neighbouring degraded states, joined. */
function findRuns({ states }: AccessGroup): readonly Run[] {
  const runs: LinkState[][] = [];
  states.forEach((state, index) => {
    if (state.state !== 'degraded') return;
    if (states[index - 1]?.state === 'degraded') runs.at(-1)?.push(state);
    else runs.push([state]);
  });
  return runs.map((run) => ({
    fromEpochMs: (run[0] as LinkState).fromMs,
    toEpochMs: (run.at(-1) as LinkState).toMs,
    states: run,
  }));
}

function sayLoss(
  context: CheckContext,
  group: AccessGroup,
  { fromEpochMs, toEpochMs, states }: Run,
  works: readonly Work[],
): Found {
  const windows = works.map(({ window }) => window);
  const worst = states.reduce((a, b) => (largestLoss(b) > largestLoss(a) ? b : a));
  return {
    severity: 'stop',
    fromEpochMs,
    toEpochMs,
    targets: [
      group.access.name,
      ...(worst.path === undefined ? [] : [worst.path]),
      ...windows.map(({ name }) => name),
    ],
    text: `${group.access.name} loses ${percent(worst.lossShare.in)} in and ${percent(worst.lossShare.back)} back for ${showLength(toEpochMs - fromEpochMs)} from ${context.clock.show(fromEpochMs)}: ${worst.why}`,
    hint: 'Widen the backup, or agree beforehand which channels are shed while it carries.',
    source: listSources(windows) || `design ${context.design.name}`,
  };
}

const largestLoss = ({ lossShare }: LinkState): number => Math.max(lossShare.in, lossShare.back);

const percent = (share: number): string => `${Math.round(share * 100)} %`;
