// History -> Report. Pure: the same record gives the same report, byte for byte, whenever and
// wherever it is judged.
//
// Order of verdicts: an inconclusive finding says that the experiment did not happen as planned or
// was not measured; then nothing it showed counts, for or against, and every expectation becomes
// inconclusive. In a valid run fail goes before inconclusive, inconclusive before pass.

import type { EndRecord, Environment, History } from '../model/history.ts';
import type { LoadRecord } from '../model/summary.ts';
import { ASSUMED_MARGIN, type Margin } from '../model/margin.ts';
import {
  REPORT_VERSION,
  type ExpectationResult,
  type Finding,
  type Report,
  type StageLoad,
  type Verdict,
  type WindowResult,
} from '../model/report.ts';
import { measureAudience, listCohorts, listFigures, groupsIn } from './audience.ts';
import { passedIn, type Passed } from './borders.ts';
import { evaluate, withdrawn } from './expectations.ts';
import { cutInForceMs, disruptedAtMs, listFaults } from './faults.ts';
import { listFindings } from './findings.ts';
import { buildLanes } from './lanes.ts';
import { busyFindings, summariseMachine } from './machineLoad.ts';
import { METRICS } from './metrics/catalogue.ts';
import type { Metric } from './metrics/metric.ts';
import { addPlayerActs } from './playerActs.ts';
import { KINDS_MAX, listPlayerErrors, stagesByPort } from './playerErrors.ts';
import { presenceIn } from './presence.ts';
import { groupRecords, type Recorded } from './recorded.ts';
import { findTail } from './tail.ts';
import { watch } from './watch.ts';
import { listWorkers } from './workers.ts';

export function judge(history: History | Recorded, metrics: readonly Metric[] = METRICS): Report {
  const recorded = 'tracks' in history ? history : groupRecords(history);
  const end = recorded.truncated ? undefined : findEnd(recorded);
  const endMs = Math.round(findEnd(recorded)?.atMs ?? recorded.latestMs);
  const faults = listFaults(recorded);
  const cutMs = cutInForceMs(faults, endMs);
  const presence = presenceIn(recorded, endMs);
  const { viewers: all, ...seen } = watch(recorded, { faults, endMs, presence });
  const viewers = all.filter(({ result }) => result.imitates === undefined);
  const beside = all.filter(({ result }) => result.imitates !== undefined);
  const audience = viewers.filter(({ result }) => !result.control);
  const results = viewers.map(({ result }) => result);
  const screens = { viewers: results, audience, beside, presence, ...seen };
  const evidence = { history: recorded, end, endMs, ...screens };
  const findings = listFindings(evidence);
  const margin = knownMargin(recorded);
  const { populations } = recorded;
  const inGroup = (name: string) => all.filter(({ result }) => result.group === name);
  const kept = { viewers: audience, inGroup, populations, passed: passedIn(recorded) };
  const measured = { ...kept, cutMs, marginMs: margin.ms, metrics };
  const expectations = judgeExpectations(recorded, findings, measured);
  const { scenario } = recorded.run.plan;
  const machine = summariseMachine(recorded);
  const watching = recorded.tracks.filter(
    ({ viewer }) => !viewer.control && viewer.imitates === undefined,
  );
  const everybody = { viewers: results.filter(({ control }) => !control), populations };
  const figures = listFigures(metrics, everybody);
  const groups = groupsIn([...everybody.viewers, ...beside.map(({ result }) => result)]);
  const playerErrors = listPlayerErrors(
    watching,
    stagesByPort(recorded.records),
    KINDS_MAX.audience,
  );
  return {
    version: REPORT_VERSION,
    run: describeRun(recorded, end, endMs),
    verdict: decideVerdict(findings, expectations),
    findings: [...findings, ...busyFindings(machine, findings)],
    expectations,
    phases: listPhases(recorded, endMs),
    faults,
    windows: listWindows(recorded),
    ...machinesIn(recorded, machine),
    cutMs,
    margin,
    lanes: buildLanes({ history: recorded, faults, viewers, endMs }),
    viewers: addPlayerActs(results, recorded.tracks),
    audience: measureAudience(everybody),
    ...(beside.length > 0 && { beside: beside.map(({ result }) => result) }),
    ...(groups.length > 0 && { groups }),
    ...audienceIn(recorded),
    ...(figures.length > 0 && { figures }),
    ...bordersIn(recorded, kept.passed),
    ...(playerErrors && { playerErrors }),
    screenshots: listScreenshots(recorded),
    sources: scenario.sources,
    assumptions: scenario.assumptions,
  };
}

/** The machine of the run, and those that showed its viewers. */
function machinesIn(
  recorded: Recorded,
  machine: Report['machine'],
): Pick<Report, 'machine' | 'workers'> {
  const workers = listWorkers(recorded);
  return { ...(machine && { machine }), ...(workers.length > 0 && { workers }) };
}

