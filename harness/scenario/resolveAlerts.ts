// Turns the YAML shape of alerts into those of the model, and checks what must hold between their
// parts, between alerts, and with the design and the viewers.

import { carriageCalled } from '../alerts/catalogue.ts';
import { parseDurationMs } from '../kernel/duration.ts';
import type { Alert } from '../model/alert.ts';
import type { Design } from '../model/scenario.ts';
import type { AlertFile } from './alertSchema.ts';
import { entries, type ReadDesign } from './place.ts';
import { repeated } from './resolveDesign.ts';
import { isMapping, valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { listed } from './suggest.ts';

export const toAlert = ({ area = [], update = [], ...file }: AlertFile): Alert => ({
  id: file.id,
  areas: area,
  severity: file.severity,
  text: file.text,
  exercise: file.exercise,
  carriages: file.carriage,
  atMs: file.at,
  updates: update.map(({ at, text }) => ({ atMs: at, text })),
  endMs: file.end,
});

/** Works on what is written, so that one error hides no other. */
export function checkAlerts(source: SourceFile, { design }: ReadDesign): Problem[] {
  const paths = entries(source, 'alerts');
  const ids = paths.map((path) => valueAt(source.data, [...path, 'id']));
  return [
    ...repeated(ids.map((id) => id ?? Symbol())).map((i) =>
      source.problemAt([...paths[i]!, 'id'], `two alerts are called ${String(ids[i])}`),
    ),
    ...paths.flatMap((path) => [
      ...checkOrder(source, path),
      ...checkArea(source, path),
      ...checkWords(source, path),
      ...(design ? checkCarriages(source, path, design) : []),
    ]),
  ];
}

const listAt = (source: SourceFile, path: Path): readonly unknown[] => {
  const value = valueAt(source.data, path);
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
};

/** Issued, updated and ended one after the other. */
function checkOrder(source: SourceFile, path: Path): Problem[] {
  const updates = valueAt(source.data, [...path, 'update']);
  const ofUpdates = Array.isArray(updates)
    ? updates.map((_, i): Path => [...path, 'update', i, 'at'])
    : isMapping(updates)
      ? [[...path, 'update', 'at']]
      : [];
  const times = [[...path, 'at'], ...ofUpdates, [...path, 'end']].flatMap((place) => {
    const value = valueAt(source.data, place);
    const ms = typeof value === 'string' ? parseDurationMs(value) : undefined;
    return ms === undefined ? [] : [{ place, ms, is: place.at(-1) === 'end' ? 'end' : 'update' }];
  });
  return times.flatMap(({ place, ms, is }, i) => {
    if (times.slice(0, i).every((before) => before.ms < ms)) return [];
    return [source.problemAt(place, is === 'end' ? ENDS_BEFORE : UPDATED_BEFORE)];
  });
}

const ENDS_BEFORE =
  'expected a time after it is issued and updated: it would be over before it begins';
const UPDATED_BEFORE = 'expected a time after it is issued, and after the update before';

function checkArea(source: SourceFile, path: Path): Problem[] {
  const names = listAt(source, [...path, 'area']);
  const viewers = valueAt(source.data, ['viewers']);
  const groups = (Array.isArray(viewers) ? viewers : [viewers]).filter(isMapping);
  const lived = groups.flatMap(({ area }) => (typeof area === 'string' ? [area] : []));
  if (names.length === 0 || names.some((name) => lived.includes(String(name)))) return [];
  const known =
    lived.length > 0 ? `they live in ${listed([...new Set(lived)])}` : 'no group says its area';
  const message = `no viewers live in ${listed(names.map(String))}: ${known}`;
  return [source.problemAt([...path, 'area'], message)];
}

/** Nobody may take an exercise for the real thing. */
function checkWords(source: SourceFile, path: Path): Problem[] {
  const { exercise = false, text } = Object(valueAt(source.data, path)) as Record<string, unknown>;
  if (exercise !== false || typeof text !== 'string' || !SAYS_EXERCISE.test(text)) return [];
  const message = 'its text calls it an exercise: say exercise: true, or change the text';
  return [source.problemAt([...path, 'text'], message)];
}

const SAYS_EXERCISE = /^\W*exerci[cs]e\s*[:!.–—-]/i;

function checkCarriages(source: SourceFile, path: Path, design: Design): Problem[] {
  return listAt(source, [...path, 'carriage']).flatMap((name) => {
    const carriage = carriageCalled(String(name));
    if (!carriage || design.stages.some(({ role }) => role === carriage.role)) return [];
    const message = `${carriage.name} needs a stage with role: ${carriage.role}, and ${design.name} has none`;
    return [source.problemAt([...path, 'carriage'], message)];
  });
}
