// Turns the YAML shape of alerts into those of the model, and checks what must hold between their
// parts, between alerts, and with the design and the viewers.

import { carriageCalled } from '../alerts/catalogue.ts';
import { shortened } from '../fields/visible.ts';
import { parseDurationMs } from '../kernel/duration.ts';
import type { Alert } from '../model/alert.ts';
import type { Design } from '../model/scenario.ts';
import type { AlertFile } from './alertSchema.ts';
import { DEFAULT_PLAYER, findFleet, PLAYERS } from '../../players/registry.ts';
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

/** One group of viewers may be written without a list. */
const groupsIn = (source: SourceFile) => listAt(source, ['viewers']).filter(isMapping);

function updatePaths(source: SourceFile, path: Path): Path[] {
  const updates = valueAt(source.data, [...path, 'update']);
  if (Array.isArray(updates)) return updates.map((_, i) => [...path, 'update', i]);
  return isMapping(updates) ? [[...path, 'update']] : [];
}

/** Issued, updated and ended one after the other. */
function checkOrder(source: SourceFile, path: Path): Problem[] {
  const places = [path, ...updatePaths(source, path)].map((place) => [...place, 'at']);
  const times = [...places, [...path, 'end']].flatMap((place) => {
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
  const names = listAt(source, [...path, 'area']).map(String);
  const lived = groupsIn(source).flatMap(({ area }) => (typeof area === 'string' ? [area] : []));
  const said = names.filter((name) => name.trim() !== '').map(shortened);
  if (said.length === 0 || names.some((name) => lived.includes(name))) return [];
  const known =
    lived.length > 0 ? `they live in ${listed([...new Set(lived)])}` : 'no group says its area';
  return [source.problemAt([...path, 'area'], `no viewers live in ${listed(said)}: ${known}`)];
}

/** Nobody may take an exercise for the real thing. */
function checkWords(source: SourceFile, path: Path): Problem[] {
  if (valueAt(source.data, [...path, 'exercise']) === true) return [];
  const message = 'its text calls it an exercise: say exercise: true, or change the text';
  return [path, ...updatePaths(source, path)]
    .map((place) => [...place, 'text'])
    .filter((place) => SAYS_EXERCISE.test(String(valueAt(source.data, place))))
    .map((place) => source.problemAt(place, message));
}

const SAYS_EXERCISE =
  /^\W*exerci[cs]e\s*(?:$|[^\w\s])|\b(?:is|est) (?:only )?(?:an|un) exerci[cs]e\b/i;

function checkCarriages(source: SourceFile, path: Path, design: Design): Problem[] {
  const had = groupsIn(source).map(({ player = DEFAULT_PLAYER }) => String(player));
  const wrong = (message: string) => [source.problemAt([...path, 'carriage'], message)];
  return listAt(source, [...path, 'carriage']).flatMap((word) => {
    const carriage = carriageCalled(String(word));
    if (!carriage) return [];
    const { name, role, players = WITH_PICTURE } = carriage;
    if (!design.stages.some((stage) => stage.role === role))
      return wrong(`${name} needs a stage with role: ${role}, and ${design.name} has none`);
    // A player that nobody knows may have been meant to be one of these.
    const fits = (player: string) => players.includes(player) || !Object.hasOwn(PLAYERS, player);
    if (had.length === 0 || had.some(fits)) return [];
    return wrong(`${name} is shown by ${listed(players)}, and no viewer has that player`);
  });
}

const WITH_PICTURE = Object.keys(PLAYERS).filter((name) => findFleet(name) !== 'light');
