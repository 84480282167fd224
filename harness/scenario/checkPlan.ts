// Finds what only shows in the laid out timeline of a scenario.

import { formatDuration } from '../kernel/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { listParts, type Scenario, type TimedFault } from '../model/scenario.ts';
import { entries } from './place.ts';
import { plan } from './plan.ts';
import { checkShareOfCut } from './resolve.ts';
import { checkWithinRun } from './resolveViewers.ts';
import { drawTimeline } from './timeline.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** Lists them, each at its fault or window. */
export function checkPlan(scenario: Scenario, source: SourceFile): Problem[] {
  try {
    const planned = plan(scenario, { compress: 1, seed: scenario.seed });
    const late = [
      ...checkWithinRun(source, planned.disruptMs),
      ...checkWithinYear(source, planned),
      ...checkComesAgain(source, scenario),
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

/** When an event comes is known here alone; where anything is drawn, chance may let it come again. */
function checkComesAgain(source: SourceFile, scenario: Scenario): Problem[] {
  if (!scenario.faults.every(isCertain) || scenario.windows.some(({ operator }) => operator))
    return [];
  const occurrences = drawTimeline(scenario, scenario.seed);
  return scenario.faults.flatMap(({ name, start, repeat }) => {
    const fromMs = occurrences.find(({ of }) => of === name)?.fromMs ?? 0;
    const { untilMs = Infinity, every } = repeat ?? {};
    if (start.kind === 'at' || !every || fromMs + every.fromMs <= untilMs) return [];
    const message = `comes first at ${formatDuration(fromMs)}, and again after until: make until later, or leave every and until out`;
    return [source.problemAt([...placeNamed(source, name), 'until'], message)];
  });
}

const isCertain = ({ start, length, repeat }: TimedFault): boolean =>
  [start.kind === 'at' ? start.at : start.wait, length, ...(repeat ? [repeat.every] : [])].every(
    ({ fromMs, toMs }) => fromMs === toMs,
  );

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
