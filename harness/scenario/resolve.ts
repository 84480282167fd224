// Turns the YAML shape of a scenario into the Scenario of the model, and checks what must hold
// between its parts. Each part is checked even when another is broken, so that all errors show at
// once.

import type { Design, Expectation, Scenario } from '../model/scenario.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { AlertFile } from './alertSchema.ts';
import { checkAlerts, toAlert } from './resolveAlerts.ts';
import { checkFaults } from './checkWindow.ts';
import { checkTimeline } from './checkTimeline.ts';
import { METRICS } from '../measure/metrics/catalogue.ts';
import type { Metric } from '../measure/metrics/metric.ts';
import { parseExpectation, pointAt } from './expectation.ts';
import { unknownName } from './suggest.ts';
import { entries, type ReadDesign } from './place.ts';
import { resolveSources } from './resolveDesign.ts';
import { listAssumptions, checkViewers, toViewers } from './resolveViewers.ts';
import { operatorAssumption, toTimedFault, toWindow } from './resolveFault.ts';
import { scenarioSchema, type ScenarioFile } from './schema.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** The Scenario of a file in which no problem was found. */
export function toScenario(file: ScenarioFile, design: Design, fileName: string): Scenario {
  return {
    name: file.name,
    title: file.title,
    description: file.description ?? '',
    kind: file.kind,
    tags: file.tags,
    sources: resolveSources(file.sources),
    assumptions: [
      ...file.assumptions,
      ...listAssumptions(toViewers(file.viewers)),
      ...file.windows.flatMap(({ name, operator }) =>
        operator ? [operatorAssumption(name, operator)] : [],
      ),
    ],
    design,
    clock: file.clock,
    zone: file.zone,
    seed: file.seed,
    viewers: toViewers(file.viewers),
    steady: { holdMs: file.steady.hold, withinMs: file.steady.within },
    windows: file.windows.map((window) => toWindow(window, design)),
    faults: file.faults.map((fault) => toTimedFault(fault, design)),
    ...(file.alerts.length > 0 && { alerts: (file.alerts as AlertFile[]).map(toAlert) }),
    recover: { withinMs: file.recover.within },
    ...(file.compressAtMost !== undefined && { compressAtMost: file.compressAtMost }),
    expectations: file.expect.flatMap((text) => readExpectation(text) ?? []),
    guardrails: file.guardrails.flatMap((text) => readExpectation(text) ?? []),
    file: fileName,
  };
}

const readExpectation = (text: string): Expectation | undefined =>
  parseExpectation(text).expectation;

/** Problems of windows and faults with each other and with the design. */
export const checkTimed = (source: SourceFile, read: ReadDesign): Problem[] => [
  ...checkFaults(source, read),
  ...checkTimeline(source),
];

/** Problems between the parts. */
export const checkScenario = (source: SourceFile, read: ReadDesign): Problem[] => [
  ...checkTimed(source, read),
  ...checkViewers(source, read),
  ...checkAlerts(source, read),
  ...checkRecover(source),
  ...checkLines(source, entries(source, 'expect'), read),
  ...checkLines(source, entries(source, 'guardrails'), read),
  ...checkGuardrails(source),
  ...checkLines(source, entries(source, 'search', 'limits'), read),
];

/** Whoever recovered has seen the programme for the hold time, before the phase is over. */
function checkRecover(source: SourceFile): Problem[] {
  const { steady, recover } = scenarioSchema.shape;
  const hold = steady.safeParse(valueAt(source.data, ['steady'])).data?.hold ?? 0;
  const within = recover.safeParse(valueAt(source.data, ['recover'])).data?.within ?? Infinity;
  if (within >= hold) return [];
  const message = `expected at least the hold of steady, ${formatDuration(hold)}: nobody can have recovered before`;
  return [source.problemAt(['recover', 'within'], message)];
}

