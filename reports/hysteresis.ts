// The two branches of a load that grows and shrinks again, as a table and a sentence.

import type { Hysteresis } from '../harness/model/hysteresis.ts';
import { drawTable } from './borderless.ts';
import { formatMs } from './duration.ts';

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

export function renderHysteresis({ levels, recoverMs }: Hysteresis): string {
  const head = ['load', 'viewers', 'before the fault', `${formatMs(recoverMs)} after it`];
  const rows = levels.map(({ load, audience, before, after, isMetastable }) => [
    percent(load),
    String(audience),
    percent(before),
    `${percent(after)}${isMetastable ? '  metastable' : ''}`,
  ]);
  const table = drawTable([head, ...rows], (at) => at === 3);
  return `${table}\n\n${describeBranches(levels)}\n`;
}

export function describeBranches(levels: Hysteresis['levels']): string {
  const stuck = levels.filter(({ isMetastable }) => isMetastable);
  const [least] = stuck;
  if (!least) {
    const differs = levels.some(({ before, after }) => before - after > 0.05);
    return differs
      ? 'Not metastable: viewers are lost after the fault, but no queue keeps them away.'
      : 'Not metastable: at every load as many see the programme after the fault as before it.';
  }
  return (
    `Metastable at ${stuck.map(({ load }) => percent(load)).join(', ')} of the audience: at ${percent(least.load)}, ` +
    `${percent(least.before)} see the programme before the fault and ${percent(least.after)} after it, while ` +
    'requests are still turned away. The fault is gone and its overload stays.'
  );
}
