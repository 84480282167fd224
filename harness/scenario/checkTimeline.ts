// Checks the rules between the times of faults: one start, an end to what repeats, names that are
// told apart, and nothing that waits for itself.

import { LENGTH_KEYS } from '../fields/clockFields.ts';
import { faultSchema, START_KEYS, type FaultFile } from './faultSchema.ts';
import { entries, exactlyOne, has } from './place.ts';
import { unknownName } from './suggest.ts';
import { repeated } from './resolveDesign.ts';
import { shapeParts } from './shape.ts';
import { isMapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

export function checkTimeline(source: SourceFile): Problem[] {
  const windows = entries(source, 'windows');
  const faults = entries(source, 'faults');
  return [
    ...faults.flatMap((path) => checkTimes(source, path)),
    ...checkNames(source, [...windows, ...faults]),
    ...checkEvents(source, windows, faults),
  ];
}

/** Start, repetition and profile of a fault, as far as they could be read. */
function checkTimes(source: SourceFile, path: Path): Problem[] {
  const place = { source, path };
  const problems = isMapping(valueAt(source.data, path))
    ? [...exactlyOne(place, START_KEYS), ...exactlyOne(place, LENGTH_KEYS)]
    : [];
  return [
    ...problems,
    ...timeMistakes(shapeParts(faultSchema, source, path), (key) => has(place, key)).map(
      ([key, message]) => source.problemAt([...path, key], message),
    ),
  ];
}

type TimeMistakes = readonly (readonly [keyof FaultFile, string])[];

/** Tells whether a key is written, be it right or not. */
type IsWritten = (key: keyof FaultFile) => boolean;

const timeMistakes = (fault: Partial<FaultFile>, isWritten: IsWritten): TimeMistakes => [
  ...repeatMistakes(fault, isWritten),
  ...profileMistakes(fault),
];

function repeatMistakes(
  { at, for: length, every, until, times }: Partial<FaultFile>,
  isWritten: IsWritten,
): TimeMistakes {
  const mistakes: [keyof FaultFile, string][] = [];
  if (isWritten('every') && !isWritten('until') && !isWritten('times'))
    mistakes.push(['every', 'expected until or times beside it: nothing goes on for ever']);
  if (!isWritten('every') && isWritten('until')) mistakes.push(['until', 'goes with every']);
  if (!isWritten('every') && isWritten('times')) mistakes.push(['times', 'goes with every']);
  if (every && length && every.fromMs <= length.toMs)
    mistakes.push(['every', 'expected more than for: it would start again before it ended']);
  if (every && times === 1)
    mistakes.push(['times', 'expected at least 2 beside every: once is what it comes anyway']);
  if (every && until !== undefined && at && at.toMs + every.toMs > until)
    mistakes.push(['until', `expected to be later than ${COMES_AGAIN}`]);
  return mistakes;
}

const COMES_AGAIN = 'the time that it comes again (at and every): it would come once';

function profileMistakes({ for: length, flap, ramp, fall }: Partial<FaultFile>): TimeMistakes {
  const mistakes: [keyof FaultFile, string][] = [];
  if (flap && ramp) mistakes.push(['ramp', 'a fault flaps or ramps, not both']);
  if (flap && fall) mistakes.push(['fall', 'a fault flaps or falls, not both']);
  if (flap && length && flap.on >= length.fromMs)
    mistakes.push(['flap', 'expected on to be less than for: it would never be off']);
  else if (flap && length && flap.on + flap.off >= length.fromMs)
    mistakes.push(['flap', 'expected on and off to be less than for: it would be on once']);
  if (ramp && length && ramp.over > length.fromMs)
    mistakes.push(['ramp', 'expected to reach its full size before it ends']);
  else if (fall && length && fall.over + (ramp?.over ?? 0) > length.fromMs)
    mistakes.push(['fall', 'expected to begin after it has reached its full size']);
  for (const [key, slope] of [['ramp', ramp] as const, ['fall', fall] as const])
    if (slope && slope.over < slope.steps)
      mistakes.push([key, 'expected steps of at least a millisecond']);
  return mistakes;
}

/** Windows and faults share one space of names: plan and report call them by it. */
function checkNames(source: SourceFile, paths: readonly Path[]): Problem[] {
  const named = paths
    .map((path) => ({ path: [...path, 'name'], name: valueAt(source.data, [...path, 'name']) }))
    .filter(({ name }) => typeof name === 'string');
  const twice = new Set(repeated(named.map(({ name }) => name)));
  return named.flatMap(({ path, name }, i) =>
    twice.has(i)
      ? [source.problemAt(path, `${String(name)} names another window or fault already`)]
      : [],
  );
}

/** `after:` names something else that is there, and nothing waits for itself. */
function checkEvents(source: SourceFile, windows: Path[], faults: Path[]): Problem[] {
  const nameOf = (path: Path) => valueAt(source.data, [...path, 'name']);
  const windowNames = new Set(windows.map(nameOf));
  const known = [...windowNames, ...faults.map(nameOf)].filter((name) => typeof name === 'string');
  const isKnown = new Set(known);
  const waitsFor = new Map<unknown, string>();
  const problems: Problem[] = [];
  for (const path of faults) {
    const text = valueAt(source.data, [...path, 'after']);
    const [, of, what] = /^([a-z0-9-]+)\.(start|end|overrun)/.exec(String(text)) ?? [];
    if (of === undefined) continue;
    const at = (message: string) => problems.push(source.problemAt([...path, 'after'], message));
    waitsFor.set(nameOf(path), of);
    if (!isKnown.has(of)) at(unknownName('window or fault', of, known));
    else if (what === 'overrun' && !windowNames.has(of))
      at(`${of} is a fault: only windows overrun`);
  }
  const circles = circlesIn(waitsFor);
  for (const path of faults) {
    const circle = circles.get(nameOf(path));
    if (circle)
      problems.push(
        source.problemAt([...path, 'after'], `${circle.join(' waits for ')}: a circle`),
      );
  }
  return problems;
}

/** Names that wait for themselves, each with the way from it back to itself; every name is walked over once. */
function circlesIn(
  waitsFor: ReadonlyMap<unknown, string>,
): ReadonlyMap<unknown, readonly string[]> {
  const circles = new Map<unknown, readonly string[]>();
  const seen = new Set<unknown>();
  for (const first of waitsFor.keys()) {
    const way = new Map<unknown, number>();
    let name: unknown = first;
    while (name !== undefined && !seen.has(name)) {
      seen.add(name);
      way.set(name, way.size);
      name = waitsFor.get(name);
    }
    const from = way.get(name);
    if (from === undefined) continue;
    const circle = [...way.keys()].slice(from).map(String);
    const reach = Math.min(circle.length, NAMES_SHOWN_MAX);
    circle.forEach((one, i) => {
      const rest = Array.from({ length: reach }, (_, step) => circle[(i + step) % circle.length]);
      circles.set(one, [...(rest as string[]), ...(reach < circle.length ? ['…'] : []), one]);
    });
  }
  return circles;
}

/** The number of names shown of a circle; of more the first are enough to find it. */
const NAMES_SHOWN_MAX = 10;
