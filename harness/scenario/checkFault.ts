// What must hold inside a fault, between faults, and between faults and the design. Works on what
// is in the file, not on what could be read of it, so that one error hides no other.

import type { Design } from '../model/scenario.ts';
import {
  ANSWER_KEYS,
  faultSchema,
  LINK_KEYS,
  PATH_KEYS,
  PLACE_KEYS,
  STAGE_KEYS,
  TARGET_KEYS,
  windowSchema,
  type FaultFile,
} from './faultSchema.ts';
import { repeated, unknownName } from './resolveDesign.ts';
import { pathsAt, pathsOf } from './resolveFault.ts';
import { shape } from './shape.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';
import { didYouMean } from './suggest.ts';

/** A mapping of the file; what is inside may still be anything. */
interface Place {
  readonly source: SourceFile;
  readonly path: Path;
  /** Undefined when it could not be read. */
  readonly design: Design | undefined;
}

export function checkFaults(source: SourceFile, design: Design | undefined): Problem[] {
  const windows = entries(source, 'windows');
  const faults = entries(source, 'faults');
  return [
    ...windows.flatMap((path) => checkWindow({ source, path, design })),
    ...faults.flatMap((path) => [
      ...checkFault({ source, path, design }),
      ...checkTimes(source, path),
    ]),
    ...checkNames(source, [...windows, ...faults]),
    ...checkEvents(source, windows, faults),
  ];
}

export function entries(source: SourceFile, key: 'windows' | 'faults' | 'expect'): Path[] {
  const list = valueAt(source.data, [key]);
  return Array.isArray(list) ? list.map((_, i) => [key, i]) : [];
}

function checkWindow({ source, path, design }: Place): Problem[] {
  const work = { source, path: [...path, 'work'], design };
  const restore = { source, path: [...path, 'restore'], design };
  return [
    ...checkFault(work),
    ...checkList(restore, { key: 'order', what: 'channel', known: design?.channels }),
    ...checkAnnounced(source, path),
  ];
}

function checkFault(place: Place): Problem[] {
  const { source, path, design } = place;
  if (!isMapping(valueAt(source.data, path))) return [];
  const links = design?.links.map((link) => link.name);
  const paths = design && pathsOf(design).map(({ name }) => name);
  const stages = design?.stages.map(({ name }) => name);
  return [
    ...exactlyOne(place, PLACE_KEYS),
    ...checkKinds(place),
    ...checkList(place, { key: 'stages', what: 'stage', known: stages }),
    ...checkRoles(place),
    ...checkHttp(place),
    ...checkList(place, { key: 'links', what: 'link', known: links }),
    ...checkList(place, { key: 'channels', what: 'channel', known: design?.channels }),
    ...checkList(place, { key: 'paths', what: 'path', known: paths }),
    ...checkTarget(place),
    ...checkDirection(place),
  ];
}

const KINDS = { links: LINK_KEYS, stages: STAGE_KEYS, paths: PATH_KEYS, target: PATH_KEYS };

/** One kind, of those that go with the place; nothing that goes with another place. */
function checkKinds(place: Place): Problem[] {
  const where = PLACE_KEYS.find((key) => has(place, key));
  if (!where) return [];
  const own: readonly string[] = KINDS[where];
  const fits = (key: string) =>
    own.includes(key) ||
    (key === 'channels' && (where === 'links' || where === 'stages')) ||
    (key === 'direction' && where === 'links');
  const all = [...new Set(Object.values(KINDS).flat()), 'channels', 'direction'];
  return [
    ...exactlyOne(place, own),
    ...all
      .filter((key) => has(place, key) && !fits(key))
      .map((key) => {
        const message = `${key} does not go with ${where}`;
        return place.source.problemAt([...place.path, key], message, 'key');
      }),
  ];
}

