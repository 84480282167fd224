// Paths that carry on during a window, but not everything.

import type { LinkState } from '../../model/access.ts';
import { showLength, worksIn, type AccessGroup, type CheckContext } from '../context.ts';
import type { Found, Rule } from '../rule.ts';

export const capacityBelowDemand: Rule = {
  name: 'capacity-below-demand',
  about: 'What is left while a path is away or drained carries the whole demand.',
  looksAtTime: true,
  find: (context) =>
    context.groups.flatMap((group) => runsOf(group).map((run) => found(context, group, run))),
};

/** Neighbouring degraded states, joined. */
function runsOf({ states }: AccessGroup): readonly (readonly LinkState[])[] {
  const runs: LinkState[][] = [];
  states.forEach((state, index) => {
    if (state.state !== 'degraded') return;
    if (states[index - 1]?.state === 'degraded') runs.at(-1)?.push(state);
    else runs.push([state]);
  });
  return runs;
}

function found(context: CheckContext, group: AccessGroup, run: readonly LinkState[]): Found {
  const fromEpochMs = (run[0] as LinkState).fromMs;
  const toEpochMs = (run.at(-1) as LinkState).toMs;
  const windows = worksIn(group, { fromEpochMs, toEpochMs }).map(({ window }) => window);
  const worst = run.reduce((a, b) => (lossOf(b) > lossOf(a) ? b : a));
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
    source: windows.map(({ source }) => source).join(', ') || `design ${context.design.name}`,
  };
}

const lossOf = ({ lossShare }: LinkState): number => Math.max(lossShare.in, lossShare.back);

const percent = (share: number): string => `${Math.round(share * 100)} %`;
