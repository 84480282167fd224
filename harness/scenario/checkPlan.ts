// Finds what only shows in the laid out timeline of a scenario.

import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { listParts, type Scenario } from '../model/scenario.ts';
import { entries } from './place.ts';
import { plan } from './plan.ts';
import { checkShareOfCut } from './resolve.ts';
import { checkWithinRun } from './resolveViewers.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** Lists them, each at its fault or window. */
export function checkPlan(scenario: Scenario, source: SourceFile): Problem[] {
  try {
    const planned = plan(scenario, { compress: 1, seed: scenario.seed });
    const late = [
      ...checkWithinRun(source, planned.disruptMs),
      ...checkWithinYear(source, planned),
    ];
    return canCut(scenario) ? late : [...late, ...checkShareOfCut(source)];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const { message, hint, target } = error;
    const path = placeNamed(source, target);
    return [source.problemAt(path, hint === undefined ? message : `${message}; ${hint}`)];
  }
}

/** Each time by itself may be within its limits. */
function checkWithinYear(source: SourceFile, { disruptMs, actions }: Plan): Problem[] {
  if (disruptMs <= YEAR_MS) return [];
  const [name] = actions.at(-1)?.id.split(/[#:]/) ?? [];
  const message = `ends ${Math.round(disruptMs / DAY_MS)} days after the start: expected at most a year`;
  return [source.problemAt(placeNamed(source, name), message)];
}

const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

/** A path that fails may cut the links over it; which, depends on the design. */
const canCut = ({ faults, windows }: Scenario): boolean =>
  [
    ...faults.flatMap(({ fault }) => listParts(fault)),
    ...windows.map(({ work }) => work.fault),
  ].some(
    (fault) => fault.kind === 'path' || (fault.kind === 'cut' && fault.direction === undefined),
  );

function placeNamed(source: SourceFile, name: string | undefined): Path {
  const places = [...entries(source, 'windows'), ...entries(source, 'faults')];
  return places.find((path) => valueAt(source.data, [...path, 'name']) === name) ?? [];
}