/** The programme goes wrong at its source, answers where they are given. */
function checkRoles(place: Place): Problem[] {
  const { source, path, design } = place;
  const stages = valueAt(source.data, [...path, 'stages']);
  const kind = (['content', 'http'] as const).find((key) => has(place, key));
  if (!kind || !design || !Array.isArray(stages)) return [];
  const roles: readonly string[] = kind === 'content' ? ['playout'] : ['origin', 'edge'];
  return stages.flatMap((name: unknown, i) => {
    const stage = design.stages.find((known) => known.name === name);
    if (!stage || roles.includes(stage.role)) return [];
    const message = `${kind} goes wrong at ${roles.join(' or ')}, ${stage.name} has the role ${stage.role}`;
    return [source.problemAt([...path, 'stages', i], message)];
  });
}

/** One wrong answer, and one that fits an upload. */
function checkHttp(place: Place): Problem[] {
  const http = { ...place, path: [...place.path, 'http'] };
  const { source, path } = http;
  if (!isMapping(valueAt(source.data, path))) return [];
  const wrong = valueAt(source.data, [...path, 'wrong']);
  const ofUpload = valueAt(source.data, [...path, 'of']) === 'upload';
  const fits = has(http, 'status') || wrong === 'hang';
  return [
    ...exactlyOne(http, ANSWER_KEYS),
    ...(ofUpload && !fits
      ? [source.problemAt([...path, 'of'], 'an upload can be answered with status or hang only')]
      : []),
  ];
}

const isMapping = (value: unknown): boolean => value !== null && typeof value === 'object';

const has = ({ source, path }: Place, key: string): boolean =>
  valueAt(source.data, [...path, key]) !== undefined;

function exactlyOne(place: Place, keys: readonly string[]): Problem[] {
  const got = keys.filter((key) => has(place, key));
  if (got.length === 1) return [];
  const message = `expected exactly one of ${keys.join(', ')}, got ${got.join(' and ') || 'none'}`;
  return [place.source.problemAt(place.path, message)];
}

function checkTarget(place: Place): Problem[] {
  const { source, design } = place;
  const path = [...place.path, 'target'];
  if (!isMapping(valueAt(source.data, path))) return [];
  const kinds = TARGET_KEYS.filter((key) => has({ ...place, path }, key));
  const [kind] = kinds;
  if (kinds.length !== 1 || !kind) return exactlyOne({ ...place, path }, TARGET_KEYS);
  const name = valueAt(source.data, [...path, kind]);
  if (!design || typeof name !== 'string' || pathsAt(design, { kind, name }).length > 0) return [];
  const known = [...new Set(pathsOf(design).map((p) => p[kind]))];
  const message = `no path has ${kind} ${name}; there are ${known.join(', ') || 'none'}`;
  return [source.problemAt([...path, kind], message + didYouMean(name, known))];
}

/** Closing the door has no direction. */
function checkDirection({ source, path }: Place): Problem[] {
  const cut = valueAt(source.data, [...path, 'cut']);
  if (valueAt(source.data, [...path, 'direction']) === undefined) return [];
  if (cut !== 'refuse' && cut !== 'reset') return [];
  const message = `cut: ${cut} works on whole connections: leave direction out, or hold or drop`;
  return [source.problemAt([...path, 'direction'], message, 'key')];
}

interface Names {
  readonly key: string;
  readonly what: string;
  /** Undefined when they cannot be known. */
  readonly known: readonly string[] | undefined;
}

/** Names of a list that are unknown or there twice; what is no name has been reported already. */
function checkList({ source, path }: Place, { key, what, known }: Names): Problem[] {
  const value = valueAt(source.data, [...path, key]);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const twice = new Set(repeated(list));
  return list.flatMap((name, i) => {
    const at = (message: string) => [source.problemAt([...path, key, i], message)];
    if (typeof name !== 'string') return [];
    if (known && !known.includes(name)) return at(unknownName(what, name, known));
    return twice.has(i) ? at(`${what} ${name} is there twice`) : [];
  });
}