/** A guardrail on what is known at the end alone would be trusted, and never end a run. */
const checkGuardrails = (source: SourceFile): Problem[] =>
  entries(source, 'guardrails').flatMap((path) => {
    const read = readExpectation(String(valueAt(source.data, path)));
    const metric = METRICS.find(({ name }) => name === read?.metric);
    if (!read || !metric) return [];
    if (isWatched(metric))
      return holdsWhenWell(metric, read) ? [source.problemAt(path, HOLDS_WHEN_WELL)] : [];
    const known = METRICS.filter(isWatched).map(({ name }) => name);
    const message = `${metric.name} is known when a run is over, so that no guardrail can watch it; watched are ${known.join(', ')}`;
    return [source.problemAt(path, message)];
  });

/** Such a guardrail would end every run at its first picture. */
function holdsWhenWell(metric: Metric, { operator, value }: Expectation): boolean {
  const well = 'whenWell' in metric ? 1 : 0;
  return {
    '<': well < value.value,
    '<=': well <= value.value,
    '==': well === value.value,
    '>=': well >= value.value,
    '>': well > value.value,
  }[operator];
}

const HOLDS_WHEN_WELL =
  'this holds while everybody sees the programme, and would end the run at once: a guardrail says what is too bad, such as p50(blackScreen) > 5m';

const isWatched = (metric: Metric): boolean => 'live' in metric && metric.live !== undefined;

/** A share of the cut, where nothing is cut, holds or fails whatever viewers see. */
export const checkShareOfCut = (source: SourceFile): Problem[] =>
  (['expect', 'guardrails'] as const)
    .flatMap((key) => entries(source, key))
    .filter((path) => isShareOfCut(readExpectation(String(valueAt(source.data, path)))))
    .map((path) => source.problemAt(path, NOTHING_CUT));

const NOTHING_CUT = 'nothing is cut in this scenario, so there is no share of it: write a time';

const isShareOfCut = (expectation: Expectation | undefined): boolean =>
  expectation?.value.unit === 'ofCut' ||
  METRICS.some(({ name, needsCut }) => needsCut && name === expectation?.metric);

/** Undefined where the group that an expectation names is in the scenario, and where it names none. */
function unknownGroup(source: SourceFile, { group }: Expectation): string | undefined {
  const names = entries(source, 'viewers').flatMap((path) => {
    const name = valueAt(source.data, [...path, 'name']);
    return typeof name === 'string' ? [name] : [];
  });
  if (group === undefined || names.includes(group)) return undefined;
  if (names.length > 0) return unknownName('group', group, names);
  return `no group is called ${group}: viewers of one group have no name`;
}

/** Undefined where it is about a scope of the design, or a country. */
function unknownScope({ about }: Expectation, { design }: ReadDesign): string | undefined {
  const scopes = (design?.residency ?? []).map(({ name }) => name);
  if (!design || about === undefined || /^[A-Z]{2}$/.test(about) || scopes.includes(about))
    return undefined;
  return `${unknownName('scope', about, scopes)}; or write a country such as FR`;
}

/** Undefined where it is not about alerts, or there are some. */
function withoutAlert(source: SourceFile, { metric }: Expectation): string | undefined {
  const needs = METRICS.some(({ name, needsAlert }) => needsAlert && name === metric);
  return needs && entries(source, 'alerts').length === 0 ? NO_ALERT : undefined;
}

const NO_ALERT =
  'no alert is issued in this scenario, so that nothing can be said of one: add alerts';

function checkLines(source: SourceFile, paths: readonly Path[], read: ReadDesign): Problem[] {
  return paths.flatMap((path) => {
    const text = valueAt(source.data, path);
    if (typeof text !== 'string' || text === '') return [];
    const { mistake, expectation } = parseExpectation(text);
    const wrong =
      expectation &&
      (unknownGroup(source, expectation) ??
        unknownScope(expectation, read) ??
        withoutAlert(source, expectation));
    if (wrong !== undefined) return [source.problemAt(path, wrong)];
    if (!mistake) return [];
    const picture = pointAt(text, mistake.at).replaceAll('\n', '\n      ');
    return [source.problemAt(path, `${mistake.message}\n      ${picture}`)];
  });
}