/** Only of a run that counted. */
const bordersIn = (
  { records }: Recorded,
  { rows, interfaces }: Passed,
): Pick<Report, 'borders' | 'interfaces'> => ({
  ...(rows.length > 0 && records.some(({ type }) => type === 'passed') && { borders: rows }),
  ...(interfaces.length > 0 && { interfaces }),
});

/** Virtual time is exact; of a machine that nobody calibrated the usual margin is assumed. */
const knownMargin = ({ run }: History): Margin =>
  run.margin ?? (run.engine === 'simulate' ? { ms: 0 } : ASSUMED_MARGIN);

const findEnd = ({ records }: History): EndRecord | undefined =>
  records.findLast((record) => record.type === 'end');

function judgeExpectations(
  { run }: History,
  findings: readonly Finding[],
  measured: Parameters<typeof evaluate>[1],
): ExpectationResult[] {
  const invalid = findings.filter(({ verdict }) => verdict === 'inconclusive');
  const rules = [...new Set(invalid.map(({ rule }) => rule))].join(', ');
  return run.plan.scenario.expectations
    .map((expectation) => evaluate(expectation, measured))
    .map((result) =>
      invalid.length > 0 ? withdrawn(result, `the run proves nothing: ${rules}`) : result,
    );
}

function decideVerdict(
  findings: readonly Finding[],
  expectations: readonly ExpectationResult[],
): Verdict {
  if (findings.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  const verdicts = new Set([...findings, ...expectations].map(({ verdict }) => verdict));
  if (verdicts.has('fail')) return 'fail';
  return verdicts.has('inconclusive') ? 'inconclusive' : 'pass';
}

function describeRun(history: History, end: EndRecord | undefined, endMs: number): Report['run'] {
  const { run } = history;
  const { scenario, compress, seed } = run.plan;
  return {
    id: run.id,
    scenario: scenario.name,
    title: scenario.title,
    kind: scenario.kind,
    design: scenario.design.name,
    variant: scenario.variant,
    ...(scenario.otherDesign && { otherDesign: scenario.otherDesign }),
    ...(scenario.otherPlayer && { otherPlayer: scenario.otherPlayer }),
    ...(scenario.otherCount && { otherCount: scenario.otherCount }),
    file: scenario.file,
    engine: run.engine,
    simulated: run.simulated,
    startedAt: new Date(run.startedAtEpochMs).toISOString(),
    endedAtMs: endMs,
    compress,
    seed,
    harness: run.harness,
    environment: mergeEnvironment(history),
    ended: end?.reason ?? 'crashed',
    ...(end?.detail === undefined ? {} : { endedDetail: end.detail }),
    clock: scenario.clock,
  };
}

/** Merges the environment of the first line with what was found out after it. */
const mergeEnvironment = ({ run, records }: History): Environment =>
  records
    .filter((record) => record.type === 'environment')
    .reduce((known, { toxiproxy = known.toxiproxy, tools }) => {
      return { ...known, toxiproxy, tools: { ...known.tools, ...tools } };
    }, run.environment);

function listPhases({ records }: History, endMs: number): Report['phases'] {
  const begun = records.filter((record) => record.type === 'phase');
  return begun.map(({ phase, atMs }, i) => ({
    phase,
    fromMs: Math.round(atMs),
    toMs: Math.round(begun[i + 1]?.atMs ?? Math.max(endMs, atMs)),
  }));
}

/** Lists the windows as planned, in the run's time: compressed like everything else. */
function listWindows({ run, records }: History): WindowResult[] {
  const { scenario, compress } = run.plan;
  const fromMs = disruptedAtMs(records);
  if (fromMs === undefined) return [];
  const at = (scenarioMs: number) => Math.round(fromMs + scenarioMs / compress);
  return scenario.windows.map(({ name, owner, announcedFromMs, announcedForMs, work }) => ({
    name,
    owner,
    announcedFromMs: at(announcedFromMs),
    announcedToMs: at(announcedFromMs + announcedForMs),
    workFromMs: at(work.atMs),
    workToMs: at(work.atMs + work.forMs),
  }));
}

/** Viewers who are known as cohorts, and what they asked. */
function audienceIn({
  populations,
  records,
}: Recorded): Pick<Report, 'cohorts' | 'tail' | 'loads'> {
  const loads = records.filter((record) => record.type === 'load');
  return {
    ...(populations.length > 0 && {
      cohorts: listCohorts(populations),
      tail: findTail(populations),
    }),
    ...(loads.length > 0 && { loads: loads.map(loadIn) }),
  };
}

function loadIn(record: LoadRecord): StageLoad {
  const { stage, requests, peakPerS, peakAtMs, perMinute, capacityPerS, refused } = record;
  return {
    stage,
    requests,
    peakPerS,
    peakAtMs,
    perMinute,
    capacityPerS,
    refused,
  };
}

const listScreenshots = ({ records }: History): Report['screenshots'] =>
  records
    .filter((record) => record.type === 'screenshot')
    .map(({ moment, atMs, file }) => ({ moment, atMs: Math.round(atMs), file }));
