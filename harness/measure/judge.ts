// History -> Report. Pure: the same record gives the same report, byte for byte, whenever and
// wherever it is judged.
//
// Order of verdicts: an inconclusive finding says that the experiment did not happen as planned or
// was not measured; then nothing it showed counts, for or against, and every expectation becomes
// inconclusive. In a valid run fail goes before inconclusive, inconclusive before pass.

import type { EndRecord, Environment, History } from '../model/history.ts';
import { ASSUMED_MARGIN, type Margin } from '../model/margin.ts';
import {
  REPORT_VERSION,
  type ExpectationResult,
  type Finding,
  type Report,
  type Verdict,
  type WindowResult,
} from '../model/report.ts';
import { audienceOf, figuresOf } from './audience.ts';
import { UNKNOWN_WAY, type Way } from './cause.ts';
import { classify, type Screen } from './classify.ts';
import { sufferingOf, withoutSuffering } from './control.ts';
import { evaluate, withdrawn } from './expectations.ts';
import { concerning, cutInForceMs, faultsOf } from './faults.ts';
import { findingsOf } from './findings.ts';
import { busyFindings, machineOf } from './machineLoad.ts';
import { lanesOf } from './lanes.ts';
import { METRICS } from './metrics/catalogue.ts';
import type { Metric } from './metrics/metric.ts';
import { playbackOf, type Playback } from './playback.ts';
import { KINDS_MAX, playerErrorsOf, stagesByPort, type StagesByPort } from './playerErrors.ts';
import { lastActionsIn } from './recovery.ts';
import { union, type Interval } from './spans.ts';
import { pathOf, stageReportsOf, type ChannelPath } from './stages.ts';
import { strayFillersOf, withoutStrays, type StrayFiller, type StrayLoss } from './strayFillers.ts';
import { tracksOf, type Track } from './tracks.ts';
import { seenBy, type SeenViewer } from './viewers.ts';
import { wayOf } from './way.ts';

export function judge(history: History, metrics: readonly Metric[] = METRICS): Report {
  const end = history.truncated ? undefined : endOf(history);
  const endMs = endedAtMs(history);
  const faults = faultsOf(history);
  const cutMs = cutInForceMs(faults, endMs);
  const reports = stageReportsOf(history.records);
  const tracks = tracksOf(history);
  const playbacks = playbacksOf(tracks, history);
  const strays = strayFillersOf({ history, faults, reports });
  const { screens, ...unfit } = screensOf({ tracks, playbacks, strays, history, endMs });
  const paths = pathsByChannel(history, reports);
  const stages = stagesByPort(history.records);
  const ways = waysByChannel(history, reports);
  const lastActionMs = lastActionsIn(history);
  const viewers = tracks.flatMap((track, i): SeenViewer[] => {
    const screen = screens[i];
    const shared = { history, endMs, faults, paths, ways, stages, lastActionMs };
    const context = { ...viewerContext(track, shared), playback: playbacks[i]! };
    return screen ? [seenBy(track, screen, context)] : [];
  });
  const audience = viewers.filter(({ result }) => !result.control);
  const results = viewers.map(({ result }) => result);
  const evidence = {
    ...{ history, end, endMs, tracks, reports, strays },
    ...{ viewers: results, audience, ...unfit },
  };
  const findings = findingsOf(evidence);
  const margin = marginOf(history);
  const measured = { viewers: audience, cutMs, marginMs: margin.ms, metrics };
  const expectations = judgeExpectations(history, findings, measured);
  const { scenario } = history.run.plan;
  const machine = machineOf(history);
  const watching = tracks.filter(({ viewer }) => !viewer.control);
  const figures = figuresOf(metrics, audience);
  const playerErrors = playerErrorsOf(watching, stages, KINDS_MAX.audience);
  return {
    version: REPORT_VERSION,
    run: runOf(history, end, endMs),
    verdict: verdictOf(findings, expectations),
    findings: [...findings, ...busyFindings(machine, findings)],
    expectations,
    phases: phasesOf(history, endMs),
    faults,
    windows: windowsOf(history),
    ...(machine && { machine }),
    cutMs,
    margin,
    lanes: lanesOf({ history, faults, reports, viewers, endMs }),
    viewers: results,
    audience: audienceOf(audience.map(({ result }) => result)),
    ...(figures.length > 0 && { figures }),
    ...(playerErrors && { playerErrors }),
    screenshots: screenshotsOf(history),
    sources: scenario.sources,
    assumptions: scenario.assumptions,
  };
}

/** Virtual time is exact; of a machine that nobody calibrated the usual margin is assumed. */
const marginOf = ({ run }: History): Margin =>
  run.margin ?? (run.engine === 'simulate' ? { ms: 0 } : ASSUMED_MARGIN);

const endOf = ({ records }: History): EndRecord | undefined =>
  records.findLast((record) => record.type === 'end');

/** When the run ended, or the latest moment the record tells of. */
function endedAtMs(history: History): number {
  const end = endOf(history);
  const latest = history.records.reduce((max, { atMs }) => Math.max(max, atMs), 0);
  return Math.round(end?.atMs ?? latest);
}

function playbacksOf(tracks: readonly Track[], { run }: History): Playback[] {
  const { startedAtEpochMs } = run;
  const { fps } = run.plan.scenario.design.media;
  return tracks.map((track) => playbackOf(track, { startedAtEpochMs, fps }));
}

interface ScreenSources {
  readonly tracks: readonly Track[];
  readonly playbacks: readonly Playback[];
  readonly strays: readonly StrayFiller[];
  readonly history: History;
  readonly endMs: number;
}

interface Screens {
  readonly screens: readonly (Screen | undefined)[];
  readonly suffering: readonly Interval[];
  readonly strayLosses: readonly StrayLoss[];
}

