// Turns the YAML shape of alerts into those of the model, and checks what must hold between their
// parts, between alerts, and with the design and the viewers.

import { carriageCalled } from '../alerts/catalogue.ts';
import { shortened } from '../fields/visible.ts';
import { parseDurationMs } from '../kernel/duration.ts';
import type { Alert } from '../model/alert.ts';
import type { Design } from '../model/scenario.ts';
import type { AlertFile } from './alertSchema.ts';
import { DEFAULT_PLAYER, findFleet, PLAYERS } from '../../players/registry.ts';
import { entries, inside, said, wrong, type ReadDesign, type Spot } from './place.ts';
import { repeated } from './resolveDesign.ts';
import { isMapping } from '../fields/mapping.ts';
import { valueAt, type Problem, type SourceFile } from './sourceFile.ts';
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
  const alerts = entries(source, 'alerts').map((path): Spot => ({ source, path }));
  const ids = alerts.map((alert) => said(alert, 'id'));
  return [
    ...repeated(ids.map((id) => id ?? Symbol())).flatMap((i) =>
      wrong(alerts[i]!, ['id'], `two alerts are called ${String(ids[i])}`),
    ),
    ...alerts.flatMap((alert) => [
      ...checkOrder(alert),
      ...checkArea(alert),
      ...checkWords(alert),
      ...(design ? checkCarriages(alert, design) : []),
    ]),
  ];
}

const listIn = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** One group of viewers may be written without a list. */
const groupsIn = ({ source }: Spot) => listIn(valueAt(source.data, ['viewers'])).filter(isMapping);

/** The alert itself, then its updates. */
function messagesOf(alert: Spot): Spot[] {
  const updates = said(alert, 'update');
  const update = inside(alert, 'update');
  if (Array.isArray(updates)) return [alert, ...updates.map((_, i) => inside(update, i))];
  return isMapping(updates) ? [alert, update] : [alert];
}

/** Issued, updated and ended one after the other. */
function checkOrder(alert: Spot): Problem[] {
  const places = [...messagesOf(alert).map((one) => inside(one, 'at')), inside(alert, 'end')];
  const times = places.flatMap((place) => {
    const value = said(place);
    const ms = typeof value === 'string' ? parseDurationMs(value) : undefined;
    return ms === undefined ? [] : [{ place, ms }];
  });
  return times.flatMap(({ place, ms }, i) => {
    if (times.slice(0, i).every((before) => before.ms < ms)) return [];
    return wrong(place, [], place.path.at(-1) === 'end' ? ENDS_BEFORE : UPDATED_BEFORE);
  });
}

const ENDS_BEFORE =
  'expected a time after it is issued and updated: it would be over before it begins';
const UPDATED_BEFORE = 'expected a time after it is issued, and after the update before';

function checkArea(alert: Spot): Problem[] {
  const names = listIn(said(alert, 'area')).map(String);
  const lived = groupsIn(alert).flatMap(({ area }) => (typeof area === 'string' ? [area] : []));
  const asked = names.filter((name) => name.trim() !== '').map(shortened);
  if (asked.length === 0 || names.some((name) => lived.includes(name))) return [];
  const known =
    lived.length > 0 ? `they live in ${listed([...new Set(lived)])}` : 'no group says its area';
  return wrong(alert, ['area'], `no viewers live in ${listed(asked)}: ${known}`);
}

/** Nobody may take an exercise for the real thing. */
function checkWords(alert: Spot): Problem[] {
  if (said(alert, 'exercise') === true) return [];
  const message = 'its text calls it an exercise: say exercise: true, or change the text';
  return messagesOf(alert)
    .filter((one) => SAYS_EXERCISE.test(String(said(one, 'text'))))
    .flatMap((one) => wrong(one, ['text'], message));
}

const SAYS_EXERCISE =
  /^\W*exerci[cs]e\s*(?:$|[^\w\s])|\b(?:is|est) (?:only )?(?:an|un) exerci[cs]e\b/i;

function checkCarriages(alert: Spot, design: Design): Problem[] {
  const had = groupsIn(alert).map(({ player = DEFAULT_PLAYER }) => String(player));
  const refuse = (message: string) => wrong(alert, ['carriage'], message);
  return listIn(said(alert, 'carriage')).flatMap((word) => {
    const carriage = carriageCalled(String(word));
    if (!carriage) return [];
    const { name, role, players = WITH_PICTURE } = carriage;
    if (!design.stages.some((stage) => stage.role === role))
      return refuse(`${name} needs a stage with role: ${role}, and ${design.name} has none`);
    // A player that nobody knows may have been meant to be one of these.
    const fits = (player: string) => players.includes(player) || !Object.hasOwn(PLAYERS, player);
    if (had.length === 0 || had.some(fits)) return [];
    return refuse(`${name} is shown by ${listed(players)}, and no viewer has that player`);
  });
}

const WITH_PICTURE = Object.keys(PLAYERS).filter((name) => findFleet(name) !== 'light');
