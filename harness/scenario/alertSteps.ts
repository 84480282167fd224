// The life of every alert of a scenario, step by step. Pure.

import type { AlertStep } from '../model/alert.ts';
import type { Scenario } from '../model/scenario.ts';

export function alertSteps(
  { alerts = [] }: Pick<Scenario, 'alerts'>,
  compress: number,
): readonly AlertStep[] {
  return alerts
    .flatMap(({ id, atMs, updates, endMs }) => [
      { alert: id, does: 'issue' as const, revision: 1, scenarioAtMs: atMs },
      ...updates.map((update, i) => ({
        alert: id,
        does: 'update' as const,
        revision: i + 2,
        scenarioAtMs: update.atMs,
      })),
      { alert: id, does: 'end' as const, revision: updates.length + 1, scenarioAtMs: endMs },
    ])
    .map((step): AlertStep => ({ ...step, atMs: Math.round(step.scenarioAtMs / compress) }))
    .toSorted((a, b) => a.atMs - b.atMs);
}
