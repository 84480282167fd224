// The cases of a search: every fault and window of a scenario by itself, with what waits for it.

import type { Scenario, TimedFault } from '../model/scenario.ts';

export interface Case {
  readonly name: string;
  readonly scenario: Scenario;
}

export function casesIn(scenario: Scenario): Case[] {
  const { windows, faults } = scenario;
  const first = faults.filter(({ start }) => start.kind === 'at');
  return [...windows, ...first].map(({ name }) => ({ name, scenario: onlyWith(scenario, name) }));
}

function onlyWith(scenario: Scenario, name: string): Scenario {
  const names = new Set([name]);
  for (let before = 0; before < names.size;) {
    before = names.size;
    for (const fault of scenario.faults) if (names.has(waitsFor(fault))) names.add(fault.name);
  }
  return {
    ...scenario,
    windows: scenario.windows.filter((window) => names.has(window.name)),
    faults: scenario.faults.filter((fault) => names.has(fault.name)),
  };
}

const waitsFor = ({ start }: TimedFault): string => (start.kind === 'at' ? '' : start.event.of);

/** The same with its first fault or window so long, on time and given back at once. */
export function lasting({ name, scenario }: Case, ms: number): Scenario {
  return {
    ...scenario,
    windows: scenario.windows.map((window) =>
      window.name === name
        ? {
            ...window,
            overrunMs: 0,
            rollback: undefined,
            operator: undefined,
            restore: { order: [], shuffled: false, paceMs: 0 },
            work: { ...window.work, forMs: ms },
          }
        : window,
    ),
    faults: scenario.faults.map((fault) =>
      fault.name === name
        ? { ...fault, repeat: undefined, length: { fromMs: ms, toMs: ms } }
        : fault,
    ),
  };
}
