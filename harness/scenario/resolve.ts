// From the YAML shape of a scenario to the Scenario of the model, and what must hold between its
// parts. Each part is checked even when another is broken, so that all errors show at once.

import type {
  Design,
  Expectation,
  Fault,
  MaintenanceWindow,
  PlayerPolicy,
  Scenario,
  TimedFault,
} from '../model/scenario.ts';
import { parseExpectation, pointAt } from './expectation.ts';
import { repeated, sourcesOf, unknownName } from './resolveDesign.ts';
import { FAULT_KEYS, windowSchema } from './schema.ts';
import type { FaultFile, ScenarioFile, WindowFile } from './schema.ts';
import { shape } from './shape.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

type FaultFields = Pick<FaultFile, 'links' | 'channels' | (typeof FAULT_KEYS)[number]>;

/** The Scenario of a file in which no problem was found. */
export function toScenario(file: ScenarioFile, design: Design, fileName: string): Scenario {
  return {
    name: file.name,
    title: file.title,
    description: file.description ?? '',
    kind: file.kind,
    sources: sourcesOf(file.sources),
    assumptions: file.assumptions,
    design,
    clock: file.clock,
    seed: file.seed,
    viewers: { ...file.viewers, policy: policyOf(file.viewers.policy) },
    steady: { holdMs: file.steady.hold, withinMs: file.steady.within },
    windows: file.windows.map((window) => toWindow(window, design)),
    faults: file.faults.map((fault) => toTimedFault(fault, design)),
    recover: { withinMs: file.recover.within },
    expectations: file.expect.flatMap((text) => expectationOf(text) ?? []),
    file: fileName,
  };
}

const expectationOf = (text: string): Expectation | undefined => parseExpectation(text).expectation;

function policyOf(policy: ScenarioFile['viewers']['policy']): PlayerPolicy {
  if (policy.onFatal === 'none') return { onFatal: 'none' };
  return { onFatal: policy.onFatal, delayMs: policy.delay, jitterMs: policy.jitter };
}

function toTimedFault(file: FaultFile, design: Design): TimedFault {
  return { name: file.name, atMs: file.at, forMs: file.for, fault: toFault(file, design) };
}

function toWindow(file: WindowFile, design: Design): MaintenanceWindow {
  const { work, announced, restore } = file;
  return {
    name: file.name,
    owner: file.owner,
    announcedFromMs: announced?.from ?? work.at,
    announcedForMs: announced?.for ?? work.for,
    work: { atMs: work.at, forMs: work.for, fault: toFault(work, design) },
    overrunMs: file.overrun,
    restore: { order: restore.order ?? design.channels, paceMs: restore.pace },
  };
}

/** `checkFault` has made sure that exactly one kind is there. */
function toFault(file: FaultFields, design: Design): Fault {
  const where = { links: file.links, channels: file.channels ?? design.channels };
  if (file.cut) return { kind: 'cut', effect: file.cut, ...where };
  if (file.latency)
    return {
      kind: 'latency',
      delayMs: file.latency.delay,
      jitterMs: file.latency.jitter,
      ...where,
    };
  return { kind: 'bandwidth', rateKbps: file.bandwidth ?? 0, ...where };
}

/** Problems between the parts; `design` is undefined when it could not be read. */
export function checkScenario(source: SourceFile, design: Design | undefined): Problem[] {
  return [
    ...entries(source, 'windows').flatMap((path) => [
      ...checkFault({ source, path: [...path, 'work'], design }),
      ...checkOrder({ source, path: [...path, 'restore'], design }),
      ...checkAnnounced(source, path),
    ]),
    ...entries(source, 'faults').flatMap((path) => checkFault({ source, path, design })),
    ...checkNames(source),
    ...checkExpectations(source),
  ];
}

/** A mapping of the file; what is inside may still be anything. */
interface Place {
  readonly source: SourceFile;
  readonly path: Path;
  readonly design: Design | undefined;
}

function entries(source: SourceFile, key: 'windows' | 'faults' | 'expect'): Path[] {
  const list = valueAt(source.data, [key]);
  return Array.isArray(list) ? list.map((_, i) => [key, i]) : [];
}

function checkFault(place: Place): Problem[] {
  const { source, path, design } = place;
  const fault = valueAt(source.data, path);
  if (fault === null || typeof fault !== 'object') return [];
  const kinds = FAULT_KEYS.filter((key) => Object.hasOwn(fault, key));
  const got = kinds.length === 0 ? 'none' : kinds.join(' and ');
  const message = `expected exactly one of ${FAULT_KEYS.join(', ')}, got ${got}`;
  const links = design?.links.map((link) => link.name);
  return [
    ...(kinds.length === 1 ? [] : [source.problemAt(path, message)]),
    ...checkList(place, { key: 'links', what: 'link', known: links }),
    ...checkList(place, { key: 'channels', what: 'channel', known: design?.channels }),
  ];
}

const checkOrder = (place: Place): Problem[] =>
  checkList(place, { key: 'order', what: 'channel', known: place.design?.channels });

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
  if (!value?.announced) return [];
  const { announced, work } = value;
  const endMs = announced.from + announced.for;
  if (work.at >= announced.from && work.at + work.for <= endMs) return [];
  const message =
    'expected work planned inside the announced interval (an overrun goes in overrun:)';
  return [source.problemAt([...path, 'work', 'at'], message)];
}

/** Windows and faults share one space of names: plan and report call them by it. */
function checkNames(source: SourceFile): Problem[] {
  const paths = [...entries(source, 'windows'), ...entries(source, 'faults')];
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

function checkExpectations(source: SourceFile): Problem[] {
  return entries(source, 'expect').flatMap((path) => {
    const text = valueAt(source.data, path);
    if (typeof text !== 'string' || text === '') return [];
    const { mistake } = parseExpectation(text);
    if (!mistake) return [];
    const picture = pointAt(text, mistake.at).replaceAll('\n', '\n      ');
    return [source.problemAt(path, `${mistake.message}\n      ${picture}`)];
  });
}