/** Work may overrun what was announced; planned outside of it, it is a slip of the pen. */
function checkAnnounced(source: SourceFile, path: Path): Problem[] {
  const { value } = shape(windowSchema, source, path);
  if (!value) return [];
  const { announced, work, rollback, overrun, restore } = value;
  const at = (key: Path, message: string) => source.problemAt([...path, ...key], message);
  const problems: Problem[] = [];
  if (
    announced &&
    (work.at < announced.from || work.at + work.for > announced.from + announced.for)
  )
    problems.push(
      at(
        ['work', 'at'],
        'expected work planned inside the announced interval (an overrun goes in overrun:)',
      ),
    );
  if (rollback && overrun > 0)
    problems.push(at(['overrun'], 'work that is rolled back does not overrun: leave one out'));
  if (rollback && rollback.after > work.for)
    problems.push(at(['rollback', 'after'], 'expected a decision while the work goes on'));
  if (restore.pace > 0 && !work.links)
    problems.push(
      at(['restore', 'pace'], 'a path comes back as a whole: a pace goes with work on links'),
    );
  return problems;
}

/** Start, repetition and profile of a fault that has been read. */
function checkTimes(source: SourceFile, path: Path): Problem[] {
  const place = { source, path, design: undefined };
  const problems = isMapping(valueAt(source.data, path)) ? exactlyOne(place, ['at', 'after']) : [];
  const { value } = shape(faultSchema, source, path);
  if (!value) return problems;
  return [
    ...problems,
    ...timeMistakes(value).map(([key, message]) => source.problemAt([...path, key], message)),
  ];
}

function timeMistakes(fault: FaultFile): [keyof FaultFile, string][] {
  const { every, until, times, flap, ramp, cut, slice, bandwidth } = fault;
  const mistakes: [keyof FaultFile, string][] = [];
  if (every && until === undefined && times === undefined)
    mistakes.push(['every', 'expected until or times beside it: nothing goes on for ever']);
  if (!every && until !== undefined) mistakes.push(['until', 'goes with every']);
  if (!every && times !== undefined) mistakes.push(['times', 'goes with every']);
  if (every && every.fromMs <= fault.for.toMs)
    mistakes.push(['every', 'expected more than for: it would start again before it ended']);
  if (flap && ramp) mistakes.push(['ramp', 'a fault flaps or ramps, not both']);
  if (ramp && ramp.over > fault.for.fromMs)
    mistakes.push(['ramp', 'expected to reach its full size before it ends']);
  if (ramp && (cut ?? slice ?? fault.state ?? fault.stages) !== undefined)
    mistakes.push(['ramp', 'only latency, bandwidth, loss can grow in steps']);
  if (ramp && bandwidth !== undefined && (ramp.from ?? 0) <= bandwidth)
    mistakes.push(['ramp', 'expected from: a wider bandwidth to shrink from, such as 2M']);
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
  const windowNames = windows.map(nameOf);
  const known = [...windowNames, ...faults.map(nameOf)].filter((name) => typeof name === 'string');
  const waitsFor = new Map<unknown, string>();
  const problems: Problem[] = [];
  for (const path of faults) {
    const text = valueAt(source.data, [...path, 'after']);
    const [, of, what] = /^([a-z0-9-]+)\.(start|end|overrun)/.exec(String(text)) ?? [];
    if (of === undefined) continue;
    const at = (message: string) => problems.push(source.problemAt([...path, 'after'], message));
    waitsFor.set(nameOf(path), of);
    if (!known.includes(of)) at(unknownName('window or fault', of, known));
    else if (what === 'overrun' && !windowNames.includes(of))
      at(`${of} is a fault: only windows overrun`);
  }
  for (const path of faults) {
    const circle = circleFrom(nameOf(path), waitsFor);
    if (circle)
      problems.push(
        source.problemAt([...path, 'after'], `${circle.join(' waits for ')}: a circle`),
      );
  }
  return problems;
}

/** The way from a name back to itself. */
function circleFrom(name: unknown, waitsFor: ReadonlyMap<unknown, string>): string[] | undefined {
  const way = [String(name)];
  for (let next = waitsFor.get(name); next !== undefined; next = waitsFor.get(next)) {
    way.push(next);
    if (next === name) return way;
    if (way.indexOf(next) < way.length - 1) return undefined;
  }
  return undefined;
}