/** Removes what was the machine's doing: the control tells, and filler that nobody asked for. */
function screensOf({ tracks, playbacks, strays, history, endMs }: ScreenSources): Screens {
  const { fps } = history.run.plan.scenario.design.media;
  const seen = tracks.map((track) => classify(track, { frameMs: 1000 / fps, endMs }));
  const controls = seen.filter((screen, i) => screen && tracks[i]!.viewer.control);
  const suffering = union(controls.flatMap((screen) => sufferingOf(screen!)));
  const strayLosses: StrayLoss[] = [];
  const screens = seen.map((all, i) => {
    const { channel, control } = tracks[i]!.viewer;
    if (!all || control) return all;
    const own = strays.filter((stray) => stray.channel === channel);
    const fillers = own.flatMap(({ intervals }) => intervals);
    const rest = withoutSuffering(all, suffering);
    const { screen, lost } = withoutStrays(rest, playbacks[i]!, fillers);
    strayLosses.push(...lost.map((interval) => ({ channel, ...interval })));
    return screen;
  });
  return { screens, suffering, strayLosses };
}

type Paths = ReadonlyMap<string, ChannelPath>;

function pathsByChannel({ run }: History, reports: ReturnType<typeof stageReportsOf>): Paths {
  const { design } = run.plan.scenario;
  const channels = new Set(run.viewers.map(({ channel }) => channel));
  return new Map([...channels].map((channel) => [channel, pathOf(channel, design, reports)]));
}

type Ways = ReadonlyMap<string, Way>;

function waysByChannel({ run }: History, reports: ReturnType<typeof stageReportsOf>): Ways {
  const { design } = run.plan.scenario;
  return new Map(design.channels.map((channel) => [channel, wayOf(channel, design, reports)]));
}

interface Shared {
  readonly history: History;
  readonly endMs: number;
  readonly faults: Report['faults'];
  readonly paths: Paths;
  readonly stages: StagesByPort;
  readonly ways: Ways;
  readonly lastActionMs: ReturnType<typeof lastActionsIn>;
}

/** The control has stages of its own and no links: neither faults nor the design's stages concern it. */
function viewerContext({ viewer }: Track, { history, endMs, faults, ...shared }: Shared) {
  const { paths, ways, stages, lastActionMs } = shared;
  const { run } = history;
  const path = viewer.control ? undefined : paths.get(viewer.channel);
  return {
    startedAtEpochMs: run.startedAtEpochMs,
    fps: run.plan.scenario.design.media.fps,
    endMs,
    faults: viewer.control ? [] : concerning(faults, viewer.channel),
    path: path ?? { stages: [], packager: [] },
    way: ways.get(viewer.channel) ?? UNKNOWN_WAY,
    stages,
    madeAfterMs: lastActionMs(viewer.channel),
    holdMs: run.plan.scenario.steady.holdMs,
  };
}

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

function verdictOf(
  findings: readonly Finding[],
  expectations: readonly ExpectationResult[],
): Verdict {
  if (findings.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  const verdicts = new Set([...findings, ...expectations].map(({ verdict }) => verdict));
  if (verdicts.has('fail')) return 'fail';
  return verdicts.has('inconclusive') ? 'inconclusive' : 'pass';
}

function runOf(history: History, end: EndRecord | undefined, endMs: number): Report['run'] {
  const { run } = history;
  const { scenario, compress, seed } = run.plan;
  return {
    id: run.id,
    scenario: scenario.name,
    title: scenario.title,
    kind: scenario.kind,
    file: scenario.file,
    engine: run.engine,
    startedAt: new Date(run.startedAtEpochMs).toISOString(),
    endedAtMs: endMs,
    compress,
    seed,
    harness: run.harness,
    environment: environmentOf(history),
    ended: end?.reason ?? 'crashed',
    ...(end?.detail === undefined ? {} : { endedDetail: end.detail }),
    ...(scenario.clock === undefined ? {} : { clock: scenario.clock }),
  };
}

/** Merges the environment of the first line with what was found out after it. */
const environmentOf = ({ run, records }: History): Environment =>
  records
    .filter((record) => record.type === 'environment')
    .reduce((known, { toxiproxy = known.toxiproxy, tools }) => {
      return { ...known, toxiproxy, tools: { ...known.tools, ...tools } };
    }, run.environment);

function phasesOf({ records }: History, endMs: number): Report['phases'] {
  const begun = records.filter((record) => record.type === 'phase');
  return begun.map(({ phase, atMs }, i) => ({
    phase,
    fromMs: Math.round(atMs),
    toMs: Math.round(begun[i + 1]?.atMs ?? Math.max(endMs, atMs)),
  }));
}

/** Lists the windows as planned, in the run's time: compressed like everything else. */
function windowsOf({ run, records }: History): WindowResult[] {
  const { scenario, compress } = run.plan;
  const disrupt = records.find((r) => r.type === 'phase' && r.phase === 'disrupt');
  if (!disrupt) return [];
  const at = (scenarioMs: number) => Math.round(disrupt.atMs + scenarioMs / compress);
  return scenario.windows.map(({ name, owner, announcedFromMs, announcedForMs, work }) => ({
    name,
    owner,
    announcedFromMs: at(announcedFromMs),
    announcedToMs: at(announcedFromMs + announcedForMs),
    workFromMs: at(work.atMs),
    workToMs: at(work.atMs + work.forMs),
  }));
}

const screenshotsOf = ({ records }: History): Report['screenshots'] =>
  records
    .filter((record) => record.type === 'screenshot')
    .map(({ moment, atMs, file }) => ({ moment, atMs: Math.round(atMs), file }));
